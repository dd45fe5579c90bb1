"""Leave out of a page what a finding does not depend on.

The method is hierarchical delta debugging (Misherghi and Su 2006): the parts of a page are left out
in groups, level by level from the largest, and each group stays out if the finding is still there.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import TypeVar

from lxml import etree, html

MAX_TRIALS = 400
NEVER_OUT = frozenset({"html", "body", "head"})

PartT = TypeVar("PartT")
Holds = Callable[[str], bool]


class Trials:
    """Asks whether a shorter page still has the finding, a bounded number of times."""

    def __init__(self, holds: Holds, *, limit: int = MAX_TRIALS) -> None:
        """Ask `holds` at most `limit` times; after that no page is accepted."""
        self._holds = holds
        self._left = limit

    @property
    def are_used_up(self) -> bool:
        """Whether there may be parts that nobody tried to leave out."""
        return self._left <= 0

    def accept(self, page: str) -> bool:
        """Return whether `page` still has the finding."""
        if self.are_used_up:
            return False
        self._left -= 1
        return self._holds(page)


def shrink_text(text: str, trials: Trials) -> str:
    """Return the lines of `text` that the finding depends on."""
    return "".join(_keep_needed(text.splitlines(keepends=True), "".join, trials))


def shrink_html(text: str, trials: Trials) -> str:
    """Return HTML without the elements that the finding does not depend on."""
    root = html.document_fromstring(text)
    for depth in range(_measure_depth(root)):
        root = _shrink_level(root, depth, trials)
    return _write(root)


def _shrink_level(root: html.HtmlElement, depth: int, trials: Trials) -> html.HtmlElement:
    level = [element for element in _at_depth(root, depth) if element.tag not in NEVER_OUT]
    places = list(map(_find_place, level))

    def write(kept: Sequence[tuple[int, ...]]) -> str:
        return _write(_leave_out(root, set(places) - set(kept)))

    needed = _keep_needed(places, write, trials)
    return _leave_out(root, set(places) - set(needed))


def rewrite_html(text: str) -> str:
    """Return HTML as it is written after it was read, with nothing left out."""
    return _write(html.document_fromstring(text))


def _keep_needed(
    parts: Sequence[PartT], write: Callable[[Sequence[PartT]], str], trials: Trials
) -> Sequence[PartT]:
    """Return the parts that are needed: of ever smaller groups, those without which it is gone."""
    kept = list(parts)
    size = len(kept)
    while size >= 1 and kept:
        start = 0
        while start < len(kept):
            without = [*kept[:start], *kept[start + size :]]
            if trials.accept(write(without)):
                kept = without
            else:
                start += size
        size //= 2
    return kept


def _write(root: html.HtmlElement) -> str:
    written: str = etree.tostring(root, encoding="unicode", method="html")
    return written


def _measure_depth(root: html.HtmlElement) -> int:
    depths = {root: 1}
    for element in root.iterdescendants():
        depths[element] = depths[element.getparent()] + 1
    return max(depths.values())


def _at_depth(root: html.HtmlElement, depth: int) -> Iterator[html.HtmlElement]:
    level = [root]
    for _ in range(depth):
        level = [child for element in level for child in element]
    yield from level


def _find_place(element: html.HtmlElement) -> tuple[int, ...]:
    """Return the position among its siblings of an element and of all that it is in."""
    place: list[int] = []
    parent = element.getparent()
    while parent is not None:
        place.append(parent.index(element))
        element, parent = parent, parent.getparent()
    return tuple(reversed(place))


def _leave_out(root: html.HtmlElement, places: set[tuple[int, ...]]) -> html.HtmlElement:
    """Return a copy without the elements at `places`; what follows them stays."""
    copy = deepcopy(root)
    # The last ones go first, so that the places of the others stay true.
    for place in sorted(places, reverse=True):
        element = copy
        for index in place:
            element = element[index]
        if element is not copy:
            element.drop_tree()
    return copy
