"""Declare what the page of a story is made from."""

from datetime import date
from typing import NamedTuple

from copydesk.report.rows.source import Source


class StoryArticleRow(NamedTuple):
    """An article of a story."""

    article_id: str
    headline: str | None
    deck: str | None
    outlet: str | None
    agency: str | None
    published_on: date | None
    n_words: int
    n_quotes: int
    relation: str
    rule: str
    similarity: float
    is_representative: bool


class StatementRow(NamedTuple):
    """A rendering of a statement in an article of a story."""

    quote_group_id: str
    statement: str
    content: str
    speaker: str | None
    speaker_id: str | None
    type: str
    outlet: str | None
    article_id: str
    quote_id: str
    relation: str
    difference: str
    possible_misquote: bool
    attribution_differs: bool


STORY_ARTICLES = Source("story_articles", StoryArticleRow)
STORY_STATEMENTS = Source("story_statements", StatementRow)
OF_STORY = (STORY_ARTICLES, STORY_STATEMENTS)
"""All that the page of a story is made from."""
