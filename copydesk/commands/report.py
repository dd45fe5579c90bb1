"""Write the published tables as a static site."""

import sys
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from copydesk.commands.open import catalogue_as_of
from copydesk.commands.project import (
    AsOfOption,
    CatalogueOption,
    CommandError,
    DataOption,
    find_catalogue,
)
from copydesk.errors import SettingsError
from copydesk.report.site import write_report
from copydesk.settings import load_settings
from copydesk.system.room import explain_place

FOLDER = "report"  # beside the catalogue
FIRST = "index.html"  # a page of it


def report(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder to write to. Default: `report` beside the catalogue."
        ),
    ] = None,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Write the published tables as pages that open from disk, without a server.

    Only pages whose rows have changed since the last time are written. Open `index.html` in the
    folder.
    """
    started = perf_counter()
    path = find_catalogue(catalogue, data)
    folder = out or path.parent / FOLDER
    problem = explain_place(folder / FIRST, makes_folders=True)
    if problem is not None:
        message = f"{folder}: no report can be written there: {problem}"
        raise CommandError(message)
    try:
        n_workers = load_settings(data=data).workers
    except SettingsError as error:
        raise CommandError(str(error)) from error
    with catalogue_as_of(path, as_of) as shown:
        written = write_report(shown, folder, n_workers=n_workers)
    sys.stdout.write(f"{written} in {perf_counter() - started:.1f} s\n")
