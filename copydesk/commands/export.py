"""Write the published tables as files for people."""

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from copydesk.commands.open import catalogue_as_of
from copydesk.commands.project import AsOfOption, CatalogueOption, DataOption, find_catalogue
from copydesk.publishing.export.export import (
    PARQUET,
    check_folder,
    export_tables,
    remove_stale,
)
from copydesk.publishing.export.registry import find_format, load_formats

STALE = timedelta(days=1)  # what nobody has written to for so long is left by an export that died
FORMATS = ", ".join(load_formats())


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")],
    output: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help=f"What kind of files: {FORMATS}."),
    ] = PARQUET,
    table: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A table or view; may be given several times. Default: all."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an earlier export in the same folder.")
    ] = False,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Write the published tables as files, for Excel and others.

    xlsx is for Excel; sqlite and duckdb are one file each, to mail or to open anywhere; parquet,
    csv and jsonl are for programs. A README in the folder says what each table and column means.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that it removes what it has begun
    find_format(output)
    check_folder(folder, replace=replace)
    remove_stale(folder, before=datetime.now(tz=UTC) - STALE)
    with catalogue_as_of(find_catalogue(catalogue, data), as_of) as path:
        written = export_tables(path, folder, output=output, names=table or (), replace=replace)
    for each in written.tables:
        sys.stdout.write(f"{each.n_rows:>12,}  {each.name}\n")
    sys.stdout.write(f"{folder}: {written.format}, snapshot {written.snapshot}\n")
    if written.n_cut:
        sys.stderr.write(
            f"copydesk: {written.n_cut} texts did not fit into a cell; "
            "the sheet `cut cells` lists them\n"
        )
