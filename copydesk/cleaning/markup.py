"""Label lines by what the markup of their page proves, where no rule has judged their words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.wording import FULL_STOP, count_words
from copydesk.values import Label, MarkKind

BY_KIND = {
    MarkKind.CAPTION: Decision(Label.CAPTION, "caption_in_html", 0.9),
    MarkKind.TEASER: Decision(Label.TEASER, "teasers_in_html", 0.8),
    MarkKind.PULL_QUOTE: Decision(Label.DUPLICATE, "pull_quote_in_html", 0.9),
    MarkKind.OFFER: Decision(Label.PROMO, "offer_in_html", 0.8),
    MarkKind.HIDDEN: Decision(Label.BOILERPLATE, "hidden_in_html", 0.7),
    MarkKind.CHROME: Decision(Label.NAVIGATION, "chrome_in_html", 0.7),
    MarkKind.APART: Decision(Label.BOILERPLATE, "above_title_in_html", 0.7),
}
LINK = Decision(Label.TEASER, "link_in_html", 0.8)
OF_LISTS = frozenset({MarkKind.LINK, MarkKind.TEASER, MarkKind.CHROME, MarkKind.OFFER})
OF_ARTICLE = frozenset({MarkKind.PARAGRAPH, MarkKind.LINK})
PARAGRAPH_RULE = "paragraph_in_html"
SURE_COPY = 0.95  # a score of copy from which a line stays copy though it is one link
PARAGRAPH_SCORE = 0.6  # of one that its words call a caption
MIN_PARAGRAPH_SCORE = 0.15  # of a paragraph among those of the article; the model asks for more
MIN_BETWEEN_SCORE = 0.04  # of a sentence between two paragraphs that are copy
MIN_HEADING_SCORE = 0.1  # of a heading right above a paragraph of copy
MAX_PRICE_WORDS = 10
# A link that is no title: a price beside a product, a source by its address.
PRICE = re.compile(r"[^.!?]{0,24}(?<!\w)(?:[A-Z]{0,3}[$£€¥₹]|(?:USD|EUR|GBP|Rs)\.?)\s?\d")
ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def judge_by_markup(page: Labelling, kinds: Sequence[MarkKind | None]) -> Labelling:
    """Return the labelling of a page with the lines decided that its markup says more of."""
    judged = list(page.decisions)
    has_captions = MarkKind.CAPTION in kinds
    for i, kind in enumerate(kinds):
        decision = judged[i]
        if decision.label is Label.NAVIGATION and _introduces(page.lines[i], kinds, i):
            judged[i] = Decision(Label.BODY, PARAGRAPH_RULE, PARAGRAPH_SCORE)
        if decision.label is Label.CAPTION and kind is MarkKind.PARAGRAPH and has_captions:
            # By its words a caption, such as one with an agency in brackets; but the page marks its
            # captions, and this line is a paragraph of the article.
            judged[i] = Decision(Label.BODY, PARAGRAPH_RULE, PARAGRAPH_SCORE)
        if kind is None or decision.rule != LINE_MODEL:
            continue
        is_copy = decision.label is Label.BODY
        copy_score = decision.score if is_copy else 1 - decision.score
        if kind in BY_KIND:
            judged[i] = BY_KIND[kind]
        elif kind is MarkKind.LINK and _is_title(page.lines[i]):
            if copy_score < SURE_COPY:
                judged[i] = LINK
        elif kind in OF_ARTICLE and not is_copy and copy_score >= MIN_PARAGRAPH_SCORE:
            judged[i] = Decision(Label.BODY, PARAGRAPH_RULE, round(copy_score, 3))
    return _keep_between(replace(page, decisions=judged), kinds)


def _introduces(line: str, kinds: Sequence[MarkKind | None], i: int) -> bool:
    """Return whether a paragraph of the article introduces what follows, and no links do."""
    following = kinds[i + 1] if i + 1 < len(kinds) else MarkKind.LINK
    return kinds[i] is MarkKind.PARAGRAPH and line.endswith(":") and following not in OF_LISTS


def _is_title(link: str) -> bool:
    """Return whether the words of a line that is one link can be the title of a story."""
    is_price = count_words(link) <= MAX_PRICE_WORDS and PRICE.match(link) is not None
    return not is_price and ADDRESS.fullmatch(link) is None


def _keep_between(page: Labelling, kinds: Sequence[MarkKind | None]) -> Labelling:
    """Keep what the markup puts between paragraphs of copy.

    These are sentences, headings right above a paragraph, and sources listed by address.
    """
    n = len(page.lines)
    is_copy = [
        kind is MarkKind.PARAGRAPH and decision.label is Label.BODY
        for kind, decision in zip(kinds, page.decisions, strict=False)
    ]
    is_source = [
        kind is MarkKind.LINK and ADDRESS.fullmatch(line) is not None
        for kind, line in zip(kinds, page.lines, strict=False)
    ]
    kept = {}
    first = is_copy.index(True) if True in is_copy else n
    for i in range(1, len(is_copy)):
        decision = page.decisions[i]
        score = 1 - decision.score
        is_doubtful = decision.rule == LINE_MODEL and decision.label is Label.BOILERPLATE
        if not is_doubtful or score < MIN_BETWEEN_SCORE:
            continue
        is_sentence = kinds[i] is MarkKind.PARAGRAPH and FULL_STOP.search(page.lines[i])
        is_between = is_sentence and i + 1 < n and is_copy[i - 1] and is_copy[i + 1]
        is_heading = first < i and kinds[i] is MarkKind.HEADING and score >= MIN_HEADING_SCORE
        is_above = is_heading and i + 1 < n and is_copy[i + 1]
        is_listed = is_source[i] and (is_source[i - 1] or (i + 1 < n and is_source[i + 1]))
        if is_between or is_above or is_listed:
            kept[i] = Decision(Label.BODY, PARAGRAPH_RULE, round(score, 3))
    return page.mark(kept)
