"""Keep the tables as Delta tables, and say which of their files may be read together.

A bundle's rows are replaced table by table, each in one Delta commit. What joins the commits is
`deliveries`, written last: it lists the files that hold a bundle's rows, and readers open only
files that stand there. A run that dies half-way therefore changes nothing for a reader, and the
superseded files stay until `copydesk.lake.vacuum` removes what no kept snapshot needs.

A bundle's rows lie in files of its own until `copydesk.lake.compaction` packs small bundles
together. In a pack, rows are told apart by their column `bundle`; docs/lake.md tells the whole.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from pyarrow.fs import FileSystem, FileType

from copydesk.rows import Delivery, TableVersion, content_id
from copydesk.tables import BUNDLES, CORPUS_TABLES, DELIVERIES, PUBLISHED_TABLES, Table

DUCKDB_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}
MEMORY_LIMIT = "2GB"  # of one DuckDB connection
ROW_GROUPS = WriterProperties(max_row_group_size=16_384)  # held whole while it is written
# Delta transaction versions: what a commit says about itself, beside its rows.
SNAPSHOT_APP = "copydesk.snapshot"  # the snapshot that a corpus table was made from
CODE_APP = "copydesk.code"  # the code that it was made by, as a number
BUNDLE_APP = "copydesk.bundle."  # the Delta version from which a bundle's rows were last written
CODE_HEX_CHARS = 15  # of the hash of the code: a transaction version has 63 bits
MAX_TRIES = 5  # to write a bundle that is compacted at the same time
PACKS = "packs"  # folder of the files that hold several bundles
GLOB_SIGNS = "*?[]"  # DuckDB takes a path with one of them for a pattern
KEEP_LOGS = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)


@dataclass(frozen=True, slots=True)
class Live:
    """The live part of a table: its Delta version, its files relative to the lake, their rows."""

    version: int
    files: list[str]
    n_rows: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent state of all bundles: a version of `deliveries`, and what stood in it."""

    lake: str
    version: int
    deliveries: tuple[Delivery, ...]

    def parts(self, table: Table[Any]) -> list[Delivery]:
        """Return where each bundle's rows of `table` are."""
        return [part for part in self.deliveries if part.table_name == table.name]

    def read(self, table: Table[Any]) -> pa.RecordBatchReader:
        """Return the rows of `table` over all bundles, in the order of its key."""
        return read_sql(self.relation_sql(table), table)

    def relation_sql(self, table: Table[Any]) -> str:
        """Return SQL that stands for the rows of `table` in a FROM clause."""
        return parts_sql(self.lake, table, {p.bundle: p.files for p in self.parts(table)})


@dataclass(frozen=True, slots=True)
class Contents:
    """All tables of one consistent state: a snapshot, and the corpus tables made from it."""

    snapshot: Snapshot
    corpus: Mapping[str, Live]

    @property
    def corpus_versions(self) -> list[TableVersion]:
        """Delta versions of the corpus tables, in the order of `CORPUS_TABLES`."""
        return [
            TableVersion(table.name, self.corpus[table.name].version) for table in CORPUS_TABLES
        ]

    def relation_sql(self, table: Table[Any]) -> str:
        """Return SQL that stands for the rows of `table` in a FROM clause."""
        if table.is_per_bundle:
            return self.snapshot.relation_sql(table)
        lake = self.snapshot.lake
        return scan_sql([f"{lake}/{file}" for file in self.corpus[table.name].files], table)

    def list_files(self) -> list[str]:
        """Return all files that hold the rows, relative to the lake and sorted."""
        of_bundles = (file for part in self.snapshot.deliveries for file in part.files)
        of_corpus = (file for live in self.corpus.values() for file in live.files)
        return sorted({*of_bundles, *of_corpus})


class _Part(NamedTuple):
    """A file of a Delta table: its path in the table, its rows, and the bundle they are of."""

    path: str
    n_rows: int
    bundle: str | None


class CorpusRows(NamedTuple):
    """Rows over all bundles, the version of the snapshot that they were made from, and the code."""

    rows: pa.RecordBatchReader
    snapshot_version: int
    code: str = ""


