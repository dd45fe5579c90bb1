"""Say in one line that a table of a lake cannot be read, and what repairs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from copydesk.errors import LakeError
from copydesk.system.damage import REMEDY, is_unreadable
from copydesk.system.reasons import store_errors
from copydesk.tables import Table


@contextmanager
def explain_damage(lake: object, table: Table[Any]) -> Iterator[None]:
    """Raise in one line whatever says that the rows of a table cannot be read.

    Raises:
        LakeError: naming the table and what repairs it.
        StoreError: if the store of the lake does not answer.
    """
    try:
        with store_errors():
            yield
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        is_ours = isinstance(error, duckdb.Error) and not is_unreadable(error)
        if is_ours and not isinstance(error, duckdb.InvalidInputException):
            raise
        msg = f"{lake}: {table.name} cannot be read ({_reason_of(error)}); {REMEDY}"
        raise LakeError(msg) from error


def explain_log(lake: object, table: Table[Any], error: Exception) -> LakeError:
    """Return the error that says that the Delta log of a table cannot be read."""
    reason = _reason_of(error)
    return LakeError(f"{lake}: the Delta log of {table.name} is damaged ({reason}); {REMEDY}")


def _reason_of(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
