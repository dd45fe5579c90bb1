"""Read quotations into features: what is compared of them, as numbers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.features import (
    FEATURES,
    GAP_MARK,
    N_ANCHORS,
    SENTENCE_MARK,
    Column,
    Lists,
)
from copydesk.statements.pieces import BATCH_TEXTS, MARK_CODES, Pieces, Said, Texts, hash_text
from copydesk.statements.wordings import GRAM, Wordings
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
from copydesk.text.arrays import Bytes, Flags, Hashes, Numbers, Places, spread, sum_spans
from copydesk.values import Label, QuoteType

DISPLAY_ZONES = frozenset({Label.HEADLINE, Label.DECK, Label.SUBHEAD})


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


def _cut(values: Hashes | Bytes, starts: Numbers) -> Lists:
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


def _find_anchors(wordings: Wordings) -> Lists:
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
