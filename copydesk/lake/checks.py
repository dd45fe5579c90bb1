"""Count the rows that break an invariant of the tables; zero is what every run must show."""

from collections.abc import Iterable
from typing import Any

import duckdb

from copydesk.cleaning.articles import MAX_COPY_CHARS, UNKNOWN_LANGUAGE
from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.tables import Table

QUERIES = "copydesk.lake.queries"
TOO_LONG = "too long"  # why an article is not read, where it is not its language


def count_duplicate_keys(table: Table[Any], rows: str) -> int:
    """Return how many rows have a key that another row has; `rows` is SQL for a FROM clause."""
    key = ", ".join(f'"{column}"' for column in table.key)
    return int(_fetch(f"SELECT count(*) - count(DISTINCT row({key})) FROM {rows}"))


def count_broken_pages(*, raw_articles: str, segments: str) -> int:
    """Return how many pages are not rebuilt exactly by their segments."""
    return int(_ask("broken_pages", raw_articles=raw_articles, segments=segments))


def count_broken_quotes(*, raw_articles: str, quotes: str) -> int:
    """Return how many quotations are not where their offsets say."""
    return int(_ask("broken_quotes", raw_articles=raw_articles, quotes=quotes))


def empty_share(articles: str) -> float:
    """Return the share of articles without a body, 0 to 1."""
    return _ask("empty_share", articles=articles)


def count_unread(
    articles: str,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
    language: Language = ENGLISH,
) -> dict[str, int]:
    """Return how many articles the extractors leave alone, by their language or `too long`.

    `articles` is SQL for a FROM clause, which `connection` can read.
    """
    read = _list_sql({language.code, UNKNOWN_LANGUAGE})
    query = load_sql(QUERIES, "unread").format(
        articles=articles, read=read, max_chars=MAX_COPY_CHARS
    )
    return {str(reason): int(n) for reason, n in (connection or connect()).sql(query).fetchall()}


def _list_sql(values: Iterable[str]) -> str:
    return ", ".join(map(quote_sql, sorted(values)))


def _ask(name: str, **relations: str) -> float:
    """Return the number that a query gives for some relations."""
    return _fetch(load_sql(QUERIES, name).format(**relations))


def _fetch(query: str) -> float:
    return float(connect().sql(query).fetchall()[0][0])
