"""Write the report of a catalogue into a folder: only the pages whose rows have changed."""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import duckdb
from filelock import FileLock, Timeout

from copydesk.errors import ReportError
from copydesk.report.charts import need_charts
from copydesk.report.gather import (
    digest_pages,
    keep_rows,
    made_rows,
    new_file,
    open_published,
    writing_to,
)
from copydesk.report.kinds import KINDS, SEARCH, Kind
from copydesk.report.manifest import (
    PENDING,
    Entry,
    Key,
    Manifest,
    check_files,
    list_paths,
    put,
    read_manifest,
    read_shown,
    write_manifest,
)
from copydesk.report.render import render_search
from copydesk.report.search import MEMORY, sweep_scripts, write_index
from copydesk.report.shown import code_version, name_shown
from copydesk.report.write import Writers, open_writers

LOCK = ".report.lock"
STATIC = ("style.css", "search.js")


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
            shown = name_shown(catalogue) or ""
            known = check_files(folder, known)
            if _is_whole(folder, known, shown=shown):
                _put_fixed(folder, known)
                return Written(folder, 0, _count(known), 0)
            with open_writers(folder, n_workers=n_workers) as writers:
                return _write(catalogue, folder, known, shown=shown, writers=writers)
    except Timeout as error:
        msg = f"{folder}: another run writes this report; wait until it is done"
        raise ReportError(msg) from error
    except OSError as error:
        msg = f"{folder}: the report is not whole: {error.strerror or error}; run it again"
        raise ReportError(msg) from error
    except duckdb.OutOfMemoryException as error:
        msg = (
            f"{folder}: the report is not whole: too little memory ({MEMORY} for its search index)"
        )
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
    shown = name_shown(catalogue)
    return shown is not None and read_shown(folder) == shown


def _is_whole(folder: Path, known: Manifest, *, shown: str) -> bool:
    """Return whether nothing is to be done: the report shows this, and all its files are there."""
    return (
        bool(shown)
        and read_shown(folder) == shown
        and all(entry.digest != PENDING for entry in known.values())
    )


def _write(
    catalogue: Path, folder: Path, known: dict[Key, Entry], *, shown: str, writers: Writers
) -> Written:
    with new_file() as entries, new_file() as rows:
        with open_published(catalogue) as published:
            with writing_to(published, entries):
                index = _compare_kind(published, known, SEARCH)
            writers.begin_index(index.changed, entries, n_entries=index.n_rows)
            with writing_to(published, rows):
                pages = _compare_pages(published, known)
        wanted, changed = index.wanted | pages.wanted, sorted(pages.changed)
        pending = known | {
            key: Entry(PENDING, known[key].n_parts if key in known else 1) for key in changed
        }
        if changed or wanted.keys() != known.keys():
            write_manifest(folder, pending)
        writers.begin_pages(changed, rows, known=known)
        made = writers.collect()
    manifest = {key: known[key] for key in wanted if key in known} | {
        each.key: each.entry._replace(digest=wanted[each.key]) for each in made
    }
    n_removed = _remove_stale(folder, known, manifest)
    _put_fixed(folder, manifest)
    write_manifest(folder, manifest, shown=shown)
    n_written = sum(each.n_written for each in made if each.key.kind is not SEARCH.kind)
    return Written(folder, n_written, _count(manifest) - n_written, n_removed)


class _Compared(NamedTuple):
    """All pages, each with its hash, and those to write, of which so many rows are kept."""

    wanted: dict[Key, str]
    changed: list[Key]
    n_rows: int


def _compare_pages(published: duckdb.DuckDBPyConnection, known: Manifest) -> _Compared:
    """Compare the pages of all kinds with those that are there."""
    wanted: dict[Key, str] = {}
    changed: list[Key] = []
    n_rows = 0
    for kind in KINDS:
        found = _compare_kind(published, known, kind)
        wanted |= found.wanted
        changed += found.changed
        n_rows += found.n_rows
    return _Compared(wanted, changed, n_rows)


def _compare_kind(published: duckdb.DuckDBPyConnection, known: Manifest, kind: Kind) -> _Compared:
    """Compare the pages of a kind with those that are there."""
    with made_rows(published, kind.sources):
        found = digest_pages(published, kind.sources)
        if kind.always is not None:
            found.setdefault(kind.always, "")
        wanted = {Key(kind.kind, page): _digest(rows) for page, rows in found.items()}
        changed = sorted(
            key for key in wanted if key not in known or known[key].digest != wanted[key]
        )
        pages = [key.page_id for key in changed]
        n_rows = keep_rows(published, kind.sources, pages) if changed else 0
    return _Compared(wanted, changed, n_rows)


def _digest(rows: str) -> str:
    """Return a hash of a page, given one of its rows: it counts the code too."""
    return hashlib.sha256(f"{code_version()}{rows}".encode()).hexdigest()[:32]


def _count(manifest: Manifest) -> int:
    """Return how many pages there are, with their parts; that for searching is not counted."""
    return sum(entry.n_parts for key, entry in manifest.items() if key.kind is not SEARCH.kind)


def _remove_stale(folder: Path, known: Manifest, manifest: Manifest) -> int:
    """Remove the pages, and the parts of pages, that the report no longer has; return how many."""
    n_removed = 0
    for key, entry in known.items():
        if key.kind is SEARCH.kind:
            continue
        kept = set(list_paths(key, manifest[key])) if key in manifest else set()
        for path in list_paths(key, entry):
            if path not in kept:
                (folder / path).unlink(missing_ok=True)
                n_removed += 1
    return n_removed


def _put_fixed(folder: Path, manifest: Manifest) -> None:
    """Write the files that do not depend on rows, and what leads to the scripts of the search."""
    _put_changed(folder, *render_search())
    for name in STATIC:
        _put_changed(folder, name, (files("copydesk.report") / "static" / name).read_text("utf-8"))
    volumes = {key: entry for key, entry in manifest.items() if key.kind is SEARCH.kind}
    write_index(folder, [key.page_id for key in volumes])
    sweep_scripts(folder, (path for each in volumes.items() for path in list_paths(*each)))


def _put_changed(folder: Path, path: str, text: str) -> None:
    """Write a file unless it is already there with this text."""
    target = folder / path
    if not target.is_file() or target.read_text("utf-8") != text:
        put(target, text)
