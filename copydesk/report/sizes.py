"""Keep pages small: measure texts as a page has them, and take only as many rows as fit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from markupsafe import escape

RowT = TypeVar("RowT")


def size_of(*texts: str | None) -> int:
    """Return the bytes of texts once they are escaped."""
    return sum(len(escape(text).encode("utf-8", "replace")) for text in texts if text)


def fit(rows: Iterable[RowT], size: Callable[[RowT], int], *, most: int) -> list[RowT]:
    """Return the first rows whose sizes together are at most `most` bytes."""
    fitting = []
    for row in rows:
        most -= size(row)
        if most < 0:
            break
        fitting.append(row)
    return fitting


def cut(
    rows: Sequence[RowT], size: Callable[[RowT], int], *, most: int, most_rows: int
) -> Iterator[Sequence[RowT]]:
    """Yield the rows in parts of at most so many bytes and rows, a part at least."""
    start, n_bytes = 0, 0
    for at, row in enumerate(rows):
        n_bytes += size(row)
        if at > start and (n_bytes > most or at - start == most_rows):
            yield rows[start:at]
            start, n_bytes = at, size(row)
    yield rows[start:]
