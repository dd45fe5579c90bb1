"""Gather the rows of all pages from one snapshot into a DuckDB file, sorted by page.

Views that join much are computed once. The file holds what workers need, so that a publication in
the meantime changes nothing for them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from copydesk.errors import ReportError
from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_pronouns
from copydesk.publishing.access import reach_files
from copydesk.report.rows import PageRows, Source
from copydesk.system.damage import explain_catalogue
from copydesk.system.scratch import find_scratch

QUERIES = "copydesk.report.queries"
JOINED = (
    *("entity_links", "said", "said_about", "uncertain", "quote_variants", "who_met_whom"),
    *("people", "coverage"),
)  # views that several queries read
HELPERS = (
    "paged_people",
    "doubts",
    "placed_articles",
    "genders",
)  # in the order in which they build
READER_MEMORY = "512MB"


@contextmanager
def gather(catalogue: Path, sources: Iterable[Source[Any]]) -> Iterator[Path]:
    """Give a DuckDB file with a table of each source, made from the catalogue at `catalogue`.

    Raises: ReportError: if the catalogue cannot be read.
    """
    path = find_scratch() / f"report-{uuid4().hex}.duckdb"
    try:
        try:
            _fill(path, catalogue, sources)
        except duckdb.Error as error:
            msg = explain_catalogue(catalogue, error)
            if msg is None:
                raise
            raise ReportError(msg) from error
        yield path
    finally:
        path.unlink(missing_ok=True)


def _fill(path: Path, catalogue: Path, sources: Iterable[Source[Any]]) -> None:
    with connect() as connection:
        connection.execute(f"ATTACH {quote_sql(str(catalogue))} AS published (READ_ONLY)")
        connection.execute(f"ATTACH {quote_sql(str(path))} AS gathered")
        connection.execute("USE published")
        reach_files(connection)
        for view in JOINED:
            connection.execute(f'CREATE TEMP TABLE "{view}" AS FROM published.main."{view}"')
        connection.execute("CREATE TEMP TABLE pronouns (word VARCHAR, gender VARCHAR)")
        connection.executemany("INSERT INTO pronouns VALUES (?, ?)", _list_pronouns())
        for name in HELPERS:
            connection.execute(f"CREATE TEMP TABLE {name} AS {load_sql(QUERIES, name)}")
        for source in sources:
            connection.execute(
                f"CREATE TABLE gathered.main.{source.name} AS {load_sql(QUERIES, source.name)}"
            )


def _list_pronouns() -> list[tuple[str, str]]:
    """Return the pronouns that say of a person that they are called he or she."""
    pronouns = load_pronouns(ENGLISH)
    words = {"he": pronouns.he, "she": pronouns.she}
    return sorted((word, gender) for gender, each in words.items() for word in each)


def open_gathered(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to a gathered file, for one of several workers."""
    connection = duckdb.connect(
        str(path), read_only=True, config={"memory_limit": READER_MEMORY, "threads": 1}
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # on by default in some processes
    return connection


def digest_pages(
    connection: duckdb.DuckDBPyConnection, sources: Iterable[Source[Any]]
) -> dict[str, str]:
    """Return a hash of the rows of each page: of all its rows in all `sources`."""
    each = " UNION ALL BY NAME ".join(
        f"SELECT page_id, '{source.name}' AS source, t::VARCHAR AS line FROM {source.name} AS t"
        for source in sources
    )
    query = (
        "SELECT page_id, md5(string_agg(md5(line), '' ORDER BY source, line)) "
        f"FROM ({each}) GROUP BY page_id"
    )
    return {str(page): str(digest) for page, digest in connection.execute(query).fetchall()}


def read_pages(
    connection: duckdb.DuckDBPyConnection, sources: Iterable[Source[Any]], page_ids: list[str]
) -> Iterator[PageRows]:
    """Yield the rows of pages, in the order of `page_ids`."""
    rows: dict[str, dict[str, list[tuple[Any, ...]]]] = {page: {} for page in page_ids}
    for source in sources:
        query = (
            f"FROM {source.name} WHERE page_id BETWEEN $first AND $last "
            "AND page_id IN (SELECT unnest($pages)) ORDER BY rowid"
        )
        given = {"pages": page_ids, "first": min(page_ids), "last": max(page_ids)}
        for page, *row in connection.execute(query, given).fetchall():
            rows[page].setdefault(source.name, []).append(tuple(row))
    for page in page_ids:
        yield PageRows(page, rows[page])
