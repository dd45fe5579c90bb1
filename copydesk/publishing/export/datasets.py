"""List what an export writes: tables and views of a catalogue, with the meaning of each column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from copydesk.errors import ExportError
from copydesk.lake.sql import load_sql
from copydesk.publishing.view import VIEWS
from copydesk.tables import CATALOGUE_TABLES, PAGE_BATCH_ROWS, PUBLISHED_TABLES

QUERIES = "copydesk.publishing.export.queries"
QUOTES = "quotes"
SAID = "said"
QUOTES_SOURCES = ("said", "quotes", "articles", "stories", "quote_groups")  # of their meanings
TABLES = (*PUBLISHED_TABLES, *CATALOGUE_TABLES)
NEWEST_FIRST = "published_on DESC NULLS LAST, outlet, article_id, content_spans[1].start, quote_id"

ORDERS = {SAID: NEWEST_FIRST, "people": "n_quotes DESC, n_mentions DESC, entity_id"}


class ExportColumn(NamedTuple):
    """A column as the catalogue has it: its name, DuckDB type and meaning."""

    name: str
    type: str
    meaning: str

    @property
    def is_nested(self) -> bool:
        """Whether a value is a list or a record, which few kinds of files know."""
        return self.type.endswith("]") or self.type.startswith("STRUCT")


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is written under one name: a query without order, and the order of its rows."""

    name: str
    meaning: str
    sql: str
    order: str
    columns: tuple[ExportColumn, ...]
    key: tuple[str, ...] = ()
    """Columns that no two rows share; none for a view without a key."""
    has_pages: bool = False
    """Whether a row holds a whole page: then fewer rows are held in memory at a time."""

    @property
    def ordered_sql(self) -> str:
        """SQL that yields the rows in their order."""
        return f"{self.sql} ORDER BY {self.order}" if self.order else self.sql


@dataclass(frozen=True, slots=True)
class Source:
    """What a format is given: a connection to the catalogue, and what to write from it."""

    connection: duckdb.DuckDBPyConnection
    datasets: tuple[Dataset, ...]
    is_whole: bool
    """Whether everything is written, because no tables were named."""


@dataclass(frozen=True, slots=True)
class Written:
    """A dataset as it was written: its files relative to the export, and their rows."""

    name: str
    meaning: str
    files: list[str]
    n_rows: int
    columns: tuple[ExportColumn, ...]


def written_as(dataset: Dataset, *, files: list[str], n_rows: int) -> Written:
    """Return what is said about a dataset once it is written."""
    return Written(dataset.name, dataset.meaning, files, n_rows, dataset.columns)


def find_datasets(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str] = (),
    *,
    has_said: bool = False,
    has_joined_quotes: bool = True,
) -> tuple[Dataset, ...]:
    """Return what is to be written, views for people first; everything where no names are given.

    Raises: ExportError: if a name is unknown.
    """
    meanings = dict(connection.execute(load_sql(QUERIES, "meanings")).fetchall())
    known = [name for name in (SAID, QUOTES, *VIEWS) if name in meanings]
    known += [table.name for table in TABLES if table.name in meanings]
    known = list(dict.fromkeys(known))
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"no table {', '.join(unknown)}; there are {', '.join(known)}"
        raise ExportError(msg)
    chosen = [n for n in known if n in names or (not names and (has_said or n != SAID))]
    return tuple(
        _join_quotes(connection, meanings[name])
        if name == QUOTES and has_joined_quotes
        else _read_dataset(connection, name, meanings[name])
        for name in chosen
    )


def _join_quotes(connection: duckdb.DuckDBPyConnection, meaning: str) -> Dataset:
    sql = load_sql(QUERIES, "quotes")
    meanings: dict[str, str] = {}
    for source in QUOTES_SOURCES:
        for column in _list_columns(connection, source):
            meanings.setdefault(column.name, column.meaning)
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    columns = tuple(ExportColumn(name, kind, meanings[name]) for name, kind, *_ in described)
    return Dataset(QUOTES, meaning, f"FROM ({sql})", NEWEST_FIRST, columns, ("quote_id",))


def _read_dataset(connection: duckdb.DuckDBPyConnection, name: str, meaning: str) -> Dataset:
    columns = tuple(_list_columns(connection, name))
    table = next((table for table in TABLES if table.name == name), None)
    if table is None:
        order = ORDERS.get(name, "ALL")  # the stored rows of a catalogue are in no order
        key = {"people": ("entity_id",), SAID: ("quote_id",)}.get(name, ())
        return Dataset(name, meaning, f'FROM "{name}"', order, columns, key)
    # An article's rows stay together, in the order of its text.
    names = {column.name for column in columns}
    places = [place for place in ("article_id", "seq", "start") if place in names]
    keys = [*places, *(key for key in table.key if key not in places)]
    return Dataset(
        name,
        meaning,
        f'FROM "{name}"',
        ", ".join(f'"{key}"' for key in keys),
        columns,
        table.key,
        has_pages=table.batch_rows == PAGE_BATCH_ROWS,
    )


def _list_columns(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[ExportColumn]:
    for row in connection.execute(load_sql(QUERIES, "columns"), [name]).fetchall():
        yield ExportColumn(*row)
