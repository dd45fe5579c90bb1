"""Give the records of an older lake the columns that have been added since."""

from collections import ChainMap, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from copydesk.errors import LakeError
from copydesk.lake.delta import KEEP_LOGS
from copydesk.lake.ledger import ADDED_COLUMNS, DELIVERIES, Delivery
from copydesk.lake.live import group_files, live_in
from copydesk.lake.sql import read_sql, scan_sql
from copydesk.lake.sums import FileSum, sum_stored
from copydesk.storage.files import Files, State
from copydesk.tables import Table

KEPT_VERSIONS = 2  # of the deliveries, in memory: the one that was published, and the next


def find_lacking(delta: DeltaTable | None, table: Table[Any]) -> frozenset[str]:
    """Return the columns that an older version of copydesk has not written."""
    if delta is None:
        return frozenset()
    there = {field.name for field in delta.schema().fields}
    return ADDED_COLUMNS.get(table.name, frozenset()) - there


def scan_ledger(files: Files, delta: DeltaTable | None, table: Table[Any]) -> str:
    """Return SQL that reads a record of the lake, whichever version of copydesk wrote it."""
    paths = [f"{files.uri}/{file}" for file in live_in(delta, table).files]
    return scan_sql(paths, table, lacking=find_lacking(delta, table))


class _BundleFiles(NamedTuple):
    """The files that list where a bundle is, as they are now."""

    files: tuple[str, ...]
    states: tuple[State, ...]


_Version = dict[_BundleFiles, tuple[Delivery, ...]]
_versions: deque[_Version] = deque(maxlen=KEPT_VERSIONS)


def read_deliveries(files: Files, delta: DeltaTable | None) -> tuple[Delivery, ...]:
    """Return the deliveries in a version of their table, in the order of its key.

    Each bundle has a file of its own, and a publication asks some ten times for the same two
    versions, which differ in few bundles: what was read of a bundle stays in memory as long as its
    files are the same.
    """
    if delta is None:
        return ()
    state_of = files.watch()
    asked = {
        _BundleFiles(
            tuple(f"{files.uri}/{file}" for file in listed), tuple(map(state_of, listed))
        ): bundle
        for bundle, listed in sorted(group_files(delta, DELIVERIES).items())
    }
    known = ChainMap(*_versions)
    unread = [each for each in asked if each not in known]
    found: dict[str, list[Delivery]] = defaultdict(list)
    if unread:
        paths = [path for each in unread for path in each.files]
        listed = scan_sql(paths, DELIVERIES, lacking=find_lacking(delta, DELIVERIES))
        for row in DELIVERIES.to_rows(read_sql(listed, DELIVERIES)):
            found[row.bundle].append(row)
    version = {
        each: known[each] if each in known else tuple(found[bundle])
        for each, bundle in asked.items()
    }
    if version not in _versions:
        _versions.appendleft(version)
    return tuple(chain.from_iterable(version.values()))


def upgrade_ledger(files: Files, delta: DeltaTable, table: Table[Any]) -> None:
    """Add the columns that are lacking, in one commit; what files are now is taken for delivered.

    If another process does the same at this moment, its commit stays.
    """
    rows = read_sql(scan_ledger(files, delta, table), table)
    if table is DELIVERIES:
        rows = DELIVERIES.spool(_add_sums(files, DELIVERIES.to_rows(rows)))
    try:
        write_deltalake(
            delta,
            pa.Table.from_batches(rows, rows.schema),
            mode="overwrite",
            schema_mode="overwrite",
            post_commithook_properties=KEEP_LOGS,
        )
    except CommitFailedError:
        return


def _add_sums(files: Files, parts: Iterator[Delivery]) -> Iterator[Delivery]:
    known: dict[str, FileSum] = {}
    for part in parts:
        yield replace(part, sums=_sum_files(files, part.files, known))


def _sum_files(files: Files, listed: Sequence[str], known: dict[str, FileSum]) -> list[FileSum]:
    """Return the sums of files, or none where one is gone; packs are listed many times."""
    for file in listed:
        if file not in known and files.exists(file):
            known[file] = sum_stored(files, file)
    return [known[file] for file in listed] if known.keys() >= set(listed) else []


def refuse_other(lake: object, delta: DeltaTable, table: Table[Any]) -> None:
    """Refuse a table with other columns than today.

    Raises: LakeError: naming the table and what to do.
    """
    there = {field.name for field in delta.schema().fields} | find_lacking(delta, table)
    if there != {column.name for column in table.columns}:
        raise LakeError(explain_other_version(lake, table))


def explain_other_version(lake: object, table: Table[Any]) -> str:
    """Return in one line that a table has other columns than today, and what to do."""
    return (
        f"{lake}: another version of copydesk made {table.name}; remove that folder and run again"
    )
