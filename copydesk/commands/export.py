"""Write the published tables as files for people."""

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.commands.open import catalogue_as_of
from copydesk.commands.project import (
    AsOfOption,
    CatalogueOption,
    CommandError,
    DataOption,
    find_catalogue,
)
from copydesk.publishing.export.export import ExportFormat, export_tables, remove_stale

STALE = timedelta(days=1)  # what nobody has written to for so long is of an export that died


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    output: Annotated[
        ExportFormat, typer.Option("--format", help="What kind of files.")
    ] = ExportFormat.PARQUET,
    table: Annotated[
        list[str] | None,
        typer.Option(help="A table or view; may be given several times. Default: all."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of an earlier export.")
    ] = False,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Write the published tables as files, for Excel and others."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that it clears up
    try:
        remove_stale(folder, before=datetime.now(tz=UTC) - STALE)
        with catalogue_as_of(find_catalogue(catalogue, data), as_of) as path:
            written = export_tables(path, folder, output=output, names=table or (), replace=replace)
    except (ValueError, OSError, duckdb.Error) as error:
        raise CommandError(str(error).splitlines()[0]) from error
    for each in written.tables:
        sys.stdout.write(f"{each.n_rows:>12,}  {each.name}\n")
    sys.stdout.write(f"{folder}: {written.format}, snapshot {written.snapshot}\n")
    if written.n_cut:
        sys.stderr.write(
            f"copydesk: {written.n_cut} texts did not fit into a cell; "
            "the sheet `cut cells` lists them\n"
        )
