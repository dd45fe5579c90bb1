"""Turn bytes in memory, and streams that only run forward, into streams that can be sought in."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from copydesk.system.memory import MIB

BUFFER_BYTES = 256 * 1_024
SPOOL_BYTES = 32 * MIB  # a copy of a stream stays in memory up to this size


def open_bytes(data: bytes) -> io.BufferedReader:
    """Return bytes that are in memory as a stream like those of files."""
    return cast("io.BufferedReader", io.BufferedReader(io.BytesIO(data)))


@contextmanager
def seekable(stream: io.BufferedReader) -> Iterator[IO[bytes]]:
    """Yield the stream itself if it can be sought in, a temporary copy if it is unpacked."""
    if stream.seekable():
        yield stream
        return
    with SpooledTemporaryFile(SPOOL_BYTES) as copy:
        shutil.copyfileobj(stream, copy, BUFFER_BYTES)
        copy.seek(0)
        yield cast("IO[bytes]", copy)
