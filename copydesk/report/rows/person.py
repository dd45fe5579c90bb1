"""Declare what the pages of a person are made from."""

from datetime import date
from typing import NamedTuple

from copydesk.report.rows.source import Source


class PersonHead(NamedTuple):
    """What the view `people` has of a person."""

    name: str
    roles: list[str]
    n_quotes: int
    n_articles: int
    n_outlets: int
    n_mentions: int
    first_seen: date | None
    last_seen: date | None
    wikidata_id: str | None
    wikidata_description: str | None


class SaidRow(NamedTuple):
    """A quotation of a person."""

    quote_id: str
    article_id: str
    headline: str | None
    outlet: str | None
    published_on: date | None
    content: str
    type: str
    is_speech: bool
    assertion: str
    cue: str | None
    source: str | None
    speaker_reason: str
    confidence: float
    is_uncertain: bool
    runner_up: str | None


class RoleRow(NamedTuple):
    """A role of a person, with the first and last day on which articles state it."""

    role: str
    first_day: date | None
    last_day: date | None
    n_quotes: int
    n_outlets: int


class AliasRow(NamedTuple):
    """A name of a person, with the rule that linked it."""

    name: str
    rule: str
    score: float


class AboutRow(NamedTuple):
    """What somebody else said about a person."""

    n_all: int
    speaker: str | None
    speaker_id: str | None
    named_as: str
    content: str
    outlet: str | None
    published_on: date | None
    headline: str | None
    article_id: str
    quote_id: str


class MeetingRow(NamedTuple):
    """A sentence that reports that a person met somebody."""

    met: str
    met_id: str
    cue: str
    sentence: str
    outlet: str | None
    published_on: date | None
    headline: str | None
    article_id: str


class VersionRow(NamedTuple):
    """A version of a statement."""

    quote_group_id: str
    statement: str
    version: str
    relation: str
    rule: str
    difference: str
    possible_misquote: bool
    attribution_differs: bool
    speaker: str | None
    outlet: str | None
    headline: str | None
    published_on: date | None
    article_id: str
    quote_id: str


PERSON_HEADS = Source("person_heads", PersonHead)
PERSON_QUOTES = Source("person_quotes", SaidRow)
PERSON_ROLES = Source("person_roles", RoleRow)
PERSON_NAMES = Source("person_names", AliasRow)
PERSON_ABOUT = Source("person_about", AboutRow)
PERSON_MEETINGS = Source("person_meetings", MeetingRow)
PERSON_VERSIONS = Source("person_versions", VersionRow)
OF_PERSON = (
    PERSON_HEADS,
    PERSON_QUOTES,
    PERSON_ROLES,
    PERSON_NAMES,
    PERSON_ABOUT,
    PERSON_MEETINGS,
    PERSON_VERSIONS,
)
"""All that the pages of a person are made from."""
