"""Find the project, the catalogue and the tables of a command, or say what is missing."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from copydesk.errors import CopydeskError
from copydesk.storage.address import is_remote
from copydesk.system.room import explain_folder

PROJECT_FILE = "workspace.yaml"  # what a folder must hold to be a copydesk project
RUN_FILE = "pipelines/run.py"
DATA = Path("data")
CATALOGUE = "copydesk.duckdb"
CHECKOUT = Path(__file__).resolve().parent.parent.parent


def _find_given(text: str) -> Path:
    """Return the file at a path, or the newest catalogue at an address, fetched.

    Raises: CommandError: if it cannot be fetched.
    """
    if not is_remote(text):
        return Path(text)
    from copydesk.api.catalogue import find_file  # half a second

    try:
        return find_file(text)
    except CopydeskError as error:
        raise CommandError(str(error)) from error


CatalogueOption = Annotated[
    Path | None,
    typer.Option(
        parser=_find_given,
        metavar="FILE|ADDRESS",
        help="DuckDB file to read, or the address of a lake in an object store. Default: the file "
        "in the data folder.",
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(envvar="COPYDESK_DATA", help="Data folder. Default: `data` in the project."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        metavar="SNAPSHOT|TIME",
        help="Read an older snapshot: its number, or a time (UTC) when it was the newest.",
    ),
]


class CommandError(typer.Exit):
    """An error that a person can do something about: a message, and exit code 1."""

    def __init__(self, message: str) -> None:
        """Write `message` to standard error."""
        sys.stderr.write(f"copydesk: {message}\n")
        super().__init__(code=1)


def look_for_project(folder: Path) -> Path | None:
    """Return the project that `folder` lies in, else the checkout that this package runs from."""
    for candidate in (folder, *folder.parents, CHECKOUT):
        if (candidate / PROJECT_FILE).is_file() and (candidate / RUN_FILE).is_file():
            return candidate
    return None


def find_project(folder: Path) -> Path:
    """Return the project of `folder`, or end with a message where there is none."""
    project = look_for_project(folder)
    if project is None:
        message = f"no {PROJECT_FILE} here or above: add --data FOLDER, or run this in a checkout"
        raise CommandError(message)
    return project


def find_data(data: Path | None) -> Path:
    """Return the data folder that was asked for, else that of the project."""
    return data or find_project(Path.cwd()) / DATA


def find_catalogue(catalogue: Path | None, data: Path | None) -> Path:
    """Return the DuckDB file that was asked for, else that of the data folder."""
    if catalogue is not None and catalogue.name != CATALOGUE and catalogue.is_dir():
        message = f"{catalogue}: is a folder; name the file of a catalogue, or give --data FOLDER"
        raise CommandError(message)
    path = catalogue or find_data(data) / CATALOGUE
    problem = explain_folder(path)
    if problem is not None:
        raise CommandError(problem)
    if not path.is_file():
        message = f"{path}: no catalogue there yet; `copydesk run` builds it"
        raise CommandError(message)
    return path
