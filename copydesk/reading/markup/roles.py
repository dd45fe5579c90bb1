"""Say what the markup proves of the lines that are kept: captions, teasers, paragraphs.

The cleaning station labels lines by their words; what a class name or a tag says of a line is
evidence that its words do not have. It decides where it is certain (`cleaning.markup`).
"""

from collections.abc import Sequence

from copydesk.reading.markup.article import Found
from copydesk.reading.markup.boxes import Box, Boxes
from copydesk.reading.markup.chrome import is_chrome
from copydesk.reading.markup.lines import FULL_STOP, PROSE_END, PageLine, letters_of
from copydesk.reading.markup.tags import HEADINGS, UNRUN
from copydesk.values import MarkKind

MAX_CAPTION_CHARS = 1_500
MAX_PICTURE_CHARS = 500  # of a box that its class calls a picture: image, caption, credit
MAX_PICTURE_PROSE = 2
MIN_LINK_CHARS = 10  # a shorter link is a name or a topic
MAX_TEASER_PROSE = 5
MIN_TEASER_LINKS = 0.3  # share of the characters of a box of teasers
MIN_CARDS = 3  # links as long as headlines, in a list of teasers with a sentence each
PROSE_PER_CARD = 2
MAX_CARD_CHARS = 300  # of prose, for each of them
MAX_CHROME_PROSE = 0.5  # of the article's, in a box that its tag or role calls navigation
MAX_CONSENT_PROSE = 1.0  # in a dialog that asks for consent, which may be inside the article
MAX_NAMED_PROSE = 0.2  # in a box that only its class calls so
MIN_APART_PROSE = 2  # a single sentence above the title may be a deck
MAX_OFFER_CHARS = 600
MIN_SENTENCE_WORDS = 4
MAX_PULL_QUOTE_CHARS = 400  # of a box that its class does not call a pull quote
MAX_NAME_LETTERS = 40  # of who says it, with a role
MIN_QUOTE_LETTERS = 18
ASIDES = frozenset({"aside", "blockquote"})


def mark_lines(page: Boxes, found: Found) -> list[MarkKind | None]:
    """Return what the markup proves of each line of a page."""
    boxes = page.boxes
    kinds = _judge_boxes(page, found)
    in_aside = [False] * len(boxes)
    for i, box in enumerate(boxes[1:], start=1):
        in_aside[i] = in_aside[box.parent] or box.tag in ASIDES
    marks: list[MarkKind | None] = []
    for line in page.lines:
        kind = kinds[line.box]
        if kind is not None:
            marks.append(kind)
        elif _is_lone_link(line, boxes[line.box]):
            marks.append(MarkKind.LINK)
        elif boxes[line.box].tag in HEADINGS:
            marks.append(MarkKind.HEADING)
        elif (
            found.is_article[found.groups[line.box]]
            and not in_aside[line.box]
            and (line.is_prose or _is_short_paragraph(line, boxes[line.box]))
        ):
            marks.append(MarkKind.PARAGRAPH)
        else:
            marks.append(None)
    return marks


def _is_short_paragraph(line: PageLine, box: Box) -> bool:
    """Return whether a line is a paragraph of one short sentence."""
    n_words = line.text.count(" ") + 1
    is_sentence = n_words >= MIN_SENTENCE_WORDS and PROSE_END.search(line.text) is not None
    return box.tag == "p" and is_sentence and 2 * line.n_link_chars < len(line.text)


def _judge_boxes(page: Boxes, found: Found) -> list[MarkKind | None]:
    """Return what each box proves of all lines inside it; the outermost one decides."""
    kinds: list[MarkKind | None] = [None]
    above = _find_above(page, found)
    repeated = _find_pull_quotes(page, found)
    inside = [False] * len(page.boxes)  # of the smallest boxes with paragraphs of the article
    for i, box in enumerate(page.boxes[1:], start=1):
        inside[i] = inside[box.parent] or found.is_article[box.parent]
    for i, box in enumerate(page.boxes[1:], start=1):
        kind = kinds[box.parent]
        if kind is None and box.n_lines and not found.is_around[i]:
            proofs = {
                MarkKind.CAPTION: _is_caption(box),
                MarkKind.PULL_QUOTE: i in repeated,
                MarkKind.OFFER: _is_offer(box),
                MarkKind.TEASER: _has_teasers(box),
                MarkKind.HIDDEN: box.is_hidden and (not inside[i] or box.tag in UNRUN),
                MarkKind.CHROME: _is_chrome(box, found.prose_chars, is_inside=inside[i]),
                MarkKind.APART: i in above and box.n_prose >= MIN_APART_PROSE,
            }
            kind = next((kind for kind, is_proven in proofs.items() if is_proven), None)
        kinds.append(kind)
    return kinds


