"""Say what the rows over all bundles were made from last, and whether that can be brought forward.

A table over all bundles is a function of the set of delivered rows. It is made from all of them, or
from what an earlier snapshot made and what changed since. What is kept for that states the same
origin as the table itself: otherwise a run died between them, and all rows are made again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from copydesk.errors import CopydeskError
from copydesk.lake.changes import find_changed, is_little
from copydesk.lake.delta import SNAPSHOT_APP, Way, read_stamps
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.live import live_in
from copydesk.lake.record import Record
from copydesk.lake.sql import scan_sql
from copydesk.lake.sums import FileSum
from copydesk.lake.verify import check_file
from copydesk.tables import ENTITIES, NAME_LINKS, Table

NAMES_APP = "copydesk.names"  # the Delta version of the links of names that were read
ENTITIES_APP = "copydesk.entities"  # the Delta version of the entities
MADE_BY_APP = "copydesk.made_by"  # the code of the table, as a number
UPDATES_APP = "copydesk.updates"  # how often rows were brought forward since all were made
MOST_UPDATES = 40  # since all rows were made: what is kept has grown by then


@dataclass(frozen=True, slots=True)
class Origin:
    """The snapshot that rows were made from, with its names, and what changed since."""

    snapshot: Snapshot
    names_sql: str
    entities_sql: str
    n_updates: int
    changed: frozenset[str]


def stamp(lake: Lake, *, made_by: int, n_updates: int) -> dict[str, int]:
    """Return what the commits state that go together, beside the snapshot."""
    return {
        NAMES_APP: lake.find_live(NAME_LINKS).version,
        ENTITIES_APP: lake.find_live(ENTITIES).version,
        MADE_BY_APP: made_by,
        UPDATES_APP: n_updates,
    }


def find_origin(
    snapshot: Snapshot,
    table: Table[Any],
    kept: Collection[Table[Any]],
    *,
    made_by: int,
    most_changed: float,
) -> Origin | Way:
    """Return what `table` was made from if it can be brought to `snapshot`, or why it cannot.

    `kept` are the tables that must state the same origin.
    """
    lake = snapshot.lake
    opened = [lake.open(each) for each in (table, *kept)]
    stated = [
        {} if delta is None else read_stamps(delta, [SNAPSHOT_APP, *stamp_names()])
        for delta in opened
    ]
    first = stated[0]
    if None in opened or None in first.values():
        return Way(is_whole=True, reason="nothing was kept of an earlier run")
    if any(other != first for other in stated):
        return Way(is_whole=True, reason="what is kept is of another run")
    if first[MADE_BY_APP] != made_by:
        return Way(is_whole=True, reason="other code made the rows that are there")
    n_updates = first[UPDATES_APP] or 0
    if n_updates >= MOST_UPDATES:
        return Way(is_whole=True, reason=f"{MOST_UPDATES} updates since the last whole one")
    files = [file for delta, each in zip(opened, (table, *kept), strict=True)
             for file in live_in(delta, each).files]  # fmt: skip
    problem = _find_problem(lake, files)
    if problem is not None:
        return Way(is_whole=True, reason=problem)
    return _compare(snapshot, first, n_updates, most_changed)


def _find_problem(lake: Lake, files: Collection[str]) -> str | None:
    """Return what is wrong with the first of some files that cannot be relied on, if one cannot.

    Neither DuckDB nor Delta notices a flipped bit, and what is brought forward would keep it for
    good. What is kept beside the published tables has no sums: there a file must be there.
    """
    published = {
        each.file: FileSum(each.n_bytes, each.sha256)
        for publication in lake.history()
        for each in publication.corpus_files
    }
    record = Record(lake.files)
    problems = (
        (file, check_file(file, published[file], record=record))
        for file in sorted(published.keys() & set(files))
    )
    found = [f"{file}: {problem}" for file, problem in problems if problem is not None]
    record.save()
    found += [f"{file}: no such file" for file in lake.find_missing(files)]
    return next(iter(found), None)


def stamp_names() -> tuple[str, ...]:
    """Return the names of what commits state that go together."""
    return NAMES_APP, ENTITIES_APP, MADE_BY_APP, UPDATES_APP


def _compare(
    snapshot: Snapshot, stated: Mapping[str, int | None], n_updates: int, most_changed: float
) -> Origin | Way:
    lake = snapshot.lake
    try:
        old = lake.snapshot(version=stated[SNAPSHOT_APP])
        names, entities = (
            _read_version(lake, table, stated[app])
            for table, app in ((NAME_LINKS, NAMES_APP), (ENTITIES, ENTITIES_APP))
        )
    except CopydeskError as error:
        return Way(is_whole=True, reason=str(error))
    changed = find_changed(old, snapshot)
    if not is_little(changed, snapshot, most_changed=most_changed):
        return Way(is_whole=True, reason=f"{len(changed):,} bundles changed")
    return Origin(old, names, entities, n_updates, changed)


def _read_version(lake: Lake, table: Table[Any], version: int | None) -> str:
    """Return SQL for the rows of a table at a version; before the first one it has none."""
    if version is None or version < 0:
        return scan_sql([], table)
    return lake.version_sql(table, version)
