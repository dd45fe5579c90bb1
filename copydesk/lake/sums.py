"""Measure files as they are delivered, and wait until they are on disk."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class FileSum(NamedTuple):
    """What a file was when it was delivered."""

    n_bytes: int
    sha256: str


class CorpusFile(NamedTuple):
    """A file of a table over all bundles, and what it was when it was published."""

    file: str
    n_bytes: int
    sha256: str


def sum_file(path: Path) -> FileSum:
    """Return the size and the hash of a file.

    Raises: OSError: if it cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileSum(stream.tell(), digest)


def sync_files(paths: Iterable[Path]) -> None:
    """Return once these files and the names of their folders are on disk, past a power failure."""
    files = set(paths)
    folders = {folder for file in files for folder in (file.parent, file.parent.parent)}
    for path in sorted(files) + sorted(folders):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
