"""Find the statements that watches are for and that an older snapshot does not have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import duckdb

from copydesk.lake.contents import Contents
from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.publishing.search import plain_sql, search_sql
from copydesk.tables import ARTICLES, QUOTES, RAW_ARTICLES
from copydesk.watching.watches import Watch

QUERIES = "copydesk.watching.queries"
READ = (QUOTES, ARTICLES, RAW_ARTICLES)
"""The tables that say which statement a quotation is."""


@dataclass(frozen=True, slots=True)
class News:
    """A statement that a watch is for; the columns are those of `said`, and the id of the news."""

    watch: str
    speaker: str | None
    role: str | None
    content: str
    outlet: str | None
    published_on: date | None
    headline: str | None
    quote_id: str
    news_id: str


ORDER = "number, published_on DESC NULLS LAST, quote_id"
COLUMNS = tuple(field.name for field in fields(News))
SAID = [name for name in COLUMNS if name not in ("watch", "news_id")]


def news_sql(watches: Mapping[str, Watch]) -> str:
    """Return SQL over a catalogue: each watch with its statements, in the order of the list."""
    found = (
        f"(SELECT {number} AS number, {quote_sql(name)} AS watch, * FROM ({search_sql(w.search)}))"
        for number, (name, w) in enumerate(watches.items())
    )
    return " UNION ALL ".join(found)


def statements_sql(relations: Mapping[str, str]) -> str:
    """Return SQL: each quotation with the id of its news, given SQL for the tables of `READ`.

    The id stays the same where a page is delivered again, or its speaker gets another name.
    """
    parts = {"content": plain_sql("content"), "source": plain_sql("source")}
    return load_sql(QUERIES, "statements").format(**relations, **parts)


def find_news(
    connection: duckdb.DuckDBPyConnection,
    watches: Mapping[str, Watch],
    older: Contents | None = None,
) -> list[News]:
    """Return what `watches` are for in a catalogue, without the statements that `older` has.

    They come in the order of the watches, and of each the newest first.
    """
    if not watches:
        return []
    return leave_new(_read(connection, f"({news_sql(watches)})", order=ORDER), older)


def leave_new(found: list[News], older: Contents | None) -> list[News]:
    """Return the news whose statements an older snapshot lacks, in their order."""
    if older is None or not found:
        return found
    known = _find_known(older, found)
    return [news for news in found if known.isdisjoint((news.quote_id, news.news_id))]


def find_said(
    connection: duckdb.DuckDBPyConnection, news_ids: Collection[str]
) -> Mapping[str, News]:
    """Return what a catalogue shows of these news, by id; those that it lacks are left out."""
    if not news_ids:
        return {}
    wanted = ", ".join(map(quote_sql, sorted(news_ids)))
    rows = f"(SELECT '' AS watch, {', '.join(SAID)} FROM said)"
    found = _read(connection, rows, where=f"news_id IN ({wanted})", order="quote_id DESC")
    return {news.news_id: news for news in found}


def _read(
    connection: duckdb.DuckDBPyConnection, rows: str, *, order: str, where: str = "true"
) -> list[News]:
    """Return rows with the columns of `said` as news."""
    statements = statements_sql({table.name: table.name for table in READ})
    query = (
        f"SELECT {', '.join(COLUMNS)} FROM {rows} JOIN ({statements}) USING (quote_id) "
        f"WHERE {where} ORDER BY {order}"
    )
    return [News(*row) for row in connection.execute(query).fetchall()]


def _find_known(older: Contents, found: Sequence[News]) -> frozenset[str]:
    """Return which quotations and news are in an older snapshot too."""
    statements = statements_sql({table.name: older.relation_sql(table) for table in READ})
    query = (
        f"SELECT quote_id, news_id FROM ({statements}) "
        "WHERE quote_id IN (SELECT unnest($quotes)) OR news_id IN (SELECT unnest($news))"
    )
    asked = {
        "quotes": sorted({news.quote_id for news in found}),
        "news": sorted({news.news_id for news in found}),
    }
    with connect() as reader:
        return frozenset(known for row in reader.execute(query, asked).fetchall() for known in row)
