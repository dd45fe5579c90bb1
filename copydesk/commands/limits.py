"""Keep a query within its limits of time and memory, and say in one line which one it reached.

DuckDB counts the memory of its own operators, not that of functions: `repeat('x', 4000000000)`
takes 4 GB whatever its limit. So the process gets a limit too. Likewise it can be interrupted
between batches of rows, not inside a function; then the process ends itself.
"""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from copydesk.commands.project import CommandError
from copydesk.publishing.access import QueryLimits
from copydesk.system.memory import MIB, limited_memory

PREFIX = "COPYDESK_QUERY_"
GRACE_SECONDS = 5  # for an interrupted query to end by itself
SPARE_BYTES = 1 << 30  # for the functions of a query, on top of what DuckDB counts
SPILL_SETTING = "max_temp_directory_size"


def read_limits() -> QueryLimits:
    """Return the limits that the settings state, else the defaults."""
    if not any(name.startswith(PREFIX) for name in os.environ):
        return QueryLimits()
    # Settings take most of a second to load, and most people ask without any.
    from copydesk.settings import load_settings

    return load_settings().query_limits


@contextmanager
def keep_within(limits: QueryLimits, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Stop what runs inside when it reaches a limit.

    Raises: CommandError: naming the limit and the setting that raises it.
    """
    message = (
        f"the query was stopped after {limits.seconds:,} seconds; ask for less, or set "
        f"{PREFIX}SECONDS"
    )
    spill = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
    interrupt = threading.Timer(limits.seconds, connection.interrupt)
    end = threading.Timer(limits.seconds + GRACE_SECONDS, _end, [message, Path(spill)])
    with limited_memory(limits.memory_mib * MIB + SPARE_BYTES):
        for timer in (interrupt, end):
            timer.daemon = True
            timer.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise CommandError(message) from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise CommandError(_explain_size(str(error), limits)) from error
        finally:
            for timer in (interrupt, end):
                timer.cancel()
                timer.join()  # it holds the connection, which must be gone before the process ends


def _explain_size(error: str, limits: QueryLimits) -> str:
    if SPILL_SETTING in error:
        return (
            f"the query needs more than {limits.spill_mib:,} MiB of temporary files; ask for less, "
            f"or set {PREFIX}SPILL_MIB"
        )
    return (
        f"the query needs more than {limits.memory_mib:,} MiB of memory; ask for less, or set "
        f"{PREFIX}MEMORY_MIB"
    )


def _end(message: str, spill: Path) -> None:
    """End the process from another thread: the query does not answer."""
    sys.stderr.write(f"copydesk: {message}\n")
    sys.stderr.flush()
    shutil.rmtree(spill, ignore_errors=True)
    os._exit(1)
