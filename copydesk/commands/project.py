"""Find the project, the catalogue and the lake that a command is about, or say what is missing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from copydesk.errors import SnapshotError
from copydesk.lake.history import find_publication
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import build_catalogue, read_origin

PROJECT_FILE = "workspace.yaml"  # what a folder must hold to be a copydesk project
RUN_FILE = "pipelines/run.py"
DATA = Path("data")
CATALOGUE = "copydesk.duckdb"
LAKE = "lake"
CHECKOUT = Path(__file__).resolve().parent.parent.parent

CatalogueOption = Annotated[
    Path | None, typer.Option(help="DuckDB file. Default: that of the data folder.")
]
DataOption = Annotated[
    Path | None, typer.Option(envvar="COPYDESK_DATA", help="Default: `data` of the project.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        metavar="SNAPSHOT|TIME",
        help="Take an older snapshot: its number, or a time (UTC) at which it was the newest.",
    ),
]


class CommandError(typer.Exit):
    """An error told in one line, with a non-zero exit code."""

    def __init__(self, message: str) -> None:
        """Tell `message` on standard error."""
        sys.stderr.write(f"copydesk: {message}\n")
        super().__init__(code=1)


def find_project(folder: Path) -> Path:
    """Return the project that `folder` lies in, else the checkout that this package runs from."""
    for candidate in (folder, *folder.parents, CHECKOUT):
        if (candidate / PROJECT_FILE).is_file() and (candidate / RUN_FILE).is_file():
            return candidate
    message = f"no {PROJECT_FILE} here or above: run this inside a copydesk checkout"
    raise CommandError(message)


def find_data(data: Path | None) -> Path:
    """Return the data folder that was asked for, else that of the project."""
    return data or find_project(Path.cwd()) / DATA


def find_catalogue(catalogue: Path | None, data: Path | None) -> Path:
    """Return the DuckDB file that was asked for, else that of the data folder."""
    path = catalogue or find_data(data) / CATALOGUE
    if not path.is_file():
        message = f"{path}: no catalogue there yet; `copydesk run` makes it"
        raise CommandError(message)
    return path


@contextmanager
def catalogue_as_of(catalogue: Path, as_of: str | None) -> Iterator[Path]:
    """Give a catalogue, or one of an older snapshot of the lake that it was built from."""
    if as_of is None:
        yield catalogue
        return
    lake = find_lake(catalogue)
    try:
        publication = find_publication(lake.history(), as_of)
        with build_catalogue(lake, publication) as path:
            yield path
    except SnapshotError as error:
        raise CommandError(str(error)) from error


def find_lake(catalogue: Path) -> Lake:
    """Return the folder of the tables that a catalogue was built from."""
    origin = read_origin(catalogue)
    if origin is None:
        message = f"{catalogue}: it does not say which tables it was built from"
        raise CommandError(message)
    return Lake(origin.lake)


def find_lake_of(data: Path) -> Lake:
    """Return the folder of the tables of a data folder."""
    lake = data.resolve() / LAKE
    if not lake.is_dir():
        message = f"{lake}: no tables there yet; `copydesk run` makes them"
        raise CommandError(message)
    return Lake(str(lake))
