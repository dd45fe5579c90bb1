"""Read quotations into renderings: the same words by the same speaker are one.

Everything after this works on renderings, so a statement that ran in five hundred papers costs no
more than one that ran in two. Words that are too few to recognise a statement by are one rendering
only inside an article.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.pieces import BATCH_TEXTS, MARK_CODES, Pieces, Said, Texts
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between
from copydesk.statements.wordings import NO_SPEAKER, Wordings
from copydesk.statements.words import (
    GAP,
    MARKS,
    SENTENCE_END,
    Word,
    passage_letters,
    quoted_parts,
    read_words,
    report_text,
    stem_word,
    stock_phrases,
    weigh_word,
)
from copydesk.text.arrays import (
    MIX,
    Bytes,
    Flags,
    Hashes,
    Numbers,
    Places,
    scramble,
    spread,
    sum_spans,
)
from copydesk.values import Label, QuoteType

DISPLAY_ZONES = frozenset({Label.HEADLINE, Label.DECK, Label.SUBHEAD})


QUOTATIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("quote_id", "article_id", "type", "content")),
        ("fragments", pa.list_(pa.int64())),
        *((name, pa.string()) for name in ("zone", "parent_quote_id", "speaker")),
    ]
)
"""What is read of quotations: `fragments` are the lengths of what was split and null elsewhere,
`speaker` is the entity that spoke, null where it is unknown."""


Column: TypeAlias = "pa.ChunkedArray[pa.StringScalar]"


class Source(NamedTuple):
    """The quotation that a rendering is read from."""

    content: str
    type: QuoteType
    fragments: Sequence[int]
    language: Language

    @property
    def words(self) -> list[Word]:
        """Words of the quotation that are given as the speaker's own."""
        return read_words(self._parts, language=self.language)

    @property
    def passages(self) -> list[str] | None:
        """Letters of each of their passages; None where there is an insert among them."""
        return passage_letters(self._parts, language=self.language)

    @property
    def _parts(self) -> list[str]:
        return quoted_parts(self.content, self.type, self.fragments)


class Sources:
    """The quotation that each rendering is read from, taken out of its columns on demand."""

    def __init__(self, quotations: pa.Table, firsts: Numbers, *, language: Language) -> None:
        """Take the first quotation of each rendering out of a table of `QUOTATIONS`."""
        self._columns = [quotations[name] for name in ("content", "type", "fragments")]
        self._firsts = firsts
        self._language = language

    def __getitem__(self, rendering: int) -> Source:
        """Return the quotation that a rendering is read from."""
        first = int(self._firsts[rendering])
        content, kind, fragments = (column[first].as_py() for column in self._columns)
        return Source(content, QuoteType(kind), fragments or (), self._language)


