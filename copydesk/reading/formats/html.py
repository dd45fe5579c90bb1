"""Read HTML: one file is one page, and nothing of what it shows is lost without a reason."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_document
from copydesk.reading.head import read_stated
from copydesk.reading.markup.article import find_article
from copydesk.reading.markup.boxes import Boxes, looks_like_prose, read_boxes
from copydesk.reading.markup.chrome import Reason, find_chrome
from copydesk.reading.markup.data import Hidden, find_hidden_body
from copydesk.reading.markup.head import read_head
from copydesk.reading.markup.roles import mark_lines
from copydesk.reading.registry import Format
from copydesk.rows import Field, GivenField, LeftOut, MarkKind, Stage

NO_TEXT_SHOWN = "the page shows no text"
NOT_MARKUP = b"\0\xfe\xff"  # bytes that markup in UTF-16 has and in ASCII has not
# Tags that prose may begin with ("<b for bold") must be whole; a comment may be longer than a head.
HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:"
    rb"(?:!doctype\s+html|html|head|body|title|meta|script|style|p|div|article|section|main|h1|h2)\b"
    rb"|(?:b|br|center|font|link|span|table|ul)(?:\s+[\w:-]+=[^<>]*|\s*/?)>"
    rb"|!--(?:(?!-->).)*+\Z)",
    re.IGNORECASE | re.DOTALL,
)
# After what a broken server wrote, or a long style sheet.
HTML_INSIDE = re.compile(rb"(?:^|>)[ \t]*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.MULTILINE)


# The parser compares each attribute of an element with all others. A page with a broken quotation
# mark makes attributes of the words of a sentence; none needs a thousand.
MAX_ATTRIBUTES = 1_024
ATTRIBUTES = re.compile(r"<[a-zA-Z][^\s/>]*+((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)")
SCRIPT = re.compile(r"<(script|style)\b[^<>]*+>(?:[^<]++|<(?!/\1\b))*+", re.IGNORECASE)
QUOTED_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'|/")
# An entity that was escaped twice: the page shows "&ldquo;" where it means a quotation mark.
ESCAPED_TWICE = re.compile(
    r"&(?:[lr][ds]quo|quot|apos|nbsp|amp|[mn]dash|hellip|[a-z]{1,2}(?:acute|grave|circ|uml|cedil|tilde)"
    r"|#[0-9]{2,5}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)


class ShownLine(NamedTuple):
    """A line that a page shows, and what its markup proves of it."""

    text: str
    kind: MarkKind | None


class Shown(NamedTuple):
    """What a page shows: its lines, readers' comments, what is said of it, what is left out.

    `stated` is what the page states of its article, `head` what a library reads of it.
    """

    lines: list[ShownLine]
    comments: list[str]
    head: dict[Field, str]
    left_out: list[LeftOut]
    stated: Sequence[GivenField] = ()


def is_markup(head: bytes, ending: str | None) -> bool:
    """Return whether a file begins as HTML or, where its ending says nothing, has its first tag."""
    ascii_head = head.translate(None, NOT_MARKUP)
    if HTML_START.match(ascii_head):
        return True
    return not ending and HTML_INSIDE.search(ascii_head) is not None


def read_html(html: str) -> Shown:
    """Return what a reader of the page sees, and its head.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    _check_attributes(html)
    tree = _parse(html)
    if tree is None:
        raise UnreadableError(Stage.EXTRACT, "no_text", NO_TEXT_SHOWN)
    page = read_boxes(tree)
    hidden = find_hidden_body(page.lines, page.scripts)
    if not page.lines:
        in_data = f"; {len(hidden)} paragraphs are in the data of its scripts" if hidden else ""
        raise UnreadableError(Stage.EXTRACT, "no_text", NO_TEXT_SHOWN + in_data)
    shown = _choose_lines(page, hidden)
    return shown._replace(head=_read_head(tree, page), stated=read_stated(tree))


def _check_attributes(html: str) -> None:
    """Refuse a page with an element that the parser would take minutes or hours for.

    Raises: UnreadableError: if an element has too many attributes.
    """
    scripts: list[tuple[int, int]] | None = None
    for element in ATTRIBUTES.finditer(html):
        start, end = element.span(1)
        if end - start < 2 * MAX_ATTRIBUTES:
            continue
        if len(QUOTED_VALUE.sub(" ", element.group(1)).split()) > MAX_ATTRIBUTES:
            if scripts is None:
                scripts = [script.span() for script in SCRIPT.finditer(html)]
            place = bisect_right(scripts, (start, start)) - 1
            if place >= 0 and start < scripts[place][1]:
                continue  # a comparison in code, which the parser does not read
            message = f"an element with more than {MAX_ATTRIBUTES:,} attributes"
            raise UnreadableError(Stage.EXTRACT, "too_large", message)


def _parse(html: str) -> HtmlElement | None:
    """Return the tree of a page; None if it has no element.

    Raises: UnreadableError: if the parser fails.
    """
    # As bytes in a known encoding: the parser takes no text that names another one.
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    data = html.encode("utf-8", "replace")
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
    except (LxmlError, ValueError, AssertionError) as error:
        if "empty" in str(error).lower():  # lxml's word for a page without an element
            return None
        raise _fail(error) from error
    for more in list(tree.itersiblings()):  # what follows an </html> that came too early
        tree.append(more)
    return tree


def _read_head(tree: HtmlElement, page: Boxes) -> dict[Field, str]:
    try:
        return read_head(tree, page.named)
    except Exception as error:
        # Of any type: trafilatura, htmldate and lxml have open ends, and catch Exception themselves
        # in many places.
        raise _fail(error) from error


def _fail(error: Exception) -> UnreadableError:
    fault = f"{type(error).__name__}: {error}".removesuffix(": ")
    message = f"the HTML parser failed (trafilatura or lxml): {fault}"
    return UnreadableError(Stage.EXTRACT, "broken_html", message)


def _choose_lines(page: Boxes, hidden: Sequence[Hidden]) -> Shown:
    """Return the lines of a page that are read, and how many are left out for which reason."""
    found = find_article(page)
    reasons = find_chrome(page, found)
    if not hidden and all(reasons[line.box] is not None for line in page.lines):
        reasons = [None] * len(page.boxes)  # nothing but links: they are the page
    lines: list[ShownLine] = []
    comments: list[str] = []
    n_lines: Counter[Reason] = Counter()
    n_chars: Counter[Reason] = Counter()
    in_data: dict[int, list[ShownLine]] = {}
    for text, after in hidden:
        kind = MarkKind.PARAGRAPH if looks_like_prose(text, 0) else None
        in_data.setdefault(after, []).append(ShownLine(text, kind))
    lines.extend(in_data.get(-1, ()))
    for i, (line, kind) in enumerate(zip(page.lines, mark_lines(page, found), strict=True)):
        text = unescape(line.text) if ESCAPED_TWICE.search(line.text) else line.text
        reason = reasons[line.box]
        if reason is not None:
            n_lines[reason] += 1
            n_chars[reason] += len(text)
        elif found.is_comments[line.box]:
            comments.append(text)
        else:
            lines.append(ShownLine(text, kind))
        lines.extend(in_data.get(i, ()))
    left_out = [LeftOut(reason, n_lines[reason], n_chars[reason]) for reason in sorted(n_lines)]
    return Shown(lines, comments, {}, left_out)


HTML = Format(
    media_type="text/html",
    endings=("html", "htm", "xhtml"),
    read=read_document,
    sniff=is_markup,
)
FORMATS = (HTML,)
