"""Remember which files were found whole, so that each is read once and not every time.

A file is known by its size, its times and its number: as long as these stay the same,
nobody has written to it. The record holds the hash beside them. For files that no delivery lists,
such as Delta logs, which are written once and never changed, it is the hash of the first time.

The record is only a memory. Without it everything is read and compared once more.
"""

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from copydesk.lake.sums import FileSum, sum_stored
from copydesk.storage.files import Files, State
from copydesk.system.damage import MAY_NOT_WRITE

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
    """The files below a root that were found whole."""

    def __init__(self, files: Files) -> None:
        """Read the record that is kept at the root of `files`; one that cannot be read is empty."""
        self._files = files
        self._entries = _read(files)
        self._is_changed = False

    @cached_property
    def _state_of(self) -> Callable[[str], State]:
        """What gives the state of a file; asked for once, because a store lists many in one go."""
        return self._files.watch()

    def sum_of(self, file: str) -> FileSum:
        """Return size and hash of a file; it is read unless it is as it was last time.

        Raises: OSError: if it cannot be read.
        """
        state, entry = self._state_of(file), self._entries.get(file)
        if entry is None or entry[:4] != state:
            return sum_stored(self._files, file)
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
        entry = Entry(*self._state_of(file)._replace(n_bytes=found.n_bytes), found.sha256)
        if self._entries.get(file) != entry:
            self._entries[file] = entry
            self._is_changed = True

    def doubt(self) -> None:
        """Let every file be read again before it is found whole once more."""
        self._entries = {
            file: entry._replace(inode=UNKNOWN) for file, entry in self._entries.items()
        }
        self._is_changed |= bool(self._entries)

    def save(self, *, gone: Iterable[str] = ()) -> None:
        """Write the record, without the files that are `gone`.

        Where the folder may not be written, as for somebody who only reads, nothing is remembered.
        """
        for file in gone:
            self._is_changed |= self._entries.pop(file, None) is not None
        if self._is_changed:
            try:
                _write(self._files, self._entries)
            except OSError as error:
                if error.errno not in MAY_NOT_WRITE:
                    raise
            self._is_changed = False


def forget_table(files: Files, table: str) -> None:
    """Forget the files of a table that is made once more, under the same names."""
    entries = _read(files)
    kept = {file: each for file, each in entries.items() if not file.startswith(f"{table}/")}
    if len(kept) < len(entries):
        _write(files, kept)


def _read(files: Files) -> dict[str, Entry]:
    try:
        with files.open(RECORD) as stream:
            stored = json.load(stream)
        return {str(file): Entry(*entry) for file, entry in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(files: Files, entries: dict[str, Entry]) -> None:
    files.write(RECORD, json.dumps(entries, separators=(",", ":")).encode())
