"""Read one file: open what is packed in it, and hand each entry to the reader of its format.

Readers stream: a file of 100,000 pages needs no more memory than a file of one.
"""

import io
from collections.abc import Iterator

from copydesk.errors import UnreadableError
from copydesk.reading.archives import open_entries
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, Refused, say_if_empty
from copydesk.reading.registry import Entry


def read_file(
    stream: io.BufferedReader, source_path: str, *, name: str, n_bytes: int, limits: Limits
) -> Iterator[Document | Record | Refused]:
    """Yield the pages in the bytes of a file that is called `name`, archives opened."""
    entries = open_entries(stream, source_path, name=name, file_bytes=n_bytes, limits=limits)
    for found in entries:
        if isinstance(found, Refused):
            yield found
        else:
            yield from read_entry(found, limits)


def read_entry(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the pages of a file, and a refusal for what cannot be read, in the file's order."""
    yield from say_if_empty(_read_pages(entry, limits), entry.source_path)


def _read_pages(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    try:
        yield from entry.format.read(entry, limits)
    except UnreadableError as reason:
        yield Refused(entry.source_path, reason)
