"""Read of each quotation what is compared, from its bundle alone, and keep it as numbers.

Words, ids and names are hashes, so that rows which were read at different times go together. Who a
name is, and what many people say in a row, depends on all bundles: it is added where the features
are used (`copydesk.statements.renderings`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.pieces import BATCH_TEXTS, MARK_CODES, Pieces, Said, Texts
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between
from copydesk.statements.wordings import CAPS, GRAM, NOBODY, Caps, Wordings
from copydesk.statements.words import (
    GAP,
    MARKS,
    SENTENCE_END,
    quoted_parts,
    report_text,
    stem_word,
    stock_phrases,
    weigh_word,
)
from copydesk.tables import QUOTE_FEATURES
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
N_ANCHORS = 2  # stretches of words that a rendering is looked for by
WEIGHT_MARK, GAP_MARK, SENTENCE_MARK = 3, 4, 8

QUOTATIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("quote_id", "article_id", "type", "content")),
        ("fragments", pa.list_(pa.int64())),
        *((name, pa.string()) for name in ("zone", "parent_quote_id", "speaker")),
    ]
)
"""What is read of quotations: `fragments` are the lengths of what was split and null elsewhere,
`speaker` is the entity or the name that spoke, null where it is unknown."""

FEATURES = pa.schema([field for field in QUOTE_FEATURES.schema if field.name != "part"])
"""What is read of a quotation, without the state of its bundle."""

Column: TypeAlias = "pa.ChunkedArray[pa.StringScalar]"
Lists: TypeAlias = "pa.ListArray[Any]"


@dataclass(frozen=True)
class Features:
    """The features of some quotations as arrays, one entry or one stretch of words for each.

    The words of quotation i are `sizes[i]` from `words[begins[i]]` on. `speakers` are hashes of
    entities, or of names as they are read from one bundle.
    """

    quote_ids: Column
    quotes: Hashes
    articles: Hashes
    parents: Hashes
    speakers: Hashes
    is_direct: Flags
    is_display: Flags
    quoted: Said
    reported: Said
    anchors: Hashes
    words: Hashes
    stems: Hashes
    marks: Bytes
    begins: Numbers
    sizes: Numbers

    @cached_property
    def renderings(self) -> Hashes:
        """The rendering of each quotation: a hash of its words, its speaker, and where both count.

        Words that are too few to recognise a statement by are one rendering only inside an
        article, or nowhere.
        """
        scopes = scramble(self.quotes)
        is_open = self.speakers == NOBODY
        for between, is_it, scope in (
            (Between.ARTICLE, ~is_open, scramble(self.articles) * MIX),
            (Between.SPEAKER, ~is_open, np.uint64(0)),
            (Between.OPEN, is_open, np.uint64(0)),
        ):
            is_met = self.quoted.meets(QUOTED_THRESHOLDS[between]) | self.reported.meets(
                REPORT_THRESHOLDS[between]
            )
            scopes = np.where(is_it & is_met, scope, scopes)
        keys = self.quoted.keys
        for column in (self.reported.keys, self.speakers, scopes):
            keys = scramble(keys * MIX + column)
        return keys

    def firsts(self, keys: Hashes) -> tuple[Hashes, Numbers, Numbers]:
        """Return the distinct keys, the first quotation of each by its id, and the key of each."""
        distinct, rows, numbers, sizes = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        several = np.flatnonzero(sizes[numbers] > 1)
        ids = pa.table(
            [pa.array(numbers[several]), self.quote_ids.take(several)], names=["key", "id"]
        )
        order = pc.sort_indices(ids, [("key", "ascending"), ("id", "ascending")]).to_numpy()
        ordered = numbers[several][order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
        rows[ordered[begins]] = several[order][begins]
        return distinct, rows, numbers

    def word(self, rows: Numbers, *, stock: Hashes | None, caps: Caps = CAPS) -> Wordings:
        """Return the words of some quotations, with what is stock among them.

        Without `stock`, what many of their speakers say in a row is found among them.
        """
        begins, sizes = self.begins[rows], self.sizes[rows]
        is_as_it_is = int(sizes.sum()) == len(self.words) and _adjoin(begins, sizes)
        places = slice(None) if is_as_it_is else spread(begins, sizes)
        marks = self.marks[places]
        return Wordings(
            words=self.words[places],
            stems=self.stems[places],
            weights=(marks & WEIGHT_MARK).astype(np.uint8),
            gaps=marks & GAP_MARK > 0,
            sentences=marks & SENTENCE_MARK > 0,
            starts=np.append(0, np.cumsum(sizes)),
            voices=self.speakers[rows],
            anchors=self.anchors[rows],
            stock=stock,
            caps=caps,
        )

    def read(self, table: pa.Table) -> "Features":
        """Return the same quotations with the words that a table has of them, if any."""
        words, starts = _stretches(table, "words")
        return replace(
            self,
            words=words.view(np.uint64),
            stems=_stretches(table, "stems")[0].view(np.uint64),
            marks=_stretches(table, "marks")[0].astype(np.uint8, copy=False),
            begins=starts[:-1],
            sizes=np.diff(starts),
        )

    def spoken_by(self, speakers: Hashes) -> "Features":
        """Return the same quotations by other speakers."""
        return replace(self, speakers=speakers)

    def take(self, rows: Numbers) -> "Features":
        """Return some of the quotations, in another order."""
        return replace(
            self,
            quote_ids=self.quote_ids.take(rows),
            quotes=self.quotes[rows],
            articles=self.articles[rows],
            parents=self.parents[rows],
            speakers=self.speakers[rows],
            is_direct=self.is_direct[rows],
            is_display=self.is_display[rows],
            quoted=self.quoted.take(rows),
            reported=self.reported.take(rows),
            anchors=self.anchors[rows],
            begins=self.begins[rows],
            sizes=self.sizes[rows],
        )

    def sort(self) -> "Features":
        """Return the quotations in the order of their ids."""
        order: Numbers = pc.sort_indices(self.quote_ids).to_numpy()
        return self.take(order)


def _adjoin(begins: Numbers, sizes: Numbers) -> bool:
    """Return whether stretches follow each other from 0 on."""
    return np.array_equal(begins, np.cumsum(sizes) - sizes)


def open_features(table: pa.Table) -> Features:
    """Return a table of `FEATURES`, with or without the columns of lists, as arrays."""

    def numbers(name: str) -> Numbers:
        return table[name].to_numpy()

    def hashes(name: str) -> Hashes:
        return numbers(name).view(np.uint64)

    anchors, ends = _stretches(table, "anchors")
    spaced = np.zeros((len(table), N_ANCHORS), np.uint64)
    for i in range(N_ANCHORS):
        has = np.flatnonzero(np.diff(ends) > i)
        spaced[has, i] = anchors.view(np.uint64)[ends[has] + i]
    return Features(
        quote_ids=table["quote_id"],
        quotes=hashes("quote"),
        articles=hashes("article"),
        parents=hashes("parent"),
        speakers=hashes("name"),
        is_direct=table["is_direct"].to_numpy(),
        is_display=table["is_display"].to_numpy(),
        quoted=Said(hashes("quoted_key"), numbers("n_words"), numbers("weight")),
        reported=Said(hashes("report_key"), numbers("report_words"), numbers("report_weight")),
        anchors=spaced,
        words=np.zeros(0, np.uint64),
        stems=np.zeros(0, np.uint64),
        marks=np.zeros(0, np.uint8),
        begins=np.zeros(len(table), np.int64),
        sizes=np.zeros(len(table), np.int64),
    ).read(table)


def _stretches(table: pa.Table, name: str) -> tuple[Numbers, Numbers]:
    """Return the numbers of a column of lists, and where those of each row begin."""
    if name not in table.column_names:
        return np.zeros(0, np.int64), np.zeros(len(table) + 1, np.int64)
    chunks = cast("list[Lists]", table[name].chunks or [pa.array([], table[name].type)])
    lists: Lists = pa.concat_arrays(chunks)
    offsets = lists.offsets.to_numpy().astype(np.int64)
    return lists.flatten().to_numpy(), offsets - offsets[0]


def read_features(quotations: pa.Table, *, language: Language = ENGLISH) -> pa.Table:
    """Return the features of quotations, a table of `QUOTATIONS`, in their order."""
    read = pa.Table.from_batches(_read_batches(quotations, language), FEATURES)
    return read.combine_chunks()


def _read_batches(quotations: pa.Table, language: Language) -> Iterator[pa.RecordBatch]:
    pieces = Pieces(language)
    for batch in quotations.combine_chunks().to_batches(max_chunksize=BATCH_TEXTS):
        yield _read_batch(pa.Table.from_batches([batch]), pieces)


def _read_batch(quotations: pa.Table, pieces: Pieces) -> pa.RecordBatch:
    quoted_texts, reported_texts = _read_texts(quotations, pieces)
    is_direct = _is_among(quotations["type"], [QuoteType.DIRECT])
    quoted, reported = quoted_texts.measure(pieces), reported_texts.measure(pieces)
    reported = Said(*(np.where(is_direct, q, r) for q, r in zip(quoted, reported, strict=True)))
    wordings = _make_wordings(quoted_texts, pieces)
    marks = wordings.weights + GAP_MARK * wordings.gaps + SENTENCE_MARK * wordings.sentences
    columns = {
        "quote_id": quotations["quote_id"],
        "quote": _hash(quotations["quote_id"]),
        "article": _hash(quotations["article_id"]),
        "parent": _hash(quotations["parent_quote_id"]),
        "name": _hash(quotations["speaker"]),
        "is_direct": is_direct,
        "is_display": _is_among(quotations["zone"], DISPLAY_ZONES),
        "quoted_key": np.where(wordings.lengths > 0, quoted.keys, np.uint64(0)).view(np.int64),
        "n_words": quoted.n_words,
        "weight": quoted.evidence,
        "report_key": reported.keys.view(np.int64),
        "report_words": reported.n_words,
        "report_weight": reported.evidence,
        "anchors": _find_anchors(wordings),
        "words": _cut(wordings.words, wordings.starts),
        "stems": _cut(wordings.stems, wordings.starts),
        "marks": _cut(marks, wordings.starts),
    }
    table = pa.table(columns).select(FEATURES.names).cast(FEATURES).combine_chunks()
    return table.to_batches()[0] if len(table) else pa.RecordBatch.from_pylist([], FEATURES)


def _cut(values: Hashes | Bytes, starts: Numbers) -> "Lists":
    signed = values.view(np.int64) if values.dtype == np.uint64 else values.astype(np.int64)
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(signed))


def _hash(values: "pa.ChunkedArray[Any]") -> Numbers:
    """Return a number for each text, 0 for null, which no text has; numbers stay as they are."""
    if pa.types.is_integer(values.type):
        known = np.zeros(len(values), np.uint64)
        there = values.is_valid().to_numpy()
        known[there] = values.drop_null().to_numpy()
        return known.view(np.int64)
    found = [hash_text(value) for value in values.to_pylist()]
    return np.array(found, np.uint64).view(np.int64)


def hash_text(text: str | None) -> int:
    """Return the number that features have for a text; 0 for None."""
    if text is None:
        return 0
    letters = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(letters, digest_size=8).digest()) | 1


def _read_texts(quotations: pa.Table, pieces: Pieces) -> tuple[Texts, Texts]:
    """Return the quoted words of quotations, and all words of those that are not direct.

    All words of a direct quotation are quoted.
    """
    columns = (quotations[name].to_pylist() for name in ("content", "type", "fragments"))
    rows = [(content, kind, cuts or ()) for content, kind, cuts in zip(*columns, strict=True)]
    quoted_texts, reported_texts = Texts(), Texts()
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


def _is_among(values: Column, wanted: Iterable[str]) -> Flags:
    flags: Flags = pc.is_in(values, value_set=pa.array(list(wanted))).to_numpy()
    return flags


def _make_wordings(texts: Texts, pieces: Pieces) -> Wordings:
    """Return the words of texts in one array, without the marks between them."""
    numbers = texts.numbers
    n_words = sum_spans(np.asarray(pieces.n_words)[numbers], texts.ends[:-1], texts.ends[1:])
    codes = _spell_out(numbers, pieces)
    places = np.flatnonzero(codes > max(MARK_CODES.values()))
    # A mark counts for the next word; several may be between two words.
    gaps = np.diff(np.cumsum(codes == MARK_CODES[GAP])[places], prepend=-1) > 0
    ended = np.diff(np.cumsum(codes == MARK_CODES[SENTENCE_END])[places], prepend=0) > 0
    words = codes[places]
    hash_of, stem_of, weight_of = _describe_forms(pieces)
    weights = weight_of[words]
    starts = np.append(0, np.cumsum(n_words))
    _silence_phrases(weights, words, starts, pieces)
    return Wordings(
        words=hash_of[words],
        stems=stem_of[words],
        weights=weights,
        gaps=gaps,
        sentences=gaps | ended,
        starts=starts,
        voices=np.zeros(len(n_words), np.uint64),
        anchors=np.zeros((len(n_words), N_ANCHORS), np.uint64),
        stock=np.zeros(0, np.uint64),
    )


def _spell_out(numbers: Numbers | Places, pieces: Pieces) -> Places:
    """Return the codes of the forms of pieces, one after the other."""
    n_forms = np.asarray(pieces.n_forms, np.int64)
    offsets = np.append(0, np.cumsum(n_forms))
    codes: Places = np.asarray(pieces.forms, np.int32)[spread(offsets[numbers], n_forms[numbers])]
    return codes


def _describe_forms(pieces: Pieces) -> tuple[Hashes, Hashes, Bytes]:
    """Return a hash of each form and of its stem, and how much the form says."""
    forms = list(pieces.codes)
    weight_of = [0 if form in MARKS else weigh_word(form, pieces.language) for form in forms]
    return (
        np.array([hash_text(form) for form in forms], np.uint64),
        np.array([hash_text(stem_word(form)) for form in forms], np.uint64),
        np.array(weight_of, np.uint8),
    )


def _silence_phrases(weights: Bytes, words: Places, starts: Numbers, pieces: Pieces) -> None:
    """Take the weight, in place, from the words of phrases that spokespeople use."""
    forms = pieces.codes
    room = np.repeat(starts[1:], np.diff(starts)) - np.arange(len(words))
    for phrase in stock_phrases(pieces.language):
        if any(form not in forms for form in phrase) or len(words) < len(phrase):
            continue
        codes = [forms[form] for form in phrase]
        found = np.flatnonzero(words[: len(words) - len(codes) + 1] == codes[0])
        found = found[room[found] >= len(codes)]  # no phrase runs from one text into the next
        for offset, code in enumerate(codes):
            found = found[words[found + offset] == code]
        for offset in range(len(codes)):
            weights[found + offset] = 0


def _find_anchors(wordings: Wordings) -> "Lists":
    """Return the words in a row, inside a passage, that say most of what each text says.

    Of those that say as much the smallest hash counts, wherever it is in the text.
    """
    places, keys = wordings.grams
    inside = wordings.is_inside(places)
    places, keys = places[inside], keys[inside]
    says = sum_spans(wordings.weights, places, places + GRAM)
    owners = wordings.owners[places]
    order = np.lexsort((keys, -says, owners))
    owners, keys = owners[order], keys[order]
    is_new = np.append(True, (owners[1:] != owners[:-1]) | (keys[1:] != keys[:-1]))[: len(keys)]
    owners, keys = owners[is_new], keys[is_new]
    begins = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    sizes = np.diff(np.append(begins, len(owners)))
    first = np.arange(len(owners)) - np.repeat(begins, sizes) < N_ANCHORS
    n_anchors = np.bincount(owners[first], minlength=len(wordings.lengths))
    return _cut(keys[first], np.append(0, np.cumsum(n_anchors)))
