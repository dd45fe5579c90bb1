"""Declare what the overview is made from."""

from datetime import date, datetime
from typing import NamedTuple

from copydesk.report.rows.source import CountRow, Source


class Numbers(NamedTuple):
    """What the tables hold."""

    n_bundles: int
    n_articles: int
    n_no_articles: int
    n_outlets: int
    n_people: int
    n_stories: int
    n_quotes: int
    n_attributed: int
    n_uncertain: int
    n_copy_lines: int
    n_removed_lines: int
    n_rejected: int
    snapshot: int
    published_at: datetime


class MonthCount(NamedTuple):
    """What was published in a month."""

    month: date
    n_articles: int
    n_quotes: int


class RejectedRow(NamedTuple):
    """A reason why files were refused, with one of them."""

    stage: str
    error: str
    n: int
    path: str
    message: str


class BundleRow(NamedTuple):
    """A bundle."""

    bundle: str
    n_files: int
    n_articles: int
    n_rejected: int
    n_quotes: int


class TopPerson(NamedTuple):
    """A person who is quoted much."""

    name: str
    person_id: str | None
    role: str | None
    n_quotes: int
    n_outlets: int


OVERVIEW_NUMBERS = Source("overview_numbers", Numbers)
OVERVIEW_MONTHS = Source("overview_months", MonthCount)
OVERVIEW_SOURCES = Source("overview_sources", CountRow)
OVERVIEW_CONFIDENCE = Source("overview_confidence", CountRow)
OVERVIEW_REMOVED = Source("overview_removed", CountRow)
OVERVIEW_COMPLETE = Source("overview_complete", CountRow)
OVERVIEW_REJECTED = Source("overview_rejected", RejectedRow)
OVERVIEW_BUNDLES = Source("overview_bundles", BundleRow)
OVERVIEW_PEOPLE = Source("overview_people", TopPerson)
OF_OVERVIEW = (
    OVERVIEW_NUMBERS,
    OVERVIEW_MONTHS,
    OVERVIEW_SOURCES,
    OVERVIEW_CONFIDENCE,
    OVERVIEW_REMOVED,
    OVERVIEW_COMPLETE,
    OVERVIEW_REJECTED,
    OVERVIEW_BUNDLES,
    OVERVIEW_PEOPLE,
)
"""All that the overview is made from."""
