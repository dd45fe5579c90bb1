"""Collect what the pages of a bundle prove about each other, before articles are composed.

The first of two passes. Of each file, in which order its dates have day and month: one row with a
21st settles it for all. Of each host, the name of the outlet that most of its pages state.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from copydesk.cleaning.given import Neighbours, file_of, stated_outlet
from copydesk.rows import RawArticle
from copydesk.text.dates import find_day_order
from copydesk.text.sites import find_host
from copydesk.values import Field


class NeighbourCounter:
    """A count of what pages state, kept while they pass by."""

    def __init__(self) -> None:
        """Start with no page."""
        self._orders: defaultdict[str, set[bool]] = defaultdict(set)
        self._names: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def watch(self, pages: Iterable[RawArticle]) -> Iterator[RawArticle]:
        """Yield `pages` as they are and count what they state."""
        for raw in pages:
            for given in raw.given:
                if given.name == Field.PUBLISHED_ON:
                    order = find_day_order(given.value)
                    if order is not None:
                        self._orders[file_of(raw)].add(order)
            host, name = find_host(raw.url), stated_outlet(raw)
            if host and name:
                self._names[host][name] += 1
            yield raw

    def settle(self) -> Neighbours:
        """Return what the pages so far prove; files that contradict themselves prove nothing."""
        orders = {file: found for file, found in self._orders.items() if len(found) == 1}
        return Neighbours(
            {file: next(iter(found)) for file, found in orders.items()},
            {host: choose_name(names) for host, names in self._names.items()},
        )


def choose_name(names: Mapping[str, int]) -> str:
    """Return the one name of an outlet: the most frequent, among equals the shortest.

    A name that looks like an address, or has no capital, is taken only where there is no other.
    """
    return min(
        names,
        key=lambda name: (name == name.lower() or "." in name, -names[name], len(name), name),
    )
