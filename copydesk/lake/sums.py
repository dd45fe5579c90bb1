"""Measure files as they are delivered."""

import hashlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from copydesk.storage.files import Files


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
    """Return the size and the hash of a file of this machine.

    Raises: OSError: if it cannot be read.
    """
    with path.open("rb") as stream:
        return _sum(stream)


def sum_stored(files: Files, file: str) -> FileSum:
    """Return the size and the hash of a file of a lake, as they are in its storage.

    Raises: OSError: if it cannot be read.
    """
    with files.open(file) as stream:
        return _sum(stream)


def _sum(stream: BinaryIO) -> FileSum:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type] # it only reads
    return FileSum(stream.tell(), digest)