@dataclass(frozen=True)
class Renderings:
    """The renderings of all quotations, the longest first, and which quotation has which.

    The same words between quotation marks have the same one of `quoted_keys`, the same words
    altogether the same one of `report_keys`; 0 where there are no words. The arrays from
    `rendering_of` on have one entry for each quotation.
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
    language: Language


def read_renderings(quotations: pa.Table, *, language: Language = ENGLISH) -> Renderings:
    """Return the renderings of quotations: a table of `QUOTATIONS`, in the order of their ids."""
    pieces = Pieces(language)
    quoted_texts, reported_texts = _read_texts(quotations, pieces)
    is_direct = _is_among(quotations["type"], [QuoteType.DIRECT])
    quoted, reported = quoted_texts.measure(pieces), reported_texts.measure(pieces)
    reported = Said(*(np.where(is_direct, q, r) for q, r in zip(quoted, reported, strict=True)))
    speakers = _number(quotations["speaker"])
    articles = _number(quotations["article_id"])
    firsts, rendering_of = _find_renderings(speakers, articles, quoted, reported)
    wordings = _make_wordings(quoted_texts, firsts, pieces, speakers[firsts])
    # The words of a direct quotation are weighed among those of all others.
    evidence = np.where(is_direct[firsts], wordings.evidence, reported.evidence[firsts])
    return Renderings(
        wordings=wordings,
        sources=Sources(quotations, firsts, language=language),
        quoted_keys=np.where(wordings.lengths > 0, quoted.keys[firsts], np.uint64(0)),
        report_keys=reported.keys[firsts],
        report_words=reported.n_words[firsts].astype(np.int32),
        report_evidence=evidence.astype(np.int32),
        quote_ids=quotations["quote_id"],
        rendering_of=rendering_of,
        article_of=articles,
        is_display=_is_among(quotations["zone"], DISPLAY_ZONES),
        nested=_find_nested(quotations, rendering_of),
        language=language,
    )


def _read_texts(quotations: pa.Table, pieces: Pieces) -> tuple[Texts, Texts]:
    """Return the quoted words of quotations, and all words of those that are not direct.

    All words of a direct quotation are quoted.
    """
    quoted_texts, reported_texts = Texts(), Texts()
    for batch in quotations.to_batches(max_chunksize=BATCH_TEXTS):
        columns = (batch[name].to_pylist() for name in ("content", "type", "fragments"))
        rows = [(content, kind, cuts or ()) for content, kind, cuts in zip(*columns, strict=True)]
        quoted_texts.add([_read_quoted(*row) for row in rows], pieces)
        reported_texts.add(
            [
                [] if kind == QuoteType.DIRECT else [report_text(content, language=pieces.language)]
                for content, kind, _ in rows
            ],
            pieces,
        )
    return quoted_texts, reported_texts


def _read_quoted(content: str, kind: str, cuts: Sequence[int]) -> list[str]:
    if kind == QuoteType.DIRECT and not cuts:  # as most are
        return [content]
    return quoted_parts(content, QuoteType(kind), cuts)


def _number(values: Column) -> Places:
    """Return a number for each value, in the order in which they first come; -1 for null."""
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
    speakers: Places, articles: Places, quoted: Said, reported: Said
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


def _find_scopes(speakers: Places, articles: Places, quoted: Said, reported: Said) -> Hashes:
    """Return where the same words are one rendering: 0 everywhere, or in an article, or nowhere."""
    n_quotes = len(speakers)
    scopes = np.arange(n_quotes, dtype=np.uint64) + np.uint64(1)
    is_open = speakers == NO_SPEAKER
    for between, is_it, scope in (
        (Between.ARTICLE, ~is_open, articles.astype(np.uint64) + np.uint64(n_quotes + 1)),
        (Between.SPEAKER, ~is_open, np.uint64(0)),
        (Between.OPEN, is_open, np.uint64(0)),
    ):
        is_met = quoted.meets(QUOTED_THRESHOLDS[between]) | reported.meets(
            REPORT_THRESHOLDS[between]
        )
        scopes = np.where(is_it & is_met, scope, scopes)
    return scopes


def _find_nested(quotations: pa.Table, rendering_of: Places) -> frozenset[tuple[int, int]]:
    """Return the pairs of renderings where a quotation of one is inside one of the other."""
    parents = pc.index_in(quotations["parent_quote_id"], value_set=quotations["quote_id"])
    places = parents.fill_null(-1).to_numpy()
    inner = np.flatnonzero(places >= 0)
    pairs = np.sort(np.stack([rendering_of[inner], rendering_of[places[inner]]], axis=1), axis=1)
    return frozenset((longer, shorter) for longer, shorter in pairs.tolist())


def _make_wordings(texts: Texts, firsts: Numbers, pieces: Pieces, speakers: Places) -> Wordings:
    """Return the words of some texts in one array, without the marks between them."""
    ends = texts.ends
    sizes = ends[firsts + 1] - ends[firsts]
    numbers = texts.numbers[spread(ends[firsts], sizes)]
    n_words = sum_spans(np.asarray(pieces.n_words)[numbers], *_bounds(sizes))
    codes = _spell_out(numbers, pieces)
    places = np.flatnonzero(codes > max(MARK_CODES.values()))
    # A mark counts for the next word; several may be between two words.
    gaps = np.diff(np.cumsum(codes == MARK_CODES[GAP])[places], prepend=-1) > 0
    ended = np.diff(np.cumsum(codes == MARK_CODES[SENTENCE_END])[places], prepend=0) > 0
    words = codes[places]
    stem_of, weight_of = _describe_forms(pieces)
    weights = weight_of[words]
    _silence_phrases(weights, words, pieces)
    return Wordings(
        words=words,
        stems=stem_of[words],
        weights=weights,
        gaps=gaps,
        sentences=gaps | ended,
        starts=np.append(0, np.cumsum(n_words)),
        speakers=speakers.astype(np.int32),
    )


def _spell_out(numbers: Numbers | Places, pieces: Pieces) -> Places:
    """Return the codes of the forms of pieces, one after the other."""
    n_forms = np.asarray(pieces.n_forms, np.int64)
    offsets = np.append(0, np.cumsum(n_forms))
    codes: Places = np.asarray(pieces.forms, np.int32)[spread(offsets[numbers], n_forms[numbers])]
    return codes


def _describe_forms(pieces: Pieces) -> tuple[Places, Bytes]:
    """Return a number for the stem of each form, and how much the form says."""
    stems: dict[str, int] = {}
    stem_of = [stems.setdefault(stem_word(form), len(stems)) for form in pieces.codes]
    weight_of = [0 if form in MARKS else weigh_word(form, pieces.language) for form in pieces.codes]
    return np.array(stem_of, np.int32), np.array(weight_of, np.uint8)


def _bounds(sizes: Numbers) -> tuple[Numbers, Numbers]:
    ends = np.cumsum(sizes)
    return ends - sizes, ends


def _silence_phrases(weights: Bytes, words: Places, pieces: Pieces) -> None:
    """Take the weight, in place, from the words of phrases that spokespeople use."""
    forms = pieces.codes
    for phrase in stock_phrases(pieces.language):
        if any(form not in forms for form in phrase) or len(words) < len(phrase):
            continue
        codes = [forms[form] for form in phrase]
        found = np.flatnonzero(words[: len(words) - len(codes) + 1] == codes[0])
        for offset, code in enumerate(codes):
            found = found[words[found + offset] == code]
        for offset in range(len(codes)):
            weights[found + offset] = 0
