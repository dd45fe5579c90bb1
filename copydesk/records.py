"""Cut a file into pages: one page, the lines of an export, the rows of a table, a web archive.

A file of 100,000 articles is read record by record. What cannot be read is told apart from the
rest of the file, and the rest goes on where the format allows it.
"""

import csv
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import chain
from json import JSONDecoder
from typing import IO, NamedTuple, NoReturn

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
from warcio.bufferedreaders import ChunkedDataReader
from warcio.limitreader import LimitReader
from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from copydesk.archives import Entry, Refused, open_bytes, say_if_empty, seekable
from copydesk.encodings import Decoded, UnreadableError, as_utf8, decode, find_row_encoding
from copydesk.file_types import HEAD_BYTES, HTML_START, FileType, find_file_type
from copydesk.lexicons.words import load_field_names, plain_name
from copydesk.limits import MIB, Budget, Limits
from copydesk.model import Stage

ROW_BYTES = 512  # what a row of Parquet costs at least; a million empty ones take no place there
DELIMITERS = {FileType.CSV: ",;\t|", FileType.TSV: "\t"}
HTTP_OK = "200"
WARC_VERSIONS = ["WARC/1."]
HTTP_VERSIONS = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3"]
MAX_HEADER_BYTES = MIB  # of one record; servers cut theirs off at 8 to 64 kB
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
GZIP_SIGNATURE = b"\x1f\x8b"
PAGE_RECORDS = frozenset({"response", "resource", "conversion"})
CRAWL_NOTES = frozenset({"warcinfo", "request", "metadata"})
PAGE_KINDS = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
JSON_START = re.compile(r"[^\s,]")
CHARSET = re.compile(r"charset=[\"']?([\w.:-]{2,40})", re.IGNORECASE)
PAGE_TYPES = frozenset({FileType.HTML, FileType.TEXT})
Fields = Mapping[str, object]


class Document(NamedTuple):
    """One page as bytes, and what the web archive around it says."""

    source_path: str
    media_type: FileType
    data: bytes
    charset: str | None = None
    url: str | None = None
    retrieved_at: str | None = None


class Record(NamedTuple):
    """One page as the fields of an export, and the bytes that spell them."""

    source_path: str
    media_type: FileType
    encoding: str
    fields: Fields
    data: bytes


