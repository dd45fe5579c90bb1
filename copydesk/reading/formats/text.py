"""Read plain text: one file is one page, or an export of many documents."""

import json
from collections.abc import Iterator
from functools import partial

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import decode
from copydesk.reading.exports import may_be_export, split_export
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, Refused, check_size
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, html_lines
from copydesk.rows import Stage

PLAIN_TYPE = "text/plain"


def read_document(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the whole file as one page, or the documents of an export."""
    data = entry.stream.read(limits.page_bytes + 1)
    check_size(len(data), limits)
    is_html = entry.format.media_type != PLAIN_TYPE
    if may_be_export(data):
        text = decode(data).text
        kind = entry.format.media_type
        lines = call_library(html_lines, text, kind=kind, limits=limits) if is_html else text
        if records := read_export(entry, lines):
            yield from records
            return
    yield Document(entry.source_path, entry.format.media_type, data)


def read_text(entry: Entry, text: str, data: bytes) -> Iterator[Record | Refused]:
    """Yield the text of an office file as one page, or the documents of an export.

    Raises: UnreadableError: if it is empty.
    """
    if not text.strip():
        raise UnreadableError(Stage.EXTRACT, "no_text", "the file has no text")
    make = partial(Record, entry.source_path, entry.format.media_type, "utf-8", data=data)
    yield from read_export(entry, text) or [make({"text": text})]


def read_export(entry: Entry, text: str) -> list[Record | Refused]:
    """Return the documents of an export of a press archive; none if the text is not one."""
    records: list[Record | Refused] = []
    for number, fields in enumerate(split_export(text) or [], start=1):
        path = entry.path_of(number)
        if fields is None:
            msg = "a document of an export without a text that can be told from what is around it"
            records.append(Refused(path, UnreadableError(Stage.PARSE, "no_text_field", msg)))
        else:
            spelt = json.dumps(fields).encode()
            records.append(Record(path, entry.format.media_type, "utf-8", fields, spelt))
    return records


TEXT = Format(media_type=PLAIN_TYPE, endings=("", "txt", "text", "md"), read=read_document)
FORMATS = (TEXT,)
