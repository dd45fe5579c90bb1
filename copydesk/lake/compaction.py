"""Pack small bundles together, so that a query opens few files.

Each bundle is written to files of its own, and a query has to open them all. A pack holds the rows
of many bundles in one Parquet file for each table, sorted by bundle; the deliveries of the bundles
list it from then on. Nothing else changes: not a row, not a fingerprint. A bundle that is written
again gets files of its own again, and its rows in the pack are no longer read.

A pack is written first and becomes valid with one commit of `deliveries`; only then are the
bundles' own rows removed from their tables. Bundles that a run has written but not yet delivered
are left alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import uuid4

import pyarrow.parquet as pq
from deltalake.exceptions import CommitFailedError

from copydesk.errors import LakeError
from copydesk.lake.delta import remove_bundles, replace_bundles
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.live import group_files
from copydesk.lake.packs import is_as_packed, is_pack, name_pack, pack_of
from copydesk.lake.record import Record
from copydesk.lake.sql import connect_shared, key_sql, quote_sql
from copydesk.lake.sums import sum_stored
from copydesk.lake.verify import explain, find_damage
from copydesk.tables import BUNDLE_TABLES, Table

TARGET_BYTES = 512 * 2**20  # of a pack over all tables: queries open few; each is made in a minute
SMALL_SHARE = 1 / 8  # of the target: a larger bundle opens fast enough from files of its own
THIN_SHARE = 1 / 4  # of the target: a smaller pack is packed again with new bundles
STALE_SHARE = 1 / 2  # of a pack: where more is out of date, it is written again
ROW_GROUP_ROWS = 16_384  # as in the bundles' own files


@dataclass(frozen=True, slots=True)
class Packing:
    """Bundles that go into one pack, and the files that they are read from until then."""

    bundles: list[str]
    n_files: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A bundle at rest: where the rows of each table are, and how many bytes they take."""

    name: str
    parts: Mapping[str, Delivery]
    n_bytes: float

    @property
    def files(self) -> set[str]:
        return {file for part in self.parts.values() for file in part.files}


class _File(NamedTuple):
    """A file of a delivery: its size, and that of a row where it is a pack."""

    n_bytes: int
    row_bytes: float


def plan_compaction(lake: Lake, *, target_bytes: int = TARGET_BYTES) -> list[Packing]:
    """Return the packs to make, with the names of their bundles.

    Small bundles with files of their own are packed, and so are packs that hold little or are out
    of date. The list is empty where there is nothing to gain.
    """
    planned = _plan(lake.snapshot(), target_bytes=target_bytes)
    return [_describe(bundles) for bundles in planned]


def compact(lake: Lake, *, target_bytes: int = TARGET_BYTES) -> list[Packing]:
    """Pack small bundles together and return what was packed.

    A group of bundles is left for the next time when one of them is delivered in the meantime.
    """
    lake.create(DELIVERIES)  # with the columns of this version
    snapshot = lake.snapshot()
    planned = _plan(snapshot, target_bytes=target_bytes)
    packed = [_describe(bundles) for bundles in planned if _pack(snapshot, bundles)]
    _remove_packed(lake.snapshot())
    return packed


def _plan(snapshot: Snapshot, *, target_bytes: int) -> list[list[_Bundle]]:
    """Return the bundles of each pack to be made."""
    sizes = _measure_files(snapshot)
    resting = _find_resting(snapshot, sizes)
    thin, stale = _find_poor_packs(resting, sizes, target_bytes=target_bytes)
    stale |= _find_withdrawn(snapshot)
    chosen = []
    for bundle in resting:
        is_small = bundle.n_bytes < target_bytes * SMALL_SHARE
        is_packed = all(map(is_pack, bundle.files))
        if bundle.files <= thin | stale if is_packed else is_small:
            chosen.append(bundle)
    return [
        bundles
        for bundles in _fill(chosen, target_bytes=target_bytes)
        if _count_sources(bundles) > 1 or any(bundle.files & stale for bundle in bundles)
    ]


def _describe(bundles: Sequence[_Bundle]) -> Packing:
    return Packing(
        bundles=[bundle.name for bundle in bundles],
        n_files=len({file for bundle in bundles for file in bundle.files}),
        n_bytes=round(sum(bundle.n_bytes for bundle in bundles)),
    )


def _measure_files(snapshot: Snapshot) -> dict[str, _File]:
    """Return the size of each file that holds rows of the snapshot."""
    files = snapshot.lake.files
    state_of = files.watch()
    found = {}
    for file in sorted({file for part in snapshot.deliveries for file in part.files}):
        n_bytes, row_bytes = state_of(file).n_bytes, 0.0
        if is_pack(file):
            with files.open(file) as stream:
                row_bytes = n_bytes / pq.read_metadata(stream).num_rows
        found[file] = _File(n_bytes, row_bytes)
    return found


def _find_resting(snapshot: Snapshot, sizes: Mapping[str, _File]) -> list[_Bundle]:
    """Return the bundles whose newest rows are those that were delivered, by name."""
    parts: dict[str, dict[str, Delivery]] = defaultdict(dict)
    for part in snapshot.deliveries:
        parts[part.bundle][part.table_name] = part
    moving = {name for name, tables in parts.items() if len(tables) < len(BUNDLE_TABLES)}
    for table in BUNDLE_TABLES:
        delta = snapshot.lake.open(table)
        own = {} if delta is None else group_files(delta, table)
        for part in snapshot.parts(table):
            is_delivered = own.get(part.bundle, []) == part.files
            if not is_delivered and not (delta is not None and is_as_packed(delta, part)):
                moving.add(part.bundle)
    return [
        _Bundle(name, tables, sum(_part_bytes(part, sizes) for part in tables.values()))
        for name, tables in sorted(parts.items())
        if name not in moving
    ]


