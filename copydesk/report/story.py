"""Compose the page of a story: its outlets side by side, and what all or one alone report."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from copydesk.report.differences import Wording, read_difference
from copydesk.report.rows import (
    STORY_ARTICLES,
    STORY_STATEMENTS,
    PageRows,
    StatementRow,
    StoryArticleRow,
)

MAX_ARTICLES = 60
MAX_STATEMENTS = 60  # of each kind
MAX_RENDERINGS = 8  # of one statement


class Rendering(NamedTuple):
    """A statement as one article has it, with the words that differ from its longest rendering."""

    row: StatementRow
    wordings: list[Wording]


class Shared(NamedTuple):
    """A statement with the outlets that have it."""

    words: str
    outlets: list[str]
    speaker: str | None
    speaker_id: str | None
    renderings: list[Rendering]
    n_renderings: int
    is_misquoted: bool
    attribution_differs: bool


@dataclass(frozen=True, slots=True)
class StoryPage:
    """The page of a story; statements by whether all outlets, some or one have them."""

    page_id: str
    title: str
    articles: Sequence[StoryArticleRow]
    n_articles: int
    outlets: Sequence[str]
    in_all: Sequence[Shared]
    in_some: Sequence[Shared]
    in_one: Sequence[Shared]
    n_in_all: int
    n_in_some: int
    n_in_one: int
    part: int = 1
    n_parts: int = 1


def compose_story(rows: PageRows) -> list[StoryPage]:
    """Return the page of a story."""
    articles = rows.of(STORY_ARTICLES)
    outlets = sorted({article.outlet for article in articles if article.outlet is not None})
    statements = _share(rows.of(STORY_STATEMENTS))
    n_outlets = len(outlets)
    in_all = [each for each in statements if n_outlets > 1 and len(each.outlets) == n_outlets]
    in_one = [each for each in statements if n_outlets > 1 and len(each.outlets) == 1]
    in_some = [each for each in statements if each not in in_all and each not in in_one]
    title = next((each.headline for each in articles if each.headline), None)
    return [
        StoryPage(
            page_id=rows.page_id,
            title=title or "A story without a headline",
            articles=articles[:MAX_ARTICLES],
            n_articles=len(articles),
            outlets=outlets,
            in_all=in_all[:MAX_STATEMENTS],
            in_some=in_some[:MAX_STATEMENTS],
            in_one=in_one[:MAX_STATEMENTS],
            n_in_all=len(in_all),
            n_in_some=len(in_some),
            n_in_one=len(in_one),
        )
    ]


def _share(rows: Sequence[StatementRow]) -> list[Shared]:
    """Return the statements, those that most outlets have first."""
    statements = []
    for _, group in groupby(rows, key=lambda row: row.quote_group_id):
        renderings = list(group)
        known = next((row for row in renderings if row.speaker is not None), renderings[0])
        statements.append(
            Shared(
                words=max((row.content for row in renderings), key=len),
                outlets=sorted({row.outlet for row in renderings if row.outlet is not None}),
                speaker=known.speaker,
                speaker_id=known.speaker_id,
                renderings=[
                    Rendering(row, read_difference(row.difference))
                    for row in renderings[:MAX_RENDERINGS]
                ],
                n_renderings=len(renderings),
                is_misquoted=any(row.possible_misquote for row in renderings),
                attribution_differs=any(row.attribution_differs for row in renderings),
            )
        )
    return sorted(statements, key=lambda each: (-len(each.outlets), -each.n_renderings, each.words))
