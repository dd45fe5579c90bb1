"""Open a catalogue so that a query reaches its tables and nothing else.

The connection is one in memory, with the catalogue attached read-only. It may open the Parquet
files that the views read, and no other file or address: DuckDB resolves symbolic links and `..`
before it compares. The configuration is locked, so that no query can undo this. DuckDB could still
write over a file that it may read, which is why queries also pass `copydesk.publishing.readonly`.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import duckdb

from copydesk.storage.address import is_remote
from copydesk.storage.files import exists_at, open_stores_of, reach_stores

DATABASE = "copydesk"  # what the catalogue is called in a query
TEXT = re.compile(r"'((?:[^']|'')*)'")  # a constant in SQL
# DuckDB writes views in its own words, and the paths as constants.
VIEWS = "SELECT sql FROM duckdb_views() WHERE NOT internal"
FILE_ENDING = ".parquet"
TIME_SETTING = "max_execution_time"  # in milliseconds
CLOSED = (
    "TimeZone = 'UTC'",  # times are UTC on every machine
    "python_enable_replacements = false",  # FROM x never means a variable of the program
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    "allow_persistent_secrets = false",
    "enable_external_access = false",
    "lock_configuration = true",
)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """How much one query may take."""

    seconds: Annotated[int, "seconds that a query runs"] = 300
    memory_mib: Annotated[int, "MiB of memory that a query holds"] = 2_048
    spill_mib: Annotated[int, "MiB that a query writes to the temporary folder"] = 10_240


def open_closed(path: Path, limits: QueryLimits) -> duckdb.DuckDBPyConnection:
    """Return a connection to the catalogue at `path` from which nothing else can be reached.

    Raises: duckdb.Error: if the file is not a catalogue or cannot be opened.
    """
    spill = Path(tempfile.gettempdir()) / f"copydesk-{uuid4().hex}"
    connection = duckdb.connect(
        config={"temp_directory": str(spill), "memory_limit": f"{limits.memory_mib}MiB"}
    )
    # DuckDB 1.5 to 2.0 shows this limit as set when it comes with the two above, and ignores it.
    connection.execute(f"SET max_temp_directory_size = '{limits.spill_mib}MiB'")
    if has_time_limit(connection):  # of the database: a cursor has it too
        connection.execute(f"SET GLOBAL {TIME_SETTING} = {limits.seconds * 1_000}")
    connection.execute(f"ATTACH {_quote(str(path))} AS {DATABASE} (READ_ONLY)")
    connection.execute(f"USE {DATABASE}")
    files = ", ".join(map(_quote, reach_files(connection)))
    connection.execute(f"SET allowed_paths = [{files}]")
    for setting in CLOSED:
        connection.execute(f"SET {setting}")
    return connection


def has_time_limit(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether this DuckDB stops a query that takes too long; 1.5 does not."""
    known = f"SELECT count(*) FROM duckdb_settings() WHERE name = '{TIME_SETTING}'"
    return connection.execute(known).fetchone() == (1,)


def open_unsafe(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the catalogue at `path` that reaches all that its user may.

    Raises: duckdb.Error: if the file is not a catalogue or cannot be opened.
    """
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("SET TimeZone = 'UTC'")
    reach_files(connection)
    return connection


def reach_files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Let the views of a catalogue read their files, wherever these are; return them, sorted.

    Raises: StoreError: if they are in a store that nothing installed here can open.
    """
    files = sorted(set(_list_files(connection)))
    open_stores_of(files)
    reach_stores(connection)
    return files


def find_missing(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return a file that a view reads and that is gone, if there is one.

    DuckDB says of such a file that it may not be read: it looks for a folder of that name.
    """
    return next((file for file in _list_files(connection) if not exists_at(file)), None)


def _list_files(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield the files that the views of the catalogue read."""
    for (view,) in connection.execute(VIEWS).fetchall():
        for constant in TEXT.findall(view):
            file = constant.replace("''", "'")
            if file.endswith(FILE_ENDING) and (Path(file).is_absolute() or is_remote(file)):
                yield file


def _quote(value: str) -> str:
    # As `lake.sql.quote_sql`, which would load Arrow: a second before the first row.
    return "'" + value.replace("'", "''") + "'"
