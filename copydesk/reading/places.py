"""Find, measure and open the files of a bundle, on this machine or in an object store.

A file of a store is copied to this machine while it is read, one at a time: archives are read from
their end, and a file is hashed before its pages are.
"""

import errno
import io
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from functools import singledispatch
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple, cast

from copydesk.errors import BundleError, StaleError
from copydesk.storage.files import open_files
from copydesk.storage.paths import AnyPath, StorePath
from copydesk.system.scratch import find_scratch

UNREADABLE = "unreadable"
COPY_BYTES = 2**20


class Found(NamedTuple):
    """A file below a folder, and its path there as the system spells it."""

    path: AnyPath
    inside: str


@singledispatch
def walk(path: AnyPath) -> Iterator[Found]:
    """Yield everything below a folder except folders, and the folders that cannot be opened."""
    raise NotImplementedError(path)


@singledispatch
def measure(path: AnyPath) -> Iterator[str]:
    """Yield the measure of each file of a bundle: its path, its size and when it was written.

    Raises: FileNotFoundError: if nothing is there, or it is being moved.
    """
    raise NotImplementedError(path)


@singledispatch
def open_file(path: AnyPath, root: AnyPath) -> io.BufferedReader:
    """Open a file of the bundle at `root`, which may be this file.

    Raises:
        OSError: if it is not a regular file (opening a pipe would wait for ever), or if it is a
            link out of the bundle: a bundle must not show the rest of the machine.
        BundleError: if it is replaced while it is copied.
    """
    raise NotImplementedError(path, root)


@singledispatch
def size_of(path: AnyPath) -> int:
    """Return how many bytes a file has; of a link, the link itself.

    Raises: OSError: if it is not there.
    """
    raise NotImplementedError(path)


@size_of.register
def _(path: Path) -> int:
    return path.lstat().st_size


@size_of.register
def _(path: StorePath) -> int:
    return open_files(path.parent.uri).state(path.name).n_bytes


@walk.register
def _(path: Path) -> Iterator[Found]:
    closed: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=closed.append):
        links = (name for name in folders if (Path(folder) / name).is_symlink())
        yield from (_find(Path(folder) / name, path) for name in (*files, *links))
    yield from (_find(Path(error.filename), path) for error in closed)


@walk.register
def _(path: StorePath) -> Iterator[Found]:
    for stored in path.walk():
        yield Found(path / stored.file, stored.file)


@measure.register
def _(path: Path) -> Iterator[str]:
    state = path.lstat()  # asked for once: an inbox may have 100,000 files
    if stat.S_ISDIR(state.st_mode) or (stat.S_ISLNK(state.st_mode) and path.is_dir()):
        yield from _measure_folder(os.fspath(path), "")
    else:
        yield f"\x1f{_measure_file(state)}"


@measure.register
def _(path: StorePath) -> Iterator[str]:
    files = open_files(path.parent.uri)
    for stored in files.walk(path.name):
        yield f"{stored.file}\x1f{stored.n_bytes}\x1f{stored.written_at}\x1f{stored.number}"
    if not files.find_missing([path.name]):
        yield f"\x1f{files.state(path.name)}"


@open_file.register
def _(path: Path, root: AnyPath) -> io.BufferedReader:
    place = cast("Path", root)
    folder = place.parent if path == place else place
    if path.is_symlink() and not _resolve(path).is_relative_to(_resolve(folder)):
        raise OSError(errno.EPERM, "a link that leads out of the bundle")
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    return path.open("rb")


@open_file.register
def _(path: StorePath, root: AnyPath) -> io.BufferedReader:  # noqa: ARG001 - a store has no links
    files = open_files(path.parent.uri)
    before = files.state(path.name)
    with ExitStack() as stack:
        copy = stack.enter_context(TemporaryFile(dir=find_scratch()))
        try:
            with files.open(path.name) as stream:
                shutil.copyfileobj(stream, copy, COPY_BYTES)
            is_stale = files.state(path.name) != before
        except StaleError:
            is_stale = True
        if is_stale:
            msg = f"{path}: changed while it was read; run again when it is complete"
            raise BundleError(msg)
        copy.seek(0)
        stack.pop_all()  # the caller closes it
    return cast("io.BufferedReader", copy)


def _find(path: Path, root: Path) -> Found:
    return Found(path, path.relative_to(root).as_posix())


def _measure_folder(folder: str, inside: str) -> Iterator[str]:
    """Yield the measure of every file below a folder; an inbox has many: no `Path` is made."""
    try:
        entries = list(os.scandir(folder))
    except PermissionError:
        yield f"{inside}\x1f{UNREADABLE}"
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _measure_folder(entry.path, f"{inside}{entry.name}/")
            continue
        try:
            found = _measure_file(entry.stat(follow_symlinks=False))  # a link may lead nowhere
        except PermissionError:  # in a folder that may be listed but not entered
            found = UNREADABLE
        yield f"{inside}{entry.name}\x1f{found}"


def _measure_file(state: os.stat_result) -> str:
    # The system sets the last time, also where a copy keeps that of its original.
    return f"{state.st_size}\x1f{state.st_mtime_ns}\x1f{state.st_ctime_ns}"


def _resolve(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except RuntimeError as error:  # how Python before 3.13 reports links in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error
