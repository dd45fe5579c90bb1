"""Keep the lake small: pack small bundles together, and remove files that nothing needs."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from copydesk.commands.lakes import find_lake_of
from copydesk.commands.project import CATALOGUE, CommandError, DataOption, find_data
from copydesk.errors import SettingsError
from copydesk.lake.compaction import compact as pack_bundles
from copydesk.lake.compaction import plan_compaction
from copydesk.lake.vacuum import MAX_DAYS, Retention, plan_vacuum
from copydesk.lake.vacuum import vacuum as remove_files
from copydesk.publishing.catalogue import remove_drafts
from copydesk.publishing.origin import read_number
from copydesk.publishing.shared import remove_older

DEFAULTS = Retention()
MEGABYTE = 1_000_000

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")
]


def compact(dry_run: DryRunOption = False, data: DataOption = None) -> None:
    """Pack small bundles together, for faster queries.

    Queries then open fewer files. No row changes.
    """
    lake = find_lake_of(find_data(data))
    packings = plan_compaction(lake) if dry_run else pack_bundles(lake)
    if not packings:
        sys.stdout.write("nothing to pack: no small bundles\n")
        return
    for packing in packings:
        sys.stdout.write(
            f"{'would pack' if dry_run else 'packed'} {len(packing.bundles):,} bundles, "
            f"{packing.bundles[0]} to {packing.bundles[-1]}: "
            f"{packing.n_files:,} files, {_megabytes(packing.n_bytes)}\n"
        )
    if not dry_run:
        sys.stdout.write("the next `copydesk run` publishes it\n")


def vacuum(
    days: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=MAX_DAYS,
            help="Keep snapshots that were the newest within this many days. "
            f"Default: COPYDESK_KEEP_DAYS, or {DEFAULTS.days}.",
        ),
    ] = None,
    snapshots: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Keep at least this many of the newest snapshots. "
            f"Default: COPYDESK_KEEP_SNAPSHOTS, or {DEFAULTS.snapshots}.",
        ),
    ] = None,
    grace_hours: Annotated[
        float,
        typer.Option(
            min=0,
            help="Keep files written or replaced within this many hours; a run may need them.",
        ),
    ] = DEFAULTS.grace_hours,
    dry_run: DryRunOption = False,
    data: DataOption = None,
) -> None:
    """Remove files that nothing needs any more.

    Files of the snapshots that are kept stay, and so do files that a reader or a run may need.
    """
    folder = find_data(data)
    lake = find_lake_of(folder)
    catalogue, now = folder / CATALOGUE, datetime.now(tz=UTC)
    retention = _choose_retention(days, snapshots, grace_hours)
    plan = plan_vacuum(lake, retention=retention, now=now, shown=read_number(catalogue))
    if not dry_run:
        remove_files(lake, plan)
        remove_drafts(catalogue, before=retention.grace_start(now))
        remove_older(lake, before=retention.grace_start(now))
    sys.stdout.write(
        f"{'would remove' if dry_run else 'removed'} {len(plan.files):,} files, "
        f"{_megabytes(plan.n_bytes)}\n"
        f"snapshots kept: {_ranges(plan.kept)}\n"
        f"snapshots dropped: {_ranges(plan.given_up)}\n"
    )


def _choose_retention(days: float | None, snapshots: int | None, grace_hours: float) -> Retention:
    """Return what to keep: what the command line says, and the settings where it says nothing."""
    from copydesk.settings import load_settings  # noqa: PLC0415 - 0.2 s; `sql` does without it

    try:
        stated = load_settings().retention
    except SettingsError as error:
        raise CommandError(str(error)) from error
    return Retention(
        stated.days if days is None else days,
        stated.snapshots if snapshots is None else snapshots,
        grace_hours,
    )


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / MEGABYTE:,.1f} MB"


def _ranges(numbers: Sequence[int]) -> str:
    """Return sorted numbers as a person writes them: `1, 4 to 9`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ", ".join(" to ".join(map(str, span)) for span in ranges) or "none"
