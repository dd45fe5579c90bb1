"""Label lines by what the markup of their page proves, where no rule has judged their words."""

from collections.abc import Sequence
from dataclasses import replace

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.rows import Label, MarkKind

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
PARAGRAPH_RULE = "paragraph_in_html"
SURE_COPY = 0.95  # a score of copy from which a line stays copy though it is one link
PARAGRAPH_SCORE = 0.6  # of one that its words call a caption
MIN_PARAGRAPH_SCORE = 0.15  # of a paragraph among those of the article; the model asks for more


def judge_by_markup(page: Labelling, kinds: Sequence[MarkKind | None]) -> Labelling:
    """Return the labelling of a page with the lines decided that its markup says more of."""
    judged = list(page.decisions)
    has_captions = MarkKind.CAPTION in kinds
    for i, kind in enumerate(kinds):
        decision = judged[i]
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
        elif kind is MarkKind.LINK and copy_score < SURE_COPY:
            judged[i] = LINK
        elif kind is MarkKind.PARAGRAPH and not is_copy and copy_score >= MIN_PARAGRAPH_SCORE:
            judged[i] = Decision(Label.BODY, PARAGRAPH_RULE, round(copy_score, 3))
    return replace(page, decisions=judged)