def write_bundle_rows(
    lake: str, table: Table[Any], rows: pa.RecordBatchReader, *, bundle: str
) -> Live:
    """Replace the rows that `bundle` has in `table`, in one commit.

    Where a compaction has moved the bundle's rows meanwhile, the rows are written once more.

    Raises: CommitFailedError: where another run has written the bundle meanwhile.
    """
    delta = create_delta(lake, table)
    app = f"{BUNDLE_APP}{bundle}"
    before = delta.transaction_version(app)
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        path = str(Path(folder) / table.name)
        _keep_stream(rows, path)
        for n_left in reversed(range(MAX_TRIES)):
            # Tells a bundle that was written again, perhaps without rows, from one that was packed.
            written = Transaction(app, delta.version() + 1)
            stream = pa.ipc.open_stream(pa.OSFile(path, "r"))
            try:
                write_rows(delta, stream, predicate=_among_sql([bundle]), transactions=[written])
            except CommitFailedError:
                delta = create_delta(lake, table)
                if n_left == 0 or delta.transaction_version(app) != before:
                    raise
            else:
                break
    delta.update_incremental()
    return _live_in(delta, table, bundle=bundle)


def read_bundle_rows(lake: str, table: Table[Any], *, bundle: str) -> pa.RecordBatchReader:
    """Return the newest rows that `bundle` has in `table`, in the order of the table's key."""
    return read_sql(live_sql(lake, table, bundle=bundle), table)


def write_corpus_rows(lake: str, table: Table[Any], made: CorpusRows) -> Live:
    """Replace all rows of `table`, in one commit that names the snapshot they were made from."""
    origin = [
        Transaction(SNAPSHOT_APP, made.snapshot_version),
        Transaction(CODE_APP, _code_number(made.code)),
    ]
    write_rows(create_delta(lake, table), made.rows, transactions=origin)
    return find_live(lake, table)


def find_contents(snapshot: Snapshot, *, code: str = "") -> Contents | None:
    """Return `snapshot` with its corpus, or None until all corpus tables were made from it.

    The corpus tables must come from `code` too: two runs over one snapshot with other decisions
    of people make other entities, and their tables do not go together.
    """
    made = {}
    for table in CORPUS_TABLES:
        delta = open_delta(snapshot.lake, table)
        if (
            delta is None
            or delta.transaction_version(SNAPSHOT_APP) != snapshot.version
            or delta.transaction_version(CODE_APP) != _code_number(code)
        ):
            return None
        made[table.name] = _live_in(delta, table)
    return Contents(snapshot, made)


def find_source(lake: str, bundle: str) -> str | None:
    """Return where the bundle was read from the last time, or None where it is new."""
    rows = BUNDLES.to_rows(read_bundle_rows(lake, BUNDLES, bundle=bundle))
    return next((row.source_uri for row in rows), None)


def read_corpus_rows(lake: str, table: Table[Any]) -> pa.RecordBatchReader:
    """Return all newest rows of `table`, in the order of its key."""
    return read_sql(live_sql(lake, table), table)


def find_live(lake: str, table: Table[Any], *, bundle: str | None = None) -> Live:
    """Return where the newest rows of `table` are: those of one bundle, or all.

    Those of a bundle that was packed, and not written since, are where its delivery says.
    """
    delta = open_delta(lake, table)
    live = _live_in(delta, table, bundle=bundle)
    if delta is None or bundle is None or live.files or table is DELIVERIES:
        return live
    for part in _read_delivery(lake, bundle):
        if part.table_name == table.name and is_as_packed(delta, part):
            return Live(part.version, part.files, part.n_rows)
    return live


def find_version(lake: str, table: Table[Any], version: int) -> Live:
    """Return where the rows of `table` were at a Delta version.

    Raises: FileNotFoundError: where the version or one of its files is not there, or not any more.
    """
    try:
        delta = DeltaTable(_uri(lake, table), version=version)
    except DeltaError as error:
        msg = f"{table.name}: no version {version}"
        raise FileNotFoundError(msg) from error
    live = _live_in(delta, table)
    missing = find_missing(lake, live.files)
    if missing:
        msg = f"{missing[0]}: no such file"
        raise FileNotFoundError(msg)
    return live


