"""Write the published tables as files, for people who want files.

Everything is read through one catalogue, which shows one consistent snapshot. The files are
written aside and renamed into place: whoever opens the folder finds a whole export or none. Rows
stream from the catalogue into the files, so memory does not grow with their number
(docs/export.md).
"""

import re
import shutil
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from copydesk.errors import ExportError
from copydesk.lake.sql import connect, quote_sql
from copydesk.publishing.access import reach_files
from copydesk.publishing.export.datasets import Source, find_datasets
from copydesk.publishing.export.describe import MADE_BY, Export, describe_export, is_export
from copydesk.publishing.export.registry import ExportFormat, find_format
from copydesk.system.damage import explain_catalogue
from copydesk.system.room import explain_place

DRAFT_ID = re.compile("[0-9a-f]{32}")
PARQUET = "parquet"


def export_tables(
    catalogue: Path,
    folder: Path,
    *,
    output: str = PARQUET,
    names: Sequence[str] = (),
    replace: bool = False,
) -> Export:
    """Write tables and views of `catalogue` into `folder`; all of them where no names are given.

    Raises: ExportError: if a format or name is unknown, `folder` may not be written, or reading or
    writing fails; `folder` is then as it was.
    """
    kind = find_format(output)
    folder = folder.absolute()
    try:
        check_folder(folder, replace=replace)
        with connect() as connection:
            snapshot = _attach(connection, catalogue)
            datasets = find_datasets(
                connection,
                names,
                has_said=kind.has_said,
                has_joined_quotes=kind.has_joined_quotes,
            )
            source = Source(connection, datasets, is_whole=not names)
            return _write(source, folder, kind, snapshot=snapshot)
    except duckdb.Error as error:
        is_written = str(folder.with_name(f".{folder.name}.")) in str(error)
        is_read = not is_written and not isinstance(error, duckdb.OutOfMemoryException)
        reason = explain_catalogue(catalogue, error) if is_read else str(error)
        if reason is None:
            raise
        msg = f"{folder}: the export failed: {reason.splitlines()[0]}"
        raise ExportError(msg) from error
    except OSError as error:  # a folder without permission, or a full disk
        reason = f"{error.filename}: {error.strerror}"
        msg = f"{folder}: the export failed: {reason.splitlines()[0]}"
        raise ExportError(msg) from error


def remove_stale(folder: Path, *, before: datetime) -> int:
    """Remove what interrupted exports into `folder` have left; return how many there were.

    One that was written to since then may be under way and stays.

    Raises: ExportError: if the folder above cannot be read.
    """
    folder = folder.absolute()
    if not folder.parent.is_dir():
        return 0
    try:
        stale = [
            draft
            for draft in folder.parent.iterdir()
            if draft.name.startswith(f".{folder.name}.")
            and DRAFT_ID.fullmatch(draft.name.rpartition(".")[2])
            and _last_written(draft) < before.timestamp()
        ]
    except OSError as error:
        msg = f"{folder.parent}: cannot be read: {error.strerror}"
        raise ExportError(msg) from error
    for draft in stale:
        shutil.rmtree(draft, ignore_errors=True)
    return len(stale)


def check_folder(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that holds anything but an earlier export, and that one without `replace`.

    Raises: ExportError: saying what is there, and what to do.
    """
    if folder.absolute() == Path.cwd():
        msg = f"{folder}: is the folder that you are in; name one that can be made"
        raise ExportError(msg)
    problem = explain_place(folder, makes_folders=True)
    if problem is not None:
        msg = f"{folder}: no export can be written: {problem}"
        raise ExportError(msg)
    if not folder.exists():
        return
    if not folder.is_dir():
        msg = f"{folder}: is a file; name a folder that can be made"
        raise ExportError(msg)
    if not any(folder.iterdir()):
        return
    if not is_export(folder):
        msg = f"{folder}: holds files that are not an export; name another folder"
        raise ExportError(msg)
    if not replace:
        msg = f"{folder}: holds an earlier export; --replace puts this one in its place"
        raise ExportError(msg)


def _attach(connection: duckdb.DuckDBPyConnection, catalogue: Path) -> int:
    """Attach a catalogue as the database to read; return which snapshot it shows."""
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"ATTACH {quote_sql(str(catalogue))} AS published (READ_ONLY)")
    connection.execute("USE published")
    reach_files(connection)
    return int(connection.execute("SELECT number FROM origin").fetchall()[0][0])


def _write(source: Source, folder: Path, kind: ExportFormat, *, snapshot: int) -> Export:
    """Write an export aside, and rename it into place once it is whole."""
    draft = _name_draft(folder)
    draft.mkdir(parents=True)
    try:
        outcome = kind.write(source, draft)
        export = Export(MADE_BY, kind.name, snapshot, outcome.n_cut, outcome.tables)
        describe_export(export, draft)
        _swap_in(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return export


def _name_draft(folder: Path) -> Path:
    """Return a name beside `folder` that nobody has."""
    return folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")


def _last_written(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))


def _swap_in(draft: Path, folder: Path) -> None:
    """Rename `draft` to `folder`; an earlier export is removed once the new one is in place."""
    if not folder.exists():
        draft.rename(folder)
        return
    before = _name_draft(folder)
    folder.rename(before)
    try:
        draft.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    shutil.rmtree(before)
