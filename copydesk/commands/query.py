"""Read the query that `copydesk sql` was given, and refuse what does more than read."""

import re
import sys
from pathlib import Path

import duckdb

from copydesk.commands.project import CommandError

STANDARD_INPUT = "-"
EXAMPLE = 'copydesk sql "FROM said LIMIT 5"'
GAP = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"  # white space or a comment
EXPLAIN = re.compile(
    rf"{GAP}*EXPLAIN{GAP}+(?:ANALYZE{GAP}+)?(?:\(\s*(?:ANALYZE|FORMAT)\b[^()]*\){GAP}*)?",
    re.IGNORECASE | re.DOTALL,
)
PIVOT = re.compile(rf"{GAP}*(?:PIVOT|FROM|SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
COPY = re.compile(r"\bcopy\b", re.IGNORECASE)
COPY_STEP = re.compile(r'"name": "[A-Z_]*COPY_TO_FILE"')  # of a plan
READING = "SELECT, FROM, WITH, PIVOT, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN"


def read_query(query: str | None, file: Path | None) -> str:
    """Return the query: as it was given, from a file, or from standard input.

    Raises: CommandError: where there is no query, or two.
    """
    if file is not None:
        if query is not None:
            message = "give a query or --file, not both"
            raise CommandError(message)
        return _read_file(file)
    if query == STANDARD_INPUT or (query is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    if query is None:
        message = f"no query given; try: {EXAMPLE}"
        raise CommandError(message)
    return query


def split_query(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Return the statements of a query, each of which only reads.

    Raises: CommandError: where there is none, or one that does more than read.
    """
    statements = connection.extract_statements(query)
    if not statements:
        message = f"the query is empty; try: {EXAMPLE}"
        raise CommandError(message)
    for statement in statements:
        if not _only_reads(connection, statement):
            message = (
                f"{_name(statement)} is not possible here: the tables can only be read, "
                f"with {READING}"
            )
            raise CommandError(message)
    return [statement.query for statement in statements]


def _read_file(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        message = f"{file}: cannot be read: {reason}"
        raise CommandError(message) from error


def _only_reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    query = statement.query
    match statement.type.name:
        case "SELECT":
            return not _copies(connection, query)
        case "EXPLAIN":  # EXPLAIN ANALYZE does what it explains
            explained = query[head.end() :] if (head := EXPLAIN.match(query)) else ""
            kinds = [each.type.name for each in connection.extract_statements(explained)]
            return kinds == ["SELECT"] and not _copies(connection, explained)
        case "MULTI":  # a PIVOT is more than one statement to DuckDB, and so is what writes one
            return PIVOT.match(query) is not None and COPY.search(query) is None
        case _:
            return False


def _copies(connection: duckdb.DuckDBPyConnection, select: str) -> bool:
    """Return whether a SELECT writes a file, which `WITH … AS (COPY … TO …)` does in DuckDB 2."""
    if COPY.search(select) is None:
        return False
    plans = connection.execute(f"EXPLAIN (FORMAT json) {select}").fetchall()
    return any(COPY_STEP.search(plan) for _, plan in plans)


def _name(statement: duckdb.Statement) -> str:
    """Return the word that a statement begins with."""
    word = re.match(rf"{GAP}*(\w+)", statement.query, re.DOTALL)
    is_copy = statement.type.name in {"SELECT", "EXPLAIN", "MULTI"}
    return "COPY" if is_copy else (word[1] if word else statement.type.name).upper()
