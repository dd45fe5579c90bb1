"""Open DuckDB connections, load queries from `.sql` files, and write SQL over files of the lake."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from copydesk.storage.files import reach_stores
from copydesk.system.scratch import find_scratch
from copydesk.tables import Table

DUCKDB_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}
UNREADABLE = (duckdb.Error, pa.ArrowException, OSError)
"""What reading a file raises that is gone or damaged; DuckDB's own errors are among them."""
MEMORY_LIMIT = "2GB"  # of one DuckDB connection


def load_sql(package: str, name: str) -> str:
    """Return the text of a query, which is the file `<name>.sql` of a package."""
    return (files(package) / f"{name}.sql").read_text("utf-8")


def connect() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection in memory, with a folder of its own for what does not fit there.

    Its memory does not grow with the bundle or the corpus: a sort goes through the folder, which
    DuckDB makes only when it needs it, and removes with the connection.
    """
    spill = find_scratch() / uuid4().hex
    connection = duckdb.connect(config={"temp_directory": str(spill), "memory_limit": MEMORY_LIMIT})
    connection.execute("SET enable_progress_bar = false")  # on by default in some processes
    return _prepare(connection)


def connect_shared() -> duckdb.DuckDBPyConnection:
    """Return a connection to the one database of this process, for what creates no table.

    A new database takes longer than most queries. Its connections share memory and folder; what
    each registers, and its temporary views, no other one sees.
    """
    process = os.getpid()
    try:
        return _prepare(_open_shared(process).cursor())
    except duckdb.Error:
        # After an error inside DuckDB a database refuses everything, for good.
        _open_shared.cache_clear()
        return _prepare(_open_shared(process).cursor())


@cache
def _open_shared(_process: int) -> duckdb.DuckDBPyConnection:
    database = connect()  # a process that was forked has none of the threads of another one's
    # It lives as long as the process, and would keep what it has read of files for as long.
    database.execute("SET enable_external_file_cache = false")
    return database


def _prepare(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a connection on which times are UTC on every machine, and that reaches our stores."""
    connection.execute("SET TimeZone = 'UTC'")  # a setting of the connection, not of the database
    reach_stores(connection)
    return connection


def connect_views(relations: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """Return a connection that shows each relation, which is SQL for a FROM clause, by its name."""
    connection = connect_shared()
    for name, relation in relations.items():
        connection.execute(f'CREATE TEMP VIEW "{name}" AS FROM {relation}')
    return connection


def read_sql(relation: str, table: Table[Any]) -> pa.RecordBatchReader:
    """Return the rows of a relation as a stream in the order of the key of `table`."""
    found = connect_shared().sql(f"FROM {relation} ORDER BY {key_sql(table)}")
    rows: pa.RecordBatchReader = found.to_arrow_reader(table.batch_rows)
    return rows


def count_differing(
    one: str, other: str, *, connection: duckdb.DuckDBPyConnection | None = None
) -> int:
    """Return how many rows only one of two relations has, each SQL for a FROM clause."""
    query = (
        f"SELECT (SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {other})) "
        f"+ (SELECT count(*) FROM (FROM {other} EXCEPT ALL FROM {one}))"
    )
    return int((connection or connect_shared()).execute(query).fetchall()[0][0])


def stream_tuples(
    connection: duckdb.DuckDBPyConnection, query: str, *, batch_rows: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query; at most `batch_rows` of them are in memory at a time."""
    for batch in connection.sql(query).to_arrow_reader(batch_rows):
        yield from zip(*(column.to_pylist() for column in batch), strict=True)


def scan_sql(
    paths: Sequence[str], table: Table[Any], *, lacking: Collection[str] = frozenset()
) -> str:
    """Return SQL that reads `table` from files, with its declared columns in their order.

    Where there is no file the relation is empty and still has its columns. The columns of lists
    that the files are `lacking` are empty lists.
    """
    if not paths:
        nulls = ", ".join(
            f'NULL::{_duckdb_type(c.arrow_type)} AS "{c.name}"' for c in table.columns
        )
        return f"(SELECT {nulls} WHERE false)"
    listed = ", ".join(map(quote_sql, paths))
    hive = ", hive_partitioning = true, hive_types = {'bundle': VARCHAR}"
    options = hive if table.is_per_bundle else ""
    if table.added:  # null in files of older versions, which lack them
        options += ", union_by_name = true"
        nulls = ", ".join(
            f'NULL::{_duckdb_type(c.arrow_type)} AS "{c.name}"'
            for c in table.columns
            if c.name in table.added
        )
        rows = (
            f"SELECT {nulls} WHERE false UNION ALL BY NAME FROM read_parquet([{listed}]{options})"
        )
        return f"(SELECT {columns_sql(table)} FROM ({rows}))"
    columns = ", ".join(
        f'[]::{_duckdb_type(c.arrow_type)} AS "{c.name}"' if c.name in lacking else f'"{c.name}"'
        for c in table.columns
    )
    return f"(SELECT {columns} FROM read_parquet([{listed}]{options}))"


def columns_sql(table: Table[Any]) -> str:
    """Return the columns of `table` in their order, for a SELECT clause."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def key_sql(table: Table[Any]) -> str:
    """Return the columns of the key of `table`, for an ORDER BY clause."""
    return ", ".join(f'"{column}"' for column in table.key)


def among_sql(bundles: Iterable[str]) -> str:
    """Return the condition that a row belongs to one of `bundles`."""
    return f"bundle IN ({', '.join(map(quote_sql, sorted(bundles)))})"


def quote_sql(value: str) -> str:
    """Return `value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def _duckdb_type(arrow_type: pa.DataType) -> str:
    if pa.types.is_list(arrow_type):
        return f"{_duckdb_type(arrow_type.value_type)}[]"
    if pa.types.is_struct(arrow_type):
        fields = [f'"{field.name}" {_duckdb_type(field.type)}' for field in arrow_type]
        return f"STRUCT({', '.join(fields)})"
    return DUCKDB_TYPES[arrow_type]
