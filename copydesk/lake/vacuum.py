"""Remove the files that no kept snapshot, reader or run needs.

Delta's own vacuum knows one table and its newest version; here a snapshot of all tables may need a
file. So the files that are needed are found first, and only the rest is removed. Needed are:

- every file of the newest version of each table, delivered or not: a run may be under way;
- every file of the snapshots that are kept, and of the one that the catalogue shows;
- every file that was written or superseded within the grace: a reader may still have it open.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

from copydesk.errors import SnapshotError
from copydesk.lake.damage import explain_damage
from copydesk.lake.hidden import find_active
from copydesk.lake.history import mark_vacuumed
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import ADDED_COLUMNS, DELIVERIES, PUBLICATIONS, WITHDRAWALS, Publication
from copydesk.lake.live import LOG_FOLDER
from copydesk.lake.packs import PACKS
from copydesk.lake.record import Record
from copydesk.lake.sql import connect_shared, scan_sql
from copydesk.lake.withdrawals import holds_withdrawn
from copydesk.storage.files import Stored
from copydesk.tables import CORPUS_TABLES, DERIVED_TABLES, KEPT_TABLES, PUBLISHED_TABLES

LOG_FILE = re.compile(r"(\d{20})\.(json|checkpoint\.parquet)")
DELTA_TABLES = (*PUBLISHED_TABLES, *KEPT_TABLES, DELIVERIES, PUBLICATIONS, WITHDRAWALS)
VERSIONED_TABLES = (*CORPUS_TABLES, *DERIVED_TABLES, DELIVERIES)
"""Tables whose older versions are opened; for the others a delivery lists the files."""
MAX_DAYS = 36_500  # a hundred years; a longer time leads back before dates begin


@dataclass(frozen=True, slots=True)
class Retention:
    """What a vacuum keeps."""

    days: float = 7  # a snapshot that was the newest one within this many days is kept
    snapshots: int = 10  # and this many of the newest ones in any case
    grace_hours: float = 24  # longer than a run, a resolution or a query takes

    def grace_start(self, now: datetime) -> datetime:
        """Return the time after which nothing that was written or superseded is removed."""
        return now - timedelta(hours=self.grace_hours)


@dataclass(frozen=True, slots=True)
class VacuumPlan:
    """What a vacuum removes, and what it keeps."""

    kept: list[int]  # numbers of the snapshots that can be opened afterwards
    given_up: list[int]  # numbers of those that cannot, and could until now
    files: list[str]  # Parquet files and old logs, relative to the lake
    n_bytes: int


def plan_vacuum(
    lake: Lake, *, retention: Retention, now: datetime, shown: int | None
) -> VacuumPlan:
    """Return what a vacuum would remove; `shown` is the snapshot that the catalogue shows.

    Nothing is removed from a lake from which nothing has been published yet.
    """
    publications = [p for p in lake.history() if not p.is_vacuumed]
    if not publications:
        return VacuumPlan([], [], [], 0)
    since = retention.grace_start(now)
    active = find_active(lake.withdrawals())
    kept = [
        publication
        for publication in choose_kept(publications, retention=retention, now=now, shown=shown)
        if _is_whole(lake, publication)
        and (
            publication.number in {publications[-1].number, shown}  # readers see it until the next
            or not holds_withdrawn(lake, publication, active)
        )
    ]
    # Before the logs are read, so that files superseded from here on are found there, here or both.
    current = {file for table in DELTA_TABLES for file in lake.find_live(table).files}
    disk = _list_files(lake)
    logs = {path: info for path, info in disk.items() if LOG_FOLDER in path}
    current |= _find_removed(lake, logs, since=since)
    needed = _find_needed(lake, kept, current=current)
    garbage = {
        path: info
        for path, info in disk.items()
        if path not in logs and path not in needed and info.written_at < since
    }
    garbage |= _find_old_logs(lake, kept, logs, since=since)
    kept_numbers = [publication.number for publication in kept]
    return VacuumPlan(
        kept=kept_numbers,
        given_up=[p.number for p in publications if p.number not in kept_numbers],
        files=sorted(garbage),
        n_bytes=sum(info.n_bytes for info in garbage.values()),
    )


def vacuum(lake: Lake, plan: VacuumPlan) -> None:
    """Remove what `plan` lists, once the history states which snapshots can no longer be opened.

    What killed runs have left in the lake goes with it.
    """
    lake.files.sweep()
    if plan.given_up:
        mark_vacuumed(lake, plan.given_up)
    lake.files.remove(plan.files)
    record = Record(lake.files)
    record.doubt()  # so that what rots without being written is found in weeks, not years
    record.save(gone=plan.files)


def choose_kept(
    publications: Sequence[Publication],
    *,
    retention: Retention,
    now: datetime,
    shown: int | None = None,
) -> list[Publication]:
    """Return the publications to keep, given all that can be opened, in order.

    The days count from when a snapshot was superseded, not from when it was made: a reader may
    have opened it just before.
    """
    oldest = now - timedelta(days=retention.days)
    first_kept = len(publications) - max(1, retention.snapshots)
    superseded_at = [publication.published_at for publication in publications[1:]]
    return [
        publication
        for i, publication in enumerate(publications)
        if i >= first_kept or superseded_at[i] >= oldest or publication.number == shown
    ]


def _is_whole(lake: Lake, publication: Publication) -> bool:
    """Return whether a publication can still be opened, as far as its versions show."""
    try:
        list(_find_versions(lake, publication))
    except SnapshotError:
        return False
    return True


def _find_versions(lake: Lake, publication: Publication) -> Iterator[str]:
    """Yield the files of the versions that a publication names."""
    versions = _versions_of(publication)
    for table in VERSIONED_TABLES:
        if table.name in versions:  # older publications lack tables that were added since
            yield from lake.find_version(table, versions[table.name]).files


def _versions_of(publication: Publication) -> dict[str, int]:
    """Return the Delta versions that a publication names, by table."""
    return {
        **dict(publication.corpus_versions),
        DELIVERIES.name: publication.deliveries_version,
    }


def _find_needed(lake: Lake, kept: Iterable[Publication], *, current: set[str]) -> set[str]:
    """Return the files that must stay, whatever their age, given those that are or were current."""
    needed = set(current)
    for publication in kept:
        needed.update(_find_versions(lake, publication))
    listing = {file for file in needed if file.startswith(f"{DELIVERIES.name}/")}
    there = sorted(listing.difference(lake.find_missing(listing)))
    # Older versions lack columns: only the one that all of them have is read.
    rows = scan_sql(
        [lake.path_of(file) for file in there],
        DELIVERIES,
        lacking=ADDED_COLUMNS[DELIVERIES.name],
    )
    with explain_damage(lake, DELIVERIES):
        listed = connect_shared().sql(f"SELECT DISTINCT unnest(files) FROM {rows}").fetchall()
    return needed | {file for (file,) in listed}


def _find_removed(lake: Lake, logs: dict[str, Stored], *, since: datetime) -> set[str]:
    """Return the files that commits have superseded since then, in any table."""
    found: set[str] = set()
    for path, info in logs.items():
        if path.endswith(".json") and info.written_at >= since:
            table = path.split("/")[0]
            with lake.files.open(path) as stream:
                actions = [json.loads(line) for line in stream.read().splitlines() if line]
            removes = (action["remove"]["path"] for action in actions if "remove" in action)
            found.update(f"{table}/{unquote(removed)}" for removed in removes)
    return found


def _find_old_logs(
    lake: Lake, kept: Sequence[Publication], logs: dict[str, Stored], *, since: datetime
) -> dict[str, Stored]:
    """Return the log files of versions that are no longer opened.

    By Delta's protocol, all logs before a checkpoint may go once no older version is needed.
    """
    named = [_versions_of(publication) for publication in kept]
    found = {}
    for table in DELTA_TABLES:
        mine = {path: info for path, info in logs.items() if path.split("/")[0] == table.name}
        versions = {path: int(match[1]) for path in mine if (match := LOG_FILE.search(path))}
        asked = [lake.find_live(table).version]
        asked += [versions[path] - 1 for path in versions if mine[path].written_at >= since]
        asked += [versions_of[table.name] for versions_of in named if table.name in versions_of]
        checkpoints = [versions[path] for path in versions if path.endswith(".parquet")]
        first = max((c for c in checkpoints if c <= min(asked)), default=0)
        found.update({path: mine[path] for path in versions if versions[path] < first})
    return found


def _list_files(lake: Lake) -> dict[str, Stored]:
    """Return the Parquet files and logs of the tables, by their paths relative to the lake."""
    ours = {table.name for table in DELTA_TABLES} | {PACKS}
    return {
        path: stored
        for path, stored in ((stored.file, stored) for stored in lake.files.walk())
        if path.split("/")[0] in ours
        and (path.endswith(".parquet") if LOG_FOLDER not in path else LOG_FILE.search(path))
    }
