"""Know what is delivered, without reading all of it at each look.

`deliveries` has a file for each bundle, and 100,000 files take a minute to read. None of them ever
changes, so each is read once. What was read stays in memory, and in a file beside the inbox's notes
for the next process. That file is only a memory: it can be deleted at any time. Where there is much
to read, it is read over several looks.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import AnyRow
from copydesk.corrections.pages import Touching, find_touching
from copydesk.lake.damage import explain_damage
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.live import live_in
from copydesk.lake.sql import connect_shared, quote_sql
from copydesk.publishing.origin import Origin, origin_of_files
from copydesk.tables import BUNDLE_TABLES, BUNDLES, RAW_ARTICLES

KEPT = ".deliveries.arrow"
LAST_TABLE = BUNDLE_TABLES[-1].name  # its fingerprint contains those of all tables before it
READ_AT_ONCE = 2_000  # files
MAX_READ_SECONDS = 10.0  # of a look, after which the rest waits for the next one
MOST_UNKEPT = 1_000  # files that are read again by the next process; half a second
SCHEMA = pa.schema(
    {
        "file": pa.string(),
        "bundle": pa.string(),
        "print": pa.string(),
        "files": pa.list_(pa.string()),
        "bundle_files": pa.list_(pa.string()),
    }
)
READ = """
SELECT filename AS file, bundle, any_value(fingerprint) FILTER (table_name = '{last}') AS print,
       flatten(list(files)) AS files,
       flatten(list(files) FILTER (table_name = '{bundles}')) AS bundle_files
FROM read_parquet(
    [{paths}], hive_partitioning = true, hive_types = {{'bundle': VARCHAR}}, filename = true
)
GROUP BY filename, bundle
"""


@dataclass(frozen=True)
class Delivered:
    """A version of what is delivered; what is asked of it stays in memory."""

    lake: Lake
    table_id: str
    version: int
    rows: pa.Table
    """A row for each file of `deliveries`: its bundle, and the files that it lists."""
    n_unread: int = 0
    """Files that are left for the next look; until then nobody knows what is delivered."""

    @cached_property
    def prints(self) -> Mapping[str, str]:
        """The fingerprint of the last table of each bundle, which says what it was made from."""
        found = zip(self._list("bundle"), self._list("print"), strict=True)
        return {bundle: print_ for bundle, print_ in found if print_ is not None}

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Where each bundle was read from; only what this process has not read yet is read."""
        listed = zip(self._list("bundle"), self._list("bundle_files"), strict=True)
        wanted = {bundle: tuple(files or ()) for bundle, files in listed}
        known = _sources.setdefault(self.lake, {})
        new = {
            bundle: files
            for bundle, files in wanted.items()
            if bundle not in known or known[bundle].files != files
        }
        relation = self.lake.parts_sql(BUNDLES, new)
        with explain_damage(self.lake, BUNDLES):
            found = connect_shared().sql(f"SELECT bundle, source_uri FROM {relation}").fetchall()
        for bundle, source in found:
            known[bundle] = _Source(wanted[bundle], source)
        return {bundle: known[bundle].source for bundle in wanted if bundle in known}

    def find_touching(
        self, corrections: tuple[Placed[AnyRow], ...]
    ) -> Mapping[str, Sequence[Touching]]:
        """Return the corrections that each bundle takes up; found once for the same ones."""
        if not corrections:
            return {}
        if not self._touching or self._touching[0][0] != corrections:
            pages = self.lake.snapshot().relation_sql(RAW_ARTICLES)
            self._touching[:] = [(corrections, find_touching(corrections, pages))]
        return self._touching[0][1]

    @cached_property
    def _touching(
        self,
    ) -> list[tuple[tuple[Placed[AnyRow], ...], Mapping[str, Sequence[Touching]]]]:
        return []

    def snapshot_of(self, bundle: str) -> Snapshot:
        """Return what is delivered of one bundle alone, as it is now."""
        return Snapshot(self.lake, self.version, tuple(self.lake.read_delivery(bundle)))

    def origin(self, code_versions: Mapping[str, str]) -> Origin:
        """Return the origin that a catalogue of all this has with this code."""
        asked = tuple(sorted(code_versions.items()))
        if asked not in self._origins:
            files = chain.from_iterable(self._list("files"))
            self._origins[asked] = origin_of_files(
                self.lake, self.version, files, code_versions=code_versions
            )
        return self._origins[asked]

    def _list(self, column: str) -> list[Any]:
        return self.rows[column].to_pylist()

    @cached_property
    def _origins(self) -> dict[tuple[tuple[str, str], ...], Origin]:
        return {}


