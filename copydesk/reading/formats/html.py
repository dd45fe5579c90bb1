"""Read HTML: one file is one page, and nothing of what it shows is lost without a reason."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from typing import NamedTuple

from lxml.html import HtmlElement

from copydesk.errors import UnreadableError
from copydesk.reading.formats.text import read_document
from copydesk.reading.head import read_stated
from copydesk.reading.markup.article import find_article
from copydesk.reading.markup.boxes import Boxes, read_boxes
from copydesk.reading.markup.chrome import find_chrome
from copydesk.reading.markup.data import Hidden, find_hidden_body, states_body
from copydesk.reading.markup.head import read_head
from copydesk.reading.markup.lines import letters_of, looks_like_prose
from copydesk.reading.markup.parse import explain_failure, parse_html
from copydesk.reading.markup.roles import mark_lines
from copydesk.reading.markup.stories import Story, cut_stories
from copydesk.reading.markup.tags import Reason
from copydesk.reading.registry import Format
from copydesk.values import Field, GivenField, LeftOut, MarkKind, Stage

OF_SITE = frozenset({Field.OUTLET, Field.URL})  # what the head says of every story of a page
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
    """Return what a reader of the page sees, and its head, as one article.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    tree, page, hidden = _read_page(html)
    shown = _choose_lines(page, hidden)
    return shown._replace(head=_read_head(tree, page), stated=read_stated(tree))


def read_stories(html: str) -> list[Shown]:
    """Return what a reader of the page sees of each of its stories; most pages have one.

    What the head says is given to the story that it names, and its outlet and address to all.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    tree, page, hidden = _read_page(html)
    head, stated = _read_head(tree, page), read_stated(tree)
    stories = cut_stories(page)
    named = _find_named(stories, head, stated)
    of_site = {field: value for field, value in head.items() if field in OF_SITE}
    outlet = [field for field in stated if field.name == Field.OUTLET]
    read = []
    for i, story in enumerate(stories):
        shown = _choose_lines(story.page, _share_out(hidden, story))
        if i == named:
            shown = shown._replace(head=head, stated=stated)
        else:
            own = GivenField(Field.HEADLINE.value, story.headline)
            shown = shown._replace(head=of_site, stated=[own, *outlet])
        read.append(shown)
    return read


def _read_page(html: str) -> tuple[HtmlElement, Boxes, list[Hidden]]:
    """Return the tree of a page, its boxes, and what stands only in its data.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    tree = parse_html(html)
    if tree is None:
        raise UnreadableError(Stage.EXTRACT, "no_text", NO_TEXT_SHOWN)
    page = read_boxes(tree)
    hidden = find_hidden_body(page.lines, page.scripts)
    if not page.lines and not (hidden and states_body(page.scripts)):
        in_data = f"; {len(hidden)} paragraphs are in the data of its scripts" if hidden else ""
        raise UnreadableError(Stage.EXTRACT, "no_text", NO_TEXT_SHOWN + in_data)
    return tree, page, hidden


def _find_named(
    stories: Sequence[Story], head: Mapping[Field, str], stated: Sequence[GivenField]
) -> int | None:
    """Return which story has the headline that the head of its page gives; of one, that one."""
    if len(stories) == 1:
        return 0
    titles = [field.value for field in stated if field.name == Field.HEADLINE]
    titles += [head[Field.HEADLINE]] if Field.HEADLINE in head else []
    keys = [letters_of(story.headline) for story in stories]
    said = [letters_of(title) for title in titles]
    named = (i for i, key in enumerate(keys) if any(key in title for title in said))
    return next(named, None)


def _share_out(hidden: Sequence[Hidden], story: Story) -> list[Hidden]:
    """Return the paragraphs of the data that belong among the lines of a story."""
    end = story.start + len(story.page.lines)
    first = -1 if story.start == 0 else story.start
    return [
        Hidden(text, max(after - story.start, -1)) for text, after in hidden if first <= after < end
    ]


def _read_head(tree: HtmlElement, page: Boxes) -> dict[Field, str]:
    try:
        return read_head(tree, page.named)
    except Exception as error:
        # Of any type: trafilatura, htmldate and lxml have open ends, and catch Exception themselves
        # in many places.
        raise explain_failure(error) from error


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
    for unread, text in page.unread:
        n_lines[unread] += 1
        n_chars[unread] += len(text)
    left_out = [LeftOut(reason, n_lines[reason], n_chars[reason]) for reason in sorted(n_lines)]
    return Shown(lines, comments, {}, left_out)


HTML = Format(
    media_type="text/html",
    endings=("html", "htm", "xhtml"),
    read=read_document,
    sniff=is_markup,
)
FORMATS = (HTML,)
