"""Examine a data folder, and make again what can be made again."""

import sys
import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.commands.lakes import find_lake_of
from copydesk.commands.project import CATALOGUE, CommandError, DataOption, find_data
from copydesk.commands.repair import examine_data, repair_data
from copydesk.commands.summary import report_corrections
from copydesk.corrections.files import read_corrections
from copydesk.corrections.folder import DecisionFiles
from copydesk.errors import CorrectionError
from copydesk.lake.examine import Finding
from copydesk.publishing.access import open_unsafe
from copydesk.system.room import explain_folder
from copydesk.system.scratch import list_abandoned, sweep


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Make again what can be made again.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Examine every file of the tables and the catalogue.

    Prints a line for each file that is damaged, with what to do; the exit code is then 1. With
    --repair, bundles are taken in again from where they were read, and what is derived is derived
    again. What is replaced is moved to the folder `damaged` of the tables.
    """
    folder = find_data(data).resolve()
    in_place = explain_folder(folder / CATALOGUE)
    if in_place is not None:  # a person put it there: nothing is moved that is not ours
        raise CommandError(in_place)
    lake = find_lake_of(folder)
    found = examine_data(folder, lake)
    places = (Path(tempfile.gettempdir()), folder)
    leftovers = [*chain.from_iterable(map(list_abandoned, places)), *lake.files.list_abandoned()]
    if repair:
        for place in places:
            sweep(place)
        lake.files.sweep()
        if found:
            _print(found)
            unrepaired = repair_data(folder, lake, found)
            found = examine_data(folder, lake)
            sys.stdout.writelines(f"{line}\n" for line in unrepaired)
            sys.stdout.write("after the repair:\n")
    elif leftovers:
        listed = ", ".join(map(str, leftovers))
        sys.stdout.write(f"left by killed runs: {listed}; the next run removes them\n")
    _print(found)
    problem = _report_corrections(folder)
    if found or problem:
        raise typer.Exit(code=1)
    sys.stdout.write(f"{lake}: every file is there and as it was delivered\n")


def _report_corrections(folder: Path) -> bool:
    """Print which corrections matched nothing, conflict or wait; return whether any is unreadable.

    A correction that matched nothing is for a person to look at, and no damage.
    """
    try:
        read_corrections(DecisionFiles(folder).corrections)
    except CorrectionError as error:
        sys.stdout.write(f"{error}\n")
        return True
    catalogue = folder / CATALOGUE
    try:
        with open_unsafe(catalogue) as connection:
            lines = [line.strip() for line in report_corrections(connection)]
    except duckdb.Error:  # that there is none, or a broken one, is a finding of its own
        return False
    sys.stdout.writelines(f"{line}\n" for line in lines if line.startswith("correction "))
    return False


def _print(found: Sequence[Finding]) -> None:
    sys.stdout.writelines(f"{finding}\n" for finding in found)
