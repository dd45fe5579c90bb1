"""Take bundles in: through Dagster in a checkout, or else straight into a data folder."""

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Never

import typer

from copydesk.commands.interrupts import Interrupts, explain_stop, ignore_signals
from copydesk.commands.project import DATA, CommandError, DataOption, look_for_project
from copydesk.storage.paths import AnyPath, parse_path

SAMPLES = Path("data/samples")


def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH|ADDRESS]...",
            help="Bundles: folders or files of scraped pages, here or in an object store. Default: "
            "the samples of the checkout.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the bundle. Default: that of its folder or file.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a bundle of the same name from elsewhere.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Make all tables of these bundles again.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Take bundles in and publish them.

    Only what has changed is done again.

    In a checkout with Dagster the run shows in its UI. Elsewhere only --data is needed: the tables
    and the catalogue are written to that folder.
    """
    project = look_for_project(Path.cwd())
    asked = [parse_path(path) for path in paths or ()]
    bundles = [path.absolute() for path in asked or _list_samples(project)]
    if name is not None and len(bundles) != 1:
        message = "--name goes with one bundle"
        raise CommandError(message)
    if project is not None and find_spec("dagster") is not None:
        options = [] if name is None else ["--name", name]
        options += ["--replace"] if replace else []
        options += ["--force"] if force else []
        options += [] if data is None else ["--data", str(data.absolute())]
        become_pipeline(project, [*map(str, bundles), *options])
    folder = data or (project and project / DATA)
    if folder is None:
        message = "say where the tables go: `copydesk run BUNDLE --data FOLDER`"
        raise CommandError(message)
    raise typer.Exit(run_directly(bundles, folder, name=name, may_replace=replace, is_forced=force))


def _list_samples(project: Path | None) -> Sequence[AnyPath]:
    if project is None:
        message = "say what to read: `copydesk run BUNDLE --data FOLDER`"
        raise CommandError(message)
    return sorted((project / SAMPLES).iterdir())


def become_pipeline(project: Path, arguments: Sequence[str]) -> Never:
    """Put the pipeline of a checkout in the place of this process, so that signals reach it.

    Dagster takes seconds to load, and its assets are in the checkout.
    """
    os.chdir(project)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pipelines.run", *arguments])  # noqa: S606 - this Python


def run_directly(
    bundles: Sequence[AnyPath],
    data: Path,
    *,
    name: str | None,
    may_replace: bool,
    is_forced: bool,
) -> int:
    """Run the steps in this process, with the tables in `data`, and return the exit code."""
    with Interrupts() as interrupts:
        try:
            # Importing them takes seconds: a signal in that time ends the command as calmly.
            from copydesk.commands.bundles import run_bundles
            from copydesk.commands.direct import Direct
            from copydesk.commands.progress import Progress
            from copydesk.errors import SettingsError
            from copydesk.settings import load_settings

            try:
                engine = Direct(load_settings(data=data), Progress())
            except SettingsError as error:
                raise CommandError(str(error)) from error
            code = run_bundles(
                bundles, engine, name=name, may_replace=may_replace, is_forced=is_forced
            )
        except KeyboardInterrupt as stopped:
            ignore_signals()
            sys.stderr.write(explain_stop(stopped))
            return interrupts.exit_code
    if code == 0:
        sys.stdout.write(
            "\nNext:\n"
            f'  copydesk sql "SELECT speaker, content, outlet FROM said LIMIT 5" --data {data}\n'
        )
    return code
