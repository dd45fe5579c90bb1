"""Read quotations into renderings: what has the same words, by the same speaker, stands once.

Everything after this works on renderings, so a statement that ran in five hundred papers costs no
more than one that ran in two. Words that are too few to tell a statement are one rendering inside
an article at most.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from itertools import chain, compress, pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.rows import Label, QuoteType
from copydesk.statements.candidates import (
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
from copydesk.statements.thresholds import QUOTED_BARS, REPORT_BARS, Bar, Between
from copydesk.statements.words import (
    GAP,
    MARKS,
    SENTENCE_END,
    Word,
    compose_letters,
    has_plain_pieces,
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
BATCH_TEXTS = 50_000  # read and measured at a time


QUOTATIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("quote_id", "article_id", "type", "content")),
        ("fragments", pa.list_(pa.int64())),
        *((name, pa.string()) for name in ("zone", "parent_quote_id", "speaker")),
    ]
)
"""What is read of quotations: `fragments` are the lengths of what was split and null elsewhere,
`speaker` is the entity that spoke, null where nobody known did."""


Column: TypeAlias = "pa.ChunkedArray[pa.StringScalar]"


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


class Sources:
    """The quotation that each rendering is read from; taken out of its columns when it is asked."""

    def __init__(self, quotations: pa.Table, firsts: Numbers) -> None:
        """Take the first quotation of each rendering out of a table of `QUOTATIONS`."""
        self._columns = [quotations[name] for name in ("content", "type", "fragments")]
        self._firsts = firsts

    def __getitem__(self, rendering: int) -> Source:
        """Return the quotation that a rendering is read from."""
        first = int(self._firsts[rendering])
        content, kind, fragments = (column[first].as_py() for column in self._columns)
        return Source(content, QuoteType(kind), fragments or ())


@dataclass(frozen=True)
class Renderings:
    """The renderings of all quotations, the longest first, and which quotation has which.

    `quoted_keys` and `report_keys` are the same for the same words between quotation marks and for
    the same words altogether; 0 where there are none. The arrays from `rendering_of` on have one
    entry for each quotation.
    """

    wordings: Wordings
    sources: Sources
    quoted_keys: Hashes
    report_keys: Hashes
    report_words: Places
    report_evidence: Places
    quote_ids: Column
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
        self._numbers = [np.zeros(0, np.int32)]
        self._ends = [np.zeros(1, np.int64)]

    @cached_property
    def numbers(self) -> Places:
        """Pieces of all texts, each part of a text after `PART`."""
        return np.concatenate(self._numbers)

    @cached_property
    def ends(self) -> Numbers:
        """Where each text ends, after a 0 where the first begins."""
        return np.concatenate(self._ends)

    def add(self, texts: Sequence[Sequence[str]], pieces: _Pieces) -> None:
        """Add texts, each of several parts, between which words may be missing."""
        parts = list(map(compose_letters, chain.from_iterable(texts)))
        is_plain = np.fromiter(map(has_plain_pieces, parts), np.bool_, len(parts))
        plain, plain_sizes = _split_plain(list(compress(parts, is_plain)), pieces)
        odd = [split_pieces(part) for part in compress(parts, ~is_plain)]
        sizes = np.zeros(len(parts), np.int64)
        sizes[is_plain], sizes[~is_plain] = plain_sizes, list(map(len, odd))
        bounds = np.append(0, np.cumsum(sizes + 1))
        begins = bounds[:-1] + 1
        numbers = np.full(bounds[-1], PART, np.int32)
        numbers[spread(begins[is_plain], plain_sizes)] = plain
        numbers[spread(begins[~is_plain], sizes[~is_plain])] = [
            pieces[piece] for piece in chain.from_iterable(odd)
        ]
        n_parts = np.fromiter(map(len, texts), np.int64, len(texts))
        self._ends.append(bounds[np.cumsum(n_parts)] + self._ends[-1][-1])
        self._numbers.append(numbers)

    def measure(self, pieces: _Pieces) -> "_Said":
        """Return what each text says."""
        ends = self.ends
        said = [
            _measure(
                self.numbers[ends[first] : ends[last]], ends[first : last + 1] - ends[first], pieces
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


def _split_plain(texts: Sequence[str], pieces: _Pieces) -> tuple[Places, Numbers]:
    """Return the pieces of texts that white space alone parts, and how many each has."""
    split = pc.utf8_split_whitespace(pa.array(texts, pa.string()))
    encoded = split.flatten().dictionary_encode()
    known = np.array([pieces[str(piece)] for piece in encoded.dictionary.to_pylist()], np.int32)
    return known[encoded.indices.to_numpy()], np.diff(split.offsets.to_numpy()).astype(np.int64)


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


def read_renderings(quotations: pa.Table) -> Renderings:
    """Return the renderings of quotations: a table of `QUOTATIONS`, in the order of their ids."""
    pieces, quoted_texts, reports = _Pieces(), _Texts(), _Texts()
    for batch in quotations.to_batches(max_chunksize=BATCH_TEXTS):
        columns = (batch[name].to_pylist() for name in ("content", "type", "fragments"))
        rows = [(content, kind, cuts or ()) for content, kind, cuts in zip(*columns, strict=True)]
        quoted_texts.add(
            [
                [content] if kind == QuoteType.DIRECT and not cuts
                else quoted_parts(content, QuoteType(kind), cuts)
                for content, kind, cuts in rows
            ],
            pieces,
        )  # fmt: skip
        # The words of a direct quotation are all of it.
        reports.add(
            [
                [] if kind == QuoteType.DIRECT else [report_text(content)]
                for content, kind, _ in rows
            ],
            pieces,
        )
    is_direct = _is_among(quotations["type"], [QuoteType.DIRECT])
    quoted, reported = quoted_texts.measure(pieces), reports.measure(pieces)
    reported = _Said(*(np.where(is_direct, q, r) for q, r in zip(quoted, reported, strict=True)))
    speakers = _number(quotations["speaker"])
    articles = _number(quotations["article_id"])
    firsts, rendering_of = _find_renderings(speakers, articles, quoted, reported)
    wordings = _make_wordings(quoted_texts, firsts, pieces, speakers[firsts])
    # Of a direct quotation the words are weighed among those of all others.
    evidence = np.where(is_direct[firsts], wordings.evidence, reported.evidence[firsts])
    return Renderings(
        wordings=wordings,
        sources=Sources(quotations, firsts),
        quoted_keys=np.where(wordings.lengths > 0, quoted.keys[firsts], np.uint64(0)),
        report_keys=reported.keys[firsts],
        report_words=reported.n_words[firsts].astype(np.int32),
        report_evidence=evidence.astype(np.int32),
        quote_ids=quotations["quote_id"],
        rendering_of=rendering_of,
        article_of=articles,
        is_display=_is_among(quotations["zone"], DISPLAY_ZONES),
        nested=_find_nested(quotations, rendering_of),
    )


def _number(values: Column) -> Places:
    """Return a number for each value, in the order in which they first come; none is -1."""
    numbers: dict[str | None, int] = {}
    codes = [np.zeros(0, np.int32)]
    for chunk in values.chunks:
        encoded = chunk.dictionary_encode(null_encoding="encode")
        found = encoded.dictionary.to_pylist()
        known = [NO_SPEAKER if v is None else numbers.setdefault(v, len(numbers)) for v in found]
        codes.append(np.array(known, np.int32)[encoded.indices.to_numpy()])
    return np.concatenate(codes)


def _is_among(values: Column, wanted: Iterable[str]) -> Flags:
    flags: Flags = pc.is_in(values, value_set=pa.array(list(wanted))).to_numpy()
    return flags


def _find_renderings(
    speakers: Places, articles: Places, quoted: _Said, reported: _Said
) -> tuple[Numbers, Places]:
    """Return the first quotation of each rendering, longest first, and the rendering of each."""
    scopes = _find_scopes(speakers, articles, quoted, reported)
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


def _find_scopes(speakers: Places, articles: Places, quoted: _Said, reported: _Said) -> Hashes:
    """Return where the same words are one rendering: 0 everywhere, or in an article, or nowhere."""
    n_quotes = len(speakers)
    scopes = np.arange(n_quotes, dtype=np.uint64) + np.uint64(1)
    is_open = speakers == NO_SPEAKER
    for between, is_it, scope in (
        (Between.ARTICLE, ~is_open, articles.astype(np.uint64) + np.uint64(n_quotes + 1)),
        (Between.SPEAKER, ~is_open, np.uint64(0)),
        (Between.OPEN, is_open, np.uint64(0)),
    ):
        is_met = quoted.meets(QUOTED_BARS[between]) | reported.meets(REPORT_BARS[between])
        scopes = np.where(is_it & is_met, scope, scopes)
    return scopes


def _find_nested(quotations: pa.Table, rendering_of: Places) -> frozenset[tuple[int, int]]:
    """Return the pairs of renderings of which a quotation of one stands inside one of the other."""
    parents = pc.index_in(quotations["parent_quote_id"], value_set=quotations["quote_id"])
    places = parents.fill_null(-1).to_numpy()
    inner = np.flatnonzero(places >= 0)
    pairs = np.sort(np.stack([rendering_of[inner], rendering_of[places[inner]]], axis=1), axis=1)
    return frozenset((longer, shorter) for longer, shorter in pairs.tolist())


def _make_wordings(texts: _Texts, firsts: Numbers, pieces: _Pieces, speakers: Places) -> Wordings:
    """Return the words of some texts in one array, without the marks between them."""
    ends = texts.ends
    numbers = texts.numbers[spread(ends[firsts], ends[firsts + 1] - ends[firsts])]
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
