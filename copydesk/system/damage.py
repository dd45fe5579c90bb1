"""Recognise that a file cannot be read, whatever is raised for it, and say what to do.

DuckDB has no class for a damaged file: for a block with another checksum, and for much that is
wrong in a Parquet file, it raises its root class; for the rest, classes that a query of a person
raises as well. This is imported by every command, and so without Arrow and Delta.
"""

import errno
import re
from pathlib import Path

import duckdb

REMEDY = "`copydesk doctor` shows what is damaged, `copydesk doctor --repair` makes it again"
MAY_NOT_WRITE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})  # numbers of errors
DISK_IS_FULL = "No space left on device"
FREE_SPACE = "the disk is full: free some space, and run again"
NAMES_PARQUET = re.compile(r"\bparquet\b", re.IGNORECASE)
UNREADABLE = (duckdb.IOException, duckdb.SerializationException)
LACKING = (duckdb.CatalogException, duckdb.BinderException)  # a table or column


def is_unreadable(error: BaseException) -> bool:
    """Return whether DuckDB raised this because a file is damaged or gone."""
    if isinstance(error, duckdb.InvalidInputException):
        return NAMES_PARQUET.search(str(error)) is not None
    return isinstance(error, UNREADABLE) or type(error) is duckdb.Error


def explain_catalogue(path: Path, error: duckdb.Error) -> str | None:
    """Return in one line why a catalogue does not answer what is asked by code of this version.

    None where the error says nothing of the file: then it is a fault of ours.
    """
    reason = str(error).splitlines()[0]
    if is_disk_full(error):
        return FREE_SPACE
    if is_unreadable(error):
        return say_unreadable(path, reason)
    if isinstance(error, LACKING):
        return f"{path}: lacks what this version reads ({reason}); `copydesk run` builds it again"
    return None


def say_unreadable(path: Path, reason: str) -> str:
    """Return the sentence that every reader of a catalogue says where that cannot be read."""
    return f"{path}: cannot be read ({reason}); {REMEDY}"


def is_disk_full(error: BaseException) -> bool:
    """Return whether this happened because no space is left, or no more is allowed."""
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return is_full or DISK_IS_FULL in str(error)
