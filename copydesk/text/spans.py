"""Look spans up by their place, so that comparing all with all never costs their square."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate


class SpanIndex:
    """Spans of a text in any order, each known by its number; spans may overlap."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        """Sort the spans, given as start and end."""
        self._spans = sorted((start, end, number) for number, (start, end) in enumerate(spans))
        self._starts = [start for start, _, _ in self._spans]
        # How far the spans up to each one reach: before the first that reaches far enough, no
        # span need be looked at.
        self._reach = list(accumulate((end for _, end, _ in self._spans), max))

    def overlapping(self, start: int, end: int) -> Iterator[int]:
        """Yield the numbers of the spans that share characters with `start` to `end`."""
        first = bisect_right(self._reach, start)
        for i in range(first, bisect_left(self._starts, end)):
            if self._spans[i][1] > start:
                yield self._spans[i][2]

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether a span shares characters with `start` to `end`."""
        return next(self.overlapping(start, end), None) is not None


def char_before(text: str, at: int) -> str:
    """Return the last character before an offset that is not a space; "" if there is none."""
    end = skip_spaces_before(text, at)
    return text[end - 1] if end else ""


def skip_spaces_before(text: str, at: int) -> int:
    """Return where the spaces that end at an offset begin."""
    while at and text[at - 1] == " ":
        at -= 1
    return at
