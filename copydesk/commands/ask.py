"""Query the published tables in SQL."""

from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.commands.open import open_catalogue, open_for_owner
from copydesk.commands.print import Format, FormatOption, print_rows
from copydesk.commands.project import AsOfOption, CatalogueOption, CommandError, DataOption
from copydesk.commands.query import read_query, split_query
from copydesk.publishing.access import reach_files
from copydesk.system.damage import is_unreadable

OF_ANY_FILE = (duckdb.IOException, duckdb.InvalidInputException)


def sql(
    query: Annotated[
        str | None,
        typer.Argument(metavar="QUERY", help="A query in SQL; - reads it from standard input."),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the query from this file.")] = None,
    output: FormatOption = Format.TABLE,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Your own queries only: reach files, addresses and extensions, without limits.",
        ),
    ] = False,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Query the published tables in SQL, read-only.

    copydesk sql "FROM said LIMIT 5" shows five quotations, "SHOW TABLES" lists the tables, and
    "DESCRIBE said" lists the columns of one. docs/cookbook.md has more questions and answers.
    Nothing but these tables can be reached.
    """
    asked = read_query(query, file)
    opened = open_for_owner if unsafe else open_catalogue
    with opened(catalogue, data, as_of=as_of) as connection:
        try:
            statements = split_query(connection, asked, is_closed=not unsafe)
            if len(statements) > 1 and output is not Format.TABLE:
                message = f"--format {output} prints one query, and these are {len(statements)}"
                raise CommandError(message)
            for statement in statements:
                print_rows(connection, statement, output=output)
        except (
            duckdb.PermissionException,
            duckdb.InterruptException,
            duckdb.OutOfMemoryException,
        ):
            raise  # what is out of reach, and the limits, are explained where they are kept
        except duckdb.Error as error:
            # Other files that the owner reaches are not those of the catalogue.
            is_elsewhere = isinstance(error, OF_ANY_FILE) and not _is_shown(connection, error)
            if is_unreadable(error) and not (unsafe and is_elsewhere):
                raise
            # DuckDB's hint, the other names that it found, and the line with the caret.
            message = "\n".join(line for line in str(error).splitlines() if line.strip())
            raise CommandError(message) from error


def _is_shown(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> bool:
    """Return whether an error names a file that a view of the catalogue reads."""
    return any(file in str(error) for file in reach_files(connection))
