"""Compose the lists of all articles, people, outlets and stories, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from copydesk.report.rows.lists import LIST_ARTICLES, LIST_OUTLETS, LIST_PEOPLE, LIST_STORIES
from copydesk.report.rows.source import PageRows, Source


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list."""

    page_id: str
    title: str
    number: int
    n_pages: int
    rows: Sequence[Any]
    part: int = 1
    n_parts: int = 1


def _compose(source: Source[Any], title: str) -> Callable[[PageRows], list[ListPage]]:
    def compose(rows: PageRows) -> list[ListPage]:
        listed = rows.of(source)
        n_pages = listed[0].n_pages if listed else 1
        return [ListPage(rows.page_id, title, int(rows.page_id), n_pages, listed)]

    return compose


compose_articles = _compose(LIST_ARTICLES, "Articles")
compose_people = _compose(LIST_PEOPLE, "People")
compose_outlets = _compose(LIST_OUTLETS, "Outlets")
compose_stories = _compose(LIST_STORIES, "Stories")
