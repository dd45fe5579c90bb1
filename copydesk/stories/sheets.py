"""Read pages into sheets: what is known of an article, with the words of its body hashed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import NamedTuple

from copydesk.rows import content_id
from copydesk.stories.copies import Signatures, WordHashes, hash_words, make_signatures
from copydesk.text.arrays import Hashes

MIN_WORDS = 25  # fewer are a stub, "Subscribe to read on": the same only with the same headline
MAX_PAGES_OF_ADDRESS = 50  # more are not states of one page: the address is not the article's own
SCHEME = re.compile(r"^(?:[a-z]+:)?//(?:www\.)?")
TRACKERS = re.compile(r"(?<=[?&])(?:utm_[a-z]+|fbclid|gclid)=[^&]*&?")


class Page(NamedTuple):
    """What is known of an article beside its body."""

    article_id: str
    headline: str | None = None
    agency: str | None = None
    dateline_place: str | None = None
    address: str | None = None
    published_on: date | None = None
    raw_sha256: str | None = None


class Sheet(NamedTuple):
    """A page with the words of its body counted and hashed; pages with one key are one text."""

    page: Page
    n_words: int
    key: str


def read_sheets(
    pages: Iterable[tuple[Page, str]], hashes: WordHashes
) -> tuple[dict[str, Sheet], Signatures]:
    """Return the sheets by article, and the signatures of all texts by their keys."""
    sheets: dict[str, Sheet] = {}
    keys: set[str] = set()

    def read_words() -> Iterator[tuple[str, Hashes]]:
        """Yield the words of every text once, under its key."""
        for page, body in pages:
            words = hash_words(body, hashes)
            key = _key_of(page, words, hashes)
            address = _normalise(page.address) if page.address else None
            sheets[page.article_id] = Sheet(page._replace(address=address), len(words), key)
            if len(words) >= MIN_WORDS and key not in keys:
                keys.add(key)
                yield key, words

    signatures = make_signatures(read_words())
    return sheets, signatures


def choose_heads(sheets: Iterable[Sheet]) -> dict[str, str]:
    """Return the representative of each key: what was published first, dated before undated."""
    heads: dict[str, Sheet] = {}
    for sheet in sheets:
        if sheet.key not in heads or rank(sheet) < rank(heads[sheet.key]):
            heads[sheet.key] = sheet
    return {key: sheet.page.article_id for key, sheet in heads.items()}


def rank(sheet: Sheet) -> tuple[bool, int, date, str]:
    """Return what articles are ordered by where one represents others: dated, fullest, earliest."""
    day = sheet.page.published_on
    return day is None, -sheet.n_words, day or date.max, sheet.page.article_id


def pair_addresses(sheets: Iterable[Sheet]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of articles that came from one address."""
    pages: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        if sheet.page.address and sheet.n_words >= MIN_WORDS:
            pages[sheet.page.address].append(sheet.page.article_id)
    for found in pages.values():
        if len(found) <= MAX_PAGES_OF_ADDRESS:
            yield from combinations(sorted(found), 2)


def share_address(one: Page, other: Page) -> bool:
    """Return whether two articles came from one address."""
    return one.address is not None and one.address == other.address


def share_agency(one: Page, other: Page) -> bool:
    """Return whether two articles name one agency, or one place with an agency beside it."""
    if one.agency and other.agency:
        return one.agency.casefold() == other.agency.casefold()
    if not (one.agency or other.agency) or not (one.dateline_place and other.dateline_place):
        return False
    return one.dateline_place.casefold() == other.dateline_place.casefold()


def _key_of(page: Page, words: Hashes, hashes: WordHashes) -> str:
    """Return what pages with the same text have in common, and no other."""
    if len(words) >= MIN_WORDS:
        return content_id("words", words.tobytes().hex())
    if len(words) and page.headline:
        headline = hash_words(page.headline, hashes)
        return content_id("stub", headline.tobytes().hex(), words.tobytes().hex())
    return content_id("page", page.raw_sha256 or page.article_id)


def _normalise(address: str) -> str:
    """Return an address without scheme, `www`, fragment, trackers and final slash."""
    plain = SCHEME.sub("", address.casefold().partition("#")[0])
    return TRACKERS.sub("", plain).rstrip("?&/")
