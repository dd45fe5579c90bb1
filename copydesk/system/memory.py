"""Limit the memory of this process, within what it may take already."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "linux":
    import resource

MIB = 2**20
MEMORY_USE = Path("/proc/self/statm")  # in pages; the sixth number is data and stack


def limit_memory(n_bytes: int) -> None:
    """Let this process take so many bytes more than now, and no more than it may already.

    What it has freed and not given back, it has: it may be taken again beyond the number. Only
    Linux counts what is meant; elsewhere, and where nobody can say what it has, no limit.
    """
    if sys.platform != "linux":
        return
    try:
        held = int(MEMORY_USE.read_text("ascii").split()[5]) * resource.getpagesize()
    except OSError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    ceilings = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([held + n_bytes, *ceilings]), hard))


@contextmanager
def limited_memory(n_bytes: int) -> Iterator[None]:
    """Let the code of this block take so many bytes more than now (`limit_memory`)."""
    if sys.platform != "linux":
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit_memory(n_bytes)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
