"""Read the pages of web archives of the Internet Archive before WARC (ARC 1.0 and 1.1)."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NoReturn

from warcio.limitreader import LimitReader

from copydesk.errors import UnreadableError
from copydesk.reading.formats.warc import MAX_HEADER_BYTES, Origin, read_http
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Refused
from copydesk.reading.registry import Entry, Format
from copydesk.system.memory import MIB
from copydesk.values import Stage

MAGIC = b"filedesc://"
# Address, the server's address, time, type, more in version 2, length.
RECORD = re.compile(rb"(?P<url>\S+) \S+ (?P<time>\d{14}) .*?(?P<length>\d{1,15})\s*")


def read_arc(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages of a web archive; the first record is about the crawl."""
    for number, line, content in _read_records(entry.stream):
        path = entry.path_of(number)
        url = line["url"].decode("utf-8", "replace")
        if not url.startswith(("http:", "https:")):
            continue
        try:
            origin = Origin(path, url, _spell_time(line["time"].decode()))
            yield read_http(content, origin, limits)
        except UnreadableError as reason:
            yield Refused(path, reason)


def _read_records(
    stream: io.BufferedReader,
) -> Iterator[tuple[int, re.Match[bytes], LimitReader]]:
    """Yield the number, the line and the content of each record.

    Raises: UnreadableError: where the archive is broken.
    """
    number = 0
    while line := stream.readline(MAX_HEADER_BYTES):
        if not line.strip():
            continue
        found = RECORD.fullmatch(line)
        if found is None:
            _refuse("a record without its address, time and length")
        number += 1
        content = LimitReader(stream, int(found["length"]))
        yield number, found, content
        while content.read(MIB):
            pass
        if content.limit:
            _refuse("it ends inside a record")


def _refuse(message: str) -> NoReturn:
    raise UnreadableError(Stage.UNPACK, "corrupt", f"not a web archive: {message}")


def _spell_time(digits: str) -> str | None:
    """Return a time of 14 digits in ISO 8601, None if there is no such time."""
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None


ARC = Format(
    media_type="application/x-internet-archive", endings=("arc",), read=read_arc, magic=(MAGIC,)
)
FORMATS = (ARC,)
