"""Pair rows with columns so that the pairs gain most: the Hungarian algorithm."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf


def connected(cells: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Return the rows and columns of each block of cells that shares no line with another."""
    columns_of: dict[int, list[int]] = defaultdict(list)
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, column in cells:
        columns_of[row].append(column)
        rows_of[column].append(row)
    blocks = []
    seen: set[int] = set()
    for first in columns_of:
        if first in seen:
            continue
        rows, columns, waiting = {first}, set[int](), [first]
        while waiting:
            for column in columns_of[waiting.pop()]:
                if column not in columns:
                    columns.add(column)
                    waiting += (row for row in rows_of[column] if row not in rows)
                    rows.update(rows_of[column])
        seen |= rows
        blocks.append((sorted(rows), sorted(columns)))
    return blocks


def best_total(gains: Sequence[Sequence[float]]) -> float:
    """Return the largest sum of gains that use each row and each column at most once.

    Method: the Hungarian algorithm by shortest augmenting paths (Jonker and Volgenant 1987, after
    Crouse 2016): rows are placed one by one, each by the cheapest chain of moves.
    """
    if len(gains) > len(gains[0]):
        gains = list(zip(*gains, strict=True))
    assignment = _Assignment(gains)
    for row in range(len(gains)):
        assignment.place(row)
    return sum(gains[row][column] for row, column in assignment.column_of.items())


class _Assignment:
    """Rows placed in columns so far, and the prices that prove that no placing gains more."""

    def __init__(self, gains: Sequence[Sequence[float]]) -> None:
        self.gains = gains
        self.column_of: dict[int, int] = {}
        self.row_in: dict[int, int] = {}
        self.row_prices = [0.0] * len(gains)
        self.column_prices = [0.0] * len(gains[0])

    def place(self, new_row: int) -> None:
        """Find the cheapest path from `new_row` to a free column, moving placed rows along it."""
        lengths = [inf] * len(self.column_prices)
        reached_from = [new_row] * len(self.column_prices)
        open_columns = dict.fromkeys(range(len(self.column_prices)))
        settled: list[int] = []
        row, length = new_row, 0.0
        while True:
            for column in open_columns:
                price = self.row_prices[row] + self.column_prices[column]
                longer = length - self.gains[row][column] - price
                if longer < lengths[column]:
                    lengths[column] = longer
                    reached_from[column] = row
            nearest = min(open_columns, key=lengths.__getitem__)
            length = lengths[nearest]
            if nearest not in self.row_in:
                break
            del open_columns[nearest]
            settled.append(nearest)
            row = self.row_in[nearest]

        self.row_prices[new_row] += length
        for column in settled:
            self.row_prices[self.row_in[column]] += length - lengths[column]
            self.column_prices[column] -= length - lengths[column]
        free: int | None = nearest
        while free is not None:
            row = reached_from[free]
            left = self.column_of.get(row)  # only `new_row` leaves no column
            self.column_of[row], self.row_in[free] = free, row
            free = left
