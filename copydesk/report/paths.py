"""Say where the page of an article, a person and so on is, inside the report.

Names of files come from ids, never from scraped text. Pages are spread over folders by the first
two characters of their ids, so that no folder grows with the lake.
"""

import hashlib
import re
from enum import StrEnum

SAFE = re.compile(r"[0-9a-f]{8,64}")


class PageKind(StrEnum):
    """What a page is about."""

    OVERVIEW = "overview"
    ARTICLE = "article"
    PERSON = "person"
    STORY = "story"
    OUTLET = "outlet"
    ARTICLES = "articles"
    PEOPLE = "people"
    STORIES = "stories"
    OUTLETS = "outlets"
    SEARCH = "search"


FOLDERS = {
    PageKind.ARTICLE: "articles",
    PageKind.PERSON: "people",
    PageKind.STORY: "stories",
    PageKind.OUTLET: "outlets",
}
SEARCHED = "search"  # folder of the scripts of the search index
LISTS = frozenset({PageKind.ARTICLES, PageKind.PEOPLE, PageKind.STORIES, PageKind.OUTLETS})


def path_of(kind: PageKind, page_id: str, *, part: int = 1) -> str:
    """Return the path of a page from the top of the report; long pages have several parts.

    Those of a volume of the search index are scripts.
    """
    number = "" if part == 1 else f"-{part}"
    if kind is PageKind.OVERVIEW:
        return "index.html"
    if kind is PageKind.SEARCH:
        return f"{SEARCHED}/{page_id}{number}.js" if page_id else "search.html"
    if kind in LISTS:
        return f"{kind}/index.html" if page_id == "1" else f"{kind}/page-{int(page_id)}.html"
    name = safe_name(page_id)
    return f"{FOLDERS[kind]}/{name[:2]}/{name}{number}.html"


def safe_name(text: str) -> str:
    """Return an id as it is, and a hash of anything else: fit for a file and for an anchor."""
    return text if SAFE.fullmatch(text) else hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def outlet_id_of(outlet: str) -> str:
    """Return the id of the page of an outlet, as the queries make it of its name."""
    return hashlib.md5(outlet.encode("utf-8"), usedforsecurity=False).hexdigest()


def root_of(path: str) -> str:
    """Return how the top of the report is reached from a page."""
    return "../" * path.count("/")
