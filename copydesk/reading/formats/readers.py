"""Cut a file into pages, record by record, so that a file of 100,000 needs no more memory than one.

What cannot be read is told apart from the rest of the file, and the rest goes on where the format
allows it.
"""

import io
from collections.abc import Iterator

from copydesk.errors import UnreadableError
from copydesk.reading.archives import Entry, Refused, open_entries, say_if_empty
from copydesk.reading.file_types import FileType
from copydesk.reading.formats.json import read_json, read_lines
from copydesk.reading.formats.tables import read_parquet, read_rows
from copydesk.reading.formats.warc import read_warc
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, check_size


def read_file(
    stream: io.BufferedReader, source_path: str, *, name: str, n_bytes: int, limits: Limits
) -> Iterator[Document | Record | Refused]:
    """Yield what stands in the bytes of a file that is called `name`, archives opened."""
    entries = open_entries(stream, source_path, name=name, file_bytes=n_bytes, limits=limits)
    for found in entries:
        if isinstance(found, Refused):
            yield found
        else:
            yield from read_records(found, limits)


def read_records(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the pages of a file and what in it cannot be read, in the file's order."""
    yield from say_if_empty(_read_entry(entry, limits), entry.source_path)


def _read_entry(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    try:
        match entry.file_type:
            case FileType.JSON:
                yield from read_json(entry, limits)
            case FileType.JSON_LINES:
                yield from read_lines(entry, limits)
            case FileType.CSV | FileType.TSV:
                yield from read_rows(entry, limits)
            case FileType.PARQUET:
                yield from read_parquet(entry, limits)
            case FileType.WARC:
                yield from read_warc(entry, limits)
            case _:
                data = entry.stream.read(limits.page_bytes + 1)
                check_size(len(data), limits)
                yield Document(entry.source_path, entry.file_type, data)
    except UnreadableError as reason:
        yield Refused(entry.source_path, reason)
