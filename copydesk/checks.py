"""Count the rows that break an invariant of the tables; zero is what every run must show."""

from typing import Any

import pyarrow as pa

from copydesk.lake import connect
from copydesk.tables import Table

BROKEN_PAGES_SQL = """
WITH rebuilt AS (
    SELECT any_value(p.text) AS text,
           string_agg(substr(p.text, s.start + 1, s."end" - s.start), '' ORDER BY s.seq) AS parts
    FROM raw_articles AS p LEFT JOIN segments AS s USING (article_id)
    GROUP BY article_id
)
SELECT count(*) FROM rebuilt WHERE text <> coalesce(parts, '')
"""
BROKEN_QUOTES_SQL = """
SELECT count(*) FROM quotes AS q JOIN raw_articles AS p USING (article_id)
WHERE q.cue <> substr(p.text, q.cue_start + 1, q.cue_end - q.cue_start)
   OR len(q.content_spans) = 0
   OR list_max(list_transform(q.content_spans, lambda s: s."end")) > length(p.text)
   OR list_min(list_transform(q.content_spans, lambda s: s."end" - s.start)) <= 0
"""
ARTICLES_SQL = "SELECT count(*) FILTER (body = ''), count(*) FROM articles"


def count_duplicate_keys(table: Table[Any], rows: pa.RecordBatchReader) -> int:
    """Return how many rows have a key that another row has already."""
    key = ", ".join(f'"{column}"' for column in table.key)
    query = f"SELECT count(*) - count(DISTINCT row({key})) FROM rows"
    return _count(query, rows=rows)


def count_broken_pages(raw_articles: pa.RecordBatchReader, segments: pa.RecordBatchReader) -> int:
    """Return how many pages are not rebuilt exactly by their segments."""
    return _count(BROKEN_PAGES_SQL, raw_articles=raw_articles, segments=segments)


def count_broken_quotes(raw_articles: pa.RecordBatchReader, quotes: pa.RecordBatchReader) -> int:
    """Return how many quotations do not stand where their offsets say."""
    return _count(BROKEN_QUOTES_SQL, raw_articles=raw_articles, quotes=quotes)


def count_empty_articles(articles: pa.RecordBatchReader) -> tuple[int, int]:
    """Return how many articles have no body left, and how many there are."""
    n_empty, n_articles = _fetch(ARTICLES_SQL, articles=articles)
    return n_empty, n_articles


def _count(query: str, **streams: pa.RecordBatchReader) -> int:
    return _fetch(query, **streams)[0]


def _fetch(query: str, **streams: pa.RecordBatchReader) -> tuple[int, ...]:
    connection = connect()
    for name, stream in streams.items():
        connection.register(name, stream)
    return connection.sql(query).fetchall()[0]
