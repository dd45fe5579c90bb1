"""Write the report of a catalogue into a folder: only the pages whose rows have changed."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import duckdb
from filelock import FileLock, Timeout

from copydesk.errors import ReportError
from copydesk.publishing.catalogue import read_number
from copydesk.report.charts import need_charts
from copydesk.report.gather import digest_pages, gather, open_gathered
from copydesk.report.kinds import KINDS
from copydesk.report.manifest import (
    PENDING,
    Entry,
    Key,
    Manifest,
    list_paths,
    put,
    read_manifest,
    read_shown,
    write_manifest,
)
from copydesk.report.render import render_search
from copydesk.report.write import close_readers, write_all

LOCK = ".report.lock"
STATIC = ("style.css", "search.js")
MADE_WITH = (".py", ".html")  # files of this package that change pages


class Written(NamedTuple):
    """What a run did to a report: how many pages it wrote, kept as they were, and removed."""

    folder: Path
    n_written: int
    n_kept: int
    n_removed: int

    def __str__(self) -> str:
        """Say in a line what was done."""
        return (
            f"{self.folder}: {self.n_written:,} pages written, {self.n_kept:,} kept, "
            f"{self.n_removed:,} removed"
        )


def write_report(catalogue: Path, folder: Path, *, n_workers: int = 1) -> Written:
    """Write the report of the catalogue at `catalogue` into `folder`, which it makes.

    Pages whose rows and templates are those of the last run are left as they are, and pages of what
    is no longer published are removed. The result is the same as that of a run into a new folder.

    Raises: ReportError: if the folder holds something else, another run writes to it, or the
        catalogue cannot be read.
    """
    need_charts()
    known = _claim(folder)
    try:
        with FileLock(folder / LOCK, timeout=0):
            shown = _name_shown(catalogue) or ""
            sources = [source for kind in KINDS for source in kind.sources]
            try:
                with gather(catalogue, sources) as gathered:
                    return _write(gathered, folder, known, shown=shown, n_workers=n_workers)
            finally:
                close_readers()
    except Timeout as error:
        msg = f"{folder}: another run writes this report; wait until it is done"
        raise ReportError(msg) from error
    except OSError as error:
        msg = f"{folder}: the report is not whole: {error.strerror or error}; run it again"
        raise ReportError(msg) from error


def _claim(folder: Path) -> dict[Key, Entry]:
    """Return the pages of the report that is in `folder`, which is made if there is none.

    Raises: ReportError: if it holds files that are no report.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = read_manifest(folder)
        others = [path.name for path in folder.iterdir() if path.name != LOCK]
    except OSError as error:
        msg = f"{folder}: no report can be written there: {error.strerror or error}"
        raise ReportError(msg) from error
    if known is None and others:
        msg = f"{folder}: not empty, and no report of copydesk: name a new folder with --out"
        raise ReportError(msg)
    if known is None:
        write_manifest(folder, {})
    return known or {}


def is_fresh(catalogue: Path, folder: Path) -> bool:
    """Return whether the report in `folder` shows what the catalogue at `catalogue` holds."""
    shown = _name_shown(catalogue)
    return shown is not None and read_shown(folder) == shown


def _name_shown(catalogue: Path) -> str | None:
    """Return what a report of a catalogue shows: the snapshot, and the code of the pages."""
    number = read_number(catalogue)
    return None if number is None else f"{number}\t{code_version()}"


def _write(gathered: Path, folder: Path, known: Manifest, *, shown: str, n_workers: int) -> Written:
    with open_gathered(gathered) as connection:
        wanted = _digest_all(connection)
        changed = sorted(key for key in wanted if not _is_there(folder, key, wanted[key], known))
        pending = dict(known) | {
            key: Entry(PENDING, known[key].n_parts if key in known else 1) for key in changed
        }
        if changed or wanted.keys() != known.keys():
            write_manifest(folder, pending)
        n_parts = write_all(changed, gathered=gathered, folder=folder, n_workers=n_workers)
    made = {key: Entry(wanted[key], n) for key, n in n_parts.items()}
    manifest = {key: made[key] if key in made else known[key] for key in wanted}
    n_removed = _remove_stale(folder, known, manifest)
    _put_changed(folder, *render_search())
    for name in STATIC:
        _put_changed(folder, name, (files("copydesk.report") / "static" / name).read_text("utf-8"))
    write_manifest(folder, manifest, shown=shown)
    n_written = sum(entry.n_parts for entry in made.values())
    n_pages = sum(entry.n_parts for entry in manifest.values())
    return Written(folder, n_written, n_pages - n_written, n_removed)


def _digest_all(connection: duckdb.DuckDBPyConnection) -> dict[Key, str]:
    """Return all pages of the report, each with a hash of its rows and of the code."""
    wanted = {}
    for kind in KINDS:
        found = digest_pages(connection, kind.sources)
        if kind.always is not None:
            found.setdefault(kind.always, "")
        for page_id, digest in found.items():
            whole = hashlib.sha256(f"{code_version()}{digest}".encode())
            wanted[Key(kind.kind, page_id)] = whole.hexdigest()[:32]
    return wanted


@cache
def code_version() -> str:
    """Return a hash of the code and templates that make pages."""
    whole = hashlib.sha256(duckdb.__version__.encode())
    for file in sorted(_walk(files("copydesk.report")), key=lambda file: file.name):
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _walk(folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _walk(each)
        elif each.name.endswith(MADE_WITH):
            yield each


def _is_there(folder: Path, key: Key, digest: str, known: Manifest) -> bool:
    """Return whether all parts of a page are there, made from rows with this hash."""
    entry = known.get(key)
    if entry is None or entry.digest != digest:
        return False
    return all((folder / path).is_file() for path in list_paths(key, entry))


def _remove_stale(folder: Path, known: Manifest, manifest: Manifest) -> int:
    """Remove the pages, and the parts of pages, that the report no longer has; return how many."""
    n_removed = 0
    for key, entry in known.items():
        kept = set(list_paths(key, manifest[key])) if key in manifest else set()
        for path in list_paths(key, entry):
            if path not in kept:
                (folder / path).unlink(missing_ok=True)
                n_removed += 1
    return n_removed


def _put_changed(folder: Path, path: str, text: str) -> None:
    """Write a file unless it is already there with this text."""
    target = folder / path
    if not target.is_file() or target.read_text("utf-8") != text:
        put(target, text)
