"""Read quotations into renderings: what has the same words, by the same speaker, stands once.

Everything after this works on renderings, so a statement that ran in five hundred papers costs no
more than one that ran in two. Words that are too few to tell a statement are one rendering inside
an article at most.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from copydesk.model import Label, QuoteType
from copydesk.quote_bars import QUOTED_BARS, REPORT_BARS, Bar, Between
from copydesk.quote_candidates import (
    MIX,
    NO_SPEAKER,
    Flags,
    Hashes,
    Numbers,
    Places,
    Wordings,
    scramble,
    spread,
    sum_spans,
)
from copydesk.quoted_words import (
    GAP,
    MARKS,
    SENTENCE_END,
    Word,
    passage_letters,
    quoted_parts,
    read_piece,
    read_words,
    report_text,
    split_pieces,
    stem_word,
    stock_phrases,
    weigh_word,
)

MARK_CODES = {GAP: 0, SENTENCE_END: 1}
DISPLAY_ZONES = frozenset({Label.HEADLINE, Label.DECK, Label.SUBHEAD})
PART = 0  # number of the piece that stands before each part of a text
BATCH_TEXTS = 50_000  # measured at a time


class Quotation(NamedTuple):
    """A quotation as the groups need it; `fragments` are the lengths of what was split."""

    quote_id: str
    article_id: str
    type: QuoteType
    content: str
    fragments: Sequence[int]
    zone: Label
    parent_quote_id: str | None
    speaker: str | None


class Source(NamedTuple):
    """The quotation that a rendering is read from."""

    content: str
    type: QuoteType
    fragments: Sequence[int]

    @property
    def words(self) -> list[Word]:
        """Words of the quotation that are claimed to be the speaker's own."""
        return read_words(quoted_parts(*self))

    @property
    def passages(self) -> list[str] | None:
        """Letters of each of their passages; None where there is an insert among them."""
        return passage_letters(quoted_parts(*self))


@dataclass(frozen=True)
class Renderings:
    """The renderings of all quotations, the longest first, and which quotation has which.

    `quoted_keys` and `report_keys` are the same for the same words between quotation marks and for
    the same words altogether; 0 where there are none. The arrays from `rendering_of` on have one
    entry for each quotation.
    """

    wordings: Wordings
    sources: list[Source]
    quoted_keys: Hashes
    report_keys: Hashes
    report_words: Places
    report_evidence: Places
    quote_ids: list[str]
    rendering_of: Places
    article_of: Places
    is_display: Flags
    nested: frozenset[tuple[int, int]]


