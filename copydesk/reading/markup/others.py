"""Say which elements of a page are not its own: readers' comments, and the banner of an archive.

Their days are not that of the article.
"""

from copy import deepcopy
from itertools import islice

from lxml.html import HtmlElement

from copydesk.lexicons.markup import read_names

OTHERS = frozenset({"comments", "archive"})
COMMENT = "comment"  # a kind of schema.org, in lower case
MAX_OUTER = 100  # elements around one
NAMED = ("article", "aside", "div", "footer", "li", "ol", "section", "table", "ul")


def leave_out_others(tree: HtmlElement) -> HtmlElement:
    """Return the page without what is not its own and may have a day; copied only if it has any."""
    if not any(map(_has_number, filter(_is_of_others, tree.iter(*NAMED)))):
        return tree
    own = deepcopy(tree)
    for element in [each for each in own.iter(*NAMED) if _is_of_others(each)]:
        if element.getparent() is not None:
            element.drop_tree()
    return own


def is_inside_others(element: HtmlElement) -> bool:
    """Return whether an element is in readers' comments, or in the banner of an archive."""
    return any(map(_is_of_others, islice(element.iterancestors(), MAX_OUTER)))


def _is_of_others(element: HtmlElement) -> bool:
    """Return whether an element is not the page's own; what has its headline inside always is."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip().lower()
    kind = (element.get("itemtype") or "").rpartition("/")[2].lower()
    is_comment = COMMENT in {element.get("itemprop"), kind}
    is_named = bool(names) and not OTHERS.isdisjoint(read_names(names))
    return (is_comment or is_named) and next(element.iter("h1"), None) is None


def _has_number(element: HtmlElement) -> bool:
    """Return whether an element may state a day: every day has a number."""
    has_time = next(element.iter("time", "abbr"), None) is not None
    return has_time or any(letter.isdigit() for text in element.itertext() for letter in text)