class _Source(NamedTuple):
    """Where a bundle was read from, as some files say."""

    files: tuple[str, ...]
    source: str


# What this process saw last; one thread looks, and others wait for what it finds.
_last: dict[Lake, Delivered] = {}
_sources: dict[Lake, dict[str, _Source]] = {}
_looking = threading.Lock()


def open_delivered(lake: Lake, kept: Path) -> Delivered:
    """Return what is delivered now; only what is new since the last look is read.

    What is read of many bundles is written to `kept`, from which the next process starts.
    """
    delta = lake.open(DELIVERIES)
    if delta is None:
        return Delivered(lake, "", -1, SCHEMA.empty_table())
    table_id, version = str(delta.metadata().id), delta.version()
    with _looking:
        last = _last.get(lake)
        if last is None or last.table_id != table_id:
            last = Delivered(lake, table_id, -1, _read_kept(kept))
        if last.version != version or last.n_unread:
            last = Delivered(lake, table_id, version, *_read(lake, delta, last.rows, kept))
        _last[lake] = last
        return last


def _read(lake: Lake, delta: DeltaTable, known: pa.Table, kept: Path) -> tuple[pa.Table, int]:
    """Return the rows of the live files, and how many of these there was no time to read."""
    listed = [lake.path_of(file) for file in live_in(delta, DELIVERIES).files]
    rows = known.filter(pc.is_in(known["file"], pa.array(listed, pa.string())))
    known_files = set(rows["file"].to_pylist())
    new = [path for path in listed if path not in known_files]
    stop_at = time.monotonic() + MAX_READ_SECONDS
    parts, n_read = [rows], 0
    while n_read < len(new) and time.monotonic() < stop_at:
        part = new[n_read : n_read + READ_AT_ONCE]
        parts.append(read_files(lake, part))
        n_read += len(part)
    rows = pa.concat_tables(parts).combine_chunks()
    if n_read >= MOST_UNKEPT:
        _write_kept(kept, rows)
    return rows, len(new) - n_read


def forget() -> None:
    """Let this process begin as a new one does."""
    _last.clear()
    _sources.clear()


def read_files(lake: Lake, paths: Sequence[str]) -> pa.Table:
    """Return the rows of some files of `deliveries`.

    Raises: LakeError: if one cannot be read.
    """
    listed = ", ".join(map(quote_sql, paths))
    query = READ.format(last=LAST_TABLE, bundles=BUNDLES.name, paths=listed)
    with explain_damage(lake, DELIVERIES):
        found: pa.Table = connect_shared().sql(query).to_arrow_table()
    return found.cast(SCHEMA)


def _read_kept(kept: Path) -> pa.Table:
    """Return what an earlier process has read, or nothing where that cannot be read."""
    try:
        with pa.ipc.open_file(str(kept)) as reader:
            rows = reader.read_all()
    except (OSError, pa.ArrowException):
        return SCHEMA.empty_table()
    return rows if rows.schema == SCHEMA else SCHEMA.empty_table()


def _write_kept(kept: Path, rows: pa.Table) -> None:
    draft = kept.with_name(f"{kept.name}.draft")
    with suppress(OSError):  # without it the next process reads the files again
        with pa.ipc.new_file(str(draft), rows.schema) as writer:
            writer.write_table(rows)
        draft.replace(kept)