class _Pieces(dict[str, int]):
    """A number for each piece of text that was met, with what it says by that number."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, int] = dict(MARK_CODES)  # numbers of forms
        self.forms = array("i")
        self.n_forms, self.n_words, self.weights = array("i"), array("i"), array("i")
        self.hashes, self.n_letters = array("Q"), array("i")
        self._add([GAP], "")  # the beginning of a part, number 0

    def __missing__(self, piece: str) -> int:
        readings = read_piece(piece)
        forms = [form for reading in readings for form in reading.forms]
        number = self[piece] = self._add(forms, "".join(reading.letters for reading in readings))
        return number

    def _add(self, forms: Sequence[str], letters: str) -> int:
        words = [form for form in forms if form not in MARKS]
        self.forms.extend(self.codes.setdefault(form, len(self.codes)) for form in forms)
        self.n_forms.append(len(forms))
        self.n_words.append(len(words))
        self.weights.append(sum(map(weigh_word, words)))
        self.hashes.append(hash_letters(letters))
        self.n_letters.append(len(letters))
        return len(self.n_forms) - 1


class _Texts:
    """Texts as numbers of pieces, one after the other, and where each ends."""

    def __init__(self) -> None:
        self.numbers = array("i")
        self.ends = array("q", [0])

    def add(self, parts: Iterable[str], pieces: _Pieces) -> None:
        """Add a text of several parts, between which words may be missing."""
        for part in parts:
            self.numbers.append(PART)
            self.numbers.extend(map(pieces.__getitem__, split_pieces(part)))
        self.ends.append(len(self.numbers))

    def measure(self, pieces: _Pieces) -> "_Said":
        """Return what each text says."""
        ends = np.asarray(self.ends)
        numbers = np.asarray(self.numbers, np.int32)
        said = [
            _measure(
                numbers[ends[first] : ends[last]], ends[first : last + 1] - ends[first], pieces
            )
            for first, last in pairwise([*range(0, len(ends) - 1, BATCH_TEXTS), len(ends) - 1])
        ]
        return _Said(*map(np.concatenate, zip(*said, strict=True))) if said else NOTHING_SAID


class _Said(NamedTuple):
    """What texts say: a number for their letters, 0 for none, how many words, and their weight."""

    keys: Hashes
    n_words: Numbers
    evidence: Numbers

    def meets(self, bar: Bar) -> Flags:
        """Return which texts say as much as a bar asks for."""
        return (self.n_words >= bar.min_words) & (self.evidence >= bar.min_evidence)


NOTHING_SAID = _Said(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def _measure(numbers: Places, ends: Numbers, pieces: _Pieces) -> _Said:
    """Return what texts say, given their pieces and where each ends, from 0 on.

    The key is a polynomial of the letters, so that it does not matter where a piece is parted.
    """
    n_letters = np.asarray(pieces.n_letters, np.int64)[numbers]
    letters_before = np.append(0, np.cumsum(n_letters))
    sizes = np.diff(ends)
    powers = letters_before[:-1] - np.repeat(letters_before[ends[:-1]], sizes)
    terms = (
        np.asarray(pieces.hashes, np.uint64)[numbers] * _powers(int(powers.max(initial=0)))[powers]
    )
    sums = np.append(np.uint64(0), np.cumsum(terms, dtype=np.uint64))
    has_letters = letters_before[ends[1:]] > letters_before[ends[:-1]]
    keys = scramble(sums[ends[1:]] - sums[ends[:-1]]) | np.uint64(1)
    return _Said(
        np.where(has_letters, keys, np.uint64(0)),
        sum_spans(np.asarray(pieces.n_words)[numbers], ends[:-1], ends[1:]),
        sum_spans(np.asarray(pieces.weights)[numbers], ends[:-1], ends[1:]),
    )


def _powers(highest: int) -> Hashes:
    """Return the powers of `MIX` from 0 to `highest`."""
    powers = np.full(highest + 1, MIX)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def hash_letters(letters: str) -> int:
    """Return the polynomial of letters that `_measure` adds up."""
    value = 0
    for letter in reversed(letters):
        value = (value * int(MIX) + _number_letter(letter)) % 2**64
    return value


@cache
def _number_letter(letter: str) -> int:
    return int.from_bytes(blake2b(letter.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class _Columns:
    """What is kept of each quotation while all are read."""

    def __init__(self) -> None:
        self.quote_ids: list[str] = []
        self.sources: list[Source] = []
        self.speakers, self.articles = array("i"), array("i")
        self.is_display, self.is_direct = array("b"), array("b")
        self.parents: list[tuple[int, str]] = []
        self._speaker_numbers: dict[str, int] = {}
        self._article_numbers: dict[str, int] = {}

    def add(self, quotation: Quotation, source: Source) -> None:
        """Add a quotation."""
        if quotation.parent_quote_id is not None:
            self.parents.append((len(self.quote_ids), quotation.parent_quote_id))
        self.quote_ids.append(quotation.quote_id)
        self.sources.append(source)
        speaker = NO_SPEAKER
        if quotation.speaker is not None:
            numbers = self._speaker_numbers
            speaker = numbers.setdefault(quotation.speaker, len(numbers))
        self.speakers.append(speaker)
        articles = self._article_numbers
        self.articles.append(articles.setdefault(quotation.article_id, len(articles)))
        self.is_display.append(quotation.zone in DISPLAY_ZONES)
        self.is_direct.append(quotation.type is QuoteType.DIRECT)


def read_renderings(quotations: Iterable[Quotation]) -> Renderings:
    """Return the renderings of quotations, which come in the order of their ids."""
    pieces, columns = _Pieces(), _Columns()
    quoted_texts, reports = _Texts(), _Texts()
    for quotation in quotations:
        source = Source(quotation.content, quotation.type, quotation.fragments)
        columns.add(quotation, source)
        quoted_texts.add(quoted_parts(*source), pieces)
        # The words of a direct quotation are all of it.
        has_own = quotation.type is QuoteType.DIRECT
        reports.add(() if has_own else (report_text(quotation.content),), pieces)
    is_direct = np.asarray(columns.is_direct, np.bool_)
    quoted, reported = quoted_texts.measure(pieces), reports.measure(pieces)
    reported = _Said(*(np.where(is_direct, q, r) for q, r in zip(quoted, reported, strict=True)))
    firsts, rendering_of = _find_renderings(columns, quoted, reported)
    wordings = _make_wordings(quoted_texts, firsts, pieces, np.asarray(columns.speakers)[firsts])
    # Of a direct quotation the words are weighed among those of all others.
    evidence = np.where(is_direct[firsts], wordings.evidence, reported.evidence[firsts])
    return Renderings(
        wordings=wordings,
        sources=[columns.sources[i] for i in firsts.tolist()],
        quoted_keys=np.where(wordings.lengths > 0, quoted.keys[firsts], np.uint64(0)),
        report_keys=reported.keys[firsts],
        report_words=reported.n_words[firsts].astype(np.int32),
        report_evidence=evidence.astype(np.int32),
        quote_ids=columns.quote_ids,
        rendering_of=rendering_of,
        article_of=np.asarray(columns.articles, np.int32),
        is_display=np.asarray(columns.is_display, np.bool_),
        nested=_find_nested(columns, rendering_of),
    )


def _find_renderings(columns: _Columns, quoted: _Said, reported: _Said) -> tuple[Numbers, Places]:
    """Return the first quotation of each rendering, longest first, and the rendering of each."""
    speakers = np.asarray(columns.speakers, np.int32)
    scopes = _find_scopes(columns, quoted, reported)
    keys = quoted.keys
    for column in (reported.keys, scramble(speakers), scopes):
        keys = scramble(keys * MIX + column)
    _, firsts, numbers = np.unique(keys, return_index=True, return_inverse=True)
    order = np.lexsort(
        (speakers[firsts], reported.keys[firsts], quoted.keys[firsts], -quoted.n_words[firsts])
    )
    ranks = np.zeros(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return firsts[order], ranks[numbers]


def _find_scopes(columns: _Columns, quoted: _Said, reported: _Said) -> Hashes:
    """Return where the same words are one rendering: 0 everywhere, or in an article, or nowhere."""
    n_quotes = np.uint64(len(columns.quote_ids))
    everywhere = np.arange(len(columns.quote_ids), dtype=np.uint64) + np.uint64(1)
    articles = np.asarray(columns.articles, np.uint64) + n_quotes + np.uint64(1)
    is_open = np.asarray(columns.speakers) == NO_SPEAKER
    scopes = everywhere
    for between, is_it, scope in (
        (Between.ARTICLE, ~is_open, articles),
        (Between.SPEAKER, ~is_open, np.uint64(0)),
        (Between.OPEN, is_open, np.uint64(0)),
    ):
        is_met = quoted.meets(QUOTED_BARS[between]) | reported.meets(REPORT_BARS[between])
        scopes = np.where(is_it & is_met, scope, scopes)
    return scopes


def _find_nested(columns: _Columns, rendering_of: Places) -> frozenset[tuple[int, int]]:
    """Return the pairs of renderings of which a quotation of one stands inside one of the other."""
    if not columns.parents:
        return frozenset()
    numbers = {quote_id: i for i, quote_id in enumerate(columns.quote_ids)}
    pairs = [
        sorted((int(rendering_of[child]), int(rendering_of[numbers[parent]])))
        for child, parent in columns.parents
        if parent in numbers
    ]
    return frozenset((longer, shorter) for longer, shorter in pairs)


def _make_wordings(texts: _Texts, firsts: Numbers, pieces: _Pieces, speakers: Places) -> Wordings:
    """Return the words of some texts in one array, without the marks between them."""
    ends = np.asarray(texts.ends)
    numbers = np.asarray(texts.numbers, np.int32)[
        spread(ends[firsts], ends[firsts + 1] - ends[firsts])
    ]
    n_forms = np.asarray(pieces.n_forms, np.int64)
    offsets = np.append(0, np.cumsum(n_forms))
    codes = np.asarray(pieces.forms, np.int32)[spread(offsets[numbers], n_forms[numbers])]
    n_words = sum_spans(
        np.asarray(pieces.n_words)[numbers],
        *_bounds(ends[firsts + 1] - ends[firsts]),
    )
    places = np.flatnonzero(codes > max(MARK_CODES.values()))
    # A mark counts for the next word; several may stand between two words.
    gaps = np.diff(np.cumsum(codes == MARK_CODES[GAP])[places], prepend=-1) > 0
    ended = np.diff(np.cumsum(codes == MARK_CODES[SENTENCE_END])[places], prepend=0) > 0
    words = codes[places]
    vocabulary = list(pieces.codes)
    stems: dict[str, int] = {}
    stem_of = [stems.setdefault(stem_word(form), len(stems)) for form in vocabulary]
    weight_of = [0 if form in MARKS else weigh_word(form) for form in vocabulary]
    weights = np.array(weight_of, np.uint8)[words]
    _silence_phrases(weights, words, pieces.codes)
    return Wordings(
        words=words,
        stems=np.array(stem_of, np.int32)[words],
        weights=weights,
        gaps=gaps,
        sentences=gaps | ended,
        starts=np.append(0, np.cumsum(n_words)),
        speakers=speakers.astype(np.int32),
    )


def _bounds(sizes: Numbers) -> tuple[Numbers, Numbers]:
    ends = np.cumsum(sizes)
    return ends - sizes, ends


def _silence_phrases(weights: "np.ndarray", words: Places, forms: dict[str, int]) -> None:
    """Take the weight from words that stand in a phrase of spokespeople."""
    for phrase in stock_phrases():
        if any(form not in forms for form in phrase) or len(words) < len(phrase):
            continue
        codes = [forms[form] for form in phrase]
        found = np.flatnonzero(words[: len(words) - len(codes) + 1] == codes[0])
        for offset, code in enumerate(codes):
            found = found[words[found + offset] == code]
        for offset in range(len(codes)):
            weights[found + offset] = 0
