"""Remember which files of a lake were found whole, so that each is read once and not every time.

A file is known by its size, its times and its number on disk: as long as these stay the same,
nobody has written to it. The record holds the hash beside them. For files that no delivery lists,
such as Delta logs, which are written once and never changed, it is the hash of the first time.

The record is only a memory. Without it everything is read and compared once more.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from copydesk.lake.sums import FileSum, sum_file

RECORD = "verified.json"
UNKNOWN = -1  # no file has this number


class Entry(NamedTuple):
    """A file as it was when it was found whole."""

    n_bytes: int
    written_ns: int
    changed_ns: int
    inode: int
    sha256: str


class Record:
    """The files of a lake that were found whole."""

    def __init__(self, root: Path) -> None:
        """Read the record of the lake at `root`; one that cannot be read is empty."""
        self._root = root
        self._entries = _read(root)
        self._is_changed = False

    def sum_of(self, file: str) -> FileSum:
        """Return size and hash of a file; it is read unless it is as it was last time.

        Raises: OSError: if it cannot be read.
        """
        path = self._root / file
        state = os.stat(path)  # noqa: PTH116 - half the time of Path.stat, on tens of thousands
        seen = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        entry = self._entries.get(file)
        if entry is None or entry[:4] != seen:
            return sum_file(path)
        return FileSum(entry.n_bytes, entry.sha256)

    def first_sum(self, file: str) -> str | None:
        """Return the hash that a file had when it was first found whole, if it ever was."""
        entry = self._entries.get(file)
        return None if entry is None else entry.sha256

    def list_logs(self) -> list[str]:
        """Return the Delta logs that were found whole; sorted."""
        return sorted(file for file in self._entries if "/_delta_log/" in file)

    def keep(self, file: str, found: FileSum) -> None:
        """Remember a file that was found whole."""
        state = (self._root / file).stat()
        times = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        entry = Entry(found.n_bytes, *times, found.sha256)
        if self._entries.get(file) != entry:
            self._entries[file] = entry
            self._is_changed = True

    def doubt(self) -> None:
        """Let every file be read again before it is found whole once more."""
        self._entries = {
            file: entry._replace(inode=UNKNOWN) for file, entry in self._entries.items()
        }
        self._is_changed = True

    def save(self, *, gone: Iterable[str] = ()) -> None:
        """Write the record, without the files that are `gone`."""
        for file in gone:
            self._is_changed |= self._entries.pop(file, None) is not None
        if self._is_changed:
            _write(self._root, self._entries)
            self._is_changed = False


def forget_table(root: Path, table: str) -> None:
    """Forget the files of a table that is made once more, under the same names."""
    entries = _read(root)
    kept = {file: each for file, each in entries.items() if not file.startswith(f"{table}/")}
    if len(kept) < len(entries):
        _write(root, kept)


def _read(root: Path) -> dict[str, Entry]:
    try:
        stored = json.loads((root / RECORD).read_bytes())
        return {str(file): Entry(*entry) for file, entry in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(root: Path, entries: dict[str, Entry]) -> None:
    draft = root / f".{RECORD}.{uuid4().hex}"
    try:
        draft.write_text(json.dumps(entries, separators=(",", ":")), "utf-8")
        draft.replace(root / RECORD)
    finally:
        draft.unlink(missing_ok=True)
