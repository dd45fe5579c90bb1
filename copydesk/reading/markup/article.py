"""Find the boxes of a page that hold its article.

Paragraphs are grouped by the smallest box that holds two of them. The group with the most prose is
the heart of the article; groups of the same class, or side by side with it, belong to it too.
"""

from typing import NamedTuple

from copydesk.reading.markup.boxes import Box, Boxes

CHROME_TAGS = frozenset({"nav", "footer", "menu", "dialog"})
DIALOGS = frozenset({"dialog", "alertdialog"})  # roles
OF_SITE = frozenset({"site", "consent"})
CHROME_WEIGHT = 0.2  # of prose that is hidden, in a footer or among readers' comments
APART_WEIGHT = 0.3  # of prose that is not in the <main> or <article> of the page's title, or ends
# before that title: a consent notice, a leading story
FRAMES = frozenset({"article", "main"})


class Found(NamedTuple):
    """Where the article of a page is: of each box its group, and whether it is in the article."""

    groups: list[int]
    is_article: list[bool]
    is_around: list[bool]  # whether paragraphs of the article are inside the box
    is_comments: list[bool]
    prose_chars: int


def find_article(page: Boxes) -> Found:
    """Return where the article of a page is; a page without prose has none."""
    boxes, lines = page.boxes, page.lines
    n_boxes = len(boxes)
    groups = _group(boxes)
    title = next((i for i, line in enumerate(lines) if boxes[line.box].tag == "h1"), None)
    has_title = [False] * n_boxes
    if title is not None:
        _mark_outer(boxes, lines[title].box, has_title)
    is_comments, scores = _score_groups(page, groups, title, has_title)
    heart = max(range(n_boxes), key=scores.__getitem__)
    below = {groups[line.box] for line in lines[title or 0 :] if line.is_prose}
    is_twin = [
        score > 0
        and not is_comments[i]
        and (i in below or heart not in below)  # a notice above the title is not a part of it
        and _is_twin(boxes, i, heart)
        for i, score in enumerate(scores)
    ]
    is_article = [scores[i] > 0 and (i == heart or is_twin[i]) for i in range(n_boxes)]
    is_around = list(is_article)
    for i in range(n_boxes - 1, 0, -1):
        is_around[boxes[i].parent] |= is_around[i]
    prose = sum(score for score, is_in in zip(scores, is_article, strict=True) if is_in)
    return Found(groups, is_article, is_around, is_comments, int(prose))


def _score_groups(
    page: Boxes, groups: list[int], title: int | None, has_title: list[bool]
) -> tuple[list[bool], list[float]]:
    """Return of each box whether it is readers' comments, and how much of an article it holds."""
    boxes, lines = page.boxes, page.lines
    is_comments, is_chrome, is_framed = ([False] * len(boxes) for _ in range(3))
    for i, box in enumerate(boxes[1:], start=1):
        outer = box.parent
        is_own = has_title[i]
        is_comments[i] = is_comments[outer] or ("comments" in box.says and not is_own)
        is_of_site = box.tag in CHROME_TAGS or box.role in DIALOGS or OF_SITE & box.says
        is_chrome[i] = is_chrome[outer] or (not is_own and bool(box.is_hidden or is_of_site))
        is_framed[i] = is_framed[outer] or (is_own and box.tag in FRAMES)
    has_frame = title is not None and is_framed[lines[title].box]
    scores = [0.0] * len(boxes)
    for i, line in enumerate(lines):
        if not line.is_prose:
            continue
        weight = CHROME_WEIGHT if is_chrome[line.box] or is_comments[line.box] else 1.0
        if title is not None and (i < title or (has_frame and not is_framed[line.box])):
            weight *= APART_WEIGHT
        scores[groups[line.box]] += weight * (len(line.text) - line.n_link_chars)
    return is_comments, scores


def _group(boxes: list[Box]) -> list[int]:
    """Return of each box the smallest one around it that holds at least two paragraphs."""
    groups = [0] * len(boxes)
    for i, box in enumerate(boxes):
        is_list = box.tag in {"ul", "ol", "dl", "blockquote", "p", "tr"}
        is_group = box.n_prose > 1 and not is_list
        groups[i] = i if is_group or i == 0 else groups[box.parent]
    return groups


def _mark_outer(boxes: list[Box], box: int, flags: list[bool]) -> None:
    """Mark a box and all that it is in."""
    while box >= 0:
        flags[box] = True
        box = boxes[box].parent


def _is_twin(boxes: list[Box], box: int, heart: int) -> bool:
    """Return whether a box is built like the heart of the article, or beside it."""
    one, other = boxes[box], boxes[heart]
    if one.names and (one.tag, one.names) == (other.tag, other.names):
        return True
    return one.parent == other.parent and one.tag == other.tag and not one.says
