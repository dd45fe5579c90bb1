"""Examine a catalogue: whether it is whole, and shows the newest snapshot of its lake."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import duckdb
from filelock import FileLock

from copydesk.errors import LakeError
from copydesk.lake.examine import Finding, Remedy
from copydesk.lake.lake import Lake
from copydesk.lake.record import Record
from copydesk.lake.sums import FileSum
from copydesk.lake.verify import Damage, check_file
from copydesk.publishing.catalogue import find_lock
from copydesk.publishing.origin import read_number, read_origin
from copydesk.publishing.update import record_of

CATALOGUE = "catalogue"


def examine_catalogue(path: Path, lake: Lake) -> list[Finding]:
    """Return what is wrong with the catalogue at `path`; nothing where nothing was published."""
    problem = _find_problem(path, lake)
    if problem is None:
        return []
    return [Finding(Damage(CATALOGUE, (), path.name, problem), Remedy.PUBLICATION)]


def is_altered(path: Path) -> bool:
    """Return whether a catalogue differs from the file that was published.

    It is read again only where its size, times or inode have changed, so a bit that changed on the
    disk by itself is left to `copydesk doctor`. One that is not there, or that nobody remembers, is
    not altered.
    """
    if not path.is_file():
        return False
    with FileLock(find_lock(path), fallback_to_soft=False):  # a publisher swaps it, then records it
        state = path.stat()
        seen = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        return _differs(path, seen)


def find_lost(lake: Lake) -> str | None:
    """Return a file of the tables over all bundles that is not as it was published, and why.

    As with the catalogue, a file is read again only where somebody has written to it.
    """
    history = lake.history()
    if not history:
        return None
    record = Record(lake.files)
    wanted = ((each.file, FileSum(each.n_bytes, each.sha256)) for each in history[-1].corpus_files)
    found = ((file, check_file(file, file_sum, record=record)) for file, file_sum in wanted)
    lost = next((f"{file}: {problem}" for file, problem in found if problem is not None), None)
    record.save()
    return lost


@lru_cache(maxsize=1)
def _differs(path: Path, _seen: tuple[int, ...]) -> bool:
    return _differs_from(record_of(path), path.name)


def _differs_from(record: Record, name: str) -> bool:
    """Return whether a file is not as it was first found whole."""
    first = record.first_sum(name)
    return first is not None and record.sum_of(name).sha256 != first


def _find_problem(path: Path, lake: Lake) -> str | None:
    try:
        history = lake.history()
    except LakeError:
        history = []
    if not path.exists():
        return "is not there" if history else None
    origin = read_origin(path)
    if origin is None:
        return "cannot be read"
    if origin.lake != lake.uri:
        return f"was built from the tables in {origin.lake}"
    if history and read_number(path) != history[-1].number:
        return f"shows snapshot {read_number(path)} and the newest is {history[-1].number}"
    record = record_of(path)
    record.doubt()
    if _differs_from(record, path.name):
        return "was changed since it was published"
    return next(_read_all(path), None)


def _read_all(path: Path) -> Iterator[str]:
    """Yield why a row cannot be read: DuckDB checks the blocks of its own files."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()
            for (name,) in names:
                connection.sql(f'SELECT count(COLUMNS(*)) FROM "{name}"').fetchall()
    except duckdb.Error as error:
        yield f"cannot be read ({str(error).splitlines()[0]})"
