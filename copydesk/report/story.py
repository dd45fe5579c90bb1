"""Compose the page of a story: its outlets side by side, and what all or one alone report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from copydesk.report.differences import Wording, read_difference
from copydesk.report.rows.source import PageRows
from copydesk.report.rows.story import (
    STORY_ARTICLES,
    STORY_STATEMENTS,
    StatementRow,
    StoryArticleRow,
)
from copydesk.report.sizes import fit, size_of

MAX_ARTICLES = 40
SHARED_BYTES = 60_000  # of the statements that all have, and so on
ROW_BYTES = 700  # markup around a rendering
MAX_RENDERINGS = 8  # of one statement


class Voice(NamedTuple):
    """Who reports: an outlet, or an article of which no outlet is proven."""

    outlet: str | None
    article_id: str | None


class Rendering(NamedTuple):
    """A statement as one article has it, with the words that differ from its longest rendering."""

    row: StatementRow
    wordings: list[Wording]


class Shared(NamedTuple):
    """A statement with the outlets that have it."""

    words: str
    voices: list[Voice]
    speaker: str | None
    speaker_id: str | None
    renderings: list[Rendering]
    n_renderings: int
    is_misquoted: bool
    attribution_differs: bool


@dataclass(frozen=True, slots=True)
class StoryPage:
    """The page of a story; statements by whether all that report it, some or one have them."""

    page_id: str
    title: str
    articles: Sequence[StoryArticleRow]
    n_articles: int
    n_outlets: int
    n_without: int  # articles of which no outlet is proven
    headlines: Mapping[str, str | None]
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
    voices = {_voice_of(article.outlet, article.article_id) for article in articles}
    statements = _share(rows.of(STORY_STATEMENTS))
    is_one = len(voices) == 1
    in_all = [each for each in statements if not is_one and len(each.voices) == len(voices)]
    in_one = [each for each in statements if not is_one and len(each.voices) == 1]
    in_some = [each for each in statements if is_one or 1 < len(each.voices) < len(voices)]
    title = next((each.headline for each in articles if each.headline), None)
    return [
        StoryPage(
            page_id=rows.page_id,
            title=title or "A story without a headline",
            articles=articles[:MAX_ARTICLES],
            n_articles=len(articles),
            n_outlets=sum(voice.outlet is not None for voice in voices),
            n_without=sum(voice.outlet is None for voice in voices),
            headlines={each.article_id: each.headline for each in articles},
            in_all=fit(in_all, _size_of, most=SHARED_BYTES),
            in_some=fit(in_some, _size_of, most=SHARED_BYTES),
            in_one=fit(in_one, _size_of, most=SHARED_BYTES),
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
                voices=sorted(
                    {_voice_of(row.outlet, row.article_id) for row in renderings}, key=str
                ),
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
    return sorted(statements, key=lambda each: (-len(each.voices), -each.n_renderings, each.words))


def _voice_of(outlet: str | None, article_id: str) -> Voice:
    """Return who reports an article: all articles of an outlet are one voice."""
    return Voice(outlet, article_id if outlet is None else None)


def _size_of(statement: Shared) -> int:
    words = [each.text for rendering in statement.renderings for each in rendering.wordings]
    return ROW_BYTES * (len(statement.renderings) + 1) + size_of(statement.words, *words)
