"""Read rich text (RTF): one file is one page, or an export of many documents."""

import re
from collections.abc import Iterator
from importlib import import_module

from copydesk.reading.formats.docx import Words
from copydesk.reading.formats.text import read_text
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused, count_lines
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, read_whole

START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf1?\b")
# striprtf writes the address of a link into the text; without its name it is left out like all
# instructions of fields.
LINK = re.compile(r"\bHYPERLINK\b", re.IGNORECASE)
# Groups that show words outside the text, and the braces that end one.
GROUP = re.compile(
    r"(?<!\\)\{\s*(?:\\\*\s*)?\\(?P<kind>footnote|shptxt|annotation|header[lrf]?|footer[lrf]?)(?![a-z])"
)
BRACE = re.compile(r"\\[{}\\]|[{}]")
CODE_PAGE = re.compile(r"\\ansicpg\d{1,5}")
BELOW = frozenset({"footnote", "shptxt"})  # read below the text
BESIDE = {
    "annotation": "annotation",
    **{f"{place}{page}": "running_head" for place in ("header", "footer") for page in ("", *"lrf")},
}
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def is_rtf(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as rich text."""
    return START.match(head) is not None


def read_rtf(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the text of a file as one page, or the documents of an export."""
    data = read_whole(entry, limits)
    words = call_library(_read_words, data, kind="RTF", limits=limits)
    yield from read_text(entry, words.text, data, words.left_out)


def _read_words(data: bytes) -> Words:
    """Return the text with its notes and boxes below it, and what is beside it, counted."""
    # RTF is ASCII; bytes beyond it are those of programs that forgot to escape them.
    rtf = LINK.sub("LINK", data.decode("cp1252", "replace"))
    rest, groups = _take_groups(rtf)
    moved = "".join(rf"\par {{{inner}}}" for kind, inner in groups if kind in BELOW)
    end = rest.rfind("}")
    text = _to_text(f"{rest[:end]}{moved}{rest[end:]}" if moved and end >= 0 else rest)
    head = CODE_PAGE.search(rtf)
    left_out = []
    for reason in sorted(set(BESIDE.values())):
        beside = (inner for kind, inner in groups if BESIDE.get(kind) == reason)
        start = rf"{{\rtf1{head.group() if head else ''} "
        lines = [
            line.strip() for inner in beside for line in _to_text(f"{start}{inner}}}").splitlines()
        ]
        left_out += count_lines(reason, lines)
    return Words(text, left_out)


def _take_groups(rtf: str) -> tuple[str, list[tuple[str, str]]]:
    """Return rich text without its notes, boxes and running heads, and these, each with its kind.

    striprtf takes all of them for instructions.
    """
    groups: list[tuple[str, str]] = []
    kept: list[str] = []
    end = 0
    for start in GROUP.finditer(rtf):
        if start.start() < end:
            continue  # inside the one before
        depth, close = 1, None
        for brace in BRACE.finditer(rtf, start.end()):
            depth += {"{": 1, "}": -1}.get(brace.group(), 0)
            if not depth:
                close = brace
                break
        if close is None:
            break
        kept.append(rtf[end : start.start()])
        groups.append((start["kind"], rtf[start.end() : close.start()]))
        end = close.end()
    return "".join([*kept, rtf[end:]]), groups


def _to_text(rtf: str) -> str:
    rtf_to_text = import_module("striprtf.striprtf").rtf_to_text  # only files of this kind need it
    text = str(rtf_to_text(rtf, errors="replace"))
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
