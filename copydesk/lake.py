"""Keep the tables as Delta tables, and say which of their files may be read together.

A bundle's rows are replaced table by table, each in one Delta commit. What joins the commits is
`deliveries`, written last: it lists the files that hold a bundle's rows, and readers open only
files that stand there. A run that dies half-way therefore changes nothing for a reader, and the
superseded files stay until a vacuum, which keeps every open snapshot whole.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

import duckdb
import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import TableNotFoundError

from copydesk.model import Delivery
from copydesk.tables import BUNDLES, DELIVERIES, PUBLISHED_TABLES, Table

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
SNAPSHOT_APP = "copydesk.snapshot"  # its Delta transaction version: the snapshot of a corpus table
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

    def files(self, table: Table[Any]) -> list[str]:
        """Return the files that hold the rows of `table`, sorted."""
        return sorted(
            f"{self.lake}/{file}"
            for delivery in self.deliveries
            if delivery.table_name == table.name
            for file in delivery.files
        )

    def read(self, table: Table[Any]) -> pa.RecordBatchReader:
        """Return the rows of `table` over all bundles, in the order of its key."""
        return read_files(self.files(table), table)

    def relation_sql(self, table: Table[Any]) -> str:
        """Return SQL that stands for the rows of `table` in a FROM clause."""
        return scan_sql(self.files(table), table)


class CorpusRows(NamedTuple):
    """Rows over all bundles, and the version of the snapshot that they were made from."""

    rows: pa.RecordBatchReader
    snapshot_version: int


def write_bundle_rows(
    lake: str, table: Table[Any], rows: pa.RecordBatchReader, *, bundle: str
) -> Live:
    """Replace the rows that `bundle` has in `table`, in one commit."""
    _write(_create(lake, table), rows, predicate=f"bundle = {quote_sql(bundle)}")
    return find_live(lake, table, bundle=bundle)


def read_bundle_rows(lake: str, table: Table[Any], *, bundle: str) -> pa.RecordBatchReader:
    """Return the newest rows that `bundle` has in `table`, in the order of the table's key."""
    live = find_live(lake, table, bundle=bundle)
    return read_files([f"{lake}/{file}" for file in live.files], table)


def write_corpus_rows(lake: str, table: Table[Any], made: CorpusRows) -> Live:
    """Replace all rows of `table`, in one commit that names the snapshot they were made from."""
    origin = Transaction(SNAPSHOT_APP, made.snapshot_version)
    _write(_create(lake, table), made.rows, transactions=[origin])
    return find_live(lake, table)


def corpus_files(lake: str, table: Table[Any], *, snapshot_version: int) -> list[str] | None:
    """Return the live files of `table`, or None where it was made from another snapshot."""
    delta = _open(lake, table)
    if delta is None or delta.transaction_version(SNAPSHOT_APP) != snapshot_version:
        return None
    return [f"{lake}/{file}" for file in find_live(lake, table).files]


def find_source(lake: str, bundle: str) -> str | None:
    """Return where the bundle was read from the last time, or None where it is new."""
    rows = BUNDLES.to_rows(read_bundle_rows(lake, BUNDLES, bundle=bundle))
    return next((row.source_uri for row in rows), None)


def read_corpus_rows(lake: str, table: Table[Any]) -> pa.RecordBatchReader:
    """Return all newest rows of `table`, in the order of its key."""
    live = find_live(lake, table)
    return read_files([f"{lake}/{file}" for file in live.files], table)


def find_live(lake: str, table: Table[Any], *, bundle: str | None = None) -> Live:
    """Return where the newest rows of `table` are: those of one bundle, or all."""
    delta = _open(lake, table)
    if delta is None:
        return Live(-1, [], 0)
    parts = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    mine = [part for part in parts if bundle is None or part["partition.bundle"] == bundle]
    files = sorted(f"{table.name}/{unquote(part['path'])}" for part in mine)
    return Live(delta.version(), files, sum(part["num_records"] for part in mine))


def check_lake(lake: str, tables: Sequence[Table[Any]] = PUBLISHED_TABLES) -> None:
    """Refuse a path that DuckDB would take for a pattern, and tables of another version.

    Raises: ValueError: naming the path and the signs, or the table whose columns are others.
    """
    if any(sign in lake for sign in GLOB_SIGNS):
        msg = f"{lake}: the path of a lake may hold none of {' '.join(GLOB_SIGNS)}"
        raise ValueError(msg)
    for table in tables:
        delta = _open(lake, table)
        names = {field.name for field in delta.schema().fields} if delta else None
        if names is not None and names != {column.name for column in table.columns}:
            msg = (
                f"{lake}: another version of copydesk made {table.name}; remove that folder "
                "and run again"
            )
            raise ValueError(msg)


def live_sql(lake: str, table: Table[Any], *, bundle: str | None = None) -> str:
    """Return SQL that stands for the newest rows of `table`: those of one bundle, or all."""
    return scan_sql(
        [f"{lake}/{file}" for file in find_live(lake, table, bundle=bundle).files], table
    )


def open_snapshot(lake: str) -> Snapshot:
    """Return the newest consistent state of all bundles; an empty one where there is none."""
    live = find_live(lake, DELIVERIES)
    rows = read_files([f"{lake}/{file}" for file in live.files], DELIVERIES)
    return Snapshot(lake, live.version, tuple(DELIVERIES.to_rows(rows)))


def read_files(files: Sequence[str], table: Table[Any]) -> pa.RecordBatchReader:
    """Return the rows of `files` as a stream in the order of the key of `table`."""
    order = ", ".join(f'"{column}"' for column in table.key)
    found = connect().sql(f"FROM {scan_sql(files, table)} ORDER BY {order}")
    rows: pa.RecordBatchReader = found.to_arrow_reader(table.batch_rows)
    return rows


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
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    listed = ", ".join(quote_sql(file) for file in files)
    hive = ", hive_partitioning = true, hive_types = {'bundle': VARCHAR}"
    options = hive if table.is_per_bundle else ""
    return f"(SELECT {names} FROM read_parquet([{listed}]{options}))"


def quote_sql(value: str) -> str:
    """Return `value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def _uri(lake: str, table: Table[Any]) -> str:
    return f"{lake}/{table.name}"


def _open(lake: str, table: Table[Any]) -> DeltaTable | None:
    try:
        return DeltaTable(_uri(lake, table))
    except TableNotFoundError:
        return None


def _create(lake: str, table: Table[Any]) -> str:
    check_lake(lake, [table])
    uri = _uri(lake, table)
    partition_by = ["bundle"] if table.is_per_bundle else None
    DeltaTable.create(
        uri,
        schema=table.schema,
        mode="ignore",
        partition_by=partition_by,
        description=table.meaning,
    )
    return uri


def _write(
    uri: str,
    rows: pa.RecordBatchReader,
    *,
    predicate: str | None = None,
    transactions: Sequence[Transaction] = (),
) -> None:
    write_deltalake(
        uri,
        rows,
        mode="overwrite",
        predicate=predicate,
        writer_properties=ROW_GROUPS,
        commit_properties=CommitProperties(app_transactions=list(transactions)),
        post_commithook_properties=KEEP_LOGS,
    )


def _duckdb_type(arrow_type: pa.DataType) -> str:
    if pa.types.is_list(arrow_type):
        return f"{_duckdb_type(arrow_type.value_type)}[]"
    if pa.types.is_struct(arrow_type):
        fields = [f'"{field.name}" {_duckdb_type(field.type)}' for field in arrow_type]
        return f"STRUCT({', '.join(fields)})"
    return DUCKDB_TYPES[arrow_type]
