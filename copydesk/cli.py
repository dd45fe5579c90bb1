"""The command `copydesk`: run bundles through the pipeline, and ask the tables."""

import csv
import json
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.explain import explain_name

PROJECT_FILE = "workspace.yaml"  # what a folder must hold to be a copydesk project
RUN_FILE = "pipelines/run.py"
DATA = Path("data")
CATALOGUE = "copydesk.duckdb"
SAMPLES = Path("data/samples")
MAX_TABLE_ROWS = 500
MAX_TABLE_WIDTH = 200  # characters; wider columns are cut

app = typer.Typer(
    help="Turn bundles of scraped news articles into tables of who said what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


CatalogueOption = Annotated[
    Path | None, typer.Option(help="DuckDB file. Default: that of the data folder.")
]
DataOption = Annotated[
    Path | None, typer.Option(envvar="COPYDESK_DATA", help="Default: `data` of the project.")
]


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class CommandError(typer.Exit):
    """An error told in one line, with a non-zero exit code."""

    def __init__(self, message: str) -> None:
        """Tell `message` on standard error."""
        sys.stderr.write(f"copydesk: {message}\n")
        super().__init__(code=1)


@app.command()
def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Bundles: folders or files of scraped pages. Default: the samples."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the bundle, where the folder's own is taken.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a bundle of the same name.")
    ] = False,
) -> None:
    """Take bundles in and publish them; only what has changed is done again."""
    project = find_project(Path.cwd())
    bundles = [path.resolve() for path in paths or sorted((project / SAMPLES).iterdir())]
    if name is not None and len(bundles) != 1:
        message = "--name goes with one bundle"
        raise CommandError(message)
    # Dagster takes seconds to load and its assets live in the checkout: it gets its own process.
    command = [sys.executable, "-m", "pipelines.run", *map(str, bundles)]
    command += [] if name is None else ["--name", name]
    command += ["--replace"] if replace else []
    raise typer.Exit(subprocess.run(command, cwd=project, check=False).returncode)  # noqa: S603


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "FROM said LIMIT 5".')],
    output: Annotated[
        Format, typer.Option("--format", help="How to print the rows.")
    ] = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Ask the published tables; nothing can be changed."""
    try:
        print_rows(find_catalogue(catalogue, data), query, output)
    except duckdb.Error as error:
        raise CommandError(str(error).splitlines()[0]) from error


@app.command()
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


def find_catalogue(catalogue: Path | None, data: Path | None) -> Path:
    """Return the DuckDB file that was asked for, else that of the data folder."""
    path = catalogue or (data or find_project(Path.cwd()) / DATA) / CATALOGUE
    if not path.is_file():
        message = f"{path}: no catalogue there yet; `copydesk run` makes it"
        raise CommandError(message)
    return path


def find_project(folder: Path) -> Path:
    """Return the project that `folder` lies in, else the checkout that this package runs from."""
    for candidate in (folder, *folder.parents, Path(__file__).resolve().parent.parent):
        if (candidate / PROJECT_FILE).is_file() and (candidate / RUN_FILE).is_file():
            return candidate
    message = f"no {PROJECT_FILE} here or above: run this inside a copydesk checkout"
    raise CommandError(message)


def print_rows(catalogue: Path, query: str, output: Format) -> None:
    """Print the rows of `query` to standard output."""
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        if [statement.type.name for statement in connection.extract_statements(query)] != [
            "SELECT"
        ]:
            message = "one SELECT at a time, please: nothing can be changed here"
            raise CommandError(message)
        found = connection.sql(query)
        if output is Format.TABLE:
            found.show(max_width=MAX_TABLE_WIDTH, max_rows=MAX_TABLE_ROWS)
            return
        rows = found.fetchall()
        if output is Format.CSV:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(found.columns)
            writer.writerows(rows)
        else:
            records = [dict(zip(found.columns, row, strict=True)) for row in rows]
            sys.stdout.write(json.dumps(records, default=str, ensure_ascii=False, indent=1) + "\n")
