"""Read what is kept of quotations: their features, as arrays, and the entities of names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from copydesk.lake.kept import Parts, keep_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import connect_shared, load_sql
from copydesk.lexicons.language import Language
from copydesk.statements.features import FEATURES, Features, open_features
from copydesk.statements.read import read_features
from copydesk.statements.wordings import NOBODY
from copydesk.tables import MENTIONS, QUOTE_FEATURES, QUOTES
from copydesk.text.arrays import Flags, Hashes, Numbers, scramble

QUERIES = "copydesk.statements.queries"
LISTS = ("words", "stems", "marks")
WORDS = "part, quote, words, stems, marks::UTINYINT[] AS marks"
ALL_COLUMNS = ", ".join(FEATURES.names).replace("marks", "marks::UTINYINT[] AS marks")
BATCH_ROWS = 50_000  # quotations whose words are in memory at a time
MOST_STRETCHES = 200  # in which rows of a batch follow each other, before each is looked up


@dataclass(frozen=True)
class Speakers:
    """The entity of each name, both as hashes; the names are sorted."""

    names: Hashes
    entities: Hashes

    def of(self, names: Hashes) -> Hashes:
        """Return the entity of each name; `NOBODY` where it has none."""
        if not len(self.names):
            return np.zeros(len(names), np.uint64)
        at = np.minimum(np.searchsorted(self.names, names), len(self.names) - 1)
        return np.where(self.names[at] == names, self.entities[at], NOBODY)

    def find_others(self, before: "Speakers") -> Hashes:
        """Return the names that were of another entity before, or of none; sorted."""
        names = np.union1d(self.names, before.names)
        others: Hashes = names[self.of(names) != before.of(names)]
        return others


def read_speakers(names_sql: str) -> Speakers:
    """Return the entities of names, given SQL for the rows of `name_links`."""
    query = load_sql(QUERIES, "speakers").format(name_links=names_sql)
    found = connect_shared().sql(query).to_arrow_table()
    return Speakers(found["name"].to_numpy(), found["entity"].to_numpy())


def keep_features(snapshot: Snapshot, parts: Parts, *, is_whole: bool, language: Language) -> None:
    """Read the features of the bundles whose state is new, or of all, and keep them."""

    def read(some: Snapshot) -> pa.Table:
        query = load_sql(QUERIES, "features").format(
            quotes=some.relation_sql(QUOTES), mentions=some.relation_sql(MENTIONS)
        )
        quotations = connect_shared().sql(query).to_arrow_table()
        found = read_features(quotations, language=language)
        return found.append_column("bundle", quotations["bundle"])

    keep_parts(QUOTE_FEATURES, snapshot, parts, read=read, is_whole=is_whole)


class Store:
    """The kept features of some states of bundles: all but their words are in memory."""

    def __init__(self, lake: Lake, *parts: Parts) -> None:
        """Open those of the given states of all bundles."""
        numbers = sorted({number for each in parts for number in each.bundles})
        among = ", ".join(map(str, numbers)) or "NULL"
        self._rows = f"(FROM {lake.relation_sql(QUOTE_FEATURES)} WHERE part IN ({among}))"
        self._connection = connect_shared()
        plain = ", ".join(name for name in FEATURES.names if name not in LISTS)
        table = self._select(f"part, {plain}")
        self.features = open_features(table)  # of all rows, without words
        self._table = table.select(["part", "quote"])
        self._held = np.zeros(0, np.int64), self.features.take(np.zeros(0, np.int64))

    def _select(self, columns: str) -> pa.Table:
        query = f"SELECT {columns} FROM {self._rows}"
        table: pa.Table = self._connection.sql(query).to_arrow_table()
        return table

    def is_of(self, parts: Parts) -> Flags:
        """Return which rows are of some states of bundles."""
        return np.isin(self._parts, np.array(sorted(parts.bundles), np.int64))

    def hold(self, rows: Numbers) -> None:
        """Read the words of some rows, so that they are in memory when they are asked for."""
        numbers, found = self._read(rows)
        order = np.argsort(numbers)
        self._held = numbers[order], found.take(order)

    def load(self, rows: Numbers) -> Features:
        """Return the features of some rows, with their words, in the order of their ids."""
        numbers, held = self._held
        at = np.minimum(np.searchsorted(numbers, rows), max(0, len(numbers) - 1))
        if len(numbers) and np.array_equal(numbers[at], rows):
            return held.take(at).sort()
        return self._read(rows)[1].sort()

    def _read(self, rows: Numbers) -> tuple[Numbers, Features]:
        """Return the numbers of some rows, and their features with words, in one order."""
        is_wanted = np.zeros(len(self._table), np.bool_)
        is_wanted[rows] = True
        parts = ", ".join(map(str, np.unique(self._parts[rows]).tolist())) or "NULL"
        found, tables = [np.zeros(0, np.int64)], []
        # Few states are in few stretches of the files: the others are not opened. A join would be
        # shorter to write; DuckDB then holds the words of all.
        for numbers, table in self._stream(f"WHERE part IN ({parts})"):
            kept = np.flatnonzero(is_wanted[numbers])
            found.append(numbers[kept])
            tables.append(table.take(kept))
        numbers = np.concatenate(found)
        words = pa.concat_tables(tables) if tables else self._table.slice(0, 0)
        return numbers, self.features.take(numbers).read(words)

    def load_all(self) -> Features:
        """Return the features of all rows, with their words, in the order of their ids."""
        return open_features(self._select(ALL_COLUMNS)).sort()

    def scan(self) -> Iterator[tuple[Numbers, Features]]:
        """Yield all rows with their words, some at a time, and their numbers."""
        for rows, table in self._stream():
            yield rows, self.features.take(rows).read(table)

    def _stream(self, condition: str = "") -> Iterator[tuple[Numbers, pa.Table]]:
        """Yield rows with the columns of words, some at a time, and their numbers."""
        query = f"SELECT {WORDS} FROM {self._rows} {condition}"
        for batch in self._connection.cursor().sql(query).to_arrow_reader(BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            yield self._find_rows(table), table

    def _find_rows(self, table: pa.Table) -> Numbers:
        """Return the numbers of rows that are read again; a stream may have another order.

        Most of them follow each other in stretches, of which only the first row is looked up.
        """
        places = _place(table)
        ordered, order = self._sorted
        rows = np.zeros(len(places), np.int64)
        at = 0
        for _ in range(MOST_STRETCHES):
            first = order[np.searchsorted(ordered, places[at])]
            there = self._places[first : first + len(places) - at]
            differs = np.flatnonzero(places[at : at + len(there)] != there)
            n = int(differs[0]) if len(differs) else len(there)
            rows[at : at + n] = np.arange(first, first + n)
            at += n
            if at == len(places):
                return rows
        rows[at:] = order[np.searchsorted(ordered, places[at:])]
        return rows

    @cached_property
    def _parts(self) -> Numbers:
        parts: Numbers = self._table["part"].to_numpy()
        return parts

    @cached_property
    def _places(self) -> Hashes:
        return _place(self._table)

    @cached_property
    def _sorted(self) -> tuple[Hashes, Numbers]:
        order = np.argsort(self._places)
        return self._places[order], order


def _place(table: pa.Table) -> Hashes:
    """Return a number for the quotation in the state of its bundle."""
    part, quote = (table[name].to_numpy().view(np.uint64) for name in ("part", "quote"))
    return scramble(scramble(part) ^ quote)
