"""Ask the published tables: in SQL, or about one name."""

import sys
from typing import Annotated

import duckdb
import typer

from copydesk.commands.print import Format, FormatOption, print_rows
from copydesk.commands.project import (
    AsOfOption,
    CatalogueOption,
    CommandError,
    DataOption,
    catalogue_as_of,
    find_catalogue,
)
from copydesk.publishing.explain import explain_name


def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "FROM said LIMIT 5".')],
    output: FormatOption = Format.TABLE,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Ask the published tables; nothing can be changed."""
    try:
        with (
            catalogue_as_of(find_catalogue(catalogue, data), as_of) as path,
            duckdb.connect(str(path), read_only=True) as connection,
        ):
            print_rows(_select(connection, query), output)
    except duckdb.Error as error:
        raise CommandError(str(error).splitlines()[0]) from error


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
