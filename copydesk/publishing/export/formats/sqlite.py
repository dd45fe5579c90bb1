"""Write one SQLite file with keys, indexes and a full-text search, for the tools that open those.

Quotations are written once, with the columns of the article, the speaker and the story; `said` is a
view of those that somebody voiced.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

from copydesk.errors import ExportError
from copydesk.lake.sql import load_sql
from copydesk.publishing.export.datasets import (
    QUERIES,
    QUOTES,
    SAID,
    Dataset,
    Source,
    Written,
    written_as,
)
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import stream_rows, undated

DATABASE = "copydesk.sqlite"
INDEXED = ("article_id", "quote_id", "mention_id", "entity_id", "story_id", "speaker", "name")
TYPES = {"BIGINT": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE": "REAL"}  # all else: TEXT
# The table whose row a column names.
HOMES = {
    "article_id": "articles",
    "bundle": "bundles",
    "chain_id": "mentions",
    "entity_id": "entities",
    "head_quote_id": "quotes",
    "mention_id": "mentions",
    "parent_quote_id": "quotes",
    "quote_id": "quotes",
    "speaker_entity_id": "entities",
    "speaker_mention_id": "mentions",
}
SEARCHES = {"quotes": "search_quotes", "articles": "search_articles"}
HAS_SEARCH = "SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'"


def write_sqlite(source: Source, folder: Path) -> Outcome:
    """Write a table for each dataset into one file.

    Raises: ExportError: if SQLite cannot write the file.
    """
    path = folder / DATABASE
    with closing(sqlite3.connect(path)) as database:
        try:
            return Outcome(_write(source, database, path.name))
        except sqlite3.Error as error:
            msg = f"SQLite cannot write the export: {error}"
            raise ExportError(msg) from error


def _write(source: Source, database: sqlite3.Connection, file: str) -> list[Written]:
    # Nobody reads the file before it is whole, and an interrupted one is removed.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("CREATE TABLE about (table_name TEXT, column_name TEXT, meaning TEXT)")
    names = {dataset.name for dataset in source.datasets}
    tables = [d for d in source.datasets if d.name != SAID or QUOTES not in names]
    n_rows = {dataset.name: _fill(source, dataset, database, names) for dataset in tables}
    if len(tables) < len(source.datasets):
        n_rows[SAID] = _view_said(source, database)
    if database.execute(HAS_SEARCH).fetchone() != (0,):
        for name in SEARCHES.keys() & names:
            database.executescript(load_sql(QUERIES, SEARCHES[name]))
    for dataset in source.datasets:
        about = [(dataset.name, column.name, column.meaning) for column in dataset.columns]
        database.executemany("INSERT INTO about VALUES (?, ?, ?)", about)
    database.commit()
    return [written_as(d, files=[file], n_rows=n_rows[d.name]) for d in source.datasets]


def _fill(
    source: Source, dataset: Dataset, database: sqlite3.Connection, names: Collection[str]
) -> int:
    database.execute(f'CREATE TABLE "{dataset.name}" ({", ".join(_declare(dataset, names))})')
    places = ", ".join("?" for _ in dataset.columns)
    rows = stream_rows(source, dataset, undated)
    added = database.executemany(f'INSERT INTO "{dataset.name}" VALUES ({places})', rows)
    for column in dataset.columns:
        if column.name in INDEXED and dataset.key[:1] != (column.name,):
            database.execute(
                f'CREATE INDEX "{dataset.name}_{column.name}" ON "{dataset.name}" ("{column.name}")'
            )
    database.commit()
    return max(added.rowcount, 0)  # -1 where there was no row


def _declare(dataset: Dataset, names: Collection[str]) -> Iterator[str]:
    """Yield the columns of a table, its key, and the tables that its columns point to."""
    for column in dataset.columns:
        yield f'"{column.name}" {TYPES.get(column.type, "TEXT")}'
    if dataset.key:
        key = ", ".join(f'"{name}"' for name in dataset.key)
        yield f"PRIMARY KEY ({key})"
    for column in dataset.columns:
        home = HOMES.get(column.name)
        is_own_key = home == dataset.name and dataset.key == (column.name,)
        if home in names and not is_own_key:
            yield f'FOREIGN KEY ("{column.name}") REFERENCES "{home}"'


def _view_said(source: Source, database: sqlite3.Connection) -> int:
    (said,) = (dataset for dataset in source.datasets if dataset.name == SAID)
    columns = ", ".join(f'"{column.name}"' for column in said.columns)
    database.execute(
        f"CREATE VIEW said AS SELECT {columns} FROM quotes WHERE is_speech AND assertion = 'said'"
    )
    return int(database.execute("SELECT count(*) FROM said").fetchone()[0])


FORMAT = ExportFormat(
    name="sqlite",
    how_to_read=(
        "A table for each table or view; `said` is a view of `quotes`. Lists and spans are JSON "
        "(`json_each`), days ISO 8601. `quotes_search` and `articles_search` find words: `SELECT "
        "said.* FROM quotes_search JOIN said USING (quote_id) WHERE quotes_search MATCH 'ferry'`."
    ),
    write=write_sqlite,
    has_said=True,
)
