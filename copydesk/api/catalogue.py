"""Open the published tables."""

from pathlib import Path

import duckdb

from copydesk.errors import LakeError

CATALOGUE = "copydesk.duckdb"  # in a data folder


def connect(path: str | Path) -> duckdb.DuckDBPyConnection:
    """Open the tables that `copydesk run` has published, as a DuckDB connection; read-only.

    `path` is a data folder or its file `copydesk.duckdb`. What can be asked: docs/tables.md.

    >>> with copydesk.connect("data") as db:
    ...     db.sql("SELECT speaker, content, outlet FROM said").df()
           speaker content        outlet
    0  Anna Miller      No  Harbour Post

    A connection never blocks a run, and keeps the version it opened.

    Raises:
        CopydeskError: if there is no catalogue at `path`, or it cannot be opened.
    """
    given = Path(path)
    file = given / CATALOGUE if given.is_dir() else given
    if not file.is_file():
        msg = f"{file}: no catalogue there; `copydesk run` makes one"
        raise LakeError(msg)
    try:
        return duckdb.connect(str(file), read_only=True)
    except duckdb.Error as error:
        msg = f"{file}: {str(error).splitlines()[0]}"
        raise LakeError(msg) from error
