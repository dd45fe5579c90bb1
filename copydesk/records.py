"""Cut a file into pages: one page, the lines of an export, the rows of a table, a web archive.

A file of 100,000 articles is read record by record. What cannot be read is told apart from the
rest of the file, and the rest goes on where the format allows it.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import IO, NamedTuple

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord

from copydesk.archives import Entry, Refused, open_bytes, say_if_empty, seekable
from copydesk.encodings import UnreadableError, as_utf8, decode, find_row_encoding
from copydesk.file_types import HEAD_BYTES, FileType, find_file_type
from copydesk.lexicons.words import load_field_names, plain_name
from copydesk.limits import MIB, Limits
from copydesk.model import Stage

ROWS_AT_A_TIME = 64  # of Parquet; a row is a page of 10 to 1,000 kB
DELIMITERS = {FileType.CSV: ",;\t|", FileType.TSV: "\t"}
HTTP_OK = "200"
PAGE_RECORDS = frozenset({"response", "resource", "conversion"})
CRAWL_NOTES = frozenset({"warcinfo", "request", "metadata"})
PAGE_KINDS = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
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
    except UnreadableError:
        if not _is_json(decoded.text.strip().partition("\n")[0]):
            raise
        lines = entry._replace(stream=open_bytes(data))  # called .json by mistake
        yield from _read_lines(lines, limits)
        return
    listed = value if isinstance(value, list) else _list_inside(value)
    if listed is None:
        yield _record_of(value, data, entry.source_path, decoded.encoding)
        return
    for number, item in enumerate(listed, start=1):
        spelt = json.dumps(item).encode()
        yield _record_of(item, spelt, _numbered(entry, number), decoded.encoding)


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
    """Yield the rows of a table of text; its first line names the columns."""
    stream = as_utf8(entry.stream)
    encoding = find_row_encoding(stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    lines = _read_text_lines(text, limits)
    header = next(lines, "")
    csv.field_size_limit(limits.page_bytes)
    rows = csv.reader(chain([header], lines), delimiter=_find_delimiter(header, entry.file_type))
    with _csv_error_as_reason():
        columns = next(rows, [])
        _check_columns(columns)
        for number, cells in enumerate(rows, start=1):
            if cells:
                fields = dict(zip(columns, cells, strict=False))
                spelt = json.dumps(cells).encode()
                yield Record(_numbered(entry, number), entry.file_type, encoding, fields, spelt)


def _read_text_lines(text: IO[str], limits: Limits) -> Iterator[str]:
    while line := text.readline(limits.page_bytes + 1):
        _check_size(len(line), limits)
        yield line


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


def _read_parquet(entry: Entry, limits: Limits) -> Iterator[Record]:
    """Yield the rows of a Parquet file; columns that no field is called after are not read."""
    names = {name for names in load_field_names().values() for name in names}
    with seekable(entry.stream) as file, _arrow_error_as_reason():
        table = pq.ParquetFile(file)
        columns = table.schema_arrow.names
        _check_columns(columns)
        n_bytes = sum(
            table.metadata.row_group(i).total_byte_size for i in range(table.num_row_groups)
        )
        if n_bytes > limits.file_mib * MIB:
            msg = f"unpacks to more than {limits.file_mib} MiB (COPYDESK_MAX_FILE_MIB)"
            raise UnreadableError(Stage.UNPACK, "too_large", msg)
        read = [column for column in columns if plain_name(column) in names]
        number = 0
        for batch in table.iter_batches(ROWS_AT_A_TIME, columns=read):
            for row in batch.to_pylist():
                number += 1
                fields = {name: _plain_value(value) for name, value in row.items()}
                spelt = json.dumps(fields, default=str).encode()
                path = _numbered(entry, number)
                yield Record(path, entry.file_type, "utf-8", fields, spelt)


def _plain_value(value: object) -> object:
    """Return a value as JSON would have it: times in ISO 8601, bytes as text."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    return decode(value).text if isinstance(value, bytes) and value else value


@contextmanager
def _arrow_error_as_reason() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(Stage.PARSE, "not_parquet", f"not Parquet: {message}") from error


def _read_warc(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages of a web archive; requests and notes about the crawl are no pages."""
    with _any_error_as_reason():
        for number, record in enumerate(ArchiveIterator(entry.stream), start=1):
            path = _numbered(entry, number)
            if record.rec_type in CRAWL_NOTES:
                continue
            try:
                with _any_error_as_reason():
                    document = _read_response(record, path, limits)
            except UnreadableError as reason:
                yield Refused(path, reason)
            else:
                yield document


def _read_response(record: ArcWarcRecord, source_path: str, limits: Limits) -> Document:
    """Return the page of a web archive's record.

    Raises: UnreadableError: if it is none: an error of the server, a picture, a broken record.
    """
    if record.rec_type not in PAGE_RECORDS:
        msg = f"a record of type {record.rec_type}: no page stands in it"
        raise UnreadableError(Stage.PARSE, "not_a_page", msg)
    http = record.http_headers
    status = http.get_statuscode() if http else HTTP_OK
    if status != HTTP_OK:
        raise UnreadableError(Stage.PARSE, "http_status", f"the server answered {status}")
    stated = (http or record.rec_headers).get_header("Content-Type") or ""
    kind = stated.partition(";")[0].strip().lower()
    if kind and kind not in PAGE_KINDS:
        raise UnreadableError(Stage.PARSE, "not_a_page", f"the server calls it {kind[:80]}")
    data = _read_content(record, limits)
    media_type = find_file_type(data[:HEAD_BYTES], "page.txt" if kind == "text/plain" else "page")
    if media_type not in PAGE_TYPES:
        raise UnreadableError(Stage.PARSE, "not_a_page", f"its content is {media_type}")
    charset = CHARSET.search(stated)
    return Document(
        source_path,
        media_type,
        data,
        charset=charset.group(1) if charset else None,
        url=record.rec_headers.get_header("WARC-Target-URI"),
        retrieved_at=record.rec_headers.get_header("WARC-Date"),
    )


def _read_content(record: ArcWarcRecord, limits: Limits) -> bytes:
    """Return the bytes that a server sent, unpacked."""
    http = record.http_headers
    packing = (http.get_header("Content-Encoding") or "").lower() if http else ""
    if packing == "br":  # warcio leaves the end of a brotli stream unread
        sent = ChunkedDataReader(record.raw_stream).read(limits.page_bytes + 1)
        data = brotli.Decompressor().process(sent, output_buffer_limit=limits.page_bytes + 1)
    else:
        data = record.content_stream().read(limits.page_bytes + 1)
    _check_size(len(data), limits)
    return bytes(data)


@contextmanager
def _any_error_as_reason() -> Iterator[None]:
    """Turn whatever the reader of web archives raises, on bytes of strangers, into a reason."""
    try:
        yield
    except UnreadableError:
        raise
    except Exception as error:
        message = f"not a web archive: {error}"
        raise UnreadableError(Stage.UNPACK, "corrupt", message) from error
