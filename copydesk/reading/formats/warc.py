"""Read the pages of web archives (WARC 1.0 and 1.1, ISO 28500), as servers sent them."""

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
from copydesk.rows import Stage
from copydesk.system.allowance import MIB

HTTP_OK = "200"
WARC_VERSIONS = ["WARC/1."]
HTTP_VERSIONS = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3"]
MAX_HEADER_BYTES = MIB  # of one record; servers stop at 8 to 64 kB
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
GZIP_SIGNATURE = b"\x1f\x8b"
PAGE_RECORDS = frozenset({"response", "resource", "conversion"})
CRAWL_NOTES = frozenset({"warcinfo", "request", "metadata"})
# The name that decides the format of a page: what a server calls HTML is HTML.
PAGE_NAMES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    "": "page",
}
PAGE_FORMATS = (HTML, TEXT)
LENGTH = re.compile(r"[0-9]{1,30}")  # Python refuses to convert thousands of digits
CHARSET = re.compile(r"charset=[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def read_warc(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages of a web archive; requests and notes about the crawl are skipped."""
    for number, record in enumerate(_read_warc_records(entry.stream), start=1):
        if record.kind in CRAWL_NOTES:
            continue
        path = entry.path_of(number)
        try:
            yield _read_response(record, path, limits)
        except UnreadableError as reason:
            yield Refused(path, reason)


class _WarcRecord(NamedTuple):
    """A record of a web archive: its headers, and its content while it is the last one read."""

    headers: StatusAndHeaders
    content: LimitReader

    @property
    def kind(self) -> str:
        return str(self.headers.get_header("WARC-Type"))


def _read_warc_records(stream: io.BufferedReader) -> Iterator[_WarcRecord]:
    """Yield the records of a web archive.

    The iterator of warcio reads headers of any length, and takes a record that is cut off as whole.

    Raises: UnreadableError: where the archive is broken.
    """
    while line := stream.readline(MAX_HEADER_BYTES):
        if not line.strip():
            continue
        headers = _read_headers(stream, WARC_VERSIONS, line)
        length = headers.get_header("Content-Length") or ""
        if not LENGTH.fullmatch(length):
            _refuse_warc("a record without its length")
        content = LimitReader(stream, int(length))
        yield _WarcRecord(headers, content)
        while content.read(MIB):
            pass
        if content.limit:
            _refuse_warc("it ends inside a record")


def _read_headers(
    stream: io.BufferedReader | LimitReader, versions: list[str], line: bytes | None = None
) -> StatusAndHeaders:
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
        _refuse_page(f"a record of type {record.kind}: it holds no page")
    url = str(record.headers.get_header("WARC-Target-URI", "")).strip("<>")  # as wget writes it
    is_http = record.kind == "response" and url.startswith(("http:", "https:"))
    http = _read_headers(record.content, HTTP_VERSIONS) if is_http else None
    status = http.get_statuscode() if http else HTTP_OK
    if status != HTTP_OK:
        raise UnreadableError(Stage.PARSE, "http_status", f"the server answered {status}")
    stated = (http or record.headers).get_header("Content-Type") or ""
    kind = stated.partition(";")[0].strip().lower()
    if kind not in PAGE_NAMES:
        _refuse_page(f"the server calls it {kind[:80]}")
    data = _read_content(record, http, limits)
    found = find_file_type(data[:HEAD_BYTES], PAGE_NAMES[kind])
    if found not in PAGE_FORMATS:
        _refuse_page(f"its content is {found}")
    charset = CHARSET.search(stated)
    return Document(
        source_path,
        str(found),
        data,
        charset=charset.group(1) if charset else None,
        url=url or None,
        retrieved_at=record.headers.get_header("WARC-Date"),
    )


def _refuse_page(message: str) -> NoReturn:
    raise UnreadableError(Stage.PARSE, "not_a_page", message)


def _read_content(record: _WarcRecord, http: StatusAndHeaders | None, limits: Limits) -> bytes:
    """Return the bytes of a record's page, unpacked.

    Raises: UnreadableError: if they are cut off, broken, or over the limit.
    """
    data = record.content.read(limits.page_bytes + 1)
    check_size(len(data), limits)
    if record.content.limit:
        _refuse_warc("it ends inside this record")
    return _unpack_content(data, http, limits) if http else data


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
    magic=(b"WARC/1.",),
)
FORMATS = (WARC,)