def find_missing(lake: str, listed: Iterable[str]) -> list[str]:
    """Return which of the files, given relative to the lake, are not there; sorted."""
    files, root = FileSystem.from_uri(lake)
    found = files.get_file_info([f"{root}/{file}" for file in sorted(set(listed))])
    gone = [info.path for info in found if info.type is not FileType.File]
    return [path.removeprefix(f"{root}/") for path in gone]


def name_pack(table: Table[Any], pack: str, *, n_bundles: int) -> str:
    """Return the file of a pack for a table; its name says of how many bundles it holds rows."""
    return f"{PACKS}/{table.name}/{pack}.{n_bundles}.parquet"


def is_pack(file: str) -> bool:
    """Return whether a file of a delivery holds rows of several bundles."""
    return file.startswith(f"{PACKS}/")


def is_as_packed(delta: DeltaTable, part: Delivery) -> bool:
    """Return whether a bundle was packed and its rows in the table were not written since."""
    written = delta.transaction_version(f"{BUNDLE_APP}{part.bundle}")
    return any(map(is_pack, part.files)) and (written is None or written <= part.version)


def check_lake(lake: str, tables: Sequence[Table[Any]] = PUBLISHED_TABLES) -> None:
    """Refuse a path that DuckDB would take for a pattern, and tables of another version.

    Raises: ValueError: naming the path and the signs, or the table whose columns are others.
    """
    if any(sign in lake for sign in GLOB_SIGNS):
        msg = f"{lake}: the path of a lake may hold none of {' '.join(GLOB_SIGNS)}"
        raise ValueError(msg)
    for table in tables:
        delta = open_delta(lake, table)
        if delta is not None:
            _check_columns(lake, table, delta)


def live_sql(lake: str, table: Table[Any], *, bundle: str | None = None) -> str:
    """Return SQL that stands for the newest rows of `table`: those of one bundle, or all."""
    files = find_live(lake, table, bundle=bundle).files
    if bundle is None:
        return scan_sql([f"{lake}/{file}" for file in files], table)
    return parts_sql(lake, table, {bundle: files})


def open_snapshot(lake: str, *, version: int | None = None) -> Snapshot:
    """Return the newest consistent state of all bundles, or that of a version of `deliveries`.

    Where nothing has been delivered the newest state is an empty one.

    Raises: FileNotFoundError: where that version is not there, or not any more.
    """
    if version is None:
        live = find_live(lake, DELIVERIES)
    else:
        live = find_version(lake, DELIVERIES, version)
    rows = read_files([f"{lake}/{file}" for file in live.files], DELIVERIES)
    return Snapshot(lake, live.version, tuple(DELIVERIES.to_rows(rows)))


def read_files(files: Sequence[str], table: Table[Any]) -> pa.RecordBatchReader:
    """Return the rows of `files` as a stream in the order of the key of `table`."""
    return read_sql(scan_sql(files, table), table)


def read_sql(relation: str, table: Table[Any]) -> pa.RecordBatchReader:
    """Return the rows of a relation as a stream in the order of the key of `table`."""
    found = connect().sql(f"FROM {relation} ORDER BY {key_sql(table)}")
    rows: pa.RecordBatchReader = found.to_arrow_reader(table.batch_rows)
    return rows


