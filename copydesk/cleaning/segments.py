"""Cut a page into segments, each with its label, so that together they rebuild its text."""

from collections.abc import Sequence
from typing import NamedTuple

from copydesk.cleaning.dateline import match_dateline
from copydesk.cleaning.decisions import Decision
from copydesk.cleaning.given import given_headline
from copydesk.cleaning.labels import label_lines
from copydesk.cleaning.repeats import RepeatedLines
from copydesk.cleaning.wording import load_source_note
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import RawArticle, Segment
from copydesk.text.lines import Line, split_lines
from copydesk.values import Label, MarkKind

NO_REPEATS = RepeatedLines()
HTML_SCORE = 0.9  # what the page's own markup calls comments
WHITE_SPACE = Decision(Label.BLANK, "white_space", 1.0)
NOT_LABELLED = Decision(Label.BOILERPLATE, "not_labelled", 0.0)


class Piece(NamedTuple):
    """A stretch of a page, and what it is."""

    start: int
    end: int
    decision: Decision


def label_page(
    raw: RawArticle, repeated: RepeatedLines = NO_REPEATS, *, language: Language = ENGLISH
) -> list[Segment]:
    """Return the segments of a page in order; together they rebuild its text exactly.

    `repeated` are the lines that the page has in common with others of its bundle.
    """
    lines = split_lines(raw.text)
    n_own = len(lines)
    if raw.comments_start is not None:
        n_own = sum(line.start < raw.comments_start for line in lines)
    title = given_headline(raw)
    own = [line.text for line in lines[:n_own]]
    kinds = {mark.start: MarkKind(mark.kind) for mark in raw.marks}
    decisions = label_lines(
        own,
        title=title,
        pages=repeated.look_up(raw, own),
        kinds=[kinds.get(line.start) for line in lines[:n_own]],
        language=language,
    )
    decisions += [Decision(Label.COMMENTS, "comments_in_html", HTML_SCORE)] * (len(lines) - n_own)
    pieces: list[Piece] = []
    for line, decision in zip(lines, decisions, strict=True):
        pieces.extend(_split_line(line, decision, language))
    return _fill_gaps(raw, _cut_dateline(raw.text, pieces, language))


def leave_unlabelled(raw: RawArticle) -> list[Segment]:
    """Return a page that could not be labelled as one segment: no copy, and none of it lost."""
    return _fill_gaps(raw, [Piece(0, len(raw.text), NOT_LABELLED)])


def _split_line(line: Line, decision: Decision, language: Language) -> list[Piece]:
    """Return the pieces of a line: its copy, and source notes in brackets inside it."""
    if decision.label is not Label.BODY or "(" not in line.text:
        return [Piece(line.start, line.end, decision)]
    pieces, at = [], 0
    note = Decision(Label.SOURCE_NOTE, "source_in_brackets", 0.95)
    for found in load_source_note(language).finditer(line.text):
        if found.start() > at:
            pieces.append(Piece(line.start + at, line.start + found.start(), decision))
        pieces.append(Piece(line.start + found.start(), line.start + found.end(), note))
        at = found.end()
    if at < len(line.text):
        pieces.append(Piece(line.start + at, line.end, decision))
    return pieces


def _cut_dateline(text: str, pieces: Sequence[Piece], language: Language) -> list[Piece]:
    """Return the pieces with the dateline cut off the first paragraph."""
    first = next((i for i, piece in enumerate(pieces) if piece.decision.label is Label.BODY), None)
    if first is None:
        return list(pieces)
    start, end, decision = pieces[first]
    found = match_dateline(text[start:end], language=language)
    if found is None:
        return list(pieces)
    cut = start + found.end()
    dateline = Piece(start, cut, Decision(Label.DATELINE, "place_date_agency", 0.95))
    return [*pieces[:first], dateline, Piece(cut, end, decision), *pieces[first + 1 :]]


def _fill_gaps(raw: RawArticle, pieces: Sequence[Piece]) -> list[Segment]:
    """Return the pieces as segments, with the white space between them as segments too."""
    filled, at = [], 0
    for piece in pieces:
        if piece.start > at:
            filled.append(Piece(at, piece.start, WHITE_SPACE))
        filled.append(piece)
        at = piece.end
    if at < len(raw.text):
        filled.append(Piece(at, len(raw.text), WHITE_SPACE))
    return [
        Segment(raw.article_id, seq, start, end, d.label, d.rule, d.score, raw.bundle)
        for seq, (start, end, d) in enumerate(filled)
    ]
