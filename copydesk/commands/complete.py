"""Complete ids and names on the command line, from the catalogue."""

from pathlib import Path

import duckdb
import typer

from copydesk.commands.project import CATALOGUE, CommandError, find_data
from copydesk.lake.sql import load_sql

QUERIES = "copydesk.commands.queries"


def complete_target(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return what a target may be, each with what it is; nothing where there is no catalogue."""
    what = context.params.get("what")
    data = context.params.get("data")
    try:
        path = find_data(None if data is None else Path(data)) / CATALOGUE
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(
                load_sql(QUERIES, "targets"),
                {"what": str(what or ""), "begin": incomplete},
            ).fetchall()
    except (duckdb.Error, CommandError):
        return []
    return [(str(key), " ".join(str(said).split())) for key, said in found]
