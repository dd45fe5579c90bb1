"""Read the pages of web archives (WARC, ISO 28500, and the drafts before), as servers sent them.

A record that states the wrong length costs itself: reading continues at the next one.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.limitreader import LimitReader
from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import HEAD_BYTES
from copydesk.reading.file_types import find_file_type
from copydesk.reading.formats.html import HTML, is_markup
from copydesk.reading.formats.text import TEXT
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Refused, check_size
from copydesk.reading.registry import Entry, Format
from copydesk.system.memory import MIB
from copydesk.values import Stage

HTTP_OK = frozenset({"200", "203"})  # 203: a proxy changed it on its way
HTTP_PARTIAL = "206"
PARTIAL_ADVICE = " (a part of the page: fetch it whole)"
WARC_VERSIONS = ["WARC/1.", "WARC/0.1"]
WARC_LINE = b"WARC/"
HTTP_VERSIONS = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3"]
MAX_HEADER_BYTES = MIB  # of one record; servers stop at 8 to 64 kB
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
GZIP_SIGNATURE = b"\x1f\x8b"
PAGE_RECORDS = frozenset({"response", "resource", "conversion"})
CRAWL_NOTES = frozenset({"warcinfo", "request", "metadata"})
UNKNOWN_TYPE = "application/octet-stream"  # of servers that do not know their own pages
# The name that decides the format of a page: what a server calls HTML is HTML.
PAGE_NAMES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    UNKNOWN_TYPE: "page.html",
    "": "page",
}
PAGE_FORMATS = (HTML, TEXT)
LENGTH = re.compile(r"[0-9]{1,30}")  # Python refuses to convert thousands of digits
CHARSET = re.compile(r"charset=[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def read_warc(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages of a web archive; requests and notes about the crawl are skipped."""
    for number, record in enumerate(_read_warc_records(entry.stream), start=1):
        path = entry.path_of(number)
        if isinstance(record, UnreadableError):
            yield Refused(path, record)
            continue
        if record.kind in CRAWL_NOTES:
            continue
        try:
            yield _read_response(record, path, limits)
        except UnreadableError as reason:
            yield Refused(path, reason)


class Origin(NamedTuple):
    """Where a page was found, its address, and when it was fetched."""

    source_path: str
    url: str | None
    retrieved_at: str | None


class _WarcRecord(NamedTuple):
    """A record of a web archive: its headers, and its content while it is the last one read."""

    headers: StatusAndHeaders
    content: LimitReader

    @property
    def kind(self) -> str:
        return str(self.headers.get_header("WARC-Type"))


def _read_warc_records(stream: io.BufferedReader) -> Iterator[_WarcRecord | UnreadableError]:
    """Yield the records of a web archive, and a reason for what is between two of them.

    The iterator of warcio reads headers of any length, and takes a record that is cut off as whole.

    Raises: UnreadableError: where the archive is broken.
    """
    n_records = 0
    while line := stream.readline(MAX_HEADER_BYTES):
        if not line.strip():
            continue
        if n_records and not line.startswith(WARC_LINE):
            line, n_skipped = _find_record(stream, line)
            reason = f"{n_skipped:,} bytes between two records: the first states a wrong length"
            if not line:
                _refuse_warc("it ends in something else")
            yield UnreadableError(Stage.UNPACK, "corrupt", reason)
        n_records += 1
        headers = read_headers(stream, WARC_VERSIONS, line)
        length = headers.get_header("Content-Length") or ""
        if not LENGTH.fullmatch(length):
            _refuse_warc("a record without its length")
        content = LimitReader(stream, int(length))
        yield _WarcRecord(headers, content)
        while content.read(MIB):
            pass
        if content.limit:
            _refuse_warc("it ends inside a record")


def _find_record(stream: io.BufferedReader, line: bytes) -> tuple[bytes, int]:
    """Return the first line of the next record, b"" at the end, and the bytes before it."""
    n_skipped = 0
    while line and not line.startswith(WARC_LINE):
        n_skipped += len(line)
        line = stream.readline(MAX_HEADER_BYTES)
    return line, n_skipped


def read_headers(
    stream: io.BufferedReader | LimitReader, versions: list[str], line: bytes | None = None
) -> StatusAndHeaders:
    """Return the status line and the headers that a stream begins with.

    Raises: UnreadableError: if there are none, or too many.
    """
    limited = LimitReader(stream, MAX_HEADER_BYTES)
    try:
        headers = StatusAndHeadersParser(versions).parse(limited, line)
    except (EOFError, StatusAndHeadersParserException) as error:
        _refuse_warc(f"no headers: {error}")
    if not limited.limit:
        _refuse_warc(f"headers of more than {MAX_HEADER_BYTES:,} bytes")
    return headers


def _refuse_warc(message: str) -> NoReturn:
    raise UnreadableError(Stage.UNPACK, "corrupt", f"not a web archive: {message}")


