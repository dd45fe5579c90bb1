"""Say in one line why a command or a run failed, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError

from copydesk.errors import CopydeskError, StoreError, find_said
from copydesk.system.damage import FREE_SPACE, MAY_NOT_WRITE, REMEDY, is_disk_full, is_unreadable

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
UNREADABLE_FILES = (DeltaError, duckdb.InvalidInputException, pa.ArrowInvalid)


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


def is_expected(error: BaseException) -> bool:
    """Return whether this can go wrong on a machine, however right the code is."""
    return isinstance(error, EXPECTED) or is_unreadable(error)


def explain_error(error: BaseException) -> str:
    """Return what is wrong, and what to do about it, in one line."""
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    if is_disk_full(error):
        return FREE_SPACE
    if isinstance(error, CopydeskError):
        return line
    if isinstance(error, CommitFailedError):
        return CONFLICT
    if isinstance(error, UNREADABLE_FILES) or is_unreadable(error):
        return f"a file of the tables cannot be read ({line}); {REMEDY}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename2 or error.filename}: {error.strerror}{_advise(error)}"
    return line


def _advise(error: OSError) -> str:
    if error.errno in MAY_NOT_WRITE:
        return "; this user needs the right to it"
    if isinstance(error, FileNotFoundError) and str(error.filename).endswith(".parquet"):
        return f"; {REMEDY}"
    return ""
