"""Unpack compressed streams, and count what comes out of them.

The libraries differ in what they take for the end of a stream. Here a stream that is broken or cut
off yields all its good bytes first, and then an error.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

import zstandard

from copydesk.errors import UnreadableError
from copydesk.reading.file_types import Packing
from copydesk.reading.limits import Budget
from copydesk.reading.streams import BUFFER_BYTES
from copydesk.system.damage import is_disk_full
from copydesk.system.memory import MIB
from copydesk.values import Stage

PACKED_BYTES = 1_024  # given to a decompressor at a time; zstd may turn them into 32 MiB
MAX_WINDOW_BYTES = 128 * MIB  # the default of zstd; `xz -9` needs 65 MiB


def decompress(stream: BinaryIO, packing: Packing) -> io.BufferedIOBase:
    """Return what comes out of a compressed stream."""
    match packing:
        case Packing.GZIP:
            return gzip.GzipFile(fileobj=stream)
        case Packing.BZIP2:
            return _Unpacked(stream, bz2.BZ2Decompressor)
        case Packing.XZ:
            return _Unpacked(stream, lambda: lzma.LZMADecompressor(memlimit=MAX_WINDOW_BYTES))
        case _:
            return _Unpacked(stream, _ZstdDecompressor)


class _Decompressor(Protocol):
    """What unpacks one stream of bytes, as `bz2` and `lzma` have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _ZstdDecompressor:
    """The decompressor of zstandard, which gives all that comes out of its input."""

    needs_input = True

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes, _max_length: int, /) -> bytes:
        return self._frame.decompress(data)


class _Unpacked(io.BufferedIOBase):
    """The bytes in packed streams that follow each other, with or without NUL between them.

    The file classes of `bz2` and `lzma` and the reader of zstandard take a broken stream for the
    end, and would lose what follows it without an error.
    """

    def __init__(self, packed: BinaryIO, start: Callable[[], _Decompressor]) -> None:
        self._packed = packed
        self._start = start
        self._stream = start()
        self._ready = io.BytesIO()

    def read1(self, size: int = -1, /) -> bytes:
        while not (data := self._ready.read(size)):
            packed = b""
            if self._stream.eof:
                packed = self._find_next()
                if not packed:
                    break
                self._stream = self._start()
            elif self._stream.needs_input:
                packed = self._packed.read(PACKED_BYTES)
                if not packed:
                    msg = "it ends before the packed data is complete"
                    raise EOFError(msg)
            self._ready = io.BytesIO(self._stream.decompress(packed, size))
        return data

    def _find_next(self) -> bytes:
        """Return the bytes after the stream, from the first that is not NUL; b"" at the end."""
        packed = self._stream.unused_data
        while not packed.strip(b"\0") and (packed := self._packed.read(PACKED_BYTES)):
            pass
        return packed.lstrip(b"\0")


def count_bytes(packed: io.BufferedIOBase, budget: Budget) -> io.BufferedReader:
    """Return a stream that charges its bytes to a budget."""
    return io.BufferedReader(_Counted(packed, budget), BUFFER_BYTES)


class _Counted(io.RawIOBase):
    """The bytes that come out of a decompressor, charged to a budget."""

    def __init__(self, packed: io.BufferedIOBase, budget: Budget) -> None:
        self._packed = packed
        self._budget = budget
        self._reason: UnreadableError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # of Buffer
        n_read = 0
        while n_read < len(buffer):  # filled completely, so that peek() shows a whole head
            data = self._read(len(buffer) - n_read)
            if not data:
                break
            buffer[n_read : n_read + len(data)] = data
            n_read += len(data)
        if self._reason is not None and n_read == 0:
            raise self._reason
        return n_read

    def _read(self, n_bytes: int) -> bytes:
        """Return the next bytes, or b"" after the first broken one: the bytes before it count."""
        if self._reason is not None:
            return b""
        try:
            with corruption_as_reason():
                data = self._packed.read1(n_bytes)  # read() loses what is before an error
            self._budget.spend(len(data))
        except UnreadableError as reason:
            self._reason = reason
            return b""
        return data


@contextmanager
def corruption_as_reason() -> Iterator[None]:
    """Turn what the libraries raise about broken archives into one reason.

    It goes around their calls only, so that a ValueError of our own code is never taken for one.

    Raises: UnreadableError: for all that they raise, except that the disk is full.
    """
    try:
        yield
    except (
        EOFError,
        NotImplementedError,  # a compression that zipfile does not know
        OSError,
        RuntimeError,  # how zipfile asks for a password
        ValueError,
        lzma.LZMAError,
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        zstandard.ZstdError,
    ) as error:
        if is_disk_full(error):
            raise  # a fault of the machine, not of the archive
        message = str(error) or type(error).__name__
        raise UnreadableError(Stage.UNPACK, "corrupt", message) from error
