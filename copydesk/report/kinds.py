"""Declare the kinds of pages: what each is made from, what composes it, what it looks like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from copydesk.report.article import compose_article
from copydesk.report.lists import (
    compose_articles,
    compose_outlets,
    compose_people,
    compose_stories,
)
from copydesk.report.outlet import compose_outlet
from copydesk.report.overview import compose_overview
from copydesk.report.paths import PageKind
from copydesk.report.person import compose_person
from copydesk.report.rows.article import OF_ARTICLE
from copydesk.report.rows.lists import LIST_ARTICLES, LIST_OUTLETS, LIST_PEOPLE, LIST_STORIES
from copydesk.report.rows.outlet import OF_OUTLET
from copydesk.report.rows.overview import OF_OVERVIEW
from copydesk.report.rows.person import OF_PERSON
from copydesk.report.rows.search import SEARCH_ENTRIES
from copydesk.report.rows.source import PageRows, Source
from copydesk.report.rows.story import OF_STORY
from copydesk.report.story import compose_story


class Page(Protocol):
    """What a template shows: one part of a page."""

    @property
    def page_id(self) -> str:
        """What the page is about."""
        ...

    @property
    def title(self) -> str:
        """The title, as text."""
        ...

    @property
    def part(self) -> int:
        """The number of the part, from 1."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page; its template is `<kind>.html`. What is not composed consists of scripts."""

    kind: PageKind
    sources: Sequence[Source[Any]]
    compose: Callable[[PageRows], Sequence[Page]] | None
    always: str | None = None  # a page that is there even without rows
    has_own_parts: bool = False  # parts are compared one by one


KINDS = (
    Kind(PageKind.OVERVIEW, OF_OVERVIEW, compose_overview),
    Kind(PageKind.ARTICLE, OF_ARTICLE, compose_article),
    Kind(PageKind.PERSON, OF_PERSON, compose_person, has_own_parts=True),
    Kind(PageKind.STORY, OF_STORY, compose_story),
    Kind(PageKind.OUTLET, OF_OUTLET, compose_outlet),
    Kind(PageKind.ARTICLES, (LIST_ARTICLES,), compose_articles, always="1"),
    Kind(PageKind.PEOPLE, (LIST_PEOPLE,), compose_people, always="1"),
    Kind(PageKind.OUTLETS, (LIST_OUTLETS,), compose_outlets, always="1"),
    Kind(PageKind.STORIES, (LIST_STORIES,), compose_stories, always="1"),
)
SEARCH = Kind(PageKind.SEARCH, (SEARCH_ENTRIES,), None)
BY_KIND = {each.kind: each for each in (*KINDS, SEARCH)}
