"""Open what a file of a bundle holds: the file itself, or what is packed in it, at any depth.

Nothing is written under the name that an archive gives it: an entry is a stream. Every stream that
comes out of a decompressor is counted, so that no bomb unpacks further than the limits allow.
"""

import io
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple, TypeVar, cast

from copydesk.compression import (
    BUFFER_BYTES,
    corruption_as_reason,
    count_bytes,
    decompress,
)
from copydesk.encodings import UnreadableError
from copydesk.file_types import COMPRESSIONS, HEAD_BYTES, FileType, find_file_type, strip_suffix
from copydesk.limits import MIB, Budget, Limits
from copydesk.model import Stage

SPOOL_BYTES = 32 * MIB  # a file inside an archive that must be sought in stays in memory up to this
ENCRYPTED_FLAG = 0x1
ZIP_TAIL_BYTES = 66_000  # the end of a zip file: its record, its comment, the records of zip64
ZIP_NO_SIZE = 0xFFFF_FFFF  # where zip64 says the size
MAX_NAME_CHARS = 4_096  # no file system has longer paths
MAX_TAR_HEADER_BYTES = MIB  # of a long name or of PAX fields; they have a few hundred
TAR_EXTENSIONS = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)


ItemT = TypeVar("ItemT")


class Entry(NamedTuple):
    """A file that is no archive: its path inside the bundle, its type, its bytes."""

    source_path: str
    file_type: FileType
    stream: io.BufferedReader


class Refused(NamedTuple):
    """A file, or a record of one, that cannot be read, and why."""

    source_path: str
    reason: UnreadableError
    raw_sha256: str | None = None


def open_entries(
    stream: io.BufferedReader, source_path: str, *, name: str, file_bytes: int, limits: Limits
) -> Iterator[Entry | Refused]:
    """Yield the files in `stream`, each to be read before the next is asked for."""
    opener = _Opener(limits, Budget(limits, file_bytes), {})
    found = opener.open(stream, source_path, name=name, depth=0)
    yield from say_if_empty(found, source_path)


def say_if_empty(items: Iterable[ItemT], source_path: str) -> Iterator[ItemT | Refused]:
    """Yield `items`, or one row that says that there are none."""
    n = 0
    for n, item in enumerate(items, start=1):  # noqa: B007 -- counts them
        yield item
    if n == 0:
        yield Refused(source_path, UnreadableError(Stage.PARSE, "empty", "no page is in it"))


def open_bytes(data: bytes) -> io.BufferedReader:
    """Return bytes that are in memory as a stream like those of files."""
    return cast("io.BufferedReader", io.BufferedReader(io.BytesIO(data)))


def unique_path(path: str, taken: dict[str, int]) -> str:
    """Return `path`, or where it is taken, `path` with a number; and take it."""
    unique = path
    while unique in taken:
        taken[path] += 1
        unique = f"{path}~{taken[path]}"
    taken[unique] = 1
    return unique