def _part_bytes(part: Delivery, sizes: Mapping[str, _File]) -> float:
    return sum(
        part.n_rows * sizes[file].row_bytes if is_pack(file) else sizes[file].n_bytes
        for file in part.files
    )


def _find_poor_packs(
    resting: Sequence[_Bundle], sizes: Mapping[str, _File], *, target_bytes: int
) -> tuple[set[str], set[str]]:
    """Return the files of the packs that hold little, and of those that are mostly out of date."""
    files: dict[str, set[str]] = defaultdict(set)
    live: dict[str, float] = defaultdict(float)
    for bundle in resting:
        for part in bundle.parts.values():
            for file in filter(is_pack, part.files):
                files[pack_of(file)].add(file)
                live[pack_of(file)] += part.n_rows * sizes[file].row_bytes
    thin: set[str] = set()
    stale: set[str] = set()
    for pack, its_files in files.items():
        if live[pack] < target_bytes * THIN_SHARE:
            thin |= its_files
        if live[pack] < sum(sizes[file].n_bytes for file in its_files) * (1 - STALE_SHARE):
            stale |= its_files
    return thin, stale


def _find_withdrawn(snapshot: Snapshot) -> set[str]:
    """Return the files of packs with rows that were withdrawn: written again without them."""
    packs = {pack_of(file) for row in snapshot.lake.withdrawals() for file in row.packs}
    files = {file for part in snapshot.deliveries for file in part.files if is_pack(file)}
    return {file for file in files if pack_of(file) in packs}


def _fill(bundles: Sequence[_Bundle], *, target_bytes: int) -> list[list[_Bundle]]:
    """Return the bundles in their order, divided where a pack is full."""
    packs: list[list[_Bundle]] = []
    room = 0.0
    for bundle in bundles:
        if not packs or room < bundle.n_bytes:
            packs.append([])
            room = target_bytes
        packs[-1].append(bundle)
        room -= bundle.n_bytes
    return packs


def _count_sources(bundles: Sequence[_Bundle]) -> int:
    """Return how many packs and single bundles these are read from."""
    return len(
        {
            pack_of(file) if is_pack(file) else bundle.name
            for bundle in bundles
            for file in bundle.files
        }
    )


def _pack(snapshot: Snapshot, bundles: Sequence[_Bundle]) -> bool:
    """Write a pack and let the deliveries list it; return False if one was delivered meanwhile.

    Raises: LakeError: where a file is not as it was delivered.
    """
    _refuse_damage(snapshot.lake, bundles)
    pack = uuid4().hex
    delivered = []
    for table in BUNDLE_TABLES:
        parts = [bundle.parts[table.name] for bundle in bundles]
        n_bundles = sum(part.n_rows > 0 for part in parts)
        file = name_pack(table, pack, n_bundles=n_bundles)
        if n_bundles:
            _write_pack(snapshot.lake, table, parts, file=file)
        files = [file] if n_bundles else []
        snapshot.lake.files.sync(files)
        sums = [sum_stored(snapshot.lake.files, file) for file in files]
        delivered += [
            replace(part, files=files, sums=sums)
            if part.n_rows
            else replace(part, files=[], sums=[])
            for part in parts
        ]
    listing = snapshot.lake.open_version(DELIVERIES, snapshot.version)
    names = [bundle.name for bundle in bundles]
    try:
        replace_bundles(listing, DELIVERIES.spool(delivered), bundles=names)
    except CommitFailedError:
        return False
    snapshot.lake.sync(DELIVERIES, snapshot.lake.find_live(DELIVERIES))
    return True


def _refuse_damage(lake: Lake, bundles: Sequence[_Bundle]) -> None:
    """Refuse to pack what is damaged: in a pack it would pass for whole."""
    parts = [part for bundle in bundles for part in bundle.parts.values()]
    record = Record(lake.files)
    found = find_damage(parts, record=record)
    record.save()
    if found:
        raise LakeError(explain(found))


def _write_pack(lake: Lake, table: Table[Any], parts: Sequence[Delivery], *, file: str) -> None:
    """Write the rows of `parts` into one file, sorted by bundle and key."""
    rows = lake.parts_sql(table, {part.bundle: part.files for part in parts})
    with lake.files.writing(file) as path:
        copy = (
            f"COPY (FROM {rows} ORDER BY bundle, {key_sql(table)}) TO {quote_sql(str(path))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
        )
        n_rows = connect_shared().execute(copy).fetchall()[0][0]
    expected = sum(part.n_rows for part in parts)
    if n_rows != expected:
        msg = (
            f"{lake}: {table.name} has {n_rows:,} rows where {expected:,} were delivered; nothing "
            "was packed. Take these bundles in again"
        )
        raise LakeError(msg)


def _remove_packed(snapshot: Snapshot) -> None:
    """Remove the rows of packed bundles from their tables, unless a run has written them since.

    A bundle that a run is writing at this moment stays until the next time.
    """
    for table in BUNDLE_TABLES:
        delta = snapshot.lake.open(table)
        if delta is None:
            continue
        own = group_files(delta, table)
        left = [
            part.bundle
            for part in snapshot.parts(table)
            if part.bundle in own and is_as_packed(delta, part)
        ]
        if left:
            with suppress(CommitFailedError):
                remove_bundles(delta, left)
