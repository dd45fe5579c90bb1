"""Take bundles in, by starting the pipeline of the checkout."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Never

import typer

from copydesk.commands.project import CommandError, DataOption, find_project

SAMPLES = Path("data/samples")


def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Bundles: folders or files of scraped pages. Default: the samples."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the bundle. Default: that of its folder or file.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a bundle of the same name from elsewhere.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Read bundles of pages and publish what they say; only what has changed is done again."""
    project = find_project(Path.cwd())
    bundles = [path.absolute() for path in paths or sorted((project / SAMPLES).iterdir())]
    if name is not None and len(bundles) != 1:
        message = "--name goes with one bundle"
        raise CommandError(message)
    options = [] if name is None else ["--name", name]
    options += ["--replace"] if replace else []
    options += [] if data is None else ["--data", str(data.absolute())]
    become_pipeline(project, [*map(str, bundles), *options])


def become_pipeline(project: Path, arguments: Sequence[str]) -> Never:
    """Put the pipeline of a checkout in the place of this process, so that signals reach it.

    Dagster takes seconds to load, and its assets are in the checkout.
    """
    os.chdir(project)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pipelines.run", *arguments])  # noqa: S606
