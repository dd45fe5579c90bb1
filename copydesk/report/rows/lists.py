"""Declare what the lists of all articles, people, outlets and stories are made from."""

from datetime import date
from typing import NamedTuple

from copydesk.report.rows.source import Source


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


LIST_ARTICLES = Source("list_articles", ListedArticle)
LIST_PEOPLE = Source("list_people", ListedPerson)
LIST_OUTLETS = Source("list_outlets", ListedOutlet)
LIST_STORIES = Source("list_stories", ListedStory)
