"""Say in one line why a command or a run failed, and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError

from copydesk.errors import CopydeskError, StoreError, find_said

EXPECTED = (
    CopydeskError,
    OSError,
    DeltaError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InvalidInputException,
    pa.ArrowInvalid,
)
"""What can go wrong on a machine, however right the code is."""

CONFLICT = "another run wrote the same rows at the same time; run again"
DISK_IS_FULL = "No space left on device"
UNREADABLE_FILES = (DeltaError, duckdb.IOException, duckdb.InvalidInputException, pa.ArrowInvalid)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raise what a store said as the error that it is: DuckDB and Arrow pass it on as text.

    Raises: StoreError: naming the address and the answer.
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        said = find_said(error)
        if said is None:
            raise
        raise StoreError(said) from error


def is_disk_full(error: BaseException) -> bool:
    """Return whether this happened because no space is left, or no more is allowed."""
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return is_full or DISK_IS_FULL in str(error)


def explain_error(error: BaseException) -> str:
    """Return what is wrong, and what to do about it, in one line."""
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    if is_disk_full(error):
        return "the disk is full: free some space, and run again"
    if isinstance(error, CopydeskError):
        return line
    if isinstance(error, CommitFailedError):
        return CONFLICT
    if isinstance(error, UNREADABLE_FILES):
        return f"a file of the tables cannot be read: {line}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename2 or error.filename}: {error.strerror}"
    return line
