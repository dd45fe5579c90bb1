"""Read what a page states of its article: JSON-LD, meta tags, the first heading, marked times.

What a page states about itself is told from what a library reads into its layout, which may be
anything. The name of a field whose value was guessed begins with
`GUESSED`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple

from lxml.html import HtmlElement

from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.markup.others import is_inside_others
from copydesk.reading.markup.tags import BOXES, NO_TEXT
from copydesk.reading.titles import choose_headline, choose_nearest, title_key
from copydesk.text.dates import read_delivered_date
from copydesk.text.sites import find_site_name, is_copy
from copydesk.values import Field, GivenField

GUESSED = "guessed_"
LD_JSON = "application/ld+json"
ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report$|Review$")
TITLE_TAGS = ("og:title", "twitter:title")
AUTHOR_TAGS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
SITE_TAGS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher")
DATE_TAGS = (
    *("article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date"),
    *("dc.date.issued", "dcterms.created", "date"),
)
TAG_NAMES = ("property", "name", "itemprop")
MAX_HEADING_WORDS = 40
MAX_DEPTH = 8  # of objects in JSON-LD
ANY_DAY = frozenset({"date", "datetime", "displaydate"})  # names of any day in scripts
MAX_DATA_CHARS = 20_000  # of a script that says what page it counts
DATA_VALUE = re.compile(
    r"""["']?\b(?P<name>[A-Za-z][\w-]{4,30})["']?\s*[:=]\s*["'](?P<value>[^"'<>]{8,40})["']"""
)
MODIFIED = re.compile(r"modif|update|edit", re.IGNORECASE)
Head = Mapping[Field, str]


class _Linked(NamedTuple):
    """What JSON-LD says: headline, authors, publishers, day of publication."""

    headlines: list[str]
    authors: list[str]
    sites: list[str]
    dates: list[str]


def read_stated(tree: HtmlElement) -> list[GivenField]:
    """Return what a page states of its article, each field once."""
    tags = _read_tags(tree)
    title = _text_of(next(tree.iter("title"), None))
    headings = _read_headings(tree)
    shared = _values(tags, TITLE_TAGS)
    linked = _read_linked(tree, [*shared, *headings, title])
    sites = [*linked.sites, *_values(tags, SITE_TAGS)]
    shown = _choose_site(sites) or find_site_name(title)
    headline = choose_headline(
        linked=linked.headlines,
        shared=shared,
        headings=headings,
        title=title,
        sites=[*sites, *filter(None, [shown])],
    )
    byline = "; ".join(dict.fromkeys(linked.authors)) or _join_authors(tags)
    dates = [*linked.dates, *_values(tags, DATE_TAGS), *_read_times(tree), *_read_data_days(tree)]
    found = {
        Field.HEADLINE: headline,
        Field.BYLINE: byline,
        Field.OUTLET: shown,
        Field.PUBLISHED_ON: next(iter(dates), None),
    }
    return [GivenField(field.value, value) for field, value in found.items() if value]


def join_head(stated: Sequence[GivenField], read: Head) -> list[GivenField]:
    """Return the fields of a page: what it states, then what a library read beside it.

    Of what anybody may guess, the library's value is named as guessed, and is left out where the
    page states one.
    """
    known = {field.name for field in stated}
    given = list(stated)
    for field, value in read.items():
        if field in {Field.DECK, Field.URL}:
            given.append(GivenField(field.value, value))
        elif field not in known and not (field is Field.OUTLET and is_copy(value)):
            given.append(GivenField(GUESSED + field.value, value))
    return given


def _choose_site(names: Sequence[str]) -> str | None:
    """Return the name of a site that most of its tags give, and among those the best spelt."""
    keys = Counter(title_key(name).replace(" ", "") for name in names)
    named = [name for name in names if name.strip()]
    return max(
        named,
        key=lambda name: (
            keys[title_key(name).replace(" ", "")],
            name != name.lower(),
            " " in name,
            -names.index(name),
        ),
        default=None,
    )


def _join_authors(tags: Mapping[str, Sequence[str]]) -> str | None:
    """Return the authors of the first tag that names people: an address of one is not a name."""
    for tag in AUTHOR_TAGS:
        names = [name for name in tags.get(tag, ()) if "://" not in name or " " in name]
        if names:
            return "; ".join(dict.fromkeys(names))
    return None


def _values(tags: Mapping[str, Sequence[str]], names: Iterable[str]) -> list[str]:
    return [value for name in names for value in tags.get(name, ())[:1]]


def _read_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of a page's meta tags by their names in lower case."""
    tags: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for key in TAG_NAMES:
            name = (meta.get(key) or "").casefold()
            if name and content:
                tags.setdefault(name, []).append(unescape(content))
    return tags


def _read_headings(tree: HtmlElement) -> list[str]:
    """Return the texts of a page's headings of the first rank, with a space where a line ends."""
    texts = (" ".join("".join(_walk_text(each)).split()) for each in tree.iter("h1"))
    return [text for text in texts if 0 < len(text.split()) <= MAX_HEADING_WORDS]


def _text_of(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(str(element.text_content()).split())


def _walk_text(element: HtmlElement) -> Iterator[str]:
    """Yield the texts in an element, with spaces around what a browser sets apart.

    Two elements in a row are two lines of a heading, unless one is the large first letter of it.
    """
    yield element.text or ""
    for i, inner in enumerate(element):
        is_shown = inner.tag.__class__ is str and inner.tag not in NO_TEXT
        text = "".join(_walk_text(inner)) if is_shown else ""
        follows_another = i > 0 and not (element[i - 1].tail or "")
        is_apart = inner.tag == "br" or inner.tag in BOXES or (follows_another and len(text) > 1)
        yield f" {text} " if is_apart else text
        yield inner.tail or ""


def _read_times(tree: HtmlElement) -> Iterator[str]:
    """Yield the times that a page marks as those of its publication, and no reader's comment."""
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        marks = " ".join(element.get(key) or "" for key in ("itemprop", "class", "pubdate"))
        is_marked = "datePublished" in marks or "pubdate" in element.attrib
        if is_marked and not MODIFIED.search(marks) and not is_inside_others(element):
            yield element.get("datetime") or element.get("content") or _text_of(element)


def _read_data_days(tree: HtmlElement) -> list[str]:
    """Return the day of publication that scripts count visits by, where they name only one.

    Other scripts list other articles too, each with its day.
    """
    names = {*map(_join_words, load_field_names()[Field.PUBLISHED_ON])} - ANY_DAY
    texts = (script.text or "" for script in tree.iter("script"))
    found = (
        each["value"]
        for text in texts
        if len(text) <= MAX_DATA_CHARS
        for each in DATA_VALUE.finditer(text)
        if _join_words(each["name"]) in names
    )
    days = {value: read_delivered_date(value) for value in found}
    read = {day.value for day in days.values() if day is not None}
    return [value for value, day in days.items() if day is not None][:1] if len(read) == 1 else []


def _join_words(name: str) -> str:
    return plain_name(name).replace("_", "")


def _read_linked(tree: HtmlElement, titles: Sequence[str]) -> _Linked:
    """Return what the JSON-LD of a page says of its article and of its site.

    `titles` tell its article from others that the page lists.
    """
    objects = list(_read_objects(tree))
    by_id = {str(each.get("@id")): each for each in objects if each.get("name")}
    articles = [each for each in objects if ARTICLE_TYPE.search(str(each.get("@type")))]
    linked = _Linked([], [], [], [])
    for article in _choose_articles(articles, titles):
        linked.headlines.extend(_texts(article.get("headline"), by_id))
        linked.authors.extend(_texts(article.get("author"), by_id))
        linked.sites.extend(_texts(article.get("publisher"), by_id))
        linked.dates.extend(_texts(article.get("datePublished"), by_id))
    sites = (each for each in objects if each.get("@type") in ("WebSite", "NewsMediaOrganization"))
    linked.sites.extend(name for site in sites for name in _texts(site.get("name"), by_id)[:1])
    return linked


def _choose_articles(
    articles: Sequence[Mapping[str, object]], titles: Sequence[str]
) -> Sequence[Mapping[str, object]]:
    """Return the objects that are the article of a page: those with the headline most like it.

    It may be there twice, by two plugins. Where no headline is like the titles of the page, the
    first two objects are returned.
    """
    headlines = [" ".join(_texts(article.get("headline"), {})) for article in articles]
    best = choose_nearest(headlines, titles)
    if best is None:
        return articles[:2]
    same = {title_key(headlines[best]), ""}
    named = zip(articles, headlines, strict=True)
    return [article for article, headline in named if title_key(headline) in same][:2]


def _read_objects(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    for script in tree.iter("script"):
        if LD_JSON not in (script.get("type") or "").casefold():
            continue
        try:
            parsed = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):  # cut off, or written by hand
            continue
        yield from _walk(parsed)


def _walk(value: object, depth: int = MAX_DEPTH) -> Iterator[Mapping[str, object]]:
    """Yield the objects of JSON-LD that stand by themselves or in a list or graph, and inside."""
    if not depth:
        return
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"):
            yield from _walk(value.get(key), depth - 1)


def _texts(value: object, by_id: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return a value of JSON-LD as texts: of an object its name, of a list each."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, by_id)]
    if isinstance(value, dict):
        named = value if value.get("name") else by_id.get(str(value.get("@id")), value)
        return _texts(named.get("name") or named.get("byline"), {})
    text = " ".join(unescape(str(value)).split()) if isinstance(value, str) else ""
    return [text] if text and "://" not in text else []
