"""Show what a correction of a page would change, on rows that are there already."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from copydesk.corrections.articles import correct_article
from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import ArticleRow, Correction, LineRow, QuoteRow
from copydesk.corrections.lines import correct_lines
from copydesk.corrections.pages import Outcome
from copydesk.corrections.quotes import correct_quotes
from copydesk.corrections.speakers import Copied
from copydesk.rows import Article, ArticleFact, Mention, Quote, RawArticle, Segment

RowT = TypeVar("RowT", bound=Correction)

UNWRITTEN = Path("(not written yet)")


def preview_line(raw: RawArticle, segments: Sequence[Segment], row: LineRow) -> Outcome:
    """Return what a correction of a line would come to."""
    return correct_lines(raw, segments, [_place(row)]).outcomes[0]


def preview_article(article: Article, facts: Sequence[ArticleFact], row: ArticleRow) -> Outcome:
    """Return what a correction of an article would come to."""
    return correct_article(article, facts, [_place(row)]).outcomes[0]


def preview_quote(
    page: Copied, *, mentions: Sequence[Mention], quotes: Sequence[Quote], row: QuoteRow
) -> Outcome:
    """Return what a correction of a quotation would come to."""
    made = correct_quotes(page, mentions=mentions, quotes=quotes, corrections=[_place(row)])
    return made.outcomes[0]


def _place(row: RowT) -> Placed[RowT]:
    return Placed(row, UNWRITTEN, 0)
