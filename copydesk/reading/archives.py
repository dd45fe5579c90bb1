"""Open what a file of a bundle holds: the file itself, or what is packed in it, at any depth.

Nothing is written under the name that an archive gives it: an entry is a stream. Every stream that
comes out of a decompressor is counted, so no bomb unpacks further than the limits allow.
"""

import io
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO, NamedTuple, cast

from copydesk.errors import UnreadableError
from copydesk.reading.compression import corruption_as_reason, count_bytes, decompress
from copydesk.reading.encodings import HEAD_BYTES
from copydesk.reading.file_types import Packing, find_file_type, find_package, strip_ending
from copydesk.reading.limits import Budget, Limits
from copydesk.reading.records import Refused, say_if_empty
from copydesk.reading.registry import Entry
from copydesk.reading.streams import BUFFER_BYTES, seekable
from copydesk.system.memory import MIB
from copydesk.values import Stage

ENCRYPTED_FLAG = 0x1
# Of a packed crawl (WACZ), the web archives hold the pages; indexes and lists repeat what is there.
WACZ_PART, WACZ_PAGES = "datapackage.json", "archive/"
ZIP_TAIL_BYTES = 66_000  # the end of a zip file: its record, its comment, the records of zip64
ZIP_ENTRY = b"PK\x01\x02"
ZIP_END, ZIP_END_SIZE = b"PK\x05\x06", slice(12, 16)  # where it says how long the directory is
ZIP64_END, ZIP64_END_SIZE = b"PK\x06\x06", slice(40, 48)
ZIP_NO_SIZE = 0xFFFF_FFFF  # where zip64 says the size
SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})  # of macOS and Windows
SYSTEM_FOLDER = "__MACOSX"
SYSTEM_PREFIX = "._"  # then the name of the file that the notes of macOS are about
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


def open_entries(
    stream: io.BufferedReader, source_path: str, *, name: str, file_bytes: int, limits: Limits
) -> Iterator[Entry | Refused]:
    """Yield the files in `stream`; read each before you ask for the next."""
    opener = _Opener(limits, Budget(limits, file_bytes), {})
    found = opener.open(stream, source_path, name=name, depth=0)
    yield from say_if_empty(found, source_path)


def unique_path(path: str, taken: dict[str, int]) -> str:
    """Return `path`, with a number added if it is in `taken`, and add the result to `taken`."""
    unique = path
    while unique in taken:
        taken[path] += 1
        unique = f"{path}~{taken[path]}"
    taken[unique] = 1
    return unique


class _Opener(NamedTuple):
    """The limits of one file of a bundle, the bytes left to unpack, and the paths in use."""

    limits: Limits
    budget: Budget
    taken: dict[str, int]

    def open(
        self, stream: io.BufferedReader, source_path: str, *, name: str, depth: int
    ) -> Iterator[Entry | Refused]:
        """Yield the stream itself as an entry, or the files that are packed in it.

        Its type is found by `name` and the first bytes.
        """
        if depth > self.limits.depth:
            msg = f"archives inside each other, more than {self.limits.depth} deep"
            yield Refused(source_path, UnreadableError(Stage.UNPACK, "too_deep", msg))
            return
        try:
            with corruption_as_reason():
                head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
            file_type = find_file_type(head, name)
            if file_type is Packing.ZIP:
                yield from self._open_zip(stream, source_path, name=name, depth=depth)
            elif file_type is Packing.TAR:
                yield from self._open_tar(stream, source_path, depth)
            elif isinstance(file_type, Packing):
                unpacked = count_bytes(decompress(stream, file_type), self.budget)
                inner = strip_ending(name)
                yield from self.open(unpacked, source_path, name=inner, depth=depth + 1)
            else:
                yield Entry(source_path, file_type, stream)
        except UnreadableError as reason:
            yield Refused(source_path, reason)

    def _open_zip(
        self, stream: io.BufferedReader, source_path: str, *, name: str, depth: int
    ) -> Iterator[Entry | Refused]:
        with seekable(stream) as file, self._open_directory(file) as archive:
            names = set(archive.namelist())
            package = find_package(names, name)
            if package is not None:
                file.seek(0)
                yield Entry(source_path, package, cast("io.BufferedReader", file))
                return
            is_crawl = WACZ_PART in names
            for info in archive.infolist():
                if info.is_dir() and not info.file_size:
                    continue
                if is_crawl and not info.filename.startswith(WACZ_PAGES):
                    continue
                yield from self._open_zipped(archive, info, source_path, depth)

    def _open_zipped(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, source_path: str, depth: int
    ) -> Iterator[Entry | Refused]:
        path = self._path_inside(source_path, info.filename)
        reason = _refuse_entry(info)
        if reason is not None:
            yield Refused(path, reason)
            return
        try:
            with corruption_as_reason():
                packed = archive.open(info)
        except UnreadableError as error:
            yield Refused(path, error)
            return
        with packed:
            inner = count_bytes(cast("io.BufferedIOBase", packed), self.budget)
            yield from self.open(inner, path, name=info.filename, depth=depth + 1)

    def _open_tar(
        self, stream: io.BufferedReader, source_path: str, depth: int
    ) -> Iterator[Entry | Refused]:
        with corruption_as_reason():
            opened = tarfile.open(  # noqa: SIM115 -- it is entered where its errors are not caught
                fileobj=stream, mode="r|", tarinfo=_TarHeader, ignore_zeros=True
            )
        with opened as archive:
            for n, member in enumerate(_read_members(archive, self.budget), start=1):
                self._check_count(n)
                if member.isdir():
                    continue
                path = self._path_inside(source_path, member.name)
                reason = _refuse_member(member)
                if reason is not None:
                    yield Refused(path, reason)
                    continue
                with corruption_as_reason():
                    packed = cast("io.BufferedIOBase", archive.extractfile(member))
                inner = count_bytes(packed, self.budget)
                yield from self.open(inner, path, name=member.name, depth=depth + 1)

    def _open_directory(self, file: IO[bytes]) -> zipfile.ZipFile:
        """Return a zip file; zipfile makes an object of each entry before one can be asked for."""
        with corruption_as_reason():
            n_entries = _count_entries(file)
        self._check_count(n_entries)
        with corruption_as_reason():
            return zipfile.ZipFile(file)

    def _check_count(self, n_entries: int) -> None:
        if n_entries > self.limits.entries:
            msg = f"an archive of more than {self.limits.entries:,} files"
            raise UnreadableError(Stage.UNPACK, "too_many", msg)

    def _path_inside(self, archive_path: str, name: str) -> str:
        path = printable_path(f"{archive_path}/{name[:MAX_NAME_CHARS]}")
        return unique_path(path, self.taken)