def _read_response(record: _WarcRecord, source_path: str, limits: Limits) -> Document:
    """Return the page of a web archive's record.

    Raises: UnreadableError: if it is not one: an error of the server, a picture, a broken record.
    """
    if record.kind not in PAGE_RECORDS:
        elsewhere = ", it is in an earlier record" if record.kind == "revisit" else ""
        _refuse_page(f"a record of type {record.kind}: it holds no page{elsewhere}")
    url = str(record.headers.get_header("WARC-Target-URI", "")).strip("<>")  # as wget writes it
    retrieved_at = record.headers.get_header("WARC-Date")
    origin = Origin(source_path, url or None, retrieved_at)
    if record.kind == "response" and url.startswith(("http:", "https:")):
        return read_http(record.content, origin, limits)
    data = _read_all(record.content, limits)
    return make_page(data, record.headers.get_header("Content-Type") or "", origin)


def read_http(content: LimitReader, origin: Origin, limits: Limits) -> Document:
    """Return the page in what a server answered: headers, and a content that may be packed.

    Raises: UnreadableError: if it is not one: an error of the server, a picture, a broken record.
    """
    http = read_headers(content, HTTP_VERSIONS)
    check_status(http.get_statuscode())
    stated = http.get_header("Content-Type") or ""
    _check_type(stated)  # before a film is read
    return make_page(_unpack_content(_read_all(content, limits), http, limits), stated, origin)


def make_page(data: bytes, stated: str, origin: Origin) -> Document:
    """Return what a server sent as a page, by the type that the server states and its content.

    Raises: UnreadableError: if it is not one.
    """
    kind = _check_type(stated)
    if kind == UNKNOWN_TYPE and not is_markup(data[:HEAD_BYTES], None):
        _refuse_page(f"the server calls it {kind}")
    found = find_file_type(data[:HEAD_BYTES], PAGE_NAMES[kind])
    if found not in PAGE_FORMATS:
        _refuse_page(f"its content is {found}")
    charset = CHARSET.search(stated)
    return Document(
        origin.source_path,
        str(found),
        data,
        charset=charset.group(1) if charset else None,
        url=origin.url,
        retrieved_at=origin.retrieved_at,
    )


def check_status(status: str) -> None:
    """Refuse what a server sent instead of a page.

    Raises: UnreadableError: that names the status.
    """
    if status not in HTTP_OK:
        help_ = PARTIAL_ADVICE if status == HTTP_PARTIAL else ""
        raise UnreadableError(Stage.PARSE, "http_status", f"the server answered {status}{help_}")


def _check_type(stated: str) -> str:
    kind = stated.partition(";")[0].strip().lower()
    if kind not in PAGE_NAMES:
        _refuse_page(f"the server calls it {kind[:80]}")
    return kind


def _refuse_page(message: str) -> NoReturn:
    raise UnreadableError(Stage.PARSE, "not_a_page", message)


def _read_all(content: LimitReader, limits: Limits) -> bytes:
    """Return the bytes of a record.

    Raises: UnreadableError: if they are cut off, or over the limit.
    """
    data: bytes = content.read(limits.page_bytes + 1)
    check_size(len(data), limits)
    if content.limit:
        _refuse_warc("it ends inside this record")
    return data


def _unpack_content(data: bytes, http: StatusAndHeaders, limits: Limits) -> bytes:
    """Return the content as it was before the server packed it.

    Many crawlers unpack it and keep the headers: content that is not packed stays as it is.

    Raises: UnreadableError: if it is broken, or over the limit.
    """
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        data = ChunkedDataReader(io.BytesIO(data)).read()
    packing = (http.get_header("Content-Encoding") or "").strip().lower()
    limit = limits.page_bytes + 1
    try:
        if packing == "br" and not is_markup(data[:HEAD_BYTES], None):
            brotli_reader = brotli.Decompressor()
            data = brotli_reader.process(data, output_buffer_limit=limit)
            is_whole = brotli_reader.is_finished()
        elif (packing in GZIP_NAMES and data.startswith(GZIP_SIGNATURE)) or (
            packing == "deflate" and not is_markup(data[:HEAD_BYTES], None)
        ):
            zlib_reader = zlib.decompressobj(_find_zlib_format(data))
            data = zlib_reader.decompress(data, limit)
            is_whole = zlib_reader.eof
        else:
            return data
    except (brotli.error, zlib.error) as error:
        raise UnreadableError(Stage.UNPACK, "corrupt", f"not {packing}: {error}") from error
    check_size(len(data), limits)
    if not is_whole:
        raise UnreadableError(Stage.UNPACK, "corrupt", f"{packing} that is cut off")
    return data


def _find_zlib_format(data: bytes) -> int:
    """Return the `wbits` of gzip, of zlib, or of bare deflate, which some servers send."""
    if data.startswith(GZIP_SIGNATURE):
        return zlib.MAX_WBITS + 16
    is_zlib = int.from_bytes(data[:2]) % 31 == 0 and data[:1] == b"\x78"
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


WARC = Format(
    media_type="application/warc",
    endings=("warc", "wet"),
    read=read_warc,
    magic=(b"WARC/1.", b"WARC/0.17", b"WARC/0.18"),
)
FORMATS = (WARC,)
