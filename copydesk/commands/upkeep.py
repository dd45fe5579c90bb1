"""Keep the lake small: pack small bundles together, and remove files that nothing needs."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from copydesk.commands.lakes import find_lake_of
from copydesk.commands.project import CATALOGUE, DataOption, find_data
from copydesk.lake.compaction import compact as pack_bundles
from copydesk.lake.compaction import plan_compaction
from copydesk.lake.vacuum import Retention, plan_vacuum
from copydesk.lake.vacuum import vacuum as remove_files
from copydesk.publishing.catalogue import read_number, remove_drafts

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
        float,
        typer.Option(
            min=0,
            envvar="COPYDESK_KEEP_DAYS",
            help="Keep snapshots that were the newest within this many days.",
        ),
    ] = DEFAULTS.days,
    snapshots: Annotated[
        int,
        typer.Option(
            min=1,
            envvar="COPYDESK_KEEP_SNAPSHOTS",
            help="Keep at least this many of the newest snapshots.",
        ),
    ] = DEFAULTS.snapshots,
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
    retention = Retention(days, snapshots, grace_hours)
    plan = plan_vacuum(lake, retention=retention, now=now, shown=read_number(catalogue))
    if not dry_run:
        remove_files(lake, plan)
        remove_drafts(catalogue, before=retention.grace_start(now))
    sys.stdout.write(
        f"{'would remove' if dry_run else 'removed'} {len(plan.files):,} files, "
        f"{_megabytes(plan.n_bytes)}\n"
        f"snapshots kept: {_ranges(plan.kept)}\n"
        f"snapshots dropped: {_ranges(plan.given_up)}\n"
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
