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

MAX_REFUSED = 1_000  # records of one file that have a refusal each


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
    """Yield the pages of a file, and a refusal for what cannot be read, in the file's order.

    Of a file with very many records that cannot be read, one refusal at its end counts the rest.
    """
    refused: list[Refused] = []
    n_refused = 0
    for item in say_if_empty(_read_pages(entry, limits), entry.source_path):
        n_refused += isinstance(item, Refused)
        if not isinstance(item, Refused) or n_refused <= MAX_REFUSED:
            yield item
        else:
            refused = refused or [item]
    for first in refused:
        reason, n_more = first.reason, n_refused - MAX_REFUSED
        message = f"{n_more:,} more records that cannot be read, the first: {reason.message}"
        yield first._replace(reason=UnreadableError(reason.stage, reason.error, message))


def _read_pages(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    try:
        yield from entry.format.read(entry, limits)
    except UnreadableError as reason:
        yield Refused(entry.source_path, reason)
