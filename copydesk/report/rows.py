"""Declare what the pages are made from: queries over the published tables, and their rows.

Each query is a file of `queries/`. Its first column is the page that a row is for; the others are
the fields of the row, in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

RowT = TypeVar("RowT", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Source(Generic[RowT]):
    """A query, by the name of its file, and what its rows are."""

    name: str
    row: type[RowT]


class PageRows:
    """The rows of one page, by their source."""

    def __init__(self, page_id: str, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Keep the rows of each source, by its name."""
        self.page_id = page_id
        self._rows = rows

    def of(self, source: Source[RowT]) -> list[RowT]:
        """Return the rows of a source, in the order of its query."""
        return [source.row(*row) for row in self._rows.get(source.name, ())]


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


class CountRow(NamedTuple):
    """How many there are of something."""

    name: str
    n: int


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


class ListedArticle(NamedTuple):
    """An article in the list of all."""

    n_pages: int
    article_id: str
    headline: str | None
    outlet: str | None
    published_on: date | None
    kind: str
    n_quotes: int


class ListedPerson(NamedTuple):
    """A person in the list of all."""

    n_pages: int
    name: str
    person_id: str | None
    role: str | None
    n_quotes: int
    n_articles: int
    n_outlets: int


class ListedOutlet(NamedTuple):
    """An outlet in the list of all."""

    n_pages: int
    outlet: str
    n_articles: int
    n_quotes: int
    named_share: float | None


class ListedStory(NamedTuple):
    """A story in the list of those with two or more articles."""

    n_pages: int
    story_id: str
    headline: str | None
    first_day: date | None
    last_day: date | None
    n_articles: int
    n_outlets: int


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


ARTICLE_HEADS = Source("article_heads", ArticleHead)
ARTICLE_LINES = Source("article_lines", LineRow)
ARTICLE_FACTS = Source("article_facts", FactRow)
ARTICLE_NAMES = Source("article_names", NameRow)
ARTICLE_QUOTES = Source("article_quotes", QuoteRow)
ARTICLE_SPEAKERS = Source("article_speakers", SpeakerRow)
PERSON_HEADS = Source("person_heads", PersonHead)
PERSON_QUOTES = Source("person_quotes", SaidRow)
PERSON_ROLES = Source("person_roles", RoleRow)
PERSON_NAMES = Source("person_names", AliasRow)
PERSON_ABOUT = Source("person_about", AboutRow)
PERSON_MEETINGS = Source("person_meetings", MeetingRow)
PERSON_VERSIONS = Source("person_versions", VersionRow)
STORY_ARTICLES = Source("story_articles", StoryArticleRow)
STORY_STATEMENTS = Source("story_statements", StatementRow)
OUTLET_HEADS = Source("outlet_heads", OutletHead)
OUTLET_MONTHS = Source("outlet_months", MonthRow)
OUTLET_SOURCES = Source("outlet_sources", CountRow)
OUTLET_GENDERS = Source("outlet_genders", GenderRow)
OUTLET_REMOVED = Source("outlet_removed", CountRow)
OUTLET_SPEAKERS = Source("outlet_speakers", OutletSpeakerRow)
OUTLET_ARTICLES = Source("outlet_articles", OutletArticleRow)
LIST_ARTICLES = Source("list_articles", ListedArticle)
LIST_PEOPLE = Source("list_people", ListedPerson)
LIST_OUTLETS = Source("list_outlets", ListedOutlet)
LIST_STORIES = Source("list_stories", ListedStory)
OVERVIEW_NUMBERS = Source("overview_numbers", Numbers)
OVERVIEW_MONTHS = Source("overview_months", MonthCount)
OVERVIEW_SOURCES = Source("overview_sources", CountRow)
OVERVIEW_CONFIDENCE = Source("overview_confidence", CountRow)
OVERVIEW_REMOVED = Source("overview_removed", CountRow)
OVERVIEW_COMPLETE = Source("overview_complete", CountRow)
OVERVIEW_REJECTED = Source("overview_rejected", RejectedRow)
OVERVIEW_BUNDLES = Source("overview_bundles", BundleRow)
OVERVIEW_PEOPLE = Source("overview_people", TopPerson)
