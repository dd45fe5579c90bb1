"""The tables of a project under one address: read them, replace rows, open what was delivered.

Each table is a Delta table. A bundle's rows are replaced table by table, each in one Delta commit.
What joins the commits is `deliveries`, written last: it lists the files that hold a bundle's rows,
and a snapshot opens only files that are listed there. A run that dies half-way therefore changes
nothing for readers, and superseded files stay until `copydesk.lake.vacuum` removes what no kept
snapshot needs.

A bundle's rows are in files of its own until `copydesk.lake.compaction` packs small bundles
together. In a pack, the column `bundle` says which bundle a row belongs to (docs/lake.md).
"""

import re
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.damage import explain_damage, explain_log
from copydesk.lake.delta import BUNDLE_APP, CorpusRows, keep_stream, transactions_of, write_rows
from copydesk.lake.hidden import drop_hidden, explain_withdrawn, find_hidden
from copydesk.lake.ledger import (
    DELIVERIES,
    PUBLICATIONS,
    WITHDRAWALS,
    Delivery,
    Publication,
    Withdrawal,
)
from copydesk.lake.live import LOG_FOLDER, Live, list_newest, live_in
from copydesk.lake.packs import count_bundles, is_as_packed, is_pack
from copydesk.lake.record import forget_table
from copydesk.lake.sql import among_sql, columns_sql, connect_views, quote_sql, read_sql, scan_sql
from copydesk.lake.sums import FileSum
from copydesk.lake.upgrade import (
    find_lacking,
    read_deliveries,
    refuse_other,
    scan_ledger,
    upgrade_ledger,
)
from copydesk.storage.files import Files, open_files
from copydesk.system.scratch import find_scratch
from copydesk.tables import PUBLISHED_TABLES, Table

