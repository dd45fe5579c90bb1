"""Gather the rows of pages from one snapshot, and hash them where they are, in DuckDB.

Views that join much are computed once. The rows of one kind of page after the other are made in
memory and hashed there. Only those of pages that must be written go into a file, which workers
read, so that a publication in the meantime changes nothing for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from copydesk.errors import ReportError
from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_pronouns
from copydesk.publishing.access import reach_files
from copydesk.publishing.view import fill_in
from copydesk.report.rows.source import PageRows, Source
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
    "said_by_kind",
    "search_years",
)  # in the order in which they build
READER_MEMORY = "512MB"


@contextmanager
def open_published(catalogue: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection on which queries find the views of a catalogue, and our helpers.

    Raises: ReportError: if the catalogue cannot be read.
    """
    try:
        with connect() as connection:
            connection.execute(f"ATTACH {quote_sql(str(catalogue))} AS published (READ_ONLY)")
            connection.execute("USE published")
            reach_files(connection)
            for view in JOINED:
                connection.execute(f'CREATE TEMP TABLE "{view}" AS FROM published.main."{view}"')
            connection.execute("CREATE TEMP TABLE pronouns (word VARCHAR, gender VARCHAR)")
            connection.executemany("INSERT INTO pronouns VALUES (?, ?)", _list_pronouns())
            for name in HELPERS:
                connection.execute(f"CREATE TEMP TABLE {name} AS {load_sql(QUERIES, name)}")
            yield connection
    except duckdb.Error as error:
        msg = explain_catalogue(catalogue, error)
        if msg is None:
            raise
        raise ReportError(msg) from error


def _list_pronouns() -> list[tuple[str, str]]:
    """Return the pronouns that say of a person that they are called he or she."""
    pronouns = load_pronouns(ENGLISH)
    words = {"he": pronouns.he, "she": pronouns.she}
    return sorted((word, gender) for gender, each in words.items() for word in each)


@contextmanager
def new_file() -> Iterator[Path]:
    """Give the path of a DuckDB file that is removed after use."""
    path = find_scratch() / f"report-{uuid4().hex}.duckdb"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def writing_to(published: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach a new file as `kept` until everything is written to it."""
    published.execute(f"ATTACH {quote_sql(str(path))} AS kept")
    yield
    published.execute("DETACH kept")


@contextmanager
def made_rows(
    published: duckdb.DuckDBPyConnection, sources: Sequence[Source[Any]]
) -> Iterator[None]:
    """Make the rows of sources, sorted by page, and remove them after use."""
    for source in sources:
        query = fill_in(load_sql(QUERIES, source.name))
        published.execute(f"CREATE TEMP TABLE {source.name} AS {query}")
    yield
    for source in sources:
        published.execute(f"DROP TABLE {source.name}")


def digest_pages(
    published: duckdb.DuckDBPyConnection, sources: Iterable[Source[Any]]
) -> dict[str, str]:
    """Return a hash of the rows of each page: of all its rows in all `sources`, in their order.

    DuckDB hashes a row in 64 bits, in a tenth of the time of MD5. That a changed page has the hash
    that it had before is to be expected once in 10^19 pages.
    """
    each = " UNION ALL ".join(
        f"SELECT page_id, '{source.name}' AS source, hash(list(hash(t) ORDER BY t.rowid)) AS rows "
        f"FROM {source.name} AS t GROUP BY page_id"
        for source in sources
    )
    query = (
        "SELECT page_id, string_agg(source || ' ' || rows, ' ' ORDER BY source) "
        f"FROM ({each}) GROUP BY page_id"
    )
    return {str(page): str(digest) for page, digest in published.execute(query).fetchall()}


def keep_rows(
    published: duckdb.DuckDBPyConnection, sources: Iterable[Source[Any]], page_ids: Sequence[str]
) -> int:
    """Write the rows of these pages to the file that is being written, in their order.

    Return how many rows there are.
    """
    n_rows = 0
    published.register("given_pages", pa.table({"page_id": pa.array(page_ids, pa.string())}))
    for source in sources:
        kept = published.execute(
            f"CREATE TABLE kept.main.{source.name} AS SELECT t.* FROM {source.name} AS t "
            "WHERE t.page_id IN (SELECT page_id FROM given_pages) ORDER BY t.rowid"
        )
        n_rows += kept.fetchall()[0][0]
    published.unregister("given_pages")
    return n_rows


def open_gathered(path: Path, *, memory: str = READER_MEMORY) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to a gathered file, for one of several workers.

    Without `ORDER BY`, rows come in any order: keeping theirs takes memory.
    """
    connection = duckdb.connect(
        str(path), read_only=True, config={"memory_limit": memory, "threads": 1}
    )
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # on by default in some processes
    return connection


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
