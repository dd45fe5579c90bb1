"""Read plain text: one file is one page, or an export of many documents."""

import json
from collections.abc import Iterator, Sequence

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import decode
from copydesk.reading.exports import may_be_export, split_export
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, Refused, check_size, count_lines
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import HtmlText, call_library, read_html_text
from copydesk.values import LeftOut, Stage

PLAIN_TYPE = "text/plain"


def read_document(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the whole file as one page, or the documents of an export."""
    data = entry.stream.read(limits.page_bytes + 1)
    check_size(len(data), limits)
    is_html = entry.format.media_type != PLAIN_TYPE
    if may_be_export(data):
        shown = HtmlText(decode(data).text, [])
        if is_html:
            kind = entry.format.media_type
            shown = call_library(read_html_text, shown.text, kind=kind, limits=limits)
        if records := read_export(entry, shown.text, shown.blocks):
            yield from records
            return
    yield Document(entry.source_path, entry.format.media_type, data)


def read_text(
    entry: Entry, text: str, data: bytes, left_out: Sequence[LeftOut] = ()
) -> Iterator[Record | Refused]:
    """Yield the text of an office file as one page, or the documents of an export.

    `left_out` counts what the reader of the file left out of the text.

    Raises: UnreadableError: if it is empty.
    """
    if not text.strip():
        raise UnreadableError(Stage.EXTRACT, "no_text", "the file has no text")
    media_type = entry.format.media_type
    whole = Record(entry.source_path, media_type, "utf-8", {"text": text}, data)
    first, *others = read_export(entry, text) or [whole]
    if isinstance(first, Record):
        first = first._replace(left_out=[*first.left_out, *left_out])
    yield from (first, *others)


def read_export(entry: Entry, text: str, blocks: Sequence[str] = ()) -> list[Record | Refused]:
    """Return the documents of an export of a press archive; none if the text is not one.

    What is around the documents is counted with the first of them.
    """
    export = split_export(text, blocks)
    if export is None:
        return []
    around = count_lines("around_documents", export.around)
    records: list[Record | Refused] = []
    for number, fields in enumerate(export.documents, start=1):
        path = entry.path_of(number)
        if fields is None:
            msg = "a document of an export without a text that can be told from what is around it"
            records.append(Refused(path, UnreadableError(Stage.PARSE, "no_text_field", msg)))
            continue
        spelt = json.dumps(fields).encode()
        records.append(Record(path, entry.format.media_type, "utf-8", fields, spelt, around))
        around = []
    return records


TEXT = Format(media_type=PLAIN_TYPE, endings=("", "txt", "text", "md"), read=read_document)
FORMATS = (TEXT,)
