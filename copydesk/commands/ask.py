"""Ask the published tables: in SQL, or about one name."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.catalogue import open_catalogue
from copydesk.commands.places import (
    CatalogueOption,
    CommandError,
    DataOption,
    find_catalogue,
    find_lake,
)
from copydesk.commands.rows import Format, FormatOption, print_rows
from copydesk.explain import explain_name
from copydesk.history import SnapshotError, find_publication, list_publications


def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "FROM said LIMIT 5".')],
    output: FormatOption = Format.TABLE,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="SNAPSHOT|TIME",
            help="Ask an older snapshot: its number, or a time (UTC) at which it was the newest.",
        ),
    ] = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Ask the published tables; nothing can be changed."""
    path = find_catalogue(catalogue, data)
    try:
        with _open(path, as_of) as connection:
            print_rows(_select(connection, query), output)
    except duckdb.Error as error:
        raise CommandError(str(error).splitlines()[0]) from error
    except SnapshotError as error:
        raise CommandError(str(error)) from error


@contextmanager
def _open(path: Path, as_of: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a catalogue, or an older snapshot of the lake that it was built from."""
    if as_of is None:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection
        return
    lake = find_lake(path)
    with open_catalogue(lake, find_publication(list_publications(lake), as_of)) as connection:
        yield connection


def explain(
    name: Annotated[str, typer.Argument(help="A name or an alias of an entity.")],
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Tell which names were linked to an entity, by which rule, and which were not."""
    with duckdb.connect(str(find_catalogue(catalogue, data)), read_only=True) as connection:
        lines = list(explain_name(connection, name))
    if not lines:
        message = f"no entity is called {name!r}"
        raise CommandError(message)
    sys.stdout.write("\n".join(lines))


def _select(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    if [statement.type.name for statement in connection.extract_statements(query)] != ["SELECT"]:
        message = "one SELECT at a time, please: nothing can be changed here"
        raise CommandError(message)
    return connection.sql(query)
