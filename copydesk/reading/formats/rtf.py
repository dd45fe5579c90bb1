"""Read rich text (RTF): one file is one page, or an export of many documents."""

import re
from collections.abc import Iterator
from importlib import import_module

from copydesk.reading.formats.text import read_text
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, read_whole

START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf1?\b")
# striprtf writes the address of a link into the text; without its name it is left out like all
# instructions of fields.
LINK = re.compile(r"\bHYPERLINK\b", re.IGNORECASE)
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def is_rtf(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as rich text."""
    return START.match(head) is not None


def read_rtf(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the text of a file as one page, or the documents of an export."""
    data = read_whole(entry, limits)
    yield from read_text(entry, call_library(_to_text, data, kind="RTF", limits=limits), data)


def _to_text(data: bytes) -> str:
    rtf_to_text = import_module("striprtf.striprtf").rtf_to_text  # only files of this kind need it
    # RTF is ASCII; bytes beyond it are those of programs that forgot to escape them.
    text = str(rtf_to_text(LINK.sub("LINK", data.decode("cp1252", "replace")), errors="replace"))
    return SURROGATES.sub(_join_pair, text).replace("\xad", "")


def _join_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


RTF = Format(
    media_type="application/rtf",
    endings=("rtf",),
    read=read_rtf,
    sniff=is_rtf,
    sniffs_first=True,
)
FORMATS = (RTF,)
