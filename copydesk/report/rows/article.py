"""Declare what the pages of an article are made from."""

from datetime import date
from typing import NamedTuple

from copydesk.report.rows.source import Source


class ArticleHead(NamedTuple):
    """What an article is, and the text of its page."""

    headline: str | None
    deck: str | None
    byline: str | None
    dateline_place: str | None
    agency: str | None
    outlet: str | None
    url: str | None
    published_on: date | None
    language: str
    n_words: int
    kind: str
    kind_reason: str | None
    bundle: str
    source_path: str
    story_id: str | None
    n_in_story: int | None
    text: str


class LineRow(NamedTuple):
    """A line of a page, with its label."""

    start: int
    end: int
    label: str
    rule: str
    score: float


class FactRow(NamedTuple):
    """A piece of evidence for the metadata of an article."""

    field: str
    value: str
    start: int | None
    end: int | None
    rule: str
    confidence: float


class NameRow(NamedTuple):
    """A mention that refers to an entity."""

    start: int
    end: int
    kind: str
    label: str
    name: str
    person_id: str | None


class QuoteRow(NamedTuple):
    """A quotation of an article."""

    quote_id: str
    type: str
    is_speech: bool
    assertion: str
    content: str
    starts: list[int]
    ends: list[int]
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    source: str | None
    source_start: int | None
    source_end: int | None
    speaker_reason: str
    source_kind: str
    confidence: float
    rule: str
    is_uncertain: bool
    runner_up: str | None
    runner_up_id: str | None


class SpeakerRow(NamedTuple):
    """One who said a quotation."""

    quote_id: str
    name: str
    person_id: str | None


ARTICLE_HEADS = Source("article_heads", ArticleHead)
ARTICLE_LINES = Source("article_lines", LineRow)
ARTICLE_FACTS = Source("article_facts", FactRow)
ARTICLE_NAMES = Source("article_names", NameRow)
ARTICLE_QUOTES = Source("article_quotes", QuoteRow)
ARTICLE_SPEAKERS = Source("article_speakers", SpeakerRow)
OF_ARTICLE = (
    ARTICLE_HEADS,
    ARTICLE_LINES,
    ARTICLE_FACTS,
    ARTICLE_NAMES,
    ARTICLE_QUOTES,
    ARTICLE_SPEAKERS,
)
"""All that the pages of an article are made from."""