def read_records(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the pages of a file and what in it cannot be read, in the file's order."""
    yield from say_if_empty(_read_entry(entry, limits), entry.source_path)


def _read_entry(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    try:
        match entry.file_type:
            case FileType.JSON:
                yield from _read_json(entry, limits)
            case FileType.JSON_LINES:
                yield from _read_lines(entry, limits)
            case FileType.CSV | FileType.TSV:
                yield from _read_rows(entry, limits)
            case FileType.PARQUET:
                yield from _read_parquet(entry, limits)
            case FileType.WARC:
                yield from _read_warc(entry, limits)
            case _:
                data = entry.stream.read(limits.page_bytes + 1)
                _check_size(len(data), limits)
                yield Document(entry.source_path, entry.file_type, data)
    except UnreadableError as reason:
        yield Refused(entry.source_path, reason)


def _check_size(n_bytes: int, limits: Limits) -> None:
    if n_bytes > limits.page_bytes:
        msg = f"a page of more than {limits.page_mib} MiB (COPYDESK_MAX_PAGE_MIB)"
        raise UnreadableError(Stage.PARSE, "too_large", msg)


def _numbered(entry: Entry, number: int) -> str:
    return f"{entry.source_path}#{number}"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_json(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object in a file, or the items of its array, or of a list inside the object.

    A JSON value cannot be cut without reading it: what is larger than the limit is refused.
    """
    data = entry.stream.read(limits.json_mib * MIB + 1)
    if len(data) > limits.json_mib * MIB:
        msg = f"a JSON value of more than {limits.json_mib} MiB: write it as JSON Lines"
        raise UnreadableError(Stage.PARSE, "too_large", msg)
    decoded = decode(data)
    try:
        value = _parse_json(decoded.text)
    except UnreadableError as reason:
        if _is_json(decoded.text.strip().partition("\n")[0]):  # called .json by mistake
            yield from _read_lines(entry._replace(stream=open_bytes(data)), limits)
        else:
            yield from _read_values(entry, decoded, reason)
        return
    listed = value if isinstance(value, list) else _list_inside(value)
    if listed is None:
        yield _record_of(value, data, entry.source_path, decoded.encoding)
        return
    for number, item in enumerate(listed, start=1):
        spelt = json.dumps(item).encode()
        yield _record_of(item, spelt, _numbered(entry, number), decoded.encoding)


def _read_values(
    entry: Entry, decoded: Decoded, reason: UnreadableError
) -> Iterator[Record | Refused]:
    """Yield JSON objects that stand one behind the other, up to where they end for `reason`.

    Raises: UnreadableError: the `reason`, if not even one can be read.
    """
    number = end = 0
    while start := JSON_START.search(decoded.text, end):
        number += 1
        try:
            value, end = JSONDecoder().raw_decode(decoded.text, start.start())
            spelt = json.dumps(value).encode()
        except (ValueError, RecursionError):
            if number == 1:
                raise reason from None
            yield Refused(_numbered(entry, number), reason)
            return
        yield _record_of(value, spelt, _numbered(entry, number), decoded.encoding)


def _list_inside(value: object) -> list[object] | None:
    """Return the list of articles that an object holds beside counts and status, if it does."""
    if not isinstance(value, dict):
        return None
    fields = {plain_name(name): item for name, item in value.items()}
    names = load_field_names()
    if any(fields.get(name) for name in (*names["text"], *names["html"])):
        lists = []
    else:
        lists = [fields[name] for name in names["articles"] if isinstance(fields.get(name), list)]
    return lists[0] if lists else None


def _read_lines(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object on each line that is not blank."""
    stream = as_utf8(entry.stream)
    number = 0
    while line := stream.readline(limits.page_bytes + 1):
        number += 1
        path = _numbered(entry, number)
        try:
            _check_size(len(line), limits)
            line = line.strip()
            if line:
                decoded = decode(line)
                yield _record_of(_parse_json(decoded.text), line, path, decoded.encoding)
        except UnreadableError as reason:
            yield Refused(path, reason, _hash(line))
            while line and not line.endswith(b"\n") and reason.error == "too_large":
                line = stream.readline(MIB)


def _parse_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(Stage.PARSE, "not_json", f"not JSON: {error}") from error


def _is_json(text: str) -> bool:
    try:
        _parse_json(text)
    except UnreadableError:
        return False
    return True


def _record_of(value: object, data: bytes, source_path: str, encoding: str) -> Record | Refused:
    if isinstance(value, dict):
        return Record(source_path, FileType.JSON, encoding, value, data)
    msg = "not a JSON object with the fields of an article"
    return Refused(source_path, UnreadableError(Stage.PARSE, "not_an_article", msg), _hash(data))


def _read_rows(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of a table of text; its first line that is not blank names the columns."""
    stream = as_utf8(entry.stream)
    encoding = find_row_encoding(stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    lines = _TextLines(text, limits)
    header = next((line for line in lines if line.strip()), "")
    csv.field_size_limit(limits.page_bytes)
    rows = csv.reader(chain([header], lines), delimiter=_find_delimiter(header, entry.file_type))
    try:
        with _csv_error_as_reason():
            columns = next(rows, [])
            _check_columns(columns)
            for number, cells in enumerate(rows, start=1):
                lines.n_row_chars = 0
                if cells:
                    fault = _find_fault(cells, columns, is_cut=lines.is_at_end)
                    path, spelt = _numbered(entry, number), json.dumps(cells).encode()
                    fields = dict(zip(columns, cells, strict=False))
                    record = Record(path, entry.file_type, encoding, fields, spelt)
                    yield Refused(path, fault, _hash(spelt)) if fault else record
    finally:
        text.detach()  # it would close the file


class _TextLines:
    """The lines of a table, how many characters of them are in this row, and whether all are read.

    Iterating raises: UnreadableError: if a row is longer than a page may be.
    """

    def __init__(self, text: IO[str], limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self.n_row_chars = 0
        self.is_at_end = False

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limits.page_bytes + 1)
        if not line:
            self.is_at_end = True
            raise StopIteration
        self.n_row_chars += len(line)
        _check_size(self.n_row_chars, self._limits)
        return line


def _find_fault(cells: list[str], columns: list[str], *, is_cut: bool) -> UnreadableError | None:
    """Return why the text of a row would not be what was written, if so.

    csv asks for a line more than there are only where a quotation mark is open.
    """
    if is_cut:
        msg = "a quotation mark is not closed: the rest of the table stands behind it"
    elif any(cells[len(columns) :]):
        msg = f"{len(cells)} cells in a table of {len(columns)} columns"
    else:
        return None
    return UnreadableError(Stage.PARSE, "not_csv", msg)


def _find_delimiter(header: str, file_type: FileType) -> str:
    """Return the sign that cuts `header` into the most columns."""
    return max(DELIMITERS[file_type], key=header.count)


def _check_columns(columns: list[str]) -> None:
    """Refuse a table without a column of texts.

    Raises: UnreadableError: that names the columns it has.
    """
    names = load_field_names()
    if {plain_name(column) for column in columns}.isdisjoint((*names["text"], *names["html"])):
        listed = ", ".join(columns)[:200]
        msg = f"no column with a text (copydesk/lexicons/fields.toml) among {listed}"
        raise UnreadableError(Stage.PARSE, "no_text_field", msg)


@contextmanager
def _csv_error_as_reason() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise UnreadableError(Stage.PARSE, "not_csv", f"not CSV: {error}") from error


def _read_parquet(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of a Parquet file; columns that no field is called after are not read."""
    names = {name for names in load_field_names().values() for name in names}
    with seekable(entry.stream) as file, _arrow_error_as_reason():
        table = pq.ParquetFile(file)
        columns = table.schema_arrow.names
        _check_columns(columns)
        budget = Budget(limits, file.seek(0, io.SEEK_END))
        budget.spend(table.metadata.num_rows * ROW_BYTES)
        for i in range(table.num_row_groups):
            budget.spend(table.metadata.row_group(i).total_byte_size)
        read = [column for column in columns if plain_name(column) in names]
        rows = table.iter_batches(1, columns=read)  # a row is a page of 10 to 1,000 kB
        for number, row in enumerate(rows, start=1):
            path = _numbered(entry, number)
            try:
                with _arrow_error_as_reason():
                    _check_size(row.nbytes, limits)
                    (values,) = row.to_pylist()
                    fields = {name: _plain_value(value) for name, value in values.items()}
                spelt = json.dumps(fields, default=str).encode()
            except UnreadableError as reason:
                yield Refused(path, reason)
            else:
                yield Record(path, entry.file_type, "utf-8", fields, spelt)


def _plain_value(value: object) -> object:
    """Return a value as JSON would have it: times in ISO 8601, bytes as text."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, list):
        return [_plain_value(part) for part in value]
    return decode(value).text if isinstance(value, bytes) and value else value


@contextmanager
def _arrow_error_as_reason() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(Stage.PARSE, "not_parquet", f"not Parquet: {message}") from error


def _read_warc(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages of a web archive; requests and notes about the crawl are no pages."""
    for number, record in enumerate(_read_warc_records(entry.stream), start=1):
        if record.kind in CRAWL_NOTES:
            continue
        path = _numbered(entry, number)
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

    warcio's own iterator reads headers of any length, and takes a record that is cut off for whole.

    Raises: UnreadableError: where the archive is broken.
    """
    while line := stream.readline(MAX_HEADER_BYTES):
        if not line.strip():
            continue
        headers = _read_headers(stream, WARC_VERSIONS, line)
        length = headers.get_header("Content-Length") or ""
        if not (length.isascii() and length.isdecimal()):
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

    Raises: UnreadableError: if it is none: an error of the server, a picture, a broken record.
    """
    if record.kind not in PAGE_RECORDS:
        msg = f"a record of type {record.kind}: no page stands in it"
        raise UnreadableError(Stage.PARSE, "not_a_page", msg)
    url = str(record.headers.get_header("WARC-Target-URI", "")).strip("<>")  # as wget writes it
    is_http = record.kind == "response" and url.startswith(("http:", "https:"))
    http = _read_headers(record.content, HTTP_VERSIONS) if is_http else None
    status = http.get_statuscode() if http else HTTP_OK
    if status != HTTP_OK:
        raise UnreadableError(Stage.PARSE, "http_status", f"the server answered {status}")
    stated = (http or record.headers).get_header("Content-Type") or ""
    kind = stated.partition(";")[0].strip().lower()
    if kind and kind not in PAGE_KINDS:
        raise UnreadableError(Stage.PARSE, "not_a_page", f"the server calls it {kind[:80]}")
    data = record.content.read(limits.page_bytes + 1)
    _check_size(len(data), limits)
    if record.content.limit:
        _refuse_warc("it ends inside this record")
    data = _unpack_content(data, http, limits) if http else data
    media_type = find_file_type(data[:HEAD_BYTES], "page.txt" if kind == "text/plain" else "page")
    if media_type not in PAGE_TYPES:
        raise UnreadableError(Stage.PARSE, "not_a_page", f"its content is {media_type}")
    charset = CHARSET.search(stated)
    return Document(
        source_path,
        media_type,
        data,
        charset=charset.group(1) if charset else None,
        url=url or None,
        retrieved_at=record.headers.get_header("WARC-Date"),
    )


def _unpack_content(data: bytes, http: StatusAndHeaders, limits: Limits) -> bytes:
    """Return what a server sent as it was before the server packed it.

    Many crawlers unpack it and leave the headers as they were: what is not packed stays.

    Raises: UnreadableError: if it is broken, or of more than the limit.
    """
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        data = ChunkedDataReader(io.BytesIO(data)).read()
    packing = (http.get_header("Content-Encoding") or "").strip().lower()
    limit = limits.page_bytes + 1
    try:
        if packing == "br" and not HTML_START.match(data):
            brotli_reader = brotli.Decompressor()
            data = brotli_reader.process(data, output_buffer_limit=limit)
            is_whole = brotli_reader.is_finished()
        elif (packing in GZIP_NAMES and data.startswith(GZIP_SIGNATURE)) or (
            packing == "deflate" and not HTML_START.match(data)
        ):
            zlib_reader = zlib.decompressobj(_find_zlib_format(data))
            data = zlib_reader.decompress(data, limit)
            is_whole = zlib_reader.eof
        else:
            return data
    except (brotli.error, zlib.error) as error:
        raise UnreadableError(Stage.UNPACK, "corrupt", f"not {packing}: {error}") from error
    _check_size(len(data), limits)
    if not is_whole:
        raise UnreadableError(Stage.UNPACK, "corrupt", f"{packing} that is cut off")
    return data


def _find_zlib_format(data: bytes) -> int:
    """Return the `wbits` of gzip, zlib, or of deflate alone, which some servers send."""
    if data.startswith(GZIP_SIGNATURE):
        return zlib.MAX_WBITS + 16
    is_zlib = int.from_bytes(data[:2]) % 31 == 0 and data[:1] == b"\x78"
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