def stream_tuples(
    connection: duckdb.DuckDBPyConnection, query: str, *, batch_rows: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, of which so many are in memory at a time."""
    for batch in connection.sql(query).to_arrow_reader(batch_rows):
        yield from zip(*(column.to_pylist() for column in batch), strict=True)


def connect() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection in memory, with a folder of its own for what does not fit there.

    Its memory does not grow with the bundle or the corpus: a sort goes through the folder.

    DuckDB makes the folder only when it needs it, and removes it with the connection.
    """
    spill = Path(tempfile.gettempdir()) / f"copydesk-{uuid4().hex}"
    connection = duckdb.connect(config={"temp_directory": str(spill), "memory_limit": MEMORY_LIMIT})
    connection.execute("SET TimeZone = 'UTC'")  # times are UTC on every machine
    return connection


def scan_sql(files: Sequence[str], table: Table[Any]) -> str:
    """Return SQL that reads `table` from `files`, with its declared columns in their order.

    Where there is no file the relation is empty and still has its columns.
    """
    if not files:
        nulls = ", ".join(
            f'NULL::{_duckdb_type(c.arrow_type)} AS "{c.name}"' for c in table.columns
        )
        return f"(SELECT {nulls} WHERE false)"
    names = _names_sql(table)
    listed = ", ".join(quote_sql(file) for file in files)
    hive = ", hive_partitioning = true, hive_types = {'bundle': VARCHAR}"
    options = hive if table.is_per_bundle else ""
    return f"(SELECT {names} FROM read_parquet([{listed}]{options}))"


def parts_sql(lake: str, table: Table[Any], parts: Mapping[str, Sequence[str]]) -> str:
    """Return SQL that reads `table` from the files of each bundle.

    A pack is read for the bundles that still list it: what it holds of others is out of date.
    """
    own = sorted(file for files in parts.values() for file in files if not is_pack(file))
    packed = defaultdict(list)
    for bundle, files in sorted(parts.items()):
        for file in filter(is_pack, files):
            packed[file].append(bundle)
    scans = [scan_sql([f"{lake}/{file}" for file in own], table)] if own or not packed else []
    for file, bundles in sorted(packed.items()):
        condition = _pack_condition(lake, file, bundles)
        path = quote_sql(f"{lake}/{file}")
        scans.append(f"(SELECT {_names_sql(table)} FROM read_parquet({path}){condition})")
    return scans[0] if len(scans) == 1 else f"({' UNION ALL '.join(f'FROM {s}' for s in scans)})"


def key_sql(table: Table[Any]) -> str:
    """Return the columns of the key of `table`, for an ORDER BY clause."""
    return ", ".join(f'"{column}"' for column in table.key)


def quote_sql(value: str) -> str:
    """Return `value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def open_delta(lake: str, table: Table[Any]) -> DeltaTable | None:
    """Return the newest version of a Delta table, or None where nothing was written yet."""
    try:
        return DeltaTable(_uri(lake, table))
    except TableNotFoundError:
        return None


def create_delta(lake: str, table: Table[Any]) -> DeltaTable:
    """Return the newest version of a Delta table, after making an empty one where it is new.

    Raises: ValueError: as `check_lake` does.
    """
    delta = open_delta(lake, table)
    if delta is not None:
        _check_columns(lake, table, delta)
        return delta
    check_lake(lake, [])
    partition_by = ["bundle"] if table.is_per_bundle else None
    return DeltaTable.create(
        _uri(lake, table),
        schema=table.schema,
        mode="ignore",
        partition_by=partition_by,
        description=table.meaning,
    )


def write_rows(
    delta: DeltaTable,
    rows: pa.RecordBatchReader,
    *,
    predicate: str | None = None,
    transactions: Sequence[Transaction] = (),
) -> None:
    """Put `rows` in the place of all rows of a table, or of those of a predicate, in one commit.

    Raises: CommitFailedError: where another commit since `delta` was opened is in the way.
    """
    write_deltalake(
        delta,
        rows,
        mode="overwrite",
        predicate=predicate,
        writer_properties=ROW_GROUPS,
        commit_properties=CommitProperties(app_transactions=list(transactions)),
        post_commithook_properties=KEEP_LOGS,
    )


def append_rows(
    delta: DeltaTable, rows: pa.RecordBatchReader, *, transactions: Sequence[Transaction]
) -> None:
    """Write `rows` beside those of a table, in one commit.

    Raises: CommitFailedError: where a commit since `delta` was opened names the same transaction.
    """
    write_deltalake(
        delta,
        rows,
        mode="append",
        commit_properties=CommitProperties(app_transactions=list(transactions)),
        post_commithook_properties=KEEP_LOGS,
    )


def replace_bundles(
    delta: DeltaTable, rows: pa.RecordBatchReader, *, bundles: Collection[str]
) -> None:
    """Replace the rows that `bundles` have in a table, in one commit.

    Raises: CommitFailedError: where one of them was written since `delta` was opened.
    """
    write_rows(delta, rows, predicate=_among_sql(bundles))


def remove_bundles(delta: DeltaTable, bundles: Collection[str]) -> None:
    """Remove the rows that `bundles` have in a table, in one commit.

    Raises: CommitFailedError: where one of them was written since `delta` was opened.
    """
    delta.delete(_among_sql(bundles), post_commithook_properties=KEEP_LOGS)


def group_files(delta: DeltaTable, table: Table[Any]) -> dict[str, list[str]]:
    """Return the live files of each bundle of a table, relative to the lake and sorted."""
    found = defaultdict(list)
    for part in _list_parts(delta):
        if part.bundle is not None:
            found[part.bundle].append(f"{table.name}/{part.path}")
    return {bundle: sorted(files) for bundle, files in found.items()}


def _pack_condition(lake: str, file: str, bundles: Collection[str]) -> str:
    """Return the WHERE clause for some bundles of a pack.

    Most packs are read whole, or but for a few bundles. A long list of those to read would be
    right too, but makes DuckDB expect a fifth of the rows, and join in an order that takes twice as
    long.
    """
    n_held = int(PurePosixPath(file).suffixes[0].removeprefix("."))
    if len(bundles) == n_held:
        return ""
    if len(bundles) * 2 < n_held:
        return f" WHERE {_among_sql(bundles)}"
    files, root = FileSystem.from_uri(lake)
    column = pq.ParquetFile(f"{root}/{file}", filesystem=files).read(columns=["bundle"])["bundle"]
    outdated = set(column.unique().to_pylist()).difference(bundles)
    return f" WHERE NOT {_among_sql(map(str, outdated))}"


def _keep_stream(rows: pa.RecordBatchReader, path: str) -> None:
    """Write a stream to a file, to be read more than once."""
    with pa.OSFile(path, "w") as sink, pa.ipc.new_stream(sink, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


def _among_sql(bundles: Iterable[str]) -> str:
    return f"bundle IN ({', '.join(map(quote_sql, sorted(bundles)))})"


def _names_sql(table: Table[Any]) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _check_columns(lake: str, table: Table[Any], delta: DeltaTable) -> None:
    if {field.name for field in delta.schema().fields} != {c.name for c in table.columns}:
        msg = (
            f"{lake}: another version of copydesk made {table.name}; remove that folder "
            "and run again"
        )
        raise ValueError(msg)


def _read_delivery(lake: str, bundle: str) -> Iterator[Delivery]:
    """Yield where a bundle was delivered; without DuckDB, which takes longer to start."""
    files, root = FileSystem.from_uri(lake)
    for file in _live_in(open_delta(lake, DELIVERIES), DELIVERIES, bundle=bundle).files:
        rows = pq.ParquetFile(f"{root}/{file}", filesystem=files).read()
        yield from (Delivery(bundle=bundle, **row) for row in rows.to_pylist())


def _live_in(delta: DeltaTable | None, table: Table[Any], *, bundle: str | None = None) -> Live:
    if delta is None:
        return Live(-1, [], 0)
    mine = [part for part in _list_parts(delta) if bundle is None or part.bundle == bundle]
    files = sorted(f"{table.name}/{part.path}" for part in mine)
    return Live(delta.version(), files, sum(part.n_rows for part in mine))


def _list_parts(delta: DeltaTable) -> list[_Part]:
    found = pa.table(delta.get_add_actions(flatten=True))
    # The other columns are statistics of every column of the table: ten times as much to read.
    wanted = {"path", "num_records", "partition.bundle"}
    rows = found.select([name for name in found.column_names if name in wanted]).to_pylist()
    return [
        _Part(unquote(row["path"]), row["num_records"], row.get("partition.bundle")) for row in rows
    ]


def _code_number(code: str) -> int:
    return int(content_id(code)[:CODE_HEX_CHARS], 16)


def _uri(lake: str, table: Table[Any]) -> str:
    return f"{lake}/{table.name}"


def _duckdb_type(arrow_type: pa.DataType) -> str:
    if pa.types.is_list(arrow_type):
        return f"{_duckdb_type(arrow_type.value_type)}[]"
    if pa.types.is_struct(arrow_type):
        fields = [f'"{field.name}" {_duckdb_type(field.type)}' for field in arrow_type]
        return f"STRUCT({', '.join(fields)})"
    return DUCKDB_TYPES[arrow_type]
