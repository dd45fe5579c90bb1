"""Find where the stories of a page begin, if it holds several.

A print view, a list of search results or a page that loads the next article below holds stories
side by side: elements called articles, each with a headline of the same rank and paragraphs of its
own. Teasers have too little text, comments and the entries of a live blog have a title above them
all, or say what they are. Where it is not certain, the page is one story.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from copydesk.reading.markup.article import CHROME_TAGS
from copydesk.reading.markup.boxes import Box, Boxes, add_up
from copydesk.reading.markup.lines import letters_of
from copydesk.reading.markup.tags import HEADINGS

STORY_TAG = "article"
LIVE_TYPE = "LiveBlogPosting"
OTHERS = frozenset({"comments", "teasers", "live", "pull_quote"})  # which are no stories
OTHER_TAGS = CHROME_TAGS | {"aside", "blockquote"}
MIN_PARAGRAPHS = 2  # of a story; a teaser has a sentence
MIN_LINKED_PARAGRAPHS = 4  # of one whose headline is a link, as that of a teaser is
MIN_TITLE_WORDS = 3  # of a title of all that is on the page; a shorter one is the name of the site
MAX_HEADLINE_RANK = 3
MAX_TIME_LINES = 3  # at the beginning of an entry of a live blog
CLOCK = re.compile(
    r"(?:\w+\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*[A-Z]{2,4})?"
)


class Story(NamedTuple):
    """A story of a page: its lines, from `start` on, and its headline; "" if it is the only one."""

    page: Boxes
    start: int
    headline: str


class _Part(NamedTuple):
    """A box that may be a story: where it begins, and the place, rank and text of its headline."""

    box: int
    start: int
    place: int
    rank: str
    headline: str


def cut_stories(page: Boxes) -> list[Story]:
    """Return the stories of a page in its order; together they have all its lines."""
    parts = _find_parts(page)
    if len(parts) < 2:  # noqa: PLR2004 - two are several
        return [Story(page, 0, "")]
    starts = [0, *(part.start for part in parts[1:])]
    ends = [*starts[1:], len(page.lines)]
    return [
        Story(_cut(page, start, end, is_first=start == 0), start, part.headline)
        for part, start, end in zip(parts, starts, ends, strict=True)
    ]


def _cut(page: Boxes, start: int, end: int, *, is_first: bool) -> Boxes:
    """Return some lines of a page as a page, with the sums over these lines only."""
    lines = page.lines[start:end]
    boxes = [
        Box(box.parent, box.tag, box.names, box.role, is_hidden=box.is_hidden, says=box.says)
        for box in page.boxes
    ]
    add_up(boxes, lines)
    cut = page._replace(boxes=boxes, lines=lines)
    return cut if is_first else cut._replace(unread=())


def _find_parts(page: Boxes) -> list[_Part]:
    """Return the boxes that are stories, if there are several; none where it is not certain."""
    candidates = _find_candidates(page.boxes)
    if len(candidates) < 2:  # noqa: PLR2004 - two are several
        return []
    spans = _find_spans(page, candidates)
    found = (_read_part(page, box, *spans[box]) for box in sorted(candidates) if box in spans)
    parts = [part for part in found if part is not None]
    best = min((part.rank for part in parts), default="")
    parts = [part for part in parts if part.rank == best]
    # Of boxes around one headline the smallest counts: the others may be around all stories.
    by_headline = {part.place: part for part in parts}
    parts = [by_headline[place] for place in sorted(by_headline)]
    parts = [part for part in parts if not _is_inside_another(page.boxes, part, parts)]
    if len(parts) < 2 or _is_live(page, parts, spans) or _has_title_of_all(page, parts, spans):  # noqa: PLR2004 - two are several
        return []
    seen: set[str] = set()
    stories = []
    for part in parts:
        key = letters_of(part.headline)
        if key not in seen:  # the same story once more, for smaller screens or its next page
            seen.add(key)
            stories.append(part)
    return stories


def _find_candidates(boxes: Sequence[Box]) -> set[int]:
    """Return the boxes that are called articles, outside those that say they hold no story."""
    is_other = [False] * len(boxes)
    found = set()
    for i, box in enumerate(boxes[1:], start=1):
        is_other[i] = (
            is_other[box.parent] or box.tag in OTHER_TAGS or not OTHERS.isdisjoint(box.says)
        )
        if not is_other[i] and not box.is_hidden and (box.tag == STORY_TAG or "story" in box.says):
            found.add(i)
    return found


def _find_spans(page: Boxes, candidates: set[int]) -> dict[int, tuple[int, int]]:
    """Return of each candidate where its lines begin and end."""
    spans: dict[int, tuple[int, int]] = {}
    around = [-1] * len(page.boxes)  # the smallest candidate that a box is in
    outer: dict[int, int] = {}
    for i, box in enumerate(page.boxes):
        above = around[box.parent] if i else -1
        around[i] = i if i in candidates else above
        if i in candidates:
            outer[i] = above
    for i, line in enumerate(page.lines):
        place = around[line.box]
        while place >= 0:
            start, _ = spans.get(place, (i, i))
            spans[place] = (start, i + 1)
            place = outer[place]
    return spans


def _read_part(page: Boxes, box: int, start: int, end: int) -> _Part | None:
    """Return a box as a story; None if it has no headline, or too little text for one."""
    boxes = page.boxes
    places = (i for i in range(start, end) if _is_headline(boxes[page.lines[i].box]))
    place = next(places, None)
    if place is None:
        return None
    headline = page.lines[place]
    least = MIN_LINKED_PARAGRAPHS if headline.is_link else MIN_PARAGRAPHS
    if sum(line.is_prose for line in page.lines[place + 1 : end]) < least:
        return None
    return _Part(box, start, place, _rank_of(boxes[headline.box]), headline.text)


def _is_headline(box: Box) -> bool:
    is_heading = box.tag in HEADINGS and int(box.tag[1]) <= MAX_HEADLINE_RANK
    return is_heading or "headline" in box.says


def _rank_of(box: Box) -> str:
    """Return the tag of a heading; another box that is called a headline ranks below them."""
    return box.tag if box.tag in HEADINGS else f"z {box.names}"


def _is_inside_another(boxes: Sequence[Box], part: _Part, parts: Sequence[_Part]) -> bool:
    others = {other.box for other in parts}
    box = boxes[part.box].parent
    while box >= 0:
        if box in others:
            return True
        box = boxes[box].parent
    return False


def _has_title_of_all(
    page: Boxes, parts: Sequence[_Part], spans: dict[int, tuple[int, int]]
) -> bool:
    """Return whether a heading outside the stories is a title: they are the parts of one story."""
    inside = {i for part in parts for i in range(*spans[part.box])}
    best = min((part.rank for part in parts), default="")
    outside = (line for i, line in enumerate(page.lines) if i not in inside)
    titles = (line for line in outside if _is_title(page.boxes[line.box], best))
    return any(not line.is_link and line.text.count(" ") + 1 >= MIN_TITLE_WORDS for line in titles)


def _is_title(box: Box, best: str) -> bool:
    """Return whether a heading may be above all stories, whose headlines have the rank `best`."""
    return box.tag == "h1" or (box.tag in HEADINGS and box.tag < best)


def _is_live(page: Boxes, parts: Sequence[_Part], spans: dict[int, tuple[int, int]]) -> bool:
    """Return whether a page is a live blog: it says so, or most parts begin with a time of day."""
    if any(LIVE_TYPE in (script.text or "") for script in page.scripts):
        return True
    n_timed = 0
    for part in parts:
        start, end = spans[part.box]
        first = page.lines[start : min(end, start + MAX_TIME_LINES)]
        n_timed += any(CLOCK.fullmatch(line.text) is not None for line in first)
    return 2 * n_timed > len(parts)
