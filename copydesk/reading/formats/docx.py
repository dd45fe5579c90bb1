"""Read word-processor files (DOCX, ODT): one file is one page, or an export of many documents.

A document is XML in a zip file, and its text needs no more than the XML: a library for all of the
format would bring styles and pictures that nobody here reads.
"""

import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_text
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.reading.whole import XmlElement, call_library, parse_xml, read_part, read_whole
from copydesk.rows import Stage

# What Word repeats for programs that cannot draw it, and what OpenDocument keeps beside the text.
UNSEEN = frozenset({"Fallback", "annotation", "tracked-changes", "sequence-decls", "note-citation"})
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TextOf = Callable[[XmlElement], str]


def read_document(
    entry: Entry, limits: Limits, *, part: str, text_of: TextOf
) -> Iterator[Record | Refused]:
    """Yield the text of a file as one page, or the documents of an export."""
    data = read_whole(entry, limits)
    read = partial(_read_part, part=part, text_of=text_of, limits=limits)
    text = call_library(read, data, kind=f"a {entry.format.endings[0]} file", limits=limits)
    yield from read_text(entry, text, data)


def _read_part(data: bytes, *, part: str, text_of: TextOf, limits: Limits) -> str:
    with zipfile.ZipFile(open_bytes(data)) as archive:
        root = parse_xml(read_part(archive, part, limits), is_strict=True)
    return text_of(root)


def read_word(root: XmlElement) -> str:
    """Return the text of a Word document, each paragraph on a line of its own."""
    return _collect(root, paragraphs=frozenset({"p"}), texts=frozenset({"t"}))


def read_open(root: XmlElement) -> str:
    """Return the text of an OpenDocument text, each paragraph on a line of its own.

    Raises: UnreadableError: if it is another kind of document.
    """
    if root.find(f".//{{{OFFICE}}}text") is None:
        msg = "a table or slides in OpenDocument: save it as .xlsx or .odt"
        raise UnreadableError(Stage.OPEN, "unknown_type", msg)
    return _collect(root, paragraphs=frozenset({"p", "h"}), texts=None)


def _collect(root: XmlElement, *, paragraphs: frozenset[str], texts: frozenset[str] | None) -> str:
    """Return the characters in the elements called `texts`, in any of a paragraph if None."""
    parts: list[str] = []
    unseen = n_open = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if name in UNSEEN:
            unseen += 1 if event == "start" else -1
        if event == "start":
            n_open += name in paragraphs
            is_text = bool(n_open) if texts is None else name in texts
            shown = BREAKS.get(name, "") + ((node.text or "") if is_text else "")
            parts += [shown] if not unseen else []
        else:
            n_open -= name in paragraphs
            ending = "\n" if name in paragraphs else ""
            ending += (node.tail or "") if texts is None and n_open else ""
            parts += [ending] if not unseen else []
    return "".join(parts)


WORD_PART, OPEN_PART = "word/document.xml", "content.xml"
DOCX = Format(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings=("docx", "docm"),
    read=partial(read_document, part=WORD_PART, text_of=read_word),
    parts=(WORD_PART,),
)
ODT = Format(
    media_type="application/vnd.oasis.opendocument.text",
    endings=("odt",),
    read=partial(read_document, part=OPEN_PART, text_of=read_open),
    parts=(OPEN_PART,),
)
FORMATS = (DOCX, ODT)
