"""Build the DuckDB file that people open: views over one consistent snapshot of the lake.

The file holds no rows of articles, only views over the Parquet files of one snapshot. It is
written aside and swapped in with one rename: readers see the old one or the new one.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from copydesk.lake import Snapshot, corpus_files, quote_sql, scan_sql
from copydesk.model import content_id
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, Table

STORAGE_VERSION = "v1.0.0"  # every DuckDB 1.x and 2.x can open it
VIEWS = ("said", "said_about", "removed_text", "people")
COLUMN_COMMENT = re.compile(r"^-- (\w+): (.+)$", re.MULTILINE)
SNAPSHOT_SQL = """
CREATE TABLE built.snapshot (bundle VARCHAR, table_name VARCHAR, version BIGINT, n_rows BIGINT);
COMMENT ON TABLE built.snapshot IS 'Delta version that each table of each bundle was read from.';
CREATE TABLE built.origin (lake VARCHAR, snapshot_version BIGINT, code VARCHAR);
COMMENT ON TABLE built.origin IS 'What this file was built from; see `copydesk.catalogue.Origin`.';
"""


class Origin(NamedTuple):
    """What a catalogue was built from; while it stays the same there is nothing to publish."""

    lake: str
    snapshot_version: int
    code: str


class View(NamedTuple):
    """A view for people: its query, and what it and its columns mean."""

    name: str
    sql: str
    meaning: str
    columns: Mapping[str, str]


def load_views() -> Iterator[View]:
    """Yield the views that are made for people, in the order in which they build on each other."""
    for name in VIEWS:
        sql = (files("copydesk.views") / f"{name}.sql").read_text("utf-8")
        meaning = sql.splitlines()[0].removeprefix("-- ")
        yield View(name, sql, meaning, dict(COLUMN_COMMENT.findall(sql)))


def find_corpus_files(snapshot: Snapshot) -> dict[str, list[str]] | None:
    """Return the files of the corpus tables, or None until all were made from this snapshot."""
    found: dict[str, list[str]] = {}
    for table in CORPUS_TABLES:
        made = corpus_files(snapshot.lake, table, snapshot_version=snapshot.version)
        if made is None:
            return None
        found[table.name] = made
    return found


def origin_of(snapshot: Snapshot, *, code_versions: Mapping[str, str]) -> Origin:
    """Return the origin that a catalogue of `snapshot` has with this code and these views."""
    code = [f"{name}={version}" for name, version in sorted(code_versions.items())]
    views = [view.sql for view in load_views()]
    # The files tell one lake from another that was put in its place with the same versions.
    files = sorted(file for part in snapshot.deliveries for file in part.files)
    return Origin(snapshot.lake, snapshot.version, content_id(*code, *views, *files))


def read_origin(path: Path) -> Origin | None:
    """Return what the catalogue at `path` was built from, or None where that cannot be read.

    A file that is broken, or that somebody has opened to write, is replaced by the next one.
    """
    if not path.exists():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("SELECT lake, snapshot_version, code FROM origin").fetchone()
    except duckdb.Error:
        return None
    return None if row is None else Origin(*row)


def publish(
    snapshot: Snapshot, corpus: Mapping[str, Sequence[str]], *, path: Path, origin: Origin
) -> int:
    """Write the catalogue of `snapshot` to `path`, replacing the one before in one step.

    Returns the number of quotations in it.
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _build(snapshot, corpus, draft, origin)
        with duckdb.connect(str(draft), read_only=True) as connection:
            n_quotes = int(connection.sql("SELECT count(*) FROM said").fetchall()[0][0])
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return n_quotes


def _build(
    snapshot: Snapshot, corpus: Mapping[str, Sequence[str]], path: Path, origin: Origin
) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"ATTACH {quote_sql(str(path))} AS built (STORAGE_VERSION '{STORAGE_VERSION}')"
        )
        connection.execute("USE built")
        for table in BUNDLE_TABLES:
            _create_table_view(connection, table, snapshot.files(table))
        for table in CORPUS_TABLES:
            _create_table_view(connection, table, corpus[table.name])
        for view in load_views():
            connection.execute(f'CREATE VIEW "{view.name}" AS {view.sql}')
            _comment(connection, view.name, view.meaning, view.columns)
        connection.execute(SNAPSHOT_SQL)
        versions = [
            (part.bundle, part.table_name, part.version, part.n_rows)
            for part in snapshot.deliveries
        ]
        if versions:
            connection.executemany("INSERT INTO built.snapshot VALUES (?, ?, ?, ?)", versions)
        connection.execute("INSERT INTO built.origin VALUES (?, ?, ?)", list(origin))
        connection.execute("USE memory")
        connection.execute("DETACH built")


def _create_table_view(
    connection: duckdb.DuckDBPyConnection, table: Table[Any], paths: Sequence[str]
) -> None:
    connection.execute(f'CREATE VIEW "{table.name}" AS FROM {scan_sql(paths, table)}')
    meanings = {column.name: column.meaning for column in table.columns}
    _comment(connection, table.name, table.meaning, meanings)


def _comment(
    connection: duckdb.DuckDBPyConnection, view: str, meaning: str, columns: Mapping[str, str]
) -> None:
    connection.execute(f'COMMENT ON VIEW "{view}" IS {quote_sql(meaning)}')
    for name, text in columns.items():
        connection.execute(f'COMMENT ON COLUMN "{view}"."{name}" IS {quote_sql(text)}')
