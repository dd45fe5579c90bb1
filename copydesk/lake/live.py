"""Find the live files of a Delta table, and remember them for as long as its log is the same.

Opening a table takes three milliseconds and more with each commit, and a step asks many times.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable

from copydesk.storage.files import Files, State
from copydesk.tables import Table

LOG_FOLDER = "_delta_log"
MOST_REMEMBERED = 10_000  # files of a table; those of a larger one are listed each time


@dataclass(frozen=True, slots=True)
class Live:
    """The live part of a table: its Delta version, its files relative to the lake, their rows."""

    version: int
    files: list[str]
    n_rows: int


class Part(NamedTuple):
    """A file of a Delta table: its path in the table, its rows, and the bundle they are of."""

    path: str
    n_rows: int
    bundle: str | None


class Listing(NamedTuple):
    """All live files of a Delta table at a version; -1 where nothing was written yet."""

    version: int
    parts: tuple[Part, ...]

    def live(self, table: Table[Any], *, bundle: str | None = None) -> Live:
        """Return the files of one bundle, or all."""
        mine = [part for part in self.parts if bundle is None or part.bundle == bundle]
        files = sorted(f"{table.name}/{part.path}" for part in mine)
        return Live(self.version, files, sum(part.n_rows for part in mine))


class _Remembered(NamedTuple):
    """A listing, and what the log was like just before it was made."""

    log: State
    listing: Listing


_last: dict[tuple[str, str], _Remembered] = {}


def live_in(delta: DeltaTable | None, table: Table[Any], *, bundle: str | None = None) -> Live:
    """Return the live files of an open Delta table: those of one bundle, or all."""
    return list_files(delta).live(table, bundle=bundle)


def group_files(delta: DeltaTable, table: Table[Any]) -> dict[str, list[str]]:
    """Return the live files of each bundle of a table, relative to the lake and sorted."""
    found = defaultdict(list)
    for part in list_files(delta).parts:
        if part.bundle is not None:
            found[part.bundle].append(f"{table.name}/{part.path}")
    return {bundle: sorted(files) for bundle, files in found.items()}


def list_files(delta: DeltaTable | None) -> Listing:
    """Return all live files of an open Delta table."""
    if delta is None:
        return Listing(-1, ())
    # `pa.table` would import pandas, only to ask whether this is one of its frames.
    found = pa.RecordBatchReader.from_stream(delta.get_add_actions(flatten=True)).read_all()
    # The other columns are statistics of every column of the table: ten times as much to read.
    wanted = {"path", "num_records", "partition.bundle"}
    rows = found.select([name for name in found.column_names if name in wanted]).to_pylist()
    parts = (
        Part(unquote(row["path"]), row["num_records"], row.get("partition.bundle")) for row in rows
    )
    return Listing(delta.version(), tuple(parts))


def list_newest(
    files: Files, table: Table[Any], open_newest: Callable[[Table[Any]], DeltaTable | None]
) -> Listing:
    """Return all live files of the newest version of a table of the lake that has these files.

    The table is opened unless its log is as it was the last time: the folder has not changed, and
    the next commit is not there. (A file system may give two changes one time.) In a store only the
    log itself shows that, so there it is opened each time.
    """
    log = _look(files, table)
    key = (files.uri, table.name)
    last = _last.get(key)
    if last is not None and last.log == log and not _has_next(files, table, last.listing):
        return last.listing
    listing = list_files(open_newest(table))
    if log is not None and len(listing.parts) <= MOST_REMEMBERED:
        _last[key] = _Remembered(log, listing)
    else:
        _last.pop(key, None)
    return listing


def _look(files: Files, table: Table[Any]) -> State | None:
    """Return the state of the folder of a log; None where there is none to compare."""
    if files.is_elsewhere:
        return None
    try:
        return files.state(f"{table.name}/{LOG_FOLDER}")
    except OSError:
        return None


def _has_next(files: Files, table: Table[Any], listing: Listing) -> bool:
    return files.exists(f"{table.name}/{LOG_FOLDER}/{listing.version + 1:020}.json")