class _Opener(NamedTuple):
    """The limits of one file of a bundle, what is left of them, and the paths that are taken."""

    limits: Limits
    budget: Budget
    taken: dict[str, int]

    def open(
        self, stream: io.BufferedReader, source_path: str, *, name: str, depth: int
    ) -> Iterator[Entry | Refused]:
        """Yield what `stream` is, or what is packed in it; `name` tells its type."""
        try:
            with corruption_as_reason():
                file_type = find_file_type(stream.peek(HEAD_BYTES)[:HEAD_BYTES], name)
            if depth > self.limits.depth:
                msg = f"archives inside each other, more than {self.limits.depth} deep"
                raise UnreadableError(Stage.UNPACK, "too_deep", msg)  # noqa: TRY301 -- one place answers
            if file_type is FileType.ZIP:
                yield from self._open_zip(stream, source_path, depth)
            elif file_type is FileType.TAR:
                yield from self._open_tar(stream, source_path, depth)
            elif file_type in COMPRESSIONS:
                unpacked = count_bytes(decompress(stream, file_type), self.budget)
                inner = strip_suffix(name)
                yield from self.open(unpacked, source_path, name=inner, depth=depth + 1)
            else:
                yield Entry(source_path, file_type, stream)
        except UnreadableError as reason:
            yield Refused(source_path, reason)

    def _open_zip(
        self, stream: io.BufferedReader, source_path: str, depth: int
    ) -> Iterator[Entry | Refused]:
        with (
            corruption_as_reason(),
            seekable(stream) as file,
            self._open_directory(file) as archive,
        ):
            for info in archive.infolist():
                if info.is_dir() and not info.file_size:
                    continue
                path = self._path_inside(source_path, info.filename)
                reason = _refuse_name(info.filename)
                if stat.S_ISLNK(info.external_attr >> 16):
                    reason = UnreadableError(Stage.UNPACK, "not_a_file", "a link, not a file")
                if info.flag_bits & ENCRYPTED_FLAG:
                    reason = UnreadableError(Stage.UNPACK, "encrypted", "needs a password")
                if reason is not None:
                    yield Refused(path, reason)
                    continue
                try:
                    with corruption_as_reason():
                        packed = archive.open(info)
                except UnreadableError as error:
                    yield Refused(path, error)
                    continue
                with packed:
                    inner = count_bytes(cast("io.BufferedIOBase", packed), self.budget)
                    yield from self.open(inner, path, name=info.filename, depth=depth + 1)

    def _open_tar(
        self, stream: io.BufferedReader, source_path: str, depth: int
    ) -> Iterator[Entry | Refused]:
        with (
            corruption_as_reason(),
            tarfile.open(
                fileobj=stream, mode="r|", tarinfo=_TarHeader, ignore_zeros=True
            ) as archive,
        ):
            for n, member in enumerate(iter(archive.next, None), start=1):
                self._check_count(n)
                archive.members = []  # type: ignore[attr-defined] # it would keep all it has seen
                if member.isdir():
                    continue
                path = self._path_inside(source_path, member.name)
                reason = _refuse_name(member.name) or _refuse_kind(member)
                if reason is not None:
                    yield Refused(path, reason)
                    continue
                inner = count_bytes(
                    cast("io.BufferedIOBase", archive.extractfile(member)), self.budget
                )
                yield from self.open(inner, path, name=member.name, depth=depth + 1)

    def _open_directory(self, file: IO[bytes]) -> zipfile.ZipFile:
        """Return a zip file; zipfile makes an object of each entry before one can be asked for."""
        tail_at = max(0, file.seek(0, io.SEEK_END) - ZIP_TAIL_BYTES)
        file.seek(tail_at)
        tail = file.read()
        end, end_64 = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
        sizes = (tail[end + 12 : end + 16], tail[end_64 + 40 : end_64 + 48] if end_64 >= 0 else b"")
        n_bytes = max(int.from_bytes(size, "little") % ZIP_NO_SIZE for size in sizes)
        file.seek(max(0, tail_at + end - n_bytes))
        parts = iter(lambda: file.read(BUFFER_BYTES), b"")
        self._check_count(sum(part.count(b"PK\x01\x02") for part in parts))
        return zipfile.ZipFile(file)

    def _check_count(self, n_entries: int) -> None:
        if n_entries > self.limits.entries:
            msg = f"an archive of more than {self.limits.entries:,} files"
            raise UnreadableError(Stage.UNPACK, "too_many", msg)

    def _path_inside(self, archive_path: str, name: str) -> str:
        path = printable_path(f"{archive_path}/{name[:MAX_NAME_CHARS]}")
        return unique_path(path, self.taken)


class _TarHeader(tarfile.TarInfo):
    """A header of a tar file; a broken one is an error, where tarfile takes it for the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_TarHeader":
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not buf.strip(b"\0"):  # the end, as it should be
                raise
            raise tarfile.ReadError(str(error)) from error
        if header.size < 0:
            msg = "a file of less than no bytes"
            raise tarfile.ReadError(msg)
        if header.type in TAR_EXTENSIONS and header.size > MAX_TAR_HEADER_BYTES:
            msg = f"a header of more than {MAX_TAR_HEADER_BYTES:,} bytes"
            raise tarfile.ReadError(msg)
        return header


@contextmanager
def seekable(stream: io.BufferedReader) -> Iterator[IO[bytes]]:
    """Yield a stream that can be sought in, which a compressed one cannot."""
    if stream.seekable():
        yield stream
        return
    with SpooledTemporaryFile(SPOOL_BYTES) as copy:
        shutil.copyfileobj(stream, copy, BUFFER_BYTES)
        copy.seek(0)
        yield cast("IO[bytes]", copy)


def printable_path(path: str) -> str:
    """Return a path as tables can hold it: bytes that are not UTF-8 are spelt out.

    A `#` is too, because it stands before the number of a record.
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("#", "%23")


def _refuse_name(name: str) -> UnreadableError | None:
    """Return why an entry's name is not to be trusted: it leads out of the archive."""
    parts = name.replace("\\", "/").split("/")
    is_absolute = not parts[0] or parts[0].endswith(":")
    if is_absolute or ".." in parts or "\0" in name:
        return UnreadableError(Stage.UNPACK, "unsafe_path", "its name leads out of the archive")
    return None


def _refuse_kind(member: tarfile.TarInfo) -> UnreadableError | None:
    if member.isfile():
        return None
    kind = "link" if member.issym() or member.islnk() else "device"
    return UnreadableError(Stage.UNPACK, "not_a_file", f"a {kind}, not a file")
