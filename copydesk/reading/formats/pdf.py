"""Read PDF files with a text layer: one file is one page.

The text of a PDF is lines at places. Lines are joined to paragraphs where their places say so: an
even distance, a line before that fills its column, no first line set in. Lines at the top or the
foot of most pages are left out of the joined text, because they would cut paragraphs in two.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_text
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused, check_size, count_lines
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, read_whole
from copydesk.values import LeftOut, Stage

START = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d")
MAX_PAGES = 5_000  # a thick book has a tenth of them
MAX_GAP = 1.5  # of the usual distance of two lines; paragraphs are set off by more
MIN_FILL = 0.82  # of the width of the column; a line that ends before it ends a paragraph
MAX_INDENT = 0.012  # of the width of the page; a first line is set in by two to five hundredths
MAX_SIZE = 1.15  # of the height of the letters; a headline is higher than the text below it
MIN_REPEATS = 3  # pages that have the same line at the top or the foot
# PDFium writes one of these for a hyphen at the end of a line, and no end of the line after it.
HYPHENS = frozenset("\u0002\ufffe\xad")
HYPHEN = "\xad"
LINE_ENDS = frozenset({"\r", "\n", "\r\n"})
BULLETS = frozenset("•‣◦▪●■–*")
DIGITS = re.compile(r"\d+")
WORD_END = re.compile(r"[^\W\d_]-$")


class Line(NamedTuple):
    """A line of a page, and its box: from the left edge, and from the foot of the page."""

    text: str
    left: float
    right: float
    base: float
    height: float


def is_pdf(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as PDF."""
    return START.match(head) is not None


