"""Unpack compressed streams, and count what comes out of them.

The libraries differ in what they take for the end of a stream; here a stream that is broken or cut
off is an error, behind all that came before it.
"""

import bz2
import errno
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
from copydesk.reading.limits import MIB, Budget
from copydesk.reading.streams import BUFFER_BYTES
from copydesk.rows import Stage

PACKED_BYTES = 1_024  # given to a decompressor at a time; of zstd up to 32 MiB may come out
MAX_WINDOW_BYTES = 128 * MIB  # what zstd allows by itself; the largest that `xz -9` needs is 65 MiB


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
    """The bytes in packed streams that stand one behind the other, with NUL between them or not.

    The files of `bz2` and `lzma` and the reader of zstandard take a stream that is broken or cut
    off for the end, and what is behind it would be lost without a word.
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
                    msg = "it ends inside of what is packed"
                    raise EOFError(msg)
            self._ready = io.BytesIO(self._stream.decompress(packed, size))
        return data

    def _find_next(self) -> bytes:
        """Return the first bytes behind the stream that are not NUL, b"" at the end."""
        packed = self._stream.unused_data
        while not packed.strip(b"\0") and (packed := self._packed.read(PACKED_BYTES)):
            pass
        return packed.lstrip(b"\0")


def count_bytes(packed: io.BufferedIOBase, budget: Budget) -> io.BufferedReader:
    """Return a stream whose bytes are paid for from a budget."""
    return io.BufferedReader(_Counted(packed, budget), BUFFER_BYTES)


class _Counted(io.RawIOBase):
    """The bytes that come out of a decompressor, paid for from a budget."""

    def __init__(self, packed: io.BufferedIOBase, budget: Budget) -> None:
        self._packed = packed
        self._budget = budget
        self._reason: UnreadableError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # of Buffer
        n_read = 0
        while n_read < len(buffer):  # filled to the end, so that peek() shows a whole head
            data = self._read(len(buffer) - n_read)
            if not data:
                break
            buffer[n_read : n_read + len(data)] = data
            n_read += len(data)
        if self._reason is not None and n_read == 0:
            raise self._reason
        return n_read

    def _read(self, n_bytes: int) -> bytes:
        """Return the next bytes, b"" from the first broken one on: what is before it counts."""
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

    Raises: UnreadableError: where they raise anything but that the disk is full.
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
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise  # the machine's fault, not the archive's
        message = str(error) or type(error).__name__
        raise UnreadableError(Stage.UNPACK, "corrupt", message) from error
