"""Turn articles with gold quotations into what the quotation tagger learns from.

Labels are given to words, and only words count: punctuation at the edges of a gold span is cut
off, since annotators take it in or leave it out as they please.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotations.tagger.labels import LABELS, Role
from copydesk.quotations.tagger.pieces import (
    CLOSE,
    UNKNOWN,
    Flags,
    Numbers,
    Pieces,
    cut_pieces,
    cut_windows,
    load_tokenizer,
)
from copydesk.text.quote_marks import find_quoted

VALIDATION_SHARE = 0.095
HIDDEN_SHARE = 0.03  # of the words of an article
SINGLE_MARKS_SHARE = 0.1  # of articles
MISSED_CUES = 0.12
MISSED_SOURCES = 0.06
MASK = 103  # [MASK] of the vocabulary
LETTER = re.compile(r"\w")


class GoldQuote(TypedDict):
    """A quotation of a gold row; spans are [start, end] in code points."""

    content: list[list[int]]
    cue: list[list[int]]
    source: list[list[int]]


class GoldRow(TypedDict):
    """The columns of a gold row that training reads."""

    doc_id: str
    publisher: str
    text: str
    quotes: list[GoldQuote]


class WordSpan(NamedTuple):
    """A stretch of words, by number in the article, half-open."""

    start: int
    end: int


class Quotation(NamedTuple):
    """A gold quotation in words; content is cut at line ends."""

    content: tuple[WordSpan, ...]
    cue: WordSpan
    source: WordSpan | None


class Example(NamedTuple):
    """An article as the network sees it; `labels` has one label for each word."""

    doc_id: str
    pieces: Pieces
    words: Numbers  # the first piece of each word
    labels: Numbers
    quotations: tuple[Quotation, ...]
    language: Language


class Links(NamedTuple):
    """Spans of a window, in its words, and which belongs to which; -1 for none."""

    contents: Numbers
    cues: Numbers
    sources: Numbers
    cue_of_content: Numbers
    source_of_cue: Numbers
    source_of_content: Numbers


class Crop(NamedTuple):
    """A window of an article with its answers."""

    pieces: Pieces
    words: Numbers
    labels: Numbers
    lines: Numbers
    links: Links


def read_rows(path: Path) -> Iterator[GoldRow]:
    """Yield the rows of a gold file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for record in file:
            row: GoldRow = json.loads(record)
            yield row


def is_held_out(row: GoldRow) -> bool:
    """Return whether a row is for validation: its name decides, so that two files agree."""
    key = f"{row['publisher']} {row['doc_id']}".encode()
    return zlib.crc32(key) / 2**32 < VALIDATION_SHARE


def make_example(row: GoldRow, *, language: Language = ENGLISH) -> Example:
    """Return the article of a gold row with labels for its words."""
    text = row["text"]
    pieces = cut_pieces(text, find_quoted(text), language=language)
    words = np.flatnonzero(pieces.is_word)
    is_lettered = _lettered(text, pieces, words)
    quotations = []
    labels = np.zeros(len(words), dtype=np.int64)
    for quote in row["quotes"]:
        content = _word_spans(quote["content"], pieces, words, is_lettered)
        cue = _word_spans(quote["cue"], pieces, words, is_lettered)
        source = _word_spans(quote["source"], pieces, words, is_lettered)
        for role, spans in (
            (Role.SOURCE, source[:1]),
            (Role.CUE, cue[:1]),
            (Role.CONTENT, content),
        ):
            for span in spans:
                write_labels(labels, span, role)
        if content and cue:
            quotations.append(Quotation(tuple(content), cue[0], next(iter(source), None)))
    return Example(row["doc_id"], pieces, words, labels, tuple(quotations), language)


def vary(example: Example, *, seed: str) -> Example:
    """Return an article with some words hidden, and now and then with single marks for double.

    The articles are of one country and two years: the tagger must not lean on their names.
    """
    draw = np.random.default_rng(zlib.crc32(seed.encode()))
    pieces = example.pieces
    is_hidden = draw.random(int(pieces.is_word.sum())) < HIDDEN_SHARE
    ids = np.where(is_hidden[np.cumsum(pieces.is_word) - 1], MASK, pieces.ids)
    ids = np.where(pieces.ids == CLOSE, CLOSE, ids)
    if draw.random() < SINGLE_MARKS_SHARE:
        double, single = (mark_id(mark, example.language) for mark in "\"'")
        ids = np.where(ids == double, single, ids)
    return example._replace(pieces=pieces._replace(ids=ids))


def mark_id(mark: str, language: Language) -> int:
    """Return the number of a mark in the vocabulary."""
    return load_tokenizer(language).token_to_id(mark) or UNKNOWN


def write_labels(labels: Numbers, span: WordSpan, role: Role) -> None:
    """Label the words of a span: begin, inside, end, or single."""
    begin, inside, end, single = (LABELS.index((role, part)) for part in "BIES")
    if span.end - span.start == 1:
        labels[span.start] = single
        return
    labels[span.start : span.end] = inside
    labels[span.start], labels[span.end - 1] = begin, end


def repair_labels(labels: Numbers, lines: Numbers) -> Numbers:
    """Return labels that can follow each other, where a cut or another span broke a span."""
    repaired = labels.copy()
    last_role, last_part, last_line = None, "O", -1
    for i, (number, line) in enumerate(zip(labels.tolist(), lines.tolist(), strict=True)):
        role, part = LABELS[number]
        is_open = last_part in "BI"
        continues = is_open and line == last_line and role is last_role and part in "IE"
        if is_open and not continues:
            repaired[i - 1] = _closed(last_role, last_part)
        if part in "IE" and not continues:
            part = "B" if part == "I" else "S"
            repaired[i] = LABELS.index((role, part))
        last_role, last_part, last_line = role, part, line
    if last_part in "BI":
        repaired[-1] = _closed(last_role, last_part)
    return repaired


