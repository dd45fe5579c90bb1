"""Parse HTML into a tree, whatever its tags are and however deep they are nested.

The parser stops at 2,046 elements inside each other, and what follows would be lost. A page with
more is parsed without the tags that are too deep; what is inside them keeps its place.
"""

import re
from bisect import bisect_right

from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser

from copydesk.errors import UnreadableError
from copydesk.reading.markup.tags import BOXES, HEADINGS
from copydesk.values import Stage

# The parser compares each attribute of an element with all others. A page with a broken quotation
# mark makes attributes of the words of a sentence; none needs a thousand.
MAX_ATTRIBUTES = 1_024
ATTRIBUTES = re.compile(r"<[a-zA-Z][^\s/>]*+((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)")
SCRIPT = re.compile(r"<(script|style)\b[^<>]*+>(?:[^<]++|<(?!/\1\b))*+", re.IGNORECASE)
QUOTED_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'|/")
TOO_DEEP = "Excessive depth"  # how the parser's message begins
MAX_DEPTH = 1_000  # elements inside each other whose tags are kept, where the parser has stopped
TAG = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+-->"
    r"|<(script|style|textarea|title|iframe|noframes)\b[^<>]*+>(?:[^<]++|<(?!/\1\b))*+"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+>",
    re.IGNORECASE,
)
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
PAGE_TAGS = frozenset({"html", "head", "body", "iframe", "noframes", "textarea", "title"})
SHALLOW = HEADINGS | PAGE_TAGS | {"a", "p"}  # hardly ever inside another of their kind


def parse_html(html: str) -> HtmlElement | None:
    """Return the tree of a page; None if it has no element.

    Raises: UnreadableError: if the parser fails, or would take too long.
    """
    _check_attributes(html)
    tree, is_cut = _parse(html)
    if is_cut:
        tree, is_cut = _parse(_flatten(html, MAX_DEPTH, kept=SHALLOW))
    if is_cut:
        tree, _ = _parse(_flatten(html, 0, kept=PAGE_TAGS))
    return tree


def explain_failure(error: Exception) -> UnreadableError:
    """Return why a page cannot be read whose parser failed."""
    fault = f"{type(error).__name__}: {error}".removesuffix(": ")
    message = f"the HTML parser failed (trafilatura or lxml): {fault}"
    return UnreadableError(Stage.EXTRACT, "broken_html", message)


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


def _parse(html: str) -> tuple[HtmlElement | None, bool]:
    """Return the tree of a page, and whether the parser stopped before its end."""
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
            return None, False
        raise explain_failure(error) from error
    last = parser.error_log.last_error
    for more in list(tree.itersiblings()):  # what follows an </html> that came too early
        tree.append(more)
    return tree, last is not None and last.message.startswith(TOO_DEEP)


def _flatten(html: str, max_depth: int, *, kept: frozenset[str]) -> str:
    """Return a page without the tags that are deeper; where they set text apart, a rule does."""
    depth = 0

    def flatten(tag: re.Match[str]) -> str:
        nonlocal depth
        name = (tag["name"] or "").lower()
        if not name or name in VOID or name in kept:
            return tag.group()
        is_end = bool(tag["end"])
        depth = max(0, depth + (-1 if is_end else 1))
        if depth + is_end <= max_depth:
            return tag.group()
        return "<hr>" if name in BOXES or "-" in name else ""

    return TAG.sub(flatten, html)
