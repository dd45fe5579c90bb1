"""Declare what a query over the published tables is, and the rows of one page.

Each query is a file of `queries/`. Its first column is the page that a row is for; the others are
the fields of the row, in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

RowT = TypeVar("RowT", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Source(Generic[RowT]):
    """A query, by the name of its file, and what its rows are."""

    name: str
    row: type[RowT]


class PageRows:
    """The rows of one page, by their source."""

    def __init__(self, page_id: str, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Keep the rows of each source, by its name."""
        self.page_id = page_id
        self._rows = rows

    def of(self, source: Source[RowT]) -> list[RowT]:
        """Return the rows of a source, in the order of its query."""
        return [source.row(*row) for row in self._rows.get(source.name, ())]


class CountRow(NamedTuple):
    """How many there are of something."""

    name: str
    n: int
