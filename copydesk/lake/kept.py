"""Keep what is read of each bundle alone, so that a publication reads only the new ones.

A kept table has rows of bundles as they were at some time, and says of which state by a number:
a hash of what the bundle was delivered with and of the code that read it. Rows of states that are
not asked for stay until everything is read again, so that what a snapshot had before can be
compared with what the next one has.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
from deltalake import Transaction

from copydesk.lake.changes import keep_bundles
from copydesk.lake.delta import CODE_HEX_CHARS, append_rows, remove_rows, write_rows
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import connect_shared
from copydesk.rows import content_id
from copydesk.tables import Table, Tables

PARTS_APP = "copydesk.parts"  # of two runs that add rows at once, one fails
BATCH_ROWS = 50_000  # rows of bundles that are read at a time
FILE_BYTES = 16_000_000  # of a kept table: where a bundle is withdrawn, one file is written again

ReadBundles = Callable[[Snapshot], pa.Table]
"""Returns the rows of all bundles of a snapshot, with the column `bundle`."""


class Parts(NamedTuple):
    """The bundles of a snapshot by the numbers of their states, and how many rows each has."""

    bundles: Mapping[int, str]
    n_rows: Mapping[int, int]


def number_parts(snapshot: Snapshot, tables: Tables, *, code: str) -> Parts:
    """Return the states of bundles, as far as the rows of some tables and `code` make them.

    Bundles without rows in the first table are left out.
    """
    names = {table.name for table in tables}
    states = defaultdict(list)
    n_rows = {}
    for part in snapshot.deliveries:
        if part.table_name in names:
            states[part.bundle].append(
                f"{part.table_name} {part.fingerprint} {part.version} {part.n_rows}"
            )
            if part.table_name == tables[0].name:
                n_rows[part.bundle] = part.n_rows
    bundles = {
        int(content_id(code, bundle, *sorted(state))[:CODE_HEX_CHARS], 16): bundle
        for bundle, state in states.items()
        if n_rows.get(bundle)
    }
    return Parts(bundles, {number: n_rows[bundle] for number, bundle in bundles.items()})


def list_parts(lake: Lake, table: Table[Any]) -> frozenset[int]:
    """Return the numbers of the states that a kept table has rows of."""
    rows = (
        connect_shared().execute(f"SELECT DISTINCT part FROM {lake.relation_sql(table)}").fetchall()
    )
    return frozenset(number for (number,) in rows)


def keep_parts(
    table: Table[Any], snapshot: Snapshot, parts: Parts, *, read: ReadBundles, is_whole: bool
) -> None:
    """Add the rows of those states that a kept table lacks; or make all its rows again.

    Raises: CommitFailedError: if another run has added rows meanwhile, which may be the same.
    """
    lake = snapshot.lake
    delta = lake.create(table)
    known = frozenset() if is_whole else list_parts(lake, table)
    missing = sorted(parts.bundles.keys() - known)
    if not missing and not is_whole:
        return
    numbers: dict[Any, int] = {parts.bundles[number]: number for number in missing}

    def batches() -> Iterator[pa.RecordBatch]:
        for some in _cut(missing, parts.n_rows):
            rows = read(keep_bundles(snapshot, {parts.bundles[number] for number in some}))
            found = [numbers[bundle] for bundle in rows["bundle"].to_pylist()]
            rows = rows.append_column("part", pa.array(found, pa.int64()))
            yield from rows.select(table.schema.names).cast(table.schema).to_batches()

    stream = pa.RecordBatchReader.from_batches(table.schema, batches())
    if is_whole:
        write_rows(delta, stream, file_bytes=FILE_BYTES)
    else:
        append_rows(delta, stream, transactions=[Transaction(PARTS_APP, delta.version() + 1)])


def forget_parts(lake: Lake, table: Table[Any], parts: Parts) -> None:
    """Remove the rows that a kept table has of other states than these; a vacuum takes the files.

    What is withdrawn leaves its words in the states before.
    """
    others = sorted(list_parts(lake, table) - parts.bundles.keys())
    if others:
        remove_rows(lake.create(table), f"part IN ({', '.join(map(str, others))})")


def _cut(numbers: Collection[int], n_rows: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield some states at a time, as many as have `BATCH_ROWS` rows."""
    some: list[int] = []
    n = 0
    for number in numbers:
        some.append(number)
        n += n_rows[number]
        if n >= BATCH_ROWS:
            yield some
            some, n = [], 0
    if some:
        yield some
