"""Say which boxes of a page are no part of what is read, each with the name of the reason.

Only what the markup proves is left out, and never a box that holds the heart of the article. Where
a class name is the proof, the box must hold little prose too.
"""

from collections.abc import Sequence
from itertools import pairwise

from copydesk.reading.markup.article import CHROME_TAGS, Found
from copydesk.reading.markup.boxes import MAX_UNSEEN_CHARS, Box, Boxes
from copydesk.reading.markup.lines import PageLine
from copydesk.reading.markup.tags import FRAMES, HEADINGS, Reason

# fmt: off
CHROME_ROLES = frozenset({
    "alertdialog", "banner", "contentinfo", "dialog", "menu", "menubar", "navigation", "search",
    "tablist", "toolbar",
})
# fmt: on
PARAGRAPHS = HEADINGS | {"p", "pre", "blockquote"}
MIN_LINKS = 2
MAX_TITLE_CHARS = 60  # of the heading over a list of links; a longer one is a headline or a deck
LINK_SHARE = 0.6  # of the characters of a list of links


def find_chrome(page: Boxes, found: Found) -> list[Reason | None]:
    """Return of each box why it is left out; None where it is kept."""
    reasons: list[Reason | None] = [None]
    for i, box in enumerate(page.boxes[1:], start=1):
        reason = reasons[box.parent]
        if reason is None and not found.is_around[i]:
            in_article = found.is_article[box.parent]
            reason = _judge(box, is_paragraph=in_article and _is_plain(box))
        reasons.append(reason)
    _drop_titles(page.lines, page.boxes, reasons)
    return reasons


def _is_plain(box: Box) -> bool:
    return box.tag in PARAGRAPHS or box.tag in {"ul", "ol", "li"}


def _judge(box: Box, *, is_paragraph: bool) -> Reason | None:
    """Return why a box is left out; one with a sentence only where no reader has ever seen it."""
    if not box.n_lines:
        return None
    is_named = "site" in box.says and not is_paragraph
    is_list = box.n_links >= MIN_LINKS and box.n_link_chars >= LINK_SHARE * box.n_chars
    proofs = {
        Reason.ARCHIVE: "archive" in box.says,
        Reason.UNSEEN: "unseen" in box.says and box.n_chars <= MAX_UNSEEN_CHARS,
        Reason.FRAME: box.tag in FRAMES and not box.n_prose,
        Reason.CONTROL: box.tag == "textarea" and not box.n_prose,
        Reason.HIDDEN: box.is_hidden and not box.n_prose,
        Reason.NAVIGATION: is_chrome(box) and not box.n_prose,
        Reason.NAMED: is_named and not box.n_prose,
        Reason.LINKS: is_list and not box.n_prose and box.tag not in PARAGRAPHS,
    }
    return next((reason for reason, is_proven in proofs.items() if is_proven), None)


def is_chrome(box: Box) -> bool:
    """Return whether a box is navigation by its tag or role."""
    return box.tag in CHROME_TAGS or box.role in CHROME_ROLES


def _drop_titles(
    lines: Sequence[PageLine], boxes: Sequence[Box], reasons: list[Reason | None]
) -> None:
    """Leave out the headings whose only content is a list of links that is left out."""
    for line, following in pairwise(lines):
        heading = boxes[line.box]
        is_short = len(line.text) <= MAX_TITLE_CHARS and heading.tag in HEADINGS - {"h1"}
        if is_short and reasons[line.box] is None and reasons[following.box] is Reason.LINKS:
            reasons[line.box] = Reason.LINKS_TITLE
