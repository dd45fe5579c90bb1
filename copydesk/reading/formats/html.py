"""Read HTML: one file is one page, and the text that a person sees is kept."""

import re
from typing import NamedTuple

import trafilatura
from trafilatura.settings import Document as Extracted

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_document
from copydesk.reading.registry import Format
from copydesk.rows import Field, Stage

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
XML_DECLARATION = re.compile(r"(?<!\s)\s*+<\?xml[^>]{0,200}>")
# htmldate believes no date after today; a fixed day keeps runs repeatable.
DATE_PARAMS = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


# The parser compares each attribute of an element with all others. A page with a broken quotation
# mark makes attributes of the words of a sentence; none needs a thousand.
MAX_ATTRIBUTES = 1_024
ATTRIBUTES = re.compile(r"<[a-zA-Z][^\s/>]*+((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)")
QUOTED_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'|/")


class Shown(NamedTuple):
    """What a page shows: its text, readers' comments, and what its head says of the article."""

    text: str
    comments: str
    head: dict[Field, str]


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
    extracted = _extract(_complete(html))
    if extracted is None or not (extracted.text or extracted.comments):
        raise UnreadableError(Stage.EXTRACT, "no_text", "the page shows no text")
    head = {
        Field.HEADLINE: extracted.title,
        Field.DECK: extracted.description,
        Field.BYLINE: extracted.author,
        Field.OUTLET: extracted.sitename,
        Field.URL: extracted.url,
        Field.PUBLISHED_ON: extracted.date,
    }
    stated = {field: value for field, value in head.items() if value}
    return Shown(extracted.text or "", extracted.comments or "", stated)


def _check_attributes(html: str) -> None:
    """Refuse a page with an element that the parser would take minutes or hours for.

    Raises: UnreadableError: if an element has too many attributes.
    """
    for element in ATTRIBUTES.finditer(html):
        start, end = element.span(1)
        if end - start < 2 * MAX_ATTRIBUTES:
            continue
        if len(QUOTED_VALUE.sub(" ", element.group(1)).split()) > MAX_ATTRIBUTES:
            message = f"an element with more than {MAX_ATTRIBUTES:,} attributes"
            raise UnreadableError(Stage.EXTRACT, "too_large", message)


def _complete(html: str) -> str:
    """Return a page with the tags that lxml and trafilatura need to take it for one."""
    html = XML_DECLARATION.sub("", html, count=1)  # lxml takes no text that names an encoding
    if "<body" not in html.lower():
        return f"<html>{html}</html>"  # lxml puts a title into the head
    if "html" not in html[:50].lower():  # after a long comment trafilatura does not see the page
        return f"<!DOCTYPE html>{html}"
    return html


def _extract(html: str) -> Extracted | None:
    try:
        extracted = trafilatura.bare_extraction(
            html,
            favor_recall=True,
            include_comments=True,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=DATE_PARAMS,
        )
    except Exception as error:
        # Of any type: trafilatura, htmldate and lxml have open ends, and catch Exception themselves
        # in many places. No code of ours runs inside the call.
        fault = f"{type(error).__name__}: {error}".removesuffix(": ")
        message = f"the HTML parser failed (trafilatura or lxml): {fault}"
        raise UnreadableError(Stage.EXTRACT, "broken_html", message) from error
    return extracted if isinstance(extracted, Extracted) else None


HTML = Format(
    media_type="text/html",
    endings=("html", "htm", "xhtml"),
    read=read_document,
    sniff=is_markup,
)
FORMATS = (HTML,)