def read_pdf(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the text of a file as one page, or the documents of an export.

    Raises: UnreadableError: if there is no text in it, only pictures of one.
    """
    data = read_whole(entry, limits)
    read = partial(_read_pages, limits=limits)
    pages = call_library(read, data, kind="PDF", limits=limits)
    text, left_out = join_pages([page for page in pages if page is not None])
    if not text.strip():
        msg = "pictures of pages without a text: let a program recognise the letters (OCR) first"
        raise UnreadableError(Stage.EXTRACT, "no_text", msg)
    counted = count_lines("running_head", left_out)
    if n_damaged := pages.count(None):
        counted.append(LeftOut("damaged_page", n_damaged, 0))
    yield from read_text(entry, text, data, counted)


def _read_pages(data: bytes, *, limits: Limits) -> list[list[Line] | None]:
    """Return the lines of each page, None where a page is damaged.

    Raises: UnreadableError: if the file is damaged, needs a password, or is too long.
    """
    pdfium = import_module("pypdfium2")  # only files of this kind need it
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        is_locked = "password" in str(error).lower()
        msg = "it needs a password" if is_locked else f"damaged: {error}"
        code = "encrypted" if is_locked else "corrupt"
        raise UnreadableError(Stage.PARSE, code, msg) from error
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableError(Stage.PARSE, "too_large", f"more than {MAX_PAGES:,} pages")
        pages: list[list[Line] | None] = []
        n_chars = 0
        for number in range(len(document)):
            try:
                page = document[number]
                textpage = page.get_textpage()
            except pdfium.PdfiumError:
                pages.append(None)  # the others have their text
                continue
            lines = _read_lines(textpage)
            n_chars += sum(len(line.text) for line in lines)
            check_size(n_chars, limits)
            pages.append(lines)
            textpage.close()
            page.close()
        return pages
    finally:
        document.close()


def _read_lines(textpage: object) -> list[Line]:
    """Return the lines of a page in the order of the file, each with its box."""
    n_chars: int = textpage.count_chars()  # type: ignore[attr-defined] # pypdfium2 has few types
    lines: list[Line] = []
    boxes: list[tuple[float, float, float, float]] = []
    text = ""
    for i in range(n_chars + 1):
        char = textpage.get_text_range(i, 1) if i < n_chars else "\n"  # type: ignore[attr-defined] # as above
        if char in LINE_ENDS or char in HYPHENS:
            if text.strip() and boxes:
                lefts, bases, rights, tops = zip(*boxes, strict=True)
                height = median(top - base for base, top in zip(bases, tops, strict=True))
                shown = text.strip() + (HYPHEN if char in HYPHENS else "")
                lines.append(Line(shown, min(lefts), max(rights), median(bases), height))
            text, boxes = "", []
            continue
        text += char
        if not char.isspace():
            boxes.append(textpage.get_charbox(i, loose=True))  # type: ignore[attr-defined] # as above
    return lines


def join_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, list[str]]:
    """Return the paragraphs of all pages, and the lines that are repeated at their edges."""
    repeated = _find_repeated(pages)
    seen: set[str] = set()
    kept = [_leave_out(page, repeated, seen) for page in pages]
    lines = [line for page in kept for line in page]
    left_out = [
        line.text
        for page, rest in zip(pages, kept, strict=True)
        for line in page
        if line not in rest
    ]
    if not lines:
        return "", left_out
    gaps = [a.base - b.base for page in kept for a, b in pairwise(page)]
    usual = median([gap for gap in gaps if gap > 0] or [0.0])
    right = _column_end(lines)
    paragraphs = [lines[0].text]
    for before, line in pairwise(lines):
        if _is_continued(before, line, usual=usual, width=right):
            paragraphs[-1] = _join_words(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return "\n".join(paragraphs).replace(HYPHEN, "-"), left_out


def _find_repeated(pages: Sequence[Sequence[Line]]) -> set[str]:
    edges = Counter(_shape(line.text) for page in pages for line in {*page[:2], *page[-2:]})
    least = max(MIN_REPEATS, len(pages) // 2)
    return {shape for shape, count in edges.items() if count >= least}


def _leave_out(page: Sequence[Line], repeated: set[str], seen: set[str]) -> list[Line]:
    """Return a page without repeated lines at its edges.

    The first running head stays if it has words: it is often the headline.
    """
    edges = {*page[:2], *page[-2:]}
    kept = []
    for line in page:
        shape = _shape(line.text)
        is_repeated = line in edges and shape in repeated
        is_first = shape not in seen and line in page[:2] and any(map(str.isalpha, shape))
        if not is_repeated or is_first:
            kept.append(line)
        if is_repeated:
            seen.add(shape)
    return kept


def _shape(text: str) -> str:
    """Return a line with its numbers alike: `Page 3` is `Page 4`."""
    return DIGITS.sub("0", text)


def _column_end(lines: Sequence[Line]) -> float:
    """Return how wide the text is set: nine in ten lines are no wider."""
    widths = sorted(line.right - line.left for line in lines)
    return widths[int(len(widths) * 0.9)] if len(widths) > 1 else widths[0]


def _is_continued(before: Line, line: Line, *, usual: float, width: float) -> bool:
    """Return whether a line continues the paragraph of the line before it."""
    gap = before.base - line.base
    is_next = gap <= MAX_GAP * usual  # a line above is on the next page, or in the next column
    is_full = before.right - before.left >= MIN_FILL * width
    is_set_in = line.left - before.left > MAX_INDENT * max(width, 1.0) and gap > 0
    is_listed = line.text[0] in BULLETS
    tall, low = max(before.height, line.height), min(before.height, line.height)
    return is_next and is_full and not (is_set_in or is_listed) and tall <= MAX_SIZE * max(low, 0.1)


def _join_words(text: str, more: str) -> str:
    """Return a paragraph with its next line; a word that was parted is whole again."""
    if text[-1] == HYPHEN:
        return text[:-1] + more
    if WORD_END.search(text) and more[0].islower():
        return text[:-1] + more
    return f"{text} {more}"


PDF = Format(
    media_type="application/pdf",
    endings=("pdf",),
    read=read_pdf,
    sniff=is_pdf,
    sniffs_first=True,
)
FORMATS = (PDF,)
