"""Read what came with a page as evidence: each value as it is meant, and how far it is trusted.

Titles carry the name of their site, bylines a role or an address, and an outlet may be an archive
that a page was copied to. What a library guessed is never trusted like what the page states.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.outlets import compact
from copydesk.reading.head import GUESSED
from copydesk.rows import RawArticle
from copydesk.text.bylines import clean_byline
from copydesk.text.dates import read_delivered_date
from copydesk.text.sites import (
    SEPARATOR,
    find_host,
    find_site_name,
    is_copy,
    known_outlet,
    strip_site,
)
from copydesk.values import Field, OutletKind

COLUMNS = frozenset(field.value for field in Field)
GIVEN_CONFIDENCE = 0.95  # delivered with the page: the site or the scraper knew it
KNOWN_CONFIDENCE = 0.97  # the name that goes with the host of the page
NAMED_CONFIDENCE = 0.96  # the name that most pages of the host state
DESCRIPTION_CONFIDENCE = 0.5  # a page's description is written for search engines
GUESSED_CONFIDENCES = {
    Field.HEADLINE: 0.6,
    Field.BYLINE: 0.55,
    Field.OUTLET: 0.4,
    Field.PUBLISHED_ON: 0.5,
}
TITLE_CONFIDENCE = 0.55  # a short part of a title that reads like the name of an outlet
PUBLISHER_AS_AUTHOR = "publisher_as_author"
PUBLISHER_CONFIDENCE = 0.3  # a page that names its publisher as its author
ADDRESS_CONFIDENCE = 0.5  # a host in place of a name
HOST_CONFIDENCE = 0.3  # the address of a page whose outlet nothing names
MAX_OUTLET_CHARS = 200
MAX_OUTLET_WORDS = 6  # more are a slogan or a headline


class Evidence(NamedTuple):
    """What a piece of evidence says, by which rule, and how far it is trusted."""

    field: Field
    value: str
    rule: str
    confidence: float


class Neighbours(NamedTuple):
    """What the other pages of a bundle prove about a page.

    `day_first` says of each file in which order its dates have day and month; `names` is the name
    that most pages of a host state.
    """

    day_first: Mapping[str, bool]
    names: Mapping[str, str]


ALONE = Neighbours({}, {})


def read_given(
    raw: RawArticle, neighbours: Neighbours = ALONE, *, language: Language = ENGLISH
) -> Iterator[Evidence]:
    """Yield the evidence in the fields that came with a page, and in its address."""
    sites = list(_list_sites(raw))
    for given in raw.given:
        is_guessed = given.name.startswith(GUESSED)
        name = given.name.removeprefix(GUESSED)
        if name not in COLUMNS:  # a section, a length: no column of `articles`
            continue
        field = Field(name)
        value = " ".join(given.value.split())
        rule = "guessed_from_page" if is_guessed else "given_with_page"
        confidence = GUESSED_CONFIDENCES.get(field, 0.5) if is_guessed else GIVEN_CONFIDENCE
        if field is Field.OUTLET:
            continue
        if field is Field.DECK:
            confidence = DESCRIPTION_CONFIDENCE
        if field is Field.HEADLINE:
            value = strip_site(value, sites)
        elif field is Field.BYLINE:
            named = clean_byline(value, sites=sites, language=language)
            if (
                named is None
                and not is_guessed
                and any(compact(s) == compact(value) for s in sites)
            ):
                yield Evidence(field, value, PUBLISHER_AS_AUTHOR, PUBLISHER_CONFIDENCE)
            value = named or ""
        elif field is Field.PUBLISHED_ON:
            value = _read_day(given.value, raw, neighbours, language)
        if value:
            yield Evidence(field, value, rule, confidence)
    yield from _read_outlet(raw, neighbours)


def given_headline(raw: RawArticle) -> str | None:
    """Return the headline that came with a page, without the name of its site."""
    names = (Field.HEADLINE.value, GUESSED + Field.HEADLINE)
    stated = {given.name: given.value for given in reversed(raw.given)}
    value = next((stated[name] for name in names if stated.get(name)), None)
    return None if value is None else strip_site(" ".join(value.split()), list(_list_sites(raw)))


def stated_outlet(raw: RawArticle) -> str | None:
    """Return the outlet that a page states, as it is written there."""
    for given in raw.given:
        if given.name == Field.OUTLET and (name := clean_outlet(given.value, raw)):
            return name
    return None


def clean_outlet(stated: str, raw: RawArticle) -> str | None:
    """Return the name in what is stated as the outlet, or None where it can be none.

    An archive that keeps the page is no outlet, nor is an agency on the page of another site, nor a
    headline.
    """
    host = find_host(raw.url)
    if len(stated) > MAX_OUTLET_CHARS:
        return None
    parts = [part.strip() for part in SEPARATOR.split(" ".join(stated.split())) if part.strip()]
    own = [part for part in parts if host and compact(host).startswith(compact(part))]
    name = next(iter(own), stated.strip() if len(parts) <= 1 else _shortest(parts))
    known = known_outlet(name=name)
    is_agency = known is not None and known.kind is OutletKind.AGENCY
    is_elsewhere = host is not None and known_outlet(url=raw.url) != known
    if is_copy(name) or len(name.split()) > MAX_OUTLET_WORDS or (is_agency and is_elsewhere):
        return None
    if known is not None and (host is None or known_outlet(url=raw.url) == known):
        return known.name
    return name or None


def _shortest(parts: list[str]) -> str:
    return min(parts, key=lambda part: len(part.split()))


def _read_outlet(raw: RawArticle, neighbours: Neighbours) -> Iterator[Evidence]:
    """Yield what the fields and the address of a page say of its outlet."""
    host = find_host(raw.url)
    known = known_outlet(url=raw.url)
    if known is not None:
        yield Evidence(Field.OUTLET, known.name, "known_host", KNOWN_CONFIDENCE)
    elif host is not None and host in neighbours.names:
        yield Evidence(Field.OUTLET, neighbours.names[host], "name_of_host", NAMED_CONFIDENCE)
    for given in raw.given:
        if given.name.removeprefix(GUESSED) != Field.OUTLET:
            continue
        name = clean_outlet(given.value, raw)
        is_guessed = given.name.startswith(GUESSED)
        rule = "guessed_from_page" if is_guessed else "given_with_page"
        confidence = GUESSED_CONFIDENCES[Field.OUTLET] if is_guessed else GIVEN_CONFIDENCE
        if name:
            is_address = " " not in name and find_host(name) == name.casefold()
            trusted = min(confidence, ADDRESS_CONFIDENCE) if is_address else confidence
            yield Evidence(Field.OUTLET, name, rule, trusted)
    for given in raw.given:
        title = given.value if given.name == Field.HEADLINE else ""
        if name := find_site_name(" ".join(title.split())):
            yield Evidence(Field.OUTLET, name, "outlet_in_title", TITLE_CONFIDENCE)
    if host is not None:
        yield Evidence(Field.OUTLET, host, "host_of_page", HOST_CONFIDENCE)


def _read_day(stated: str, raw: RawArticle, neighbours: Neighbours, language: Language) -> str:
    is_day_first = neighbours.day_first.get(file_of(raw))
    found = read_delivered_date(stated, is_day_first=is_day_first, language=language)
    return found.value if found else ""


def file_of(raw: RawArticle) -> str:
    """Return the path of the file that a page is a record of."""
    return raw.source_path.rpartition("#")[0] or raw.source_path


def _list_sites(raw: RawArticle) -> Iterator[str]:
    """Yield the names and hosts of the site of a page, as far as its fields have them."""
    for given in raw.given:
        if given.name.removeprefix(GUESSED) == Field.OUTLET:
            yield given.value
        if given.name == Field.HEADLINE and (name := find_site_name(given.value)):
            yield name
    if host := find_host(raw.url):
        yield host
    if known := known_outlet(url=raw.url):
        yield known.name
