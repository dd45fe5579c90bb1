"""Read word-processor files (DOCX, ODT): one file is one page, or an export of many documents.

A document is XML in a zip file, and its text needs no more than the XML: a library for all of the
format would bring styles and pictures that nobody here reads.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lxml import etree

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_text
from copydesk.reading.limits import Limits
from copydesk.reading.markup.boxes import MARKUP
from copydesk.reading.records import Record, Refused, count_lines
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.reading.whole import XmlElement, call_library, parse_xml, read_part, read_whole
from copydesk.values import LeftOut, Stage

# What Word repeats for programs that cannot draw it, and what OpenDocument lists beside the text.
UNSEEN = frozenset({"Fallback", "tracked-changes", "sequence-decls", "note-citation"})
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}
APART = frozenset(
    {"note", "annotation", "txbxContent", "text-box"}
)  # inside a paragraph, not of it
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
WORD_NOTES = re.compile(r"word/(?:footnotes|endnotes)\d*\.xml")
WORD_BESIDE = re.compile(r"word/(?P<kind>header|footer|comments)\d*\.xml")
# A page or a text that Word shows inside the document, and that programs write where they make one.
WORD_CHUNK = re.compile(r"word/[^/]+\.(?:x?html?|mht|mhtml|txt)", re.IGNORECASE)
BESIDE = {"header": "running_head", "footer": "running_head", "comments": "annotation"}


CHUNK = "other_part"


class Words(NamedTuple):
    """The text of a document, and what is beside it: running heads, notes of an editor."""

    text: str
    left_out: Sequence[LeftOut] = ()


WordsOf = Callable[[zipfile.ZipFile, Limits], Words]


def read_document(entry: Entry, limits: Limits, *, words_of: WordsOf) -> Iterator[Record | Refused]:
    """Yield the text of a file as one page, or the documents of an export."""
    data = read_whole(entry, limits)
    read = partial(_read_parts, words_of=words_of, limits=limits)
    words = call_library(read, data, kind=f"a {entry.format.endings[0]} file", limits=limits)
    yield from read_text(entry, words.text, data, words.left_out)


def _read_parts(data: bytes, *, words_of: WordsOf, limits: Limits) -> Words:
    with zipfile.ZipFile(open_bytes(data)) as archive:
        return words_of(archive, limits)


def read_word(archive: zipfile.ZipFile, limits: Limits) -> Words:
    """Return the text of a Word document, each paragraph on a line of its own, and then its notes.

    What is above and below its pages is counted, and so are the notes of its editors.
    """
    text = _read_word_part(archive, WORD_PART, limits)
    names = sorted(archive.namelist())
    notes = [
        f"{line}\n"
        for name in names
        if WORD_NOTES.fullmatch(name)
        for line in _read_word_part(archive, name, limits).splitlines()
        if line.strip()
    ]
    beside: dict[str, list[str]] = {}
    for name in names:
        if match := WORD_BESIDE.fullmatch(name):
            lines = _read_word_part(archive, name, limits).splitlines()
            beside.setdefault(BESIDE[match["kind"]], []).extend(filter(None, map(str.strip, lines)))
    for name in filter(WORD_CHUNK.fullmatch, names):
        chunk = MARKUP.sub("\n", read_part(archive, name, limits).decode("utf-8", "replace"))
        beside.setdefault(CHUNK, []).extend(filter(None, map(str.strip, chunk.splitlines())))
    left_out = [each for reason in sorted(beside) for each in count_lines(reason, beside[reason])]
    return Words("".join([text, *notes]), left_out)


def _read_word_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> str:
    root = parse_xml(read_part(archive, name, limits), is_strict=True)
    return _collect(root, paragraphs=frozenset({"p"}), texts=frozenset({"t"})).text


def read_open(archive: zipfile.ZipFile, limits: Limits) -> Words:
    """Return the text of an OpenDocument text, each paragraph on a line of its own.

    Raises: UnreadableError: if it is another kind of document.
    """
    root = parse_xml(read_part(archive, OPEN_PART, limits), is_strict=True)
    if root.find(f".//{{{OFFICE}}}text") is None:
        msg = "a table or slides in OpenDocument: save it as .xlsx or .odt"
        raise UnreadableError(Stage.OPEN, "unknown_type", msg)
    return _collect(root, paragraphs=frozenset({"p", "h"}), texts=None)


class _Level:
    """The text of a document, or of what is apart inside one of its paragraphs."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parts: list[str] = []
        self.after: list[str] = []  # what comes after the paragraph that is being read
        self.n_open = 0


def _collect(
    root: XmlElement, *, paragraphs: frozenset[str], texts: frozenset[str] | None
) -> Words:
    """Return the characters in the elements called `texts`, in any of a paragraph if None.

    A box inside a paragraph comes after it, notes come last, and annotations are counted.
    """
    levels = [_Level("")]
    notes: list[str] = []
    remarks: list[str] = []
    unseen = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        level = levels[-1]
        unseen += (1 if event == "start" else -1) if name in UNSEEN else 0
        if event == "start":
            if name in APART:
                level = _Level(name)
                levels.append(level)
            level.n_open += name in paragraphs
            is_text = bool(level.n_open) if texts is None else name in texts
            shown = BREAKS.get(name, "") + ((node.text or "") if is_text else "")
            level.parts += [shown] if not unseen else []
            continue
        if name in APART:
            inner = "".join([*levels.pop().parts, *level.after])
            level = levels[-1]
            place = {"note": notes, "annotation": remarks}.get(name, level.after)
            place.append(inner)
        level.n_open -= name in paragraphs
        ending = "\n" if name in paragraphs else ""
        ending += (node.tail or "") if texts is None and level.n_open else ""
        level.parts += [ending] if not unseen else []
        if name in paragraphs and not level.n_open:
            level.parts += level.after
            level.after.clear()
    said = [line.strip() for remark in remarks for line in remark.splitlines()]
    return Words(
        "".join([*levels[0].parts, *levels[0].after, *notes]), count_lines("annotation", said)
    )


WORD_PART, OPEN_PART = "word/document.xml", "content.xml"
DOCX = Format(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings=("docx", "docm"),
    read=partial(read_document, words_of=read_word),
    parts=(WORD_PART,),
)
ODT = Format(
    media_type="application/vnd.oasis.opendocument.text",
    endings=("odt",),
    read=partial(read_document, words_of=read_open),
    parts=(OPEN_PART,),
)
FORMATS = (DOCX, ODT)
