"""Open the catalogue that a command is about, of today or of an older snapshot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from copydesk.commands.limits import keep_within, read_limits
from copydesk.commands.project import CommandError, find_catalogue
from copydesk.errors import find_said
from copydesk.publishing.access import find_missing, open_closed, open_unsafe
from copydesk.system.damage import explain_catalogue, say_unreadable

PERMISSION = "Permission Error: "  # how DuckDB begins to say it


@contextmanager
def open_catalogue(
    catalogue: Path | None, data: Path | None, *, as_of: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that reads the tables of a catalogue and nothing else.

    It runs within the limits of the settings. Times are in UTC on every machine.
    """
    limits = read_limits()
    with (
        catalogue_as_of(find_catalogue(catalogue, data), as_of) as path,
        say_what_is_wrong(path),
        _open(path, lambda: open_closed(path, limits)) as opened,
        keep_within(limits, opened),
        _say_what_is_out_of_reach(path, opened),
    ):
        yield opened


@contextmanager
def open_for_owner(
    catalogue: Path | None, data: Path | None, *, as_of: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a read-only connection to a catalogue that reaches all that its user may."""
    with (
        catalogue_as_of(find_catalogue(catalogue, data), as_of) as path,
        say_what_is_wrong(path),
        _open(path, lambda: open_unsafe(path)) as opened,
    ):
        yield opened


@contextmanager
def catalogue_as_of(catalogue: Path, as_of: str | None) -> Iterator[Path]:
    """Give a catalogue, or one of an older snapshot of the lake that it was built from."""
    if as_of is None:
        yield catalogue
        return
    # Arrow and Delta take half a second, and only this way needs them.
    from copydesk.commands.lakes import build_past

    with build_past(catalogue, as_of) as path:
        yield path


def _open(
    path: Path, connect: Callable[[], duckdb.DuckDBPyConnection]
) -> duckdb.DuckDBPyConnection:
    try:
        return connect()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise CommandError(say_unreadable(path, reason)) from error


@contextmanager
def say_what_is_wrong(path: Path) -> Iterator[None]:
    """Say in one line that a catalogue, or a file that it shows, cannot be read.

    Raises: CommandError: with the reason, and what to do.
    """
    try:
        yield
    except duckdb.Error as error:
        message = find_said(error) or explain_catalogue(path, error)
        if message is None:
            raise
        raise CommandError(message) from error


@contextmanager
def _say_what_is_out_of_reach(path: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException as error:
        missing = find_missing(connection)
        if missing is not None:
            raise CommandError(say_unreadable(path, f"{missing}: no such file")) from error
        reason = str(error).splitlines()[0].removeprefix(PERMISSION)
        message = f"a query reads the published tables and nothing else ({reason})"
        raise CommandError(message) from error
