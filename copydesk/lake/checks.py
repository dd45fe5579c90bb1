"""What must hold of the rows of each table, as queries for the rows that break it.

A check that blocks is an invariant: rows that break it never reach a reader. The others warn of
what may be missed. Dagster shows both, and a run outside a checkout keeps the invariants.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import duckdb

from copydesk.cleaning.articles import MAX_COPY_CHARS, UNKNOWN_LANGUAGE
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.sql import connect_shared, load_sql, quote_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.tables import (
    ARTICLES,
    BUNDLE_TABLES,
    NAME_LINKS,
    QUOTES,
    REJECTED_FILES,
    SEGMENTS,
    Table,
)

QUERIES = "copydesk.lake.queries"
TOO_LONG = "too long"  # why an article is not read, where it is not its language
MAX_EXAMPLES = 5  # of the rows that break a check
MAX_EMPTY_SHARE = 0.2  # more articles without a body means a layout that we do not know yet
MAX_THIN_SHARE = 0.05  # of articles; 1 in 100 of the gold pages keeps less than a tenth
MAX_REJECTED_SHARE = (
    0.1  # of all files and records: more are pictures, or a format without a reader
)
PAGES_AND_REJECTED = "SELECT coalesce(sum(n_articles + n_rejected), 0) FROM bundles"


class Check(NamedTuple):
    """Something that must hold of a table, and the query for the rows of which it does not."""

    name: str
    table: str
    description: str
    failed: str
    total: str
    is_blocking: bool = True
    most: float = 0.0  # share of all rows that may fail


class Verdict(NamedTuple):
    """How a check went: how many rows of how many break it, and the first of them."""

    n_failed: int
    n_rows: int
    most: float
    columns: tuple[str, ...]
    examples: list[tuple[object, ...]]

    @property
    def share(self) -> float:
        """The share of rows that break the check, 0 to 1."""
        return self.n_failed / max(self.n_rows, self.n_failed, 1)

    @property
    def is_passed(self) -> bool:
        """Whether no more rows break the check than may."""
        return self.share <= self.most


def list_checks(table: Table[Any], language: Language = ENGLISH) -> list[Check]:
    """Return the checks of a table: that its key is unique, then those of its own."""
    return [_check_key(table), *_list_own(language).get(table.name, ())]


def _check_key(table: Table[Any]) -> Check:
    key = ", ".join(f'"{column}"' for column in table.key)
    return Check(
        "key_is_unique",
        table.name,
        f"No two rows have the same {', '.join(table.key)}.",
        f"SELECT {key}, count(*) AS n_rows FROM {table.name} GROUP BY ALL HAVING count(*) > 1",
        _count(table),
    )


@cache
def _list_own(language: Language) -> Mapping[str, tuple[Check, ...]]:
    """Return the checks of each table beside that of its key."""
    checks = (*_list_invariants(), *_list_warnings(language))
    names = dict.fromkeys(check.table for check in checks)
    return {name: tuple(check for check in checks if check.table == name) for name in names}


def _list_invariants() -> tuple[Check, ...]:
    return (
        Check(
            "segments_rebuild_pages",
            SEGMENTS.name,
            "The segments of a page, in order, are exactly its text.",
            load_sql(QUERIES, "broken_pages"),
            "SELECT count(*) FROM raw_articles",
        ),
        Check(
            "quotes_are_in_text",
            QUOTES.name,
            "Every quotation is where its offsets say.",
            load_sql(QUERIES, "broken_quotes"),
            _count(QUOTES),
        ),
        Check(
            "links_lead_to_entities",
            NAME_LINKS.name,
            "Every name is linked to an entity that is there.",
            load_sql(QUERIES, "lost_links"),
            _count(NAME_LINKS),
        ),
        Check(
            "every_table_is_delivered",
            DELIVERIES.name,
            "A bundle that is delivered has all its tables.",
            _fill("missing_tables", tables=_list_sql(table.name for table in BUNDLE_TABLES)),
            _count(DELIVERIES),
        ),
    )


def _list_warnings(language: Language) -> tuple[Check, ...]:
    return (
        Check(
            "most_files_are_read",
            REJECTED_FILES.name,
            "Few of the files and records of a bundle could not be read.",
            load_sql(QUERIES, "rejected"),
            PAGES_AND_REJECTED,
            is_blocking=False,
            most=MAX_REJECTED_SHARE,
        ),
        Check(
            "copy_survives_cleaning",
            ARTICLES.name,
            "Few articles have lost their whole body to cleaning.",
            load_sql(QUERIES, "empty_bodies"),
            _count(ARTICLES),
            is_blocking=False,
            most=MAX_EMPTY_SHARE,
        ),
        Check(
            "most_of_each_page_is_text",
            ARTICLES.name,
            "Few articles come from pages of which hardly anything is in the text.",
            load_sql(QUERIES, "thin_pages"),
            _count(ARTICLES),
            is_blocking=False,
            most=MAX_THIN_SHARE,
        ),
        Check(
            "all_is_read",
            ARTICLES.name,
            "Names and quotations are looked for in every article.",
            _list_unread(language),
            _count(ARTICLES),
            is_blocking=False,
        ),
    )


def run_check(check: Check, connection: duckdb.DuckDBPyConnection) -> Verdict:
    """Return how a check goes over the tables that `connection` shows by their names."""
    examples = connection.execute(f"{check.failed} ORDER BY ALL LIMIT {MAX_EXAMPLES}")
    columns = tuple(str(column[0]) for column in examples.description or ())
    rows = examples.fetchall()
    n_failed = _fetch(connection, f"SELECT count(*) FROM ({check.failed})") if rows else 0
    return Verdict(n_failed, _fetch(connection, check.total), check.most, columns, rows)


def count_unread(
    articles: str,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
    language: Language = ENGLISH,
) -> dict[str, int]:
    """Return how many articles the extractors leave alone, by their language or `too long`.

    `articles` is SQL for a FROM clause, which `connection` can read.
    """
    query = (
        f"WITH articles AS (FROM {articles}) SELECT reason, count(*) "
        f"FROM ({_list_unread(language)}) GROUP BY reason ORDER BY reason"
    )
    return {
        str(reason): int(n) for reason, n in (connection or connect_shared()).sql(query).fetchall()
    }


def _list_unread(language: Language) -> str:
    read = _list_sql({language.code, UNKNOWN_LANGUAGE})
    return _fill("unread", read=read, max_chars=str(MAX_COPY_CHARS), too_long=quote_sql(TOO_LONG))


def _fill(query: str, **values: str) -> str:
    """Return a query with SQL in the place of its parameters."""
    sql = load_sql(QUERIES, query)
    for name, value in values.items():
        sql = sql.replace(f"${name}", value)
    return sql


def _list_sql(values: Iterable[str]) -> str:
    return ", ".join(map(quote_sql, sorted(values)))


def _count(table: Table[Any]) -> str:
    return f"SELECT count(*) FROM {table.name}"


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