def _find_above(page: Boxes, found: Found) -> set[int]:
    """Return the boxes that end above the title, where the article is below it."""
    title = next((i for i, x in enumerate(page.lines) if page.boxes[x.box].tag == "h1"), None)
    if title is None:
        return set()
    above = {line.box for line in page.lines[:title]}
    for i in range(len(page.boxes) - 1, 0, -1):  # with the boxes around them
        if i in above:
            above.add(page.boxes[i].parent)
    for line in page.lines[title:]:
        box = line.box
        while box in above:  # what is in no box that is left: each is removed once
            above.discard(box)
            box = page.boxes[box].parent
    return {i for i in above if not found.is_around[i]}


def _find_pull_quotes(page: Boxes, found: Found) -> set[int]:
    """Return the boxes of pull quotes whose words are on the page a second time.

    An aside or a quoted block that its class does not call so is one if it is small, and all that
    it says beside a name is in the paragraphs of the article again.
    """
    may_be = [_may_be_pull_quote(box) for box in page.boxes]
    if not any(may_be):
        return set()
    quotes: list[int | None] = []  # of each box the outermost pull quote that it is in
    for i, box in enumerate(page.boxes):
        outer = quotes[box.parent] if i > 0 else None
        quotes.append(i if outer is None and may_be[i] else outer)
    others = [line for line in page.lines if quotes[line.box] is None]
    rest = letters_of(" ".join(line.text for line in others))
    is_copy = [found.is_article[group] for group in found.groups]
    copy = letters_of(" ".join(x.text for x in others if x.is_prose and is_copy[x.box]))
    texts: dict[int, list[str]] = {}
    for line in page.lines:
        quote = quotes[line.box]
        if quote is not None:
            texts.setdefault(quote, []).append(letters_of(line.text))
    return {
        i
        for i, lines in texts.items()
        if (
            max(lines, key=len) in rest
            if "pull_quote" in page.boxes[i].says
            else _is_said_again(lines, copy)
        )
    }


def _may_be_pull_quote(box: Box) -> bool:
    is_quote = box.tag in ASIDES or "quote" in box.says
    return "pull_quote" in box.says or (is_quote and 0 < box.n_chars <= MAX_PULL_QUOTE_CHARS)


def _is_said_again(lines: Sequence[str], copy: str) -> bool:
    """Return whether all lines of a box, as letters, are in the copy but those as short as a name.

    The longest is there too, and long enough to be no accident.
    """
    longest = max(lines, key=len)
    said = [longest, *(line for line in lines if len(line) > MAX_NAME_LETTERS)]
    return len(longest) >= MIN_QUOTE_LETTERS and all(line in copy for line in said)


def _is_caption(box: Box) -> bool:
    if box.tag == "figcaption" or "caption" in box.says:
        return box.n_chars <= MAX_CAPTION_CHARS
    is_picture = box.tag == "figure" or "picture" in box.says
    return is_picture and box.n_chars <= MAX_PICTURE_CHARS and box.n_prose <= MAX_PICTURE_PROSE


def _is_chrome(box: Box, article_chars: int, *, is_inside: bool) -> bool:
    """Return whether a box with a sentence is navigation or asks for consent, or is the site's.

    By its class alone it is the site's if it is small and not in the article.
    """
    share = box.prose_chars / max(article_chars, 1)
    if "consent" in box.says:
        return share < MAX_CONSENT_PROSE
    if is_chrome(box):
        return share < MAX_CHROME_PROSE
    return "site" in box.says and not is_inside and share < MAX_NAMED_PROSE


def _is_offer(box: Box) -> bool:
    """Return whether a box asks the reader to subscribe; one with more text hides the article."""
    is_named = "paywall" in box.says and box.tag != "p"
    return is_named and box.n_links > 0 and not box.n_long and box.n_chars <= MAX_OFFER_CHARS


def _has_teasers(box: Box) -> bool:
    if "teasers" in box.says and box.n_prose <= MAX_TEASER_PROSE:
        return box.n_link_chars >= MIN_TEASER_LINKS * box.n_chars
    n_cards = box.n_headline_links
    return (
        n_cards >= MIN_CARDS
        and box.n_prose <= PROSE_PER_CARD * n_cards
        and box.prose_chars <= MAX_CARD_CHARS * n_cards
        and not box.n_long
        and box.tag not in {"p", "table", "tbody"}
    )


def _is_lone_link(line: PageLine, box: Box) -> bool:
    """Return whether a line is nothing but a link to something else to read."""
    if not line.is_link or len(line.text) < MIN_LINK_CHARS or box.tag == "h1":
        return False
    return (FULL_STOP if box.tag != "p" else PROSE_END).search(line.text) is None
