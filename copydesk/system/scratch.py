"""Keep temporary files in a folder that one process owns, and remove the folders of dead ones.

The owner holds a lock on a file in its folder. The system gives the lock up when the process dies,
however it dies, so a folder whose lock is free belongs to nobody. Folders without such a file are
never touched: `copydesk-news` may be somebody's data.
"""

import atexit
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = re.compile(r"\.?copydesk-[0-9a-f]{32}")
LOCK = "owner.lock"


def find_scratch() -> Path:
    """Return the folder of this process among the system's temporary files.

    The first call makes it, and sweeps those of dead processes. It is removed when Python ends.
    """
    parent = Path(tempfile.gettempdir())
    folder, _ = _own(os.getpid(), parent)
    if not (folder / LOCK).exists():  # a cleaner of old files took it
        _own.cache_clear()
        folder, _ = _own(os.getpid(), parent)
    return folder


@contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """Give a hidden folder beside `path`, from which a file can be renamed into its place.

    Folders that dead processes have left there are swept first.
    """
    sweep(path.parent)
    folder, lock = _make(path.parent / f".copydesk-{uuid4().hex}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def list_abandoned(parent: Path) -> list[Path]:
    """Return the folders in `parent` that processes made and died without removing; sorted."""
    return [folder for folder in _list_folders(parent) if _is_abandoned(folder)]


def sweep(parent: Path) -> list[Path]:
    """Remove the folders in `parent` that no living process owns, and return them.

    Several processes may sweep at once, and one may make its folder meanwhile: a folder is removed
    by whoever holds its lock, and by nobody else.
    """
    return [folder for folder in _list_folders(parent) if _remove_abandoned(folder)]


@cache
def _own(pid: int, parent: Path) -> tuple[Path, int]:
    """Return the folder of a process and its lock; a forked child gets a folder of its own."""
    sweep(parent)
    folder, lock = _make(parent / f"copydesk-{uuid4().hex}")

    def remove() -> None:
        if os.getpid() == pid:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder, lock


def _make(folder: Path) -> tuple[Path, int]:
    """Make a folder and lock it; where a sweep came between the two, start again."""
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            _lock(lock, is_patient=True)
            if (folder / LOCK).exists():
                return folder, lock
            os.close(lock)


def _list_folders(parent: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(path for path in parent.iterdir() if NAME.fullmatch(path.name))
    return []


def _is_abandoned(folder: Path) -> bool:
    """Return whether nobody owns a folder; what cannot be opened, or is gone, is not abandoned."""
    with _owned(folder) as is_ours:
        return is_ours or _is_empty(folder)


def _remove_abandoned(folder: Path) -> bool:
    """Remove a folder that nobody owns, and return whether that was done."""
    with _owned(folder) as is_ours:
        if is_ours:
            shutil.rmtree(folder, ignore_errors=True)
            return not folder.exists()
    with suppress(OSError):
        folder.rmdir()  # an empty one: its owner died, or is about to lock it and makes another
        return True
    return False


@contextmanager
def _owned(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder meanwhile, and give whether that was possible."""
    with ExitStack() as stack:
        try:
            lock = os.open(folder / LOCK, os.O_RDWR)
            stack.callback(os.close, lock)
            _lock(lock, is_patient=False)
        except OSError:
            is_ours = False
        else:
            is_ours = True
        yield is_ours


def _is_empty(folder: Path) -> bool:
    """Return whether a folder is there and holds nothing; another process may remove it."""
    with suppress(OSError):
        return not any(folder.iterdir())
    return False


def _lock(file: int, *, is_patient: bool) -> None:
    """Lock an open file for this process, after others have let go of it if `is_patient`.

    Raises: OSError: where another process holds it.
    """
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_LOCK if is_patient else msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