MAX_TRIES = 5  # to write a bundle that is compacted at the same time
WORD = re.compile(r"\w+")
# DuckDB takes a path with one of the first four for a pattern; Delta reads a backslash as a slash,
# and `%20` as a space.
UNSAFE_IN_PATH = re.compile(r"[*?\[\]\\]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Lake:
    """The Delta tables of a project, by the address of their folder."""

    uri: str

    def __str__(self) -> str:
        """Return the address, as messages show it."""
        return self.uri

    def path_of(self, file: str) -> str:
        """Return the full path of a file that is given relative to the lake."""
        return f"{self.uri}/{file}"

    def place(self, file: str) -> Path:
        """Return the path of a file of a lake on this machine."""
        return Path(self.uri) / file

    @property
    def files(self) -> Files:
        """The files of the lake, wherever it is."""
        return open_files(self.uri)

    def check(self, tables: Sequence[Table[Any]] = PUBLISHED_TABLES) -> None:
        """Refuse a path that DuckDB or Delta would read as another, and tables of another version.

        Raises: LakeError: naming the path and the characters, or the table with other columns.
        """
        if not self.uri.isprintable() or UNSAFE_IN_PATH.search(self.uri):
            shown = self.uri if self.uri.isprintable() else ascii(self.uri)
            msg = (
                f"{shown}: the path of a lake must not contain any of * ? [ ] \\, a line end, "
                "or % before two digits"
            )
            raise LakeError(msg)
        for table in tables:
            delta = self.open(table)
            if delta is not None:
                refuse_other(self, delta, table)

    def open(self, table: Table[Any]) -> DeltaTable | None:
        """Return the newest version of a Delta table, or None if nothing was written yet.

        Raises: LakeError: if its log cannot be read.
        """
        try:
            return self._open_delta(table)
        except TableNotFoundError as error:
            if self.files.exists(f"{table.name}/{LOG_FOLDER}"):
                raise explain_log(self, table, error) from error
            return None
        except (DeltaError, OSError, ValueError) as error:
            raise explain_log(self, table, error) from error

    def create(self, table: Table[Any]) -> DeltaTable:
        """Return the newest version of a Delta table, making an empty one if there is none.

        Raises: LakeError: as `check` does.
        """
        delta = self.open(table)
        if delta is not None and find_lacking(delta, table):
            upgrade_ledger(self.files, delta, table)
            delta = self.open(table)
        if delta is not None:
            refuse_other(self, delta, table)
            return delta
        self.check([])
        self.files.check()
        forget_table(self.files, table.name)
        try:
            return DeltaTable.create(
                self.path_of(table.name),
                schema=table.schema,
                mode="ignore",
                partition_by=["bundle"] if table.is_per_bundle else None,
                description=table.meaning,
                storage_options=self.files.options,
            )
        except (DeltaError, OSError):
            made = self.open(table)  # by another writer, or by us where the answer was lost
            if made is None:
                raise
            return made

    def read(self, table: Table[Any], *, bundle: str | None = None) -> pa.RecordBatchReader:
        """Return the newest rows of `table`, of one bundle or all, in the order of its key."""
        with explain_damage(self, table):
            return read_sql(self.relation_sql(table, bundle=bundle), table)

    def relation_sql(self, table: Table[Any], *, bundle: str | None = None) -> str:
        """Return SQL for a FROM clause: the newest rows of `table`, of one bundle or all."""
        files = self.find_live(table, bundle=bundle).files
        if bundle is None:
            return scan_sql([self.path_of(file) for file in files], table)
        return self.parts_sql(table, {bundle: files})

    def connect(
        self, queries: Iterable[str], *, bundle: str | None = None
    ) -> duckdb.DuckDBPyConnection:
        """Return a connection that shows the tables that `queries` name, of one bundle or all."""
        words = {word for query in queries for word in WORD.findall(query)}
        return connect_views(
            {
                table.name: self.relation_sql(table, bundle=bundle if table.is_per_bundle else None)
                for table in (*PUBLISHED_TABLES, DELIVERIES)
                if table.name in words
            }
        )

    def parts_sql(self, table: Table[Any], parts: Mapping[str, Sequence[str]]) -> str:
        """Return SQL that reads `table` from the files of each bundle.

        A pack is read for the bundles that still list it; its other rows are out of date.
        """
        own = sorted(file for files in parts.values() for file in files if not is_pack(file))
        packed = defaultdict(list)
        for bundle, files in sorted(parts.items()):
            for file in filter(is_pack, files):
                packed[file].append(bundle)
        scans = []
        if own or not packed:
            scans.append(scan_sql([self.path_of(file) for file in own], table))
        for file, bundles in sorted(packed.items()):
            path = quote_sql(self.path_of(file))
            condition = self._pack_condition(file, bundles)
            scans.append(f"(SELECT {columns_sql(table)} FROM read_parquet({path}){condition})")
        if len(scans) == 1:
            return scans[0]
        return f"({' UNION ALL '.join(f'FROM {scan}' for scan in scans)})"

    def replace(self, table: Table[Any], rows: pa.RecordBatchReader, *, bundle: str) -> Live:
        """Replace the rows that `bundle` has in `table`, in one commit.

        If a compaction has moved the bundle's rows meanwhile, the rows are written once more.
        Rows of withdrawn articles are left out.

        Raises:
            CommitFailedError: if another run has written the bundle meanwhile.
            LakeError: if the bundle was withdrawn.
        """
        hidden = find_hidden(self.withdrawals(), bundle)
        if hidden.is_whole:
            raise LakeError(explain_withdrawn(bundle))
        rows = drop_hidden(rows, hidden)
        delta = self.create(table)
        app = f"{BUNDLE_APP}{bundle}"
        before = delta.transaction_version(app)
        with tempfile.TemporaryDirectory(dir=find_scratch()) as folder:
            path = str(Path(folder) / table.name)
            keep_stream(rows, path)
            for n_left in reversed(range(MAX_TRIES)):
                # Marks a bundle as written again, perhaps without rows, and not packed.
                written = Transaction(app, delta.version() + 1)
                stream = pa.ipc.open_stream(pa.OSFile(path, "r"))
                try:
                    write_rows(delta, stream, predicate=among_sql([bundle]), transactions=[written])
                except CommitFailedError:
                    delta = self.create(table)
                    if n_left == 0 or delta.transaction_version(app) != before:
                        raise
                else:
                    break
        delta.update_incremental()
        live = live_in(delta, table, bundle=bundle)
        if table is DELIVERIES:
            self.sync(table, live)
        return live

    def replace_corpus(self, table: Table[Any], made: CorpusRows) -> Live:
        """Replace all rows of `table`, in one commit that names the snapshot they are made from."""
        write_rows(self.create(table), made.rows, transactions=transactions_of(made))
        return self.find_live(table)

    def sync(self, table: Table[Any], live: Live) -> None:
        """Return once a commit and its files are there past a power failure."""
        self.files.sync([*live.files, f"{table.name}/{LOG_FOLDER}/{live.version:020}.json"])

    def snapshot(self, *, version: int | None = None) -> "Snapshot":
        """Return the newest consistent state of all bundles, or that of a version of `deliveries`.

        If nothing has been delivered, the newest state is empty.

        Raises: SnapshotError: if that version or one of its files is not there.
        """
        named = None if version is None else self.open_version(DELIVERIES, version)
        delta = self.open(DELIVERIES) if named is None else named
        with explain_damage(self, DELIVERIES):
            deliveries = read_deliveries(self.files, delta)
        return Snapshot(self, -1 if delta is None else delta.version(), deliveries)

    def history(self) -> list[Publication]:
        """Return everything that was ever published, in its order."""
        listed = scan_ledger(self.files, self.open(PUBLICATIONS), PUBLICATIONS)
        with explain_damage(self, PUBLICATIONS):
            return list(PUBLICATIONS.to_rows(read_sql(listed, PUBLICATIONS)))

    def withdrawals(self) -> list[Withdrawal]:
        """Return every decision to withdraw an article or a bundle, in its order."""
        with explain_damage(self, WITHDRAWALS):
            return list(WITHDRAWALS.to_rows(self.read(WITHDRAWALS)))

    def find_live(self, table: Table[Any], *, bundle: str | None = None) -> Live:
        """Return where the newest rows of `table` are: those of one bundle, or all.

        The rows of a bundle that was packed and not written since are where its delivery says.
        """
        live = list_newest(self.files, table, self.open).live(table, bundle=bundle)
        if bundle is None or live.files or table is DELIVERIES:
            return live
        delta = self.open(table)
        if delta is None:
            return live
        for part in self.read_delivery(bundle):
            if part.table_name == table.name and is_as_packed(delta, part):
                return Live(part.version, part.files, part.n_rows)
        return live

    def find_version(self, table: Table[Any], version: int) -> Live:
        """Return where the rows of `table` were at a Delta version.

        Raises: SnapshotError: if the version or one of its files is not there.
        """
        return live_in(self.open_version(table, version), table)

    def version_sql(self, table: Table[Any], version: int) -> str:
        """Return SQL for a FROM clause: the rows of `table` at a Delta version.

        Raises: SnapshotError: if the version or one of its files is not there.
        """
        files = self.find_version(table, version).files
        return scan_sql([self.path_of(file) for file in files], table)

    def find_missing(self, listed: Iterable[str]) -> list[str]:
        """Return which of the files, given relative to the lake, are not there; sorted."""
        return self.files.find_missing(list(listed))

    def _open_delta(self, table: Table[Any], *, version: int | None = None) -> DeltaTable:
        place = self.path_of(table.name)
        try:
            return DeltaTable(place, version=version, storage_options=self.files.options)
        except OSError as error:
            raise self.files.explain(error) from error

    def open_version(self, table: Table[Any], version: int) -> DeltaTable:
        """Return a version of a Delta table.

        Raises: SnapshotError: if it or one of its files is not there.
        """
        try:
            delta = self._open_delta(table, version=version)
        except (DeltaError, OSError, ValueError) as error:
            msg = f"{table.name}: no version {version}"
            raise SnapshotError(msg) from error
        missing = self.find_missing(live_in(delta, table).files)
        if missing:
            msg = f"{missing[0]}: no such file"
            raise SnapshotError(msg)
        return delta

    def _pack_condition(self, file: str, bundles: Collection[str]) -> str:
        """Return the WHERE clause for some bundles of a pack.

        Most packs are read whole or without a few bundles. A long list of the bundles to read would
        be right too, but then DuckDB expects a fifth of the rows and joins in an order that takes
        twice as long.
        """
        n_held = count_bundles(file)
        if len(bundles) == n_held:
            return ""
        if len(bundles) * 2 < n_held:
            return f" WHERE {among_sql(bundles)}"
        column = self._read_parquet(file, columns=["bundle"])["bundle"]
        outdated = set(column.unique().to_pylist()).difference(bundles)
        return f" WHERE NOT {among_sql(map(str, outdated))}"

    def read_delivery(self, bundle: str) -> Iterator[Delivery]:
        """Yield where a bundle was delivered; without DuckDB, which takes longer to start."""
        for file in self.find_live(DELIVERIES, bundle=bundle).files:
            with explain_damage(self, DELIVERIES):
                rows = self._read_parquet(file).to_pylist()
            for row in rows:
                sums = [FileSum(**each) for each in row.pop("sums", [])]
                yield Delivery(bundle=bundle, sums=sums, **row)

    def _read_parquet(self, file: str, *, columns: list[str] | None = None) -> pa.Table:
        with self.files.open(file) as stream:
            return pq.ParquetFile(stream).read(columns=columns)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent state of all bundles: a version of `deliveries`, and what it lists."""

    lake: Lake
    version: int
    deliveries: tuple[Delivery, ...]

    def parts(self, table: Table[Any]) -> list[Delivery]:
        """Return where each bundle's rows of `table` are."""
        return [part for part in self.deliveries if part.table_name == table.name]

    def read(self, table: Table[Any]) -> pa.RecordBatchReader:
        """Return the rows of `table` over all bundles, in the order of its key."""
        return read_sql(self.relation_sql(table), table)

    def relation_sql(self, table: Table[Any]) -> str:
        """Return SQL for a FROM clause: the rows of `table` over all bundles."""
        return self.lake.parts_sql(table, {p.bundle: p.files for p in self.parts(table)})