def _read_members(archive: tarfile.TarFile, budget: Budget) -> Iterator[tarfile.TarInfo]:
    """Yield the headers of a tar file one by one, without keeping them.

    Raises: UnreadableError: if one states a size that the whole file cannot unpack to, which
        tarfile would pass over block by block.
    """
    while True:
        with corruption_as_reason():
            member = archive.next()
        if member is None:
            return
        archive.members = []  # type: ignore[attr-defined] # it would keep every header
        if member.size < 0:
            msg = "a file that states fewer than no bytes"
            raise UnreadableError(Stage.UNPACK, "corrupt", msg)
        stored = archive.offset - member.offset_data  # a file with holes states more than it stores
        if stored > budget.most:
            msg = f"a file that states {stored:.1e} bytes"
            raise UnreadableError(Stage.UNPACK, "too_large", msg)
        yield member


def _count_entries(file: IO[bytes]) -> int:
    """Return how many entries a zip file has at most; the number that it states may be wrong."""
    tail_at = max(0, file.seek(0, io.SEEK_END) - ZIP_TAIL_BYTES)
    file.seek(tail_at)
    tail = file.read()
    end_at, end_64_at = tail.rfind(ZIP_END), tail.rfind(ZIP64_END)
    if end_at < 0:
        return 0  # not a zip file
    n_bytes = int.from_bytes(tail[end_at:][ZIP_END_SIZE], "little") % ZIP_NO_SIZE
    if end_64_at >= 0:
        n_bytes = max(n_bytes, int.from_bytes(tail[end_64_at:][ZIP64_END_SIZE], "little"))
    file.seek(max(0, tail_at + end_at - n_bytes))
    return sum(part.count(ZIP_ENTRY) for part in iter(lambda: file.read(BUFFER_BYTES), b""))


class _TarHeader(tarfile.TarInfo):
    """A header of a tar file; a broken one is an error, but tarfile takes it for the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_TarHeader":
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not buf.strip(b"\0"):  # the regular end
                raise
            raise tarfile.ReadError(str(error)) from error
        if header.size < 0:
            msg = "a file with a negative size"
            raise tarfile.ReadError(msg)
        if header.type in TAR_EXTENSIONS and header.size > MAX_TAR_HEADER_BYTES:
            msg = f"a header of more than {MAX_TAR_HEADER_BYTES:,} bytes"
            raise tarfile.ReadError(msg)
        return header


def printable_path(path: str) -> str:
    """Return a path that a table can hold: bytes that are not UTF-8 are escaped.

    A `#` is escaped too, because it marks the number of a record.
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("#", "%23")


def system_file_reason() -> UnreadableError:
    """Return the reason for refusing a file that an operating system left beside the pages."""
    return UnreadableError(Stage.OPEN, "system_file", "made by macOS or Windows, not a page")


def is_system_file(name: str) -> bool:
    """Return whether macOS or Windows made this file, so nobody meant to send it."""
    *folders, last = name.replace("\\", "/").split("/")
    is_note = last.startswith(SYSTEM_PREFIX) or last.casefold() in SYSTEM_NAMES
    return is_note or SYSTEM_FOLDER in folders


def _refuse_name(name: str) -> UnreadableError | None:
    """Return why the name of an entry is refused: it leads out, or names a file of a system."""
    parts = name.replace("\\", "/").split("/")
    is_absolute = not parts[0] or parts[0].endswith(":")
    if is_absolute or ".." in parts or "\0" in name:
        return UnreadableError(Stage.UNPACK, "unsafe_path", "its name leads out of the archive")
    if is_system_file(name):
        return system_file_reason()
    return None


def _refuse_entry(info: zipfile.ZipInfo) -> UnreadableError | None:
    """Return why an entry of a zip file cannot be read, if so."""
    if info.flag_bits & ENCRYPTED_FLAG:
        return UnreadableError(Stage.UNPACK, "encrypted", "needs a password")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableError(Stage.UNPACK, "not_a_file", "a link, not a file")
    return _refuse_name(info.filename)


def _refuse_member(member: tarfile.TarInfo) -> UnreadableError | None:
    """Return why an entry of a tar file cannot be read, if so."""
    reason = _refuse_name(member.name)
    if reason is not None or member.isfile():
        return reason
    kind = "link" if member.issym() or member.islnk() else "device"
    return UnreadableError(Stage.UNPACK, "not_a_file", f"a {kind}, not a file")
