"""Take bundles in, by starting the pipeline of the checkout."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from copydesk.commands.project import CommandError, find_project

SAMPLES = Path("data/samples")


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
