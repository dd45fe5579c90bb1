"""Open the published tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from copydesk.errors import LakeError
from copydesk.publishing.access import QueryLimits, find_missing, open_closed
from copydesk.publishing.readonly import Parameters, judge_statements, refuse
from copydesk.storage.address import check_address, is_remote
from copydesk.system.damage import REMEDY, say_unreadable
from copydesk.system.room import explain_folder

if TYPE_CHECKING:  # half a second to load, and only `df` needs it
    import pandas as pd

CATALOGUE = "copydesk.duckdb"  # in a data folder
CACHE = ".cache/copydesk"  # of catalogues that were fetched, in the home folder


class Tables:
    """The published tables, as a DuckDB connection that reads them and does nothing else.

    The methods are those of DuckDB. A query sees no other file, no address and no variable of the
    program; `register` gives it a frame. It stays within `QueryLimits`, and `interrupt` stops it
    from another thread. For more than reading there is DuckDB itself:
    `duckdb.connect("data/copydesk.duckdb", read_only=True)`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read through a connection that `open_closed` has made."""
        self._connection = connection

    def sql(self, query: str, *, params: Parameters = None) -> duckdb.DuckDBPyRelation:
        """Return the rows of a query as a relation, which is run when its rows are needed."""
        with self._guard(query, params):
            return self._connection.sql(query, params=params)

    def execute(self, query: str, parameters: Parameters = None) -> Self:
        """Run a query, whose rows can then be fetched."""
        with self._guard(query, parameters):
            self._connection.execute(query, parameters)
        return self

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a table or view as a relation."""
        return self._connection.table(name)

    def register(self, name: str, rows: object) -> Self:
        """Let queries read a frame or an Arrow table of the program under a name."""
        self._connection.register(name, rows)
        return self

    def unregister(self, name: str) -> Self:
        """Take a registered name back."""
        self._connection.unregister(name)
        return self

    @property
    def description(self) -> list[tuple[object, ...]]:
        """The columns of the last query: name and type first."""
        return list(self._connection.description)

    def fetchone(self) -> tuple[object, ...] | None:
        """Return the next row of the last query."""
        row: tuple[object, ...] | None = self._connection.fetchone()
        return row

    def fetchmany(self, size: int = 1) -> list[tuple[object, ...]]:
        """Return the next rows of the last query."""
        return list(self._connection.fetchmany(size))

    def fetchall(self) -> list[tuple[object, ...]]:
        """Return the rows of the last query that are left."""
        return list(self._connection.fetchall())

    def df(self) -> "pd.DataFrame":
        """Return the rows of the last query as a frame."""
        return self._connection.df()

    def cursor(self) -> "Tables":
        """Return another connection to the same tables, for another thread."""
        return Tables(self._connection.cursor())

    def interrupt(self) -> None:
        """Stop the query that runs, from another thread."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the connection, which is closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    @contextmanager
    def _guard(self, query: str, parameters: Parameters) -> Iterator[None]:
        """Refuse a query that does more than read. All errors are those of DuckDB."""
        try:
            judged = judge_statements(self._connection, query, parameters=parameters)
            offence = next((each.offence for each in judged if each.offence is not None), None)
            if offence is None:
                yield
        except duckdb.PermissionException as error:
            missing = find_missing(self._connection)
            if missing is None:
                raise
            msg = f"{missing}: no such file; {REMEDY}"
            raise duckdb.IOException(msg) from error
        if offence is not None:
            raise duckdb.PermissionException(refuse(offence))


def connect(
    path: str | Path, *, limits: QueryLimits | None = None, cache: Path | None = None
) -> Tables:
    """Open the tables that `copydesk run` has published, in DuckDB; read-only.

    `path` is a data folder, its file `copydesk.duckdb`, or the address of a lake in an object store
    (docs/storage.md), of which the right to list and to get is enough. What can be asked:
    docs/tables.md.

    >>> with copydesk.connect("data") as db:
    ...     db.sql("SELECT speaker, content, outlet FROM said").df()
           speaker content        outlet
    0  Anna Miller      No  Harbour Post

    Queries reach these tables and nothing else, whoever wrote them: no file, no address, no
    setting, no variable of the program; `register` gives them a frame. `limits` are those that
    `copydesk sql` has: 300 seconds until the last row is fetched (with DuckDB 2.0 or later), 2 GiB
    of memory, 10 GiB of temporary files; `copydesk.publishing.access.QueryLimits(seconds=3600)`
    allows more. A query that reaches one raises DuckDB's error. The methods are DuckDB's: `sql`,
    `execute`, `fetchall`, `df`, `table` and others. A connection never blocks a run, and keeps the
    version it opened. Of a lake in a store, the newest catalogue is fetched into `cache`,
    by default `~/.cache/copydesk`.

    Raises:
        CopydeskError: if there is no catalogue at `path`, or it cannot be opened.
    """
    file = find_file(path, cache=cache)
    if not file.is_file():
        msg = explain_folder(file) or f"{file}: no catalogue there; `copydesk run` makes one"
        raise LakeError(msg)
    try:
        return Tables(open_closed(file, limits or QueryLimits()))
    except duckdb.Error as error:
        raise LakeError(say_unreadable(file, str(error).splitlines()[0])) from error


def find_file(path: str | Path, *, cache: Path | None = None) -> Path:
    """Return the catalogue at a path, or the newest one of a lake at an address, fetched.

    Raises: CopydeskError: if the store has none, or does not answer.
    """
    if is_remote(str(path)):
        # Arrow and Delta take half a second, and only this way needs them.
        from copydesk.lake.lake import Lake
        from copydesk.publishing.shared import fetch

        lake = Lake(check_address(str(path)))
        try:
            return fetch(lake, cache or Path.home() / CACHE)
        except OSError as error:
            msg = f"{lake}: the catalogue cannot be kept here: {error.strerror or error}"
            raise LakeError(msg) from error
    given = Path(path)
    return given / CATALOGUE if given.is_dir() and given.name != CATALOGUE else given
