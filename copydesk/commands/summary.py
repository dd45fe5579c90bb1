"""Sum up what a run made, in numbers and in the answer to one question."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from copydesk.lake.checks import TOO_LONG, count_unread
from copydesk.lake.sql import among_sql, load_sql
from copydesk.publishing.access import open_unsafe
from copydesk.values import CorrectionStatus

QUERIES = "copydesk.commands.queries"

LASTING = frozenset({CorrectionStatus.APPLIED, CorrectionStatus.ALREADY_SO})
QUESTION = "Who is quoted most, and in which role?"


def write_summary(catalogue: Path, bundles: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the summary of `bundles`."""
    with open_unsafe(catalogue) as connection:
        asked = {"bundles": list(bundles)}
        yield f"copydesk made of {', '.join(bundles)}:"
        for what, n in _count_rows(connection, bundles):
            yield f"  {what:26}{n:>8,}"
        for error, n, path, message in connection.execute(
            load_sql(QUERIES, "rejected"), asked
        ).fetchall():
            more = f", and {n - 1:,} more" if n > 1 else ""
            yield f"  rejected: {path} ({error}: {message}){more}"
        yield from report_corrections(connection)
        yield ""
        query = load_sql(QUERIES, "question").format(among=among_sql(bundles))
        yield QUESTION
        yield from (f"  {line}" for line in query.strip().splitlines())
        yield ""
        yield str(connection.sql(query)).rstrip()


def report_corrections(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield what became of the corrections of all bundles: how many of each outcome, and why."""
    found = connection.execute(load_sql(QUERIES, "corrections")).fetchall()
    for status, n, correction, detail in found:
        said = status.replace("_", " ")
        more = f", and {n - 1:,} more" if n > 1 else ""
        if status in LASTING:
            yield f"  {f'corrections, {said}':26}{n:>8,}"
        else:
            yield f"  correction {said}: {correction} ({detail}){more}"


def write_next_steps(catalogue: Path) -> Iterator[str]:
    """Yield where to look next."""
    yield "Next:"
    yield '  .venv/bin/copydesk sql "SELECT speaker, role, content, outlet FROM said LIMIT 5"'
    yield f"  .venv/bin/duckdb -readonly {_short(catalogue)}"
    yield "  make dev     lineage and row counts, in the browser"


def _count_rows(
    connection: duckdb.DuckDBPyConnection, bundles: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Yield what the tables hold of `bundles`, in the order of the summary."""
    counts = connection.execute(load_sql(QUERIES, "counts"), {"bundles": list(bundles)})
    articles, *others = counts.fetchall()
    yield articles
    listed = f"(FROM articles WHERE {among_sql(bundles)})"
    for reason, n in count_unread(listed, connection=connection).items():
        yield f"{reason if reason == TOO_LONG else f'in {reason}'}, not read", n
    yield from others


def _short(path: Path) -> str:
    """Return a path relative to the current folder, if it is inside it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
