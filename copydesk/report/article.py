"""Compose the pages of an article: its text as scraped, its metadata, its quotations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from copydesk.report.marked import NAME, Mark, Piece, cut_spans
from copydesk.report.rows.article import (
    ARTICLE_FACTS,
    ARTICLE_HEADS,
    ARTICLE_LINES,
    ARTICLE_NAMES,
    ARTICLE_QUOTES,
    ARTICLE_SPEAKERS,
    ArticleHead,
    FactRow,
    LineRow,
    NameRow,
    QuoteRow,
    SpeakerRow,
)
from copydesk.report.rows.source import PageRows
from copydesk.report.sizes import fit, size_of
from copydesk.report.words import clip
from copydesk.values import COPY_LABELS, EntityLabel

MAX_LINE_CHARS = 12_000  # of a line that is shown in one piece: even a page of one line is split
PART_BYTES = 170_000  # of the lines and quotations of a part; no page is over 300 kB
LINE_BYTES = 150  # markup around a line
SPAN_BYTES = 60  # markup around a piece with marks
LINK_BYTES = 200  # and around one that leads to a person
QUOTE_BYTES = 1_300  # markup of a quotation in the list, with some of its words
MAX_QUOTE_CHARS = 1_200
LIST_CHARS = 20_000  # of all quotations of a part
FACT_BYTES = 40_000  # of all evidence
FACT_MARKUP = 250
MAX_FACT_CHARS = 300
NAMES_BYTES = 15_000  # of the people listed beside the text, and of the others
NAME_MARKUP = 130


class ShownLine(NamedTuple):
    """A line of the page: in the copy, or removed with a reason."""

    row: LineRow
    is_copy: bool
    pieces: list[Piece]
    notes: Mapping[int, list[int]]  # numbers of the quotations that end at a piece, by its offset


class ShownQuote(NamedTuple):
    """A quotation with its number on the page and who said it."""

    number: int
    row: QuoteRow
    speakers: list[SpeakerRow]


class ShownFact(NamedTuple):
    """A piece of evidence, with the characters of the page that prove it."""

    row: FactRow
    proof: str | None
    is_used: bool


class NamedPerson(NamedTuple):
    """A person, body or place that the article names, and how often."""

    name: str
    label: str
    person_id: str | None
    n: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One part of the page of an article; the first one has what is known of the whole."""

    page_id: str
    part: int
    n_parts: int
    head: ArticleHead
    facts: Sequence[ShownFact]
    n_facts: int
    lines: Sequence[ShownLine]
    quotes: Sequence[ShownQuote]
    people: Sequence[NamedPerson]
    others: Sequence[NamedPerson]
    n_people: int
    n_others: int
    n_quotes: int

    @property
    def quote_chars(self) -> int:
        """How much of each quotation the list shows; all of it is in the text above."""
        return min(MAX_QUOTE_CHARS, LIST_CHARS // max(len(self.quotes), 1))

    @property
    def title(self) -> str:
        """The headline, or the path of a page that has none."""
        return self.head.headline or self.head.source_path

    @property
    def n_removed(self) -> int:
        """How many lines of this part are not copy."""
        return sum(not line.is_copy for line in self.lines)


def compose_article(rows: PageRows) -> list[ArticlePage]:
    """Return the parts of the page of an article, at least one."""
    (head,) = rows.of(ARTICLE_HEADS)
    names, quotes = rows.of(ARTICLE_NAMES), rows.of(ARTICLE_QUOTES)
    speakers: dict[str, list[SpeakerRow]] = defaultdict(list)
    for speaker in rows.of(ARTICLE_SPEAKERS):
        speakers[speaker.quote_id].append(speaker)
    shown = [
        ShownQuote(number, quote, speakers[quote.quote_id])
        for number, quote in enumerate(quotes, start=1)
    ]
    people, others = _count_names(names)
    all_facts = _show_facts(head.text, rows.of(ARTICLE_FACTS))
    facts = fit(all_facts, _size_of_fact, most=FACT_BYTES)
    n_facts = len(all_facts)
    parts = list(_cut_parts(_show_lines(head.text, rows.of(ARTICLE_LINES), names, shown), shown))
    return [
        ArticlePage(
            page_id=rows.page_id,
            part=part,
            n_parts=len(parts),
            head=head,
            facts=facts if part == 1 else (),
            n_facts=n_facts,
            lines=lines,
            quotes=quoted,
            people=_fit_names(people) if part == 1 else (),
            others=_fit_names(others) if part == 1 else (),
            n_people=len(people),
            n_others=len(others),
            n_quotes=len(shown),
        )
        for part, (lines, quoted) in enumerate(parts, start=1)
    ]


def _show_lines(
    text: str, rows: Iterable[LineRow], names: Iterable[NameRow], quotes: Sequence[ShownQuote]
) -> Iterator[ShownLine]:
    cut = list(_cut_long(rows))
    notes = _place_notes(quotes)
    spans = [(line.start, line.end) for line in cut]
    pieces = cut_spans(text, spans, [*_mark_names(names), *_mark_quotes(quotes)])
    for line, shown in zip(cut, pieces, strict=True):
        ends = {piece.start: piece.start + len(piece.text) for piece in shown}
        here = {start: notes[end] for start, end in ends.items() if end in notes}
        yield ShownLine(line, line.label in COPY_LABELS, shown, here)


def _cut_long(rows: Iterable[LineRow]) -> Iterator[LineRow]:
    """Yield lines, those that are too long in several pieces."""
    for row in rows:
        for start in range(row.start, max(row.end, row.start + 1), MAX_LINE_CHARS):
            yield row._replace(start=start, end=min(start + MAX_LINE_CHARS, row.end))


def _mark_names(names: Iterable[NameRow]) -> Iterator[Mark]:
    for name in names:
        yield Mark(name.start, name.end, NAME, name.name, name.person_id)


def _mark_quotes(quotes: Iterable[ShownQuote]) -> Iterator[Mark]:
    for number, row, _ in quotes:
        for start, end in zip(row.starts, row.ends, strict=True):
            kind = "doubt" if row.is_uncertain else "said"
            yield Mark(start, end, kind, str(number))
        if row.cue_start is not None and row.cue_end is not None:
            yield Mark(row.cue_start, row.cue_end, "cue", str(number))
        if row.source_start is not None and row.source_end is not None:
            yield Mark(row.source_start, row.source_end, "source", str(number))


def _place_notes(quotes: Iterable[ShownQuote]) -> dict[int, list[int]]:
    """Return the numbers of the quotations by the offset at which their first span ends."""
    notes: dict[int, list[int]] = defaultdict(list)
    for quote in quotes:
        notes[quote.row.ends[0]].append(quote.number)
    return notes


def _cut_parts(
    lines: Iterable[ShownLine], quotes: Sequence[ShownQuote]
) -> Iterator[tuple[list[ShownLine], list[ShownQuote]]]:
    """Yield the lines of each part, with the quotations that begin in them."""
    lines_of_part: list[ShownLine] = []
    waiting = list(reversed(quotes))
    quotes_of_part: list[ShownQuote] = []
    n_bytes = 0
    for line in lines:
        size = LINE_BYTES + size_of("".join(piece.text for piece in line.pieces))
        size += sum(map(_size_of_marks, line.pieces))
        begun = []
        while waiting and waiting[-1].row.starts[0] < line.row.end:
            begun.append(waiting.pop())
        size += QUOTE_BYTES * len(begun)
        if lines_of_part and n_bytes + size > PART_BYTES:
            yield lines_of_part, quotes_of_part
            lines_of_part, quotes_of_part, n_bytes = [], [], 0
        lines_of_part.append(line)
        quotes_of_part.extend(begun)
        n_bytes += size
    yield lines_of_part, [*quotes_of_part, *reversed(waiting)]


def _size_of_marks(piece: Piece) -> int:
    if not piece.marks:
        return 0
    name = piece.name
    if name is None:
        return SPAN_BYTES
    return (SPAN_BYTES if name.person_id is None else LINK_BYTES) + size_of(name.title)


def _show_facts(text: str, facts: Sequence[FactRow]) -> list[ShownFact]:
    """Return the evidence; of each field, the first and most confident is the one that is used."""
    seen: set[str] = set()
    shown = []
    for fact in facts:
        is_inside = fact.start is not None and fact.end is not None
        proof = text[fact.start : fact.end] if is_inside else None
        shown.append(ShownFact(fact, proof, fact.field not in seen))
        seen.add(fact.field)
    return shown


def _size_of_fact(fact: ShownFact) -> int:
    return FACT_MARKUP + size_of(
        clip(fact.row.value, MAX_FACT_CHARS), clip(fact.proof or "", MAX_FACT_CHARS)
    )


def _fit_names(names: Sequence[NamedPerson]) -> list[NamedPerson]:
    return fit(names, lambda each: NAME_MARKUP + size_of(each.name), most=NAMES_BYTES)


def _count_names(names: Iterable[NameRow]) -> tuple[list[NamedPerson], list[NamedPerson]]:
    """Return the people and the others that are named, whoever is named most first."""
    counts: dict[tuple[str, str, str | None], int] = defaultdict(int)
    for name in names:
        counts[name.name, name.label, name.person_id] += 1
    ordered = [
        NamedPerson(*key, n)
        for key, n in sorted(counts.items(), key=lambda each: (-each[1], each[0][0], each[0][1]))
    ]
    people = [each for each in ordered if each.label == EntityLabel.PERSON]
    others = [each for each in ordered if each.label != EntityLabel.PERSON]
    return people, others
