"""Say what a run made, in numbers and in the answer to one question."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from copydesk.extraction.extract import EXTRACTED_LANGUAGES, MAX_COPY_CHARS
from copydesk.lake.delta import quote_sql

COUNTS_SQL = """
SELECT 'articles' AS what, count(*) AS n FROM articles WHERE list_contains($bundles, bundle)
UNION ALL
SELECT * FROM (
    SELECT
        CASE WHEN list_contains($read, language) THEN 'too long' ELSE 'in ' || language END
            || ', not read' AS reason,
        count(*)
    FROM articles
    WHERE list_contains($bundles, bundle) AND body <> ''
        AND (NOT list_contains($read, language) OR length(body) > $max_chars)
    GROUP BY reason ORDER BY reason
)
UNION ALL
SELECT 'lines removed', count(*) FROM removed_text WHERE list_contains($bundles, bundle)
UNION ALL
SELECT * FROM (
    SELECT 'quotations, ' || type, count(*) FROM quotes
    WHERE is_speech AND list_contains($bundles, bundle) GROUP BY type ORDER BY type
)
UNION ALL
SELECT 'thoughts and wishes', count(*) FROM quotes
WHERE NOT is_speech AND list_contains($bundles, bundle)
UNION ALL
SELECT 'entities', count(DISTINCT l.entity_id)
FROM entity_links AS l JOIN mentions AS m USING (mention_id)
WHERE list_contains($bundles, m.bundle)
UNION ALL
SELECT 'rejected files', count(*) FROM rejected_files WHERE list_contains($bundles, bundle)
"""
REJECTED_SQL = """
SELECT error, count(*) AS n, min(bundle || '/' || source_path) AS first,
       arg_min(message, bundle || '/' || source_path)
FROM rejected_files WHERE list_contains($bundles, bundle)
GROUP BY error ORDER BY n DESC, error
"""
QUESTION = "Who is quoted most, and in which role?"
QUESTION_SQL = """
SELECT speaker, mode(role) AS role, count(*) AS quotations, count(DISTINCT outlet) AS outlets
FROM said WHERE speaker IS NOT NULL AND bundle IN ({bundles})
GROUP BY speaker ORDER BY quotations DESC, speaker LIMIT 6
"""


def write_report(catalogue: Path, bundles: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the report about `bundles`."""
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        asked = {"bundles": list(bundles)}
        read = {"read": sorted(EXTRACTED_LANGUAGES), "max_chars": MAX_COPY_CHARS}
        yield f"copydesk made of {', '.join(bundles)}:"
        for what, n in connection.execute(COUNTS_SQL, asked | read).fetchall():
            yield f"  {what:22}{n:>8,}"
        for error, n, path, message in connection.execute(REJECTED_SQL, asked).fetchall():
            more = f", and {n - 1:,} more" if n > 1 else ""
            yield f"  rejected: {path} ({error}: {message}){more}"
        yield ""
        query = QUESTION_SQL.format(bundles=", ".join(map(quote_sql, bundles)))
        yield QUESTION
        yield from (f"  {line}" for line in query.strip().splitlines())
        yield ""
        yield str(connection.sql(query)).rstrip()


def write_next_steps(catalogue: Path) -> Iterator[str]:
    """Yield where to look next."""
    yield "Next:"
    yield '  .venv/bin/copydesk sql "FROM said LIMIT 5"     any question, in SQL'
    yield f"  .venv/bin/duckdb -readonly {_short(catalogue)}"
    yield "  make dev                                       lineage and row counts, in the browser"


def _short(path: Path) -> str:
    """Return a path as seen from the current folder, where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
