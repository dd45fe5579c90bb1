"""Find the statements that watches are for and that an older snapshot does not have."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date

import duckdb

from copydesk.lake.contents import Contents
from copydesk.lake.sql import connect, quote_sql
from copydesk.publishing.search import search_sql
from copydesk.tables import QUOTES
from copydesk.watching.watches import Watch


@dataclass(frozen=True, slots=True)
class News:
    """A statement that a watch is for; the columns are those of `said`."""

    watch: str
    speaker: str | None
    role: str | None
    content: str
    outlet: str | None
    published_on: date | None
    headline: str | None
    quote_id: str


ORDER = "number, published_on DESC NULLS LAST, quote_id"
COLUMNS = tuple(field.name for field in fields(News))


def news_sql(watches: Mapping[str, Watch]) -> str:
    """Return SQL over a catalogue: each watch with its statements, in the order of the list."""
    found = (
        f"(SELECT {number} AS number, {quote_sql(name)} AS watch, * FROM ({search_sql(w.search)}))"
        for number, (name, w) in enumerate(watches.items())
    )
    return " UNION ALL ".join(found)


def find_news(
    connection: duckdb.DuckDBPyConnection,
    watches: Mapping[str, Watch],
    older: Contents | None = None,
) -> list[News]:
    """Return what `watches` are for in a catalogue, without the quotations that `older` has.

    They come in the order of the watches, and of each the newest first.
    """
    if not watches:
        return []
    query = f"SELECT {', '.join(COLUMNS)} FROM ({news_sql(watches)}) ORDER BY {ORDER}"
    found = [News(*row) for row in connection.execute(query).fetchall()]
    known = _find_known(older, {news.quote_id for news in found}) if older else frozenset()
    return [news for news in found if news.quote_id not in known]


def _find_known(older: Contents, quote_ids: Collection[str]) -> frozenset[str]:
    """Return which quotations are in an older snapshot too."""
    query = f"SELECT quote_id FROM {older.relation_sql(QUOTES)} WHERE list_contains($ids, quote_id)"
    with connect() as reader:
        return frozenset(
            row[0] for row in reader.execute(query, {"ids": sorted(quote_ids)}).fetchall()
        )
