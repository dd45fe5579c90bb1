"""Read what a page states of its article: JSON-LD, meta tags, the first heading, marked times.

What a page states about itself is told from what a library reads into its layout, which may be
anything. The name of a field whose value was guessed begins with
`GUESSED`.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple

from lxml.html import HtmlElement

from copydesk.rows import Field, GivenField
from copydesk.text.lines import WORD
from copydesk.text.sites import find_site_name, is_copy, strip_site

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
MIN_HEADLINE_WORDS = 4  # of a title that another one begins with
MAX_HEADING_WORDS = 40
MIN_SHARED = 0.5  # of the words of a heading, that the titles of its page have
MAX_DEPTH = 8  # of objects in JSON-LD
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
    linked = _read_linked(tree)
    tags = _read_tags(tree)
    title = _text_of(next(tree.iter("title"), None))
    sites = [*linked.sites, *_values(tags, SITE_TAGS)]
    shown = _choose_site(sites) or find_site_name(title)
    headline = choose_headline(
        stated=[*linked.headlines, *_values(tags, TITLE_TAGS)],
        headings=_read_headings(tree),
        title=title,
        sites=[*sites, *filter(None, [shown])],
    )
    byline = "; ".join(dict.fromkeys(linked.authors)) or _join_authors(tags)
    dates = [*linked.dates, *_values(tags, DATE_TAGS), *_read_times(tree)]
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


def choose_headline(
    *, stated: Sequence[str], headings: Sequence[str], title: str, sites: Sequence[str]
) -> str | None:
    """Return the headline: what most of a page's titles say, without the name of the site.

    Where one title begins another, the rest of the longer one was added for another reader.
    """
    near = _nearest(headings, [*stated, title])
    cleaned = [strip_site(value, sites) for value in (*stated, *filter(None, [near]))]
    if not cleaned and title:
        return strip_site(title, sites)
    keys = [_words(value) for value in cleaned]
    votes = Counter(min(_beginnings(key, keys), key=len) for key in keys if key)
    best = max(range(len(cleaned)), key=lambda i: (votes[keys[i]], -i), default=None)
    return None if best is None else cleaned[best]


def _beginnings(key: str, keys: Sequence[str]) -> list[str]:
    """Return the titles, as words, that a title begins with; it is one itself."""
    whole = [each for each in keys if each.count(" ") >= MIN_HEADLINE_WORDS - 1]
    return [key, *(each for each in whole if f"{key} ".startswith(f"{each} "))]


def _nearest(headings: Sequence[str], titles: Sequence[str]) -> str | None:
    """Return the heading that has most words in common with the titles, or the only one."""
    said = set(_words(" ".join(titles)).split())
    if not said:
        return headings[0] if len(headings) == 1 else None
    shared = [_share(_words(each).split(), said) for each in headings]
    best = max(range(len(headings)), key=lambda i: (shared[i], -i), default=None)
    return None if best is None or shared[best] < MIN_SHARED else headings[best]


def _share(words: Sequence[str], known: Collection[str]) -> float:
    return sum(word in known for word in words) / (len(words) or 1)


def _words(value: str) -> str:
    return " ".join(WORD.findall(value.casefold()))


def _choose_site(names: Sequence[str]) -> str | None:
    """Return the name of a site that most of its tags give, and among those the best spelt."""
    keys = Counter(_words(name).replace(" ", "") for name in names)
    named = [name for name in names if name.strip()]
    return max(
        named,
        key=lambda name: (
            keys[_words(name).replace(" ", "")],
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
    """Return the texts of a page's headings of the first rank."""
    texts = map(_text_of, tree.iter("h1"))
    return [text for text in texts if 0 < len(text.split()) <= MAX_HEADING_WORDS]


def _text_of(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(str(element.text_content()).split())


def _read_times(tree: HtmlElement) -> Iterator[str]:
    """Yield the times that a page marks as those of its publication."""
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        marks = " ".join(element.get(key) or "" for key in ("itemprop", "class", "pubdate"))
        is_marked = "datePublished" in marks or "pubdate" in element.attrib
        if is_marked and not MODIFIED.search(marks):
            yield element.get("datetime") or element.get("content") or _text_of(element)


def _read_linked(tree: HtmlElement) -> _Linked:
    """Return what the JSON-LD of a page says of its article and of its site."""
    objects = list(_read_objects(tree))
    by_id = {str(each.get("@id")): each for each in objects if each.get("name")}
    articles = [each for each in objects if ARTICLE_TYPE.search(str(each.get("@type")))]
    linked = _Linked([], [], [], [])
    for article in articles[:2]:  # the same one twice, by two plugins; more are a list of others
        linked.headlines.extend(_texts(article.get("headline"), by_id))
        linked.authors.extend(_texts(article.get("author"), by_id))
        linked.sites.extend(_texts(article.get("publisher"), by_id))
        linked.dates.extend(_texts(article.get("datePublished"), by_id))
    sites = (each for each in objects if each.get("@type") in ("WebSite", "NewsMediaOrganization"))
    linked.sites.extend(name for site in sites for name in _texts(site.get("name"), by_id)[:1])
    return linked


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
