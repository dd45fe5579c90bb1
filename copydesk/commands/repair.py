"""Make again what is damaged in a data folder, as far as the inbox or the rest can."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from copydesk.commands.project import CATALOGUE
from copydesk.errors import BundleError, CopydeskError
from copydesk.lake.deliveries import find_source
from copydesk.lake.examine import Finding, Remedy, examine_lake
from copydesk.lake.history import mark_vacuumed
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.rebuild import drop_deliveries, rebuild_rows, repair_log, set_aside
from copydesk.lake.record import Record
from copydesk.lake.vacuum import DELTA_TABLES
from copydesk.publishing.examine import examine_catalogue
from copydesk.reading.bundles import name_bundle
from copydesk.storage.paths import AnyPath, list_folder, parse_path

if TYPE_CHECKING:
    from copydesk.commands.bundles import Engine

TABLES = {table.name: table for table in DELTA_TABLES}


def examine_data(folder: Path, lake: Lake) -> list[Finding]:
    """Return everything that is damaged in a data folder."""
    return [*examine_lake(lake), *examine_catalogue(folder / CATALOGUE, lake)]


def repair_data(
    folder: Path, lake: Lake, found: Sequence[Finding], *, engine: "Engine | None" = None
) -> list[str]:
    """Make again what is damaged, and return a line for each bundle that cannot be made again.

    By default the steps run in this process.
    """
    engine = engine or start_engine(folder)
    _repair_records(lake, found)
    _drop_deliveries(lake, found, engine.settings.inbox)
    bundles = sorted(
        {
            bundle
            for finding in found
            if finding.remedy in {Remedy.BUNDLE, Remedy.DELIVERY}
            for bundle in finding.damage.bundles
        }
    )
    failed = [line for bundle in bundles for line in _take_in(bundle, lake, engine)]
    if not failed:
        problem = engine.publish()
        failed += [] if problem is None else [f"not published: {problem}"]
    _give_up_snapshots(lake)
    return failed


def _repair_records(lake: Lake, found: Sequence[Finding]) -> None:
    """Repair logs first, deliveries next: what follows reads them."""
    for name, table in reversed(TABLES.items()):  # the records of the lake come last in the list
        files = [each.damage.file for each in found if each.damage.table == name]
        remedies = {each.remedy for each in found if each.damage.table == name}
        if Remedy.LOG in remedies:
            repair_log(lake, table, [file for file in files if "/_delta_log" in file])
        elif Remedy.HISTORY in remedies:
            set_aside(lake, files)
            rebuild_rows(lake, table)


def _drop_deliveries(lake: Lake, found: Sequence[Finding], inbox: AnyPath) -> None:
    """Remove damaged deliveries of bundles that can be taken in again; no other is given up."""
    delivered = [
        each
        for each in found
        if each.remedy is Remedy.DELIVERY
        and all(_find_bundle(bundle, lake, inbox) for bundle in each.damage.bundles)
    ]
    if delivered:
        drop_deliveries(lake, {name for each in delivered for name in each.damage.bundles})
        files = [each.damage.file for each in delivered if each.damage.table == DELIVERIES.name]
        set_aside(lake, files)
        Record(lake.files).save(gone=files)


def _give_up_snapshots(lake: Lake) -> None:
    """Mark the older snapshots that nothing makes again; their files may still be damaged."""
    while numbers := _find_lost(lake):  # one file may be needed by several
        listed = ", ".join(map(str, numbers))
        sys.stderr.write(f"snapshots that can no longer be opened: {listed}\n")
        mark_vacuumed(lake, numbers)


def _find_lost(lake: Lake) -> list[int]:
    lost = {each.snapshot for each in examine_lake(lake) if each.remedy is Remedy.NOTHING}
    return sorted(number for number in lost if number is not None)


def start_engine(folder: Path) -> "Engine":
    """Return what runs the steps of a data folder in this process."""
    # Importing them takes seconds, which an examination need not wait for.
    from copydesk.commands.direct import Direct
    from copydesk.commands.progress import Progress
    from copydesk.settings import load_settings

    return Direct(load_settings(data=folder), Progress())


def _take_in(bundle: str, lake: Lake, engine: "Engine") -> list[str]:
    """Take a bundle in again; return a line where that is not possible."""
    from copydesk.commands.bundles import Wanted
    from copydesk.reading.bundles import hash_bundle
    from copydesk.tables import BUNDLE_TABLES

    path = _find_bundle(bundle, lake, engine.settings.inbox)
    if path is None:
        line = (
            f"{bundle}: its files are neither where they were read nor in the inbox; give them to "
            f"`copydesk run PATH --name {bundle} --replace`, restore a backup, or take the bundle "
            f"out with `copydesk withdraw {bundle}`"
        )
        return [line]
    sys.stderr.write(f"{bundle}: taking it in again from {path}\n")
    wanted = Wanted(bundle, path, hash_bundle(path, limits=engine.settings.limits))
    problem = engine.ingest(wanted, [table.name for table in BUNDLE_TABLES])
    return [] if problem is None else [f"{bundle}: not taken in: {problem}"]


def _find_bundle(bundle: str, lake: Lake, inbox: AnyPath) -> AnyPath | None:
    """Return where a bundle was read, else the one of this name in the inbox."""
    try:
        recorded = find_source(lake, bundle)
    except (CopydeskError, OSError, pa.ArrowException, duckdb.Error):
        recorded = None  # it is what is damaged
    if recorded is not None and parse_path(recorded).exists():
        return parse_path(recorded)
    for path in list_folder(inbox):
        try:
            if name_bundle(path) == bundle:
                return path
        except BundleError:
            continue
    return None
