"""Open the catalogue that a command is about, of today or of an older snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from copydesk.commands.project import CommandError, find_catalogue


@contextmanager
def open_catalogue(
    catalogue: Path | None, data: Path | None, *, as_of: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a read-only connection to a catalogue. Times are in UTC on every machine."""
    with catalogue_as_of(find_catalogue(catalogue, data), as_of) as path, _connect(path) as opened:
        try:
            yield opened
        except (duckdb.CatalogException, duckdb.IOException) as error:
            # A table that another version of copydesk has, or a file of the lake that is gone.
            reason = str(error).splitlines()[0]
            message = f"{path}: cannot be read; `copydesk run` builds it again ({reason})"
            raise CommandError(message) from error


@contextmanager
def catalogue_as_of(catalogue: Path, as_of: str | None) -> Iterator[Path]:
    """Give a catalogue, or one of an older snapshot of the lake that it was built from."""
    if as_of is None:
        yield catalogue
        return
    # Arrow and Delta take half a second, and only this way needs them.
    from copydesk.commands.lakes import build_past  # noqa: PLC0415

    with build_past(catalogue, as_of) as path:
        yield path


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        message = f"{path}: cannot be opened; `copydesk run` builds it again ({reason})"
        raise CommandError(message) from error
    connection.execute("SET TimeZone = 'UTC'")
    return connection
