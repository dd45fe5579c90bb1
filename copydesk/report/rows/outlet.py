"""Declare what the page of an outlet is made from."""

from datetime import date
from typing import NamedTuple

from copydesk.report.rows.source import CountRow, Source


class OutletHead(NamedTuple):
    """What is known of an outlet."""

    outlet: str
    country: str | None
    kind: str | None
    hosts: list[str] | None
    names: list[str] | None
    n_articles: int
    n_stories: int


class MonthRow(NamedTuple):
    """A month of an outlet."""

    month: date | None
    n_articles: int
    n_texts: int
    n_quotes: int
    n_speakers: int
    named_share: float | None
    anonymous_share: float | None


class GenderRow(NamedTuple):
    """The people of one gender whom an outlet quotes."""

    gender: str
    n_quotes: int
    n_people: int


class OutletSpeakerRow(NamedTuple):
    """A speaker whom an outlet quotes."""

    speaker: str
    person_id: str | None
    role: str | None
    n_quotes: int


class OutletArticleRow(NamedTuple):
    """An article of an outlet."""

    article_id: str
    headline: str | None
    published_on: date | None
    n_words: int
    n_quotes: int


OUTLET_HEADS = Source("outlet_heads", OutletHead)
OUTLET_MONTHS = Source("outlet_months", MonthRow)
OUTLET_SOURCES = Source("outlet_sources", CountRow)
OUTLET_GENDERS = Source("outlet_genders", GenderRow)
OUTLET_REMOVED = Source("outlet_removed", CountRow)
OUTLET_SPEAKERS = Source("outlet_speakers", OutletSpeakerRow)
OUTLET_ARTICLES = Source("outlet_articles", OutletArticleRow)
OF_OUTLET = (
    OUTLET_HEADS,
    OUTLET_MONTHS,
    OUTLET_SOURCES,
    OUTLET_GENDERS,
    OUTLET_REMOVED,
    OUTLET_SPEAKERS,
    OUTLET_ARTICLES,
)
"""All that the page of an outlet is made from."""
