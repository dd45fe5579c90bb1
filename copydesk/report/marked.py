"""Cut the text of a page where marks begin and end, so that each piece has its marks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

NAME = "name"


class Mark(NamedTuple):
    """A span of a page that is marked: its kind, and the page that it leads to, if any."""

    start: int
    end: int
    kind: str
    title: str = ""
    person_id: str | None = None


class Piece(NamedTuple):
    """A piece of text whose characters all have the same marks."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    name: Mark | None  # the mark of the innermost name around it

    @property
    def kinds(self) -> list[str]:
        """The kinds of its marks, sorted, each once."""
        return sorted({mark.kind for mark in self.marks})


def cut_spans(
    text: str, spans: Sequence[tuple[int, int]], marks: Iterable[Mark]
) -> list[list[Piece]]:
    """Return the pieces of each span, in order; together they are its text.

    Spans are in order and do not overlap. A mark that begins before a span, or is empty, is cut to
    what of it is inside.
    """
    by_start: Mapping[int, list[Mark]] = _by_start(marks)
    boundaries = sorted(
        {place for mark in _all(by_start) for place in (mark.start, mark.end)}
        | {place for span in spans for place in span}
    )
    cut: list[list[Piece]] = []
    active: list[Mark] = []
    at = 0
    for start, end in spans:
        pieces: list[Piece] = []
        while at < len(boundaries) and boundaries[at] < end:
            place = boundaries[at]
            active = [mark for mark in active if mark.end > place] + by_start.get(place, [])
            at += 1
            if place >= start:
                until = boundaries[at] if at < len(boundaries) else end
                shown = text[place : min(until, end)]
                pieces.append(Piece(place, shown, tuple(active), _find_name(active)))
        cut.append([piece for piece in pieces if piece.text])
    return cut


def _find_name(marks: Sequence[Mark]) -> Mark | None:
    names = [mark for mark in marks if mark.kind == NAME]
    if len(names) <= 1:
        return names[0] if names else None
    return min(names, key=lambda mark: (mark.end - mark.start, mark.start))


def _by_start(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.start < mark.end:
            found[mark.start].append(mark)
    return found


def _all(by_start: Mapping[int, list[Mark]]) -> Iterable[Mark]:
    for marks in by_start.values():
        yield from marks
