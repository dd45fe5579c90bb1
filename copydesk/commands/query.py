"""Read the query that `copydesk sql` was given, and refuse what does more than read."""

import sys
from pathlib import Path

import duckdb

from copydesk.commands.project import CommandError
from copydesk.publishing.readonly import judge_statements, refuse

STANDARD_INPUT = "-"
EXAMPLE = 'copydesk sql "FROM said LIMIT 5"'


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


def split_query(
    connection: duckdb.DuckDBPyConnection, query: str, *, is_closed: bool = True
) -> list[str]:
    """Return the statements of a query, each of which only reads where `is_closed`.

    Raises: CommandError: where there is none, or one that does more than read.
    """
    if is_closed:
        judged = judge_statements(connection, query)
        for statement in judged:
            if statement.offence is not None:
                raise CommandError(refuse(statement.offence))
        statements = [statement.query for statement in judged]
    else:
        statements = [statement.query for statement in connection.extract_statements(query)]
    if not statements:
        message = f"the query is empty; try: {EXAMPLE}"
        raise CommandError(message)
    return statements


def _read_file(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        message = f"{file}: cannot be read: {reason}"
        raise CommandError(message) from error