def _closed(role: Role | None, part: str) -> int:
    return LABELS.index((role, "S" if part == "B" else "E"))


def crop_example(example: Example, *, max_pieces: int, seed: str | None) -> Iterator[Crop]:
    """Yield the windows of an article, without overlap; a seed draws where the first one ends."""
    size = max_pieces - 2
    is_cut = seed is not None and len(example.pieces.ids) > size
    first = random.Random(seed).randint(size // 4, size) if is_cut else None
    windows = cut_windows(example.pieces, max_pieces=max_pieces, context=0, first=first)
    for window in windows:
        crop = _crop(example, window.core_start, window.core_end)
        if seed is None:
            yield crop
        else:
            yield crop._replace(links=thin_links(crop.links, seed=f"{seed} {window.core_start}"))


def thin_links(links: Links, *, seed: str) -> Links:
    """Return links without some cues and sources, so that what asked for them belongs to none.

    The tagger misses cues, and their contents would go to the next cue if none were not learnt.
    """
    draw = np.random.default_rng(zlib.crc32(seed.encode()))
    has_cue = draw.random(len(links.cues)) >= MISSED_CUES
    has_source = draw.random(len(links.sources)) >= MISSED_SOURCES
    return Links(
        contents=links.contents,
        cues=links.cues[has_cue],
        sources=links.sources[has_source],
        cue_of_content=_renumbered(links.cue_of_content, has_cue),
        source_of_cue=_renumbered(links.source_of_cue[has_cue], has_source),
        source_of_content=_renumbered(links.source_of_content, has_source),
    )


def _renumbered(numbers: Numbers, is_kept: Flags) -> Numbers:
    places = np.append(np.where(is_kept, np.cumsum(is_kept) - 1, -1), -1)
    return places[numbers]


def slice_pieces(pieces: Pieces, start: int, end: int) -> Pieces:
    """Return a stretch of pieces."""
    return Pieces(
        ids=pieces.ids[start:end],
        starts=pieces.starts[start:end],
        ends=pieces.ends[start:end],
        places=pieces.places[start:end],
        shapes=pieces.shapes[start:end],
        is_word=pieces.is_word[start:end],
        line=pieces.line[start:end],
    )


def _crop(example: Example, start: int, end: int) -> Crop:
    first, last = np.searchsorted(example.words, [start, end])
    pieces = slice_pieces(example.pieces, start, end)
    words = example.words[first:last] - start
    return Crop(
        pieces=pieces,
        words=words,
        labels=repair_labels(example.labels[first:last], pieces.line[words]),
        lines=pieces.line[words],
        links=_links(example.quotations, WordSpan(int(first), int(last))),
    )


def _links(quotations: Sequence[Quotation], window: WordSpan) -> Links:
    """Return the spans that lie whole in the window, in order; what they belong to may not."""
    cues = _spans_in(window, (quotation.cue for quotation in quotations))
    sources = _spans_in(window, (quotation.source for quotation in quotations))
    source_of_cue = {quotation.cue: quotation.source for quotation in quotations}
    owners = {span: quotation for quotation in quotations for span in quotation.content}
    contents = _spans_in(window, owners)
    cue_number = {span: i for i, span in enumerate(cues)}
    source_number = {span: i for i, span in enumerate(sources)}

    def numbers(spans: Iterable[WordSpan | None], known: Mapping[WordSpan, int]) -> Numbers:
        return np.array([-1 if s is None else known.get(s, -1) for s in spans], dtype=np.int64)

    return Links(
        contents=_table(contents, window),
        cues=_table(cues, window),
        sources=_table(sources, window),
        cue_of_content=numbers((owners[span].cue for span in contents), cue_number),
        source_of_cue=numbers((source_of_cue[span] for span in cues), source_number),
        source_of_content=numbers((owners[span].source for span in contents), source_number),
    )


def _spans_in(window: WordSpan, spans: Iterable[WordSpan | None]) -> list[WordSpan]:
    return sorted(
        {s for s in spans if s is not None and window.start <= s.start and s.end <= window.end}
    )


def _table(spans: Sequence[WordSpan], window: WordSpan) -> Numbers:
    return np.array(spans, dtype=np.int64).reshape(-1, 2) - window.start


def _lettered(text: str, pieces: Pieces, words: Numbers) -> Flags:
    """Return which words hold a letter or digit."""
    ends = np.append(words, len(pieces.ids))[1:]
    return np.array(
        [
            bool(LETTER.search(text, pieces.starts[i], pieces.ends[j - 1]))
            for i, j in zip(words.tolist(), ends.tolist(), strict=True)
        ],
        dtype=bool,
    )


def _word_spans(
    spans: Sequence[Sequence[int]], pieces: Pieces, words: Numbers, is_lettered: Flags
) -> list[WordSpan]:
    """Return the words of text spans, cut at line ends, without punctuation at the edges."""
    found = []
    starts = pieces.starts[words]
    line = pieces.line[words]
    for start, end in sorted((span[0], span[1]) for span in spans):
        inside = np.arange(*np.searchsorted(starts, [start, end], side="left"))
        inside = inside[is_lettered[inside]]
        if not len(inside):
            continue
        parts = np.split(inside, np.flatnonzero(np.diff(line[inside])) + 1)
        found += [WordSpan(int(part[0]), int(part[-1]) + 1) for part in parts]
    return found
