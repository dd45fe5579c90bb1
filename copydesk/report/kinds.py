"""Declare the kinds of pages: what each is made from, what composes it, what it looks like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from copydesk.report import rows
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
from copydesk.report.rows import PageRows, Source
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
    """A kind of page; its template is `<kind>.html`."""

    kind: PageKind
    sources: Sequence[Source[Any]]
    compose: Callable[[PageRows], Sequence[Page]]
    always: str | None = None  # a page that is there even without rows


KINDS = (
    Kind(
        PageKind.OVERVIEW,
        (
            *(rows.OVERVIEW_NUMBERS, rows.OVERVIEW_MONTHS, rows.OVERVIEW_SOURCES),
            *(rows.OVERVIEW_CONFIDENCE, rows.OVERVIEW_REMOVED, rows.OVERVIEW_COMPLETE),
            *(rows.OVERVIEW_REJECTED, rows.OVERVIEW_BUNDLES, rows.OVERVIEW_PEOPLE),
        ),
        compose_overview,
    ),
    Kind(
        PageKind.ARTICLE,
        (
            *(rows.ARTICLE_HEADS, rows.ARTICLE_LINES, rows.ARTICLE_FACTS),
            *(rows.ARTICLE_NAMES, rows.ARTICLE_QUOTES, rows.ARTICLE_SPEAKERS),
        ),
        compose_article,
    ),
    Kind(
        PageKind.PERSON,
        (
            *(rows.PERSON_HEADS, rows.PERSON_QUOTES, rows.PERSON_ROLES, rows.PERSON_NAMES),
            *(rows.PERSON_ABOUT, rows.PERSON_MEETINGS, rows.PERSON_VERSIONS),
        ),
        compose_person,
    ),
    Kind(PageKind.STORY, (rows.STORY_ARTICLES, rows.STORY_STATEMENTS), compose_story),
    Kind(
        PageKind.OUTLET,
        (
            *(rows.OUTLET_HEADS, rows.OUTLET_MONTHS, rows.OUTLET_SOURCES, rows.OUTLET_GENDERS),
            *(rows.OUTLET_REMOVED, rows.OUTLET_SPEAKERS, rows.OUTLET_ARTICLES),
        ),
        compose_outlet,
    ),
    Kind(PageKind.ARTICLES, (rows.LIST_ARTICLES,), compose_articles, always="1"),
    Kind(PageKind.PEOPLE, (rows.LIST_PEOPLE,), compose_people, always="1"),
    Kind(PageKind.OUTLETS, (rows.LIST_OUTLETS,), compose_outlets, always="1"),
    Kind(PageKind.STORIES, (rows.LIST_STORIES,), compose_stories, always="1"),
)
BY_KIND = {each.kind: each for each in KINDS}
