"""Read plain text: one file is one page."""

from collections.abc import Iterator

from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, check_size
from copydesk.reading.registry import Entry, Format


def read_document(entry: Entry, limits: Limits) -> Iterator[Document]:
    """Yield the whole file as one page."""
    data = entry.stream.read(limits.page_bytes + 1)
    check_size(len(data), limits)
    yield Document(entry.source_path, entry.format.media_type, data)


TEXT = Format(media_type="text/plain", endings=("", "txt", "text", "md"), read=read_document)
FORMATS = (TEXT,)
