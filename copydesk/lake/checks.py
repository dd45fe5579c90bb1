"""Count the rows that break an invariant of the tables; zero is what every run must show."""

from collections.abc import Iterable
from typing import Any

from copydesk.extraction.extract import EXTRACTED_LANGUAGES, MAX_COPY_CHARS
from copydesk.lake.delta import connect, quote_sql
from copydesk.tables import Table

BROKEN_PAGES_SQL = """
WITH rebuilt AS (
    SELECT any_value(p.text) AS text,
           string_agg(substr(p.text, s.start + 1, s."end" - s.start), '' ORDER BY s.seq) AS parts
    FROM {raw_articles} AS p LEFT JOIN {segments} AS s USING (article_id)
    GROUP BY article_id
)
SELECT count(*) FROM rebuilt WHERE text <> coalesce(parts, '')
"""
BROKEN_QUOTES_SQL = r"""
SELECT count(*) FROM {quotes} AS q JOIN {raw_articles} AS p USING (article_id)
WHERE q.cue <> substr(p.text, q.cue_start + 1, q.cue_end - q.cue_start)
   OR q.source <> substr(p.text, q.source_start + 1, q.source_end - q.source_start)
   OR len(q.content_spans) = 0
   OR regexp_replace(q.content, '\s', '', 'g') <> regexp_replace(list_aggregate(
          list_transform(q.content_spans, lambda s: substr(p.text, s.start + 1, s."end" - s.start)),
          'string_agg', ''), '\s', '', 'g')
   OR list_max(list_transform(q.content_spans, lambda s: s."end")) > length(p.text)
   OR list_min(list_transform(q.content_spans, lambda s: s."end" - s.start)) <= 0
"""
EMPTY_ARTICLES_SQL = "SELECT count(*) FILTER (body = '') / greatest(count(*), 1) FROM {articles}"

UNREAD_SQL = """
SELECT CASE WHEN language IN ({read}) THEN 'too long' ELSE language END AS reason, count(*)
FROM {articles}
WHERE body <> '' AND (language NOT IN ({read}) OR length(body) > {max_chars})
GROUP BY reason ORDER BY reason
"""


def count_duplicate_keys(table: Table[Any], rows: str) -> int:
    """Return how many rows have a key that another row has; `rows` is SQL for a FROM clause."""
    key = ", ".join(f'"{column}"' for column in table.key)
    return int(_fetch(f"SELECT count(*) - count(DISTINCT row({key})) FROM {rows}"))


def count_broken_pages(*, raw_articles: str, segments: str) -> int:
    """Return how many pages are not rebuilt exactly by their segments."""
    return int(_fetch(BROKEN_PAGES_SQL.format(raw_articles=raw_articles, segments=segments)))


def count_broken_quotes(*, raw_articles: str, quotes: str) -> int:
    """Return how many quotations do not stand where their offsets say."""
    return int(_fetch(BROKEN_QUOTES_SQL.format(raw_articles=raw_articles, quotes=quotes)))


def empty_share(articles: str) -> float:
    """Return the share of articles without a body, 0 to 1."""
    return _fetch(EMPTY_ARTICLES_SQL.format(articles=articles))


def count_unread(articles: str) -> dict[str, int]:
    """Return how many articles the extractors leave alone, by their language or `too long`."""
    read = _list_sql(EXTRACTED_LANGUAGES)
    query = UNREAD_SQL.format(articles=articles, read=read, max_chars=MAX_COPY_CHARS)
    return {str(reason): int(n) for reason, n in connect().sql(query).fetchall()}


def _list_sql(values: Iterable[str]) -> str:
    return ", ".join(map(quote_sql, sorted(values)))


def _fetch(query: str) -> float:
    return float(connect().sql(query).fetchall()[0][0])
