"""What an explanation is made of: rows that a terminal, a page or a notebook can show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from copydesk.rows import RawArticle
from copydesk.text.lines import LINE_END
from copydesk.values import Span


class Fact(NamedTuple):
    """Something that is known, and its value."""

    name: str
    value: str


class Marked(NamedTuple):
    """A span of the page that plays a part: offsets into the text of the page."""

    start: int
    end: int
    role: str


class Link(NamedTuple):
    """A step from words to whom they mean: the words, the rule that led there, and its score."""

    text: str
    what: str
    rule: str
    meaning: str
    score: float | None = None


class Lost(NamedTuple):
    """A candidate that was not taken, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is as it is."""

    id: str
    kind: str
    title: str
    facts: list[Fact]
    text: str = ""
    """The lines of the page that it is about."""
    text_start: int = 0
    """Where they begin on the page, in code points."""
    marks: list[Marked] = field(default_factory=list)
    chain: list[Link] = field(default_factory=list)
    """From the words in the text to the person, body or place; empty where none is proven."""
    lost: list[Lost] = field(default_factory=list)
    corrections: list[Fact] = field(default_factory=list)
    """What people have decided about it."""
    versions: list[Fact] = field(default_factory=list)
    """What the tables were made with: the number of the code, and a hash of words and weights."""

    def __str__(self) -> str:
        """Return the explanation as lines of text, the spans under the lines that they are in."""
        return "\n".join(write_lines(self))


def cut_lines(raw: RawArticle, spans: Sequence[Span]) -> tuple[str, int]:
    """Return the whole lines of a page that hold some spans, and where they begin."""
    if not spans:
        return "", 0
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    ends = [found.end() for found in LINE_END.finditer(raw.text, 0, first)]
    after = LINE_END.search(raw.text, last)
    start = ends[-1] if ends else 0
    return raw.text[start : len(raw.text) if after is None else after.start()], start


LINE_CHARS = 88  # of the text in a line of an explanation, the marks below it
UNMARKED = " "


def write_lines(made: Explanation) -> Iterator[str]:
    """Yield an explanation line by line."""
    yield f"{made.title}"
    yield f"  {made.kind} {made.id}"
    width = max((len(fact.name) for fact in made.facts), default=0)
    for fact in made.facts:
        yield f"  {fact.name:<{width}}  {fact.value}"
    if made.text:
        yield ""
        yield from _write_marks(made)
    if made.chain:
        yield ""
        yield "  who is meant:"
        for i, link in enumerate(made.chain):
            score = "" if link.score is None else f" ({link.score:.2f})"
            arrow = "" if i == 0 else "→ "
            yield f"    {arrow}“{link.text}”, {link.what}: {link.rule}{score}, {link.meaning}"
    if made.lost:
        yield ""
        yield "  who else was there:"
        yield from (f"    {lost.name}: {lost.reason}" for lost in made.lost)
    if made.corrections:
        yield ""
        yield "  corrections:"
        yield from (f"    {fact.name}: {fact.value}" for fact in made.corrections)
    if made.versions:
        yield ""
        yield f"  made with: {', '.join(f'{name} {value}' for name, value in made.versions)}"


def _write_marks(made: Explanation) -> Iterator[str]:
    """Yield the text, folded, and under each line the first letter of what its characters are."""
    letters: dict[str, str] = {}
    for mark in made.marks:  # content and cue begin alike
        taken = letters.values()
        letters.setdefault(mark.role, next((c for c in mark.role if c not in taken), mark.role[0]))
    under = [UNMARKED] * len(made.text)
    for start, end, role in made.marks:
        for i in range(max(0, start - made.text_start), min(len(under), end - made.text_start)):
            under[i] = letters[role]
    for start, end in _fold(made.text):
        yield f"    {made.text[start:end]}"
        marks = "".join(under[start:end]).rstrip()
        if marks:
            yield f"    {marks}"
    if letters:
        yield f"    {', '.join(f'{letter} = {role}' for role, letter in letters.items())}"


def _fold(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a folded text begin and end; a line end of the page ends one too."""
    start = 0
    for line in text.splitlines(keepends=True) or [text]:
        end = start + len(line)
        shown = start + len(line.rstrip())
        while shown - start > LINE_CHARS:
            cut = text.rfind(" ", start, start + LINE_CHARS)
            cut = start + LINE_CHARS if cut <= start else cut
            yield start, cut
            start = cut + (text[cut : cut + 1] == " ")
        if shown > start:
            yield start, shown
        start = end
