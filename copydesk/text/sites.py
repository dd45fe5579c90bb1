"""Recognise the name of a site: in an address, and at the edges of a title."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from copydesk.lexicons.outlets import KnownOutlet, compact, load_outlets

# What sites put between a title and their name; a colon or a slash without spaces is in titles.
SEPARATOR = re.compile(r"\s+(?:[-–—|*·•»«~/:]|::|--)\s+|\s*[|»]\s*")
COLON = re.compile(r":\s+")
HTTP = re.compile(r"https?:/{1,2}", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
MIN_HEADLINE_WORDS = 3  # left of a title without the name of a section
MIN_TITLE_WORDS = 2  # left of a title without the name of the site
MAX_TITLE_CHARS = 1_000
MAX_NAME_WORDS = 5
MIN_HOST_CHARS = (
    5  # of a host that the name of its site may begin with: dailytide, Daily Tide Online
)
COUNTRY_CHARS = 2


@lru_cache(maxsize=2**12)
def find_host(url: str | None) -> str | None:
    """Return the host whose page is at an address, without the parts that do not name its site.

    An archive's copy is a page of the site that it was copied from.
    """
    host = _read_host(url or "")
    if host is None:
        return None
    words = load_outlets()
    if _ending_of(host, words.copies):
        original = _copied_address(url or "")
        return find_host(original) if original else None
    if known := _ending_of(host, words.by_host):
        return known
    labels = host.split(".")
    if shared := _ending_of(host, words.shared):
        return ".".join(labels[-shared.count(".") - 2 :])
    is_national = len(labels) > 2 and len(labels[-1]) == COUNTRY_CHARS  # noqa: PLR2004 - a name before an ending of two
    n_ending = 2 if is_national and labels[-2] in words.second else 1
    return ".".join(labels[-n_ending - 1 :])


def _read_host(url: str) -> str | None:
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:  # an address without a closing bracket
        return None
    host = host.casefold().strip(".")
    return host if "." in host and not host.replace(".", "").isdigit() else None


def _copied_address(url: str) -> str | None:
    """Return the address of a page that is inside the address of its copy."""
    inner = list(HTTP.finditer(url))
    return None if len(inner) <= 1 else f"https://{url[inner[-1].end() :]}"


def _ending_of(host: str, known: Collection[str]) -> str | None:
    """Return the longest ending of a host, cut at its dots, that is known."""
    labels = host.split(".")
    endings = (".".join(labels[i:]) for i in range(len(labels)))
    return next((ending for ending in endings if ending in known), None)


def is_copy(url: str | None) -> bool:
    """Return whether an address is that of a copy in an archive."""
    host = _read_host(url or "")
    return host is not None and _ending_of(host, load_outlets().copies) is not None


def known_outlet(*, url: str | None = None, name: str | None = None) -> KnownOutlet | None:
    """Return the known outlet whose host has the page at `url`, or that goes by `name`."""
    words = load_outlets()
    by_host = words.by_host.get(find_host(url) or "")
    return by_host or words.by_name.get(compact(name or ""))


def strip_site(title: str, sites: Collection[str]) -> str:
    """Return a title without the name of its site and of a section, in front of it or after it.

    `sites` are names and hosts of the site: `compact` makes them comparable.
    """
    if len(title) > MAX_TITLE_CHARS:
        return title
    keys = {key for site in sites for key in _keys_of(site)}
    return _strip_sections(_strip_name(title, keys))


def _strip_name(title: str, keys: Collection[str]) -> str:
    for separator in SEPARATOR.finditer(title):
        rest = SEPARATOR.split(title[separator.end() :], maxsplit=1)[0]
        kept = title[: separator.start()].strip()
        if _names_site(rest, keys) and len(kept.split()) >= MIN_TITLE_WORDS:
            return kept
    for pattern in (SEPARATOR, COLON):
        first = pattern.search(title)
        if first is not None and _names_site(title[: first.start()], keys):
            kept = title[first.end() :].strip()
            return kept if len(kept.split()) >= MIN_TITLE_WORDS else title
    return title


def _strip_sections(title: str) -> str:
    """Return a title without the name of a section or a host in it, and what is on their far side.

    After a section comes at most another one, and the name of the site.
    """
    for separator in SEPARATOR.finditer(title):
        kept = title[: separator.start()].strip()
        parts = [part.strip() for part in SEPARATOR.split(title[separator.end() :])]
        is_long = len(kept.split()) >= MIN_HEADLINE_WORDS
        if is_long and _is_section(parts[0]) and all(map(_may_be_name, parts)):
            return _strip_sections(kept)
    first = SEPARATOR.search(title)
    if first is not None and _is_section(title[: first.start()].strip()):
        kept = title[first.end() :].strip()
        return kept if len(kept.split()) >= MIN_HEADLINE_WORDS else title
    return title


def _is_section(part: str) -> bool:
    """Return whether a part of a title is the name of a section, or a host."""
    is_host = " " not in part and HOST.fullmatch(part) is not None
    is_named = part[:1].isupper() and part.casefold() in load_outlets().sections
    return is_host or is_named


def _may_be_name(part: str) -> bool:
    words = part.split()
    return len(words) <= MAX_NAME_WORDS and (_is_section(part) or _is_name(words))


def _is_name(words: Sequence[str]) -> bool:
    return all(word[:1].isupper() or len(word) <= COUNTRY_CHARS + 1 for word in words)


def find_site_name(title: str) -> str | None:
    """Return what in a title may be the name of its site, by itself: a short part with its words.

    Such a part is at an edge, is capitalised, and has a word such as Gazette or Post.
    """
    for part in _edges(title):
        words = part.split()
        if 1 < len(words) <= MAX_NAME_WORDS and _is_name(words) and has_outlet_word(part):
            return part
    return None


def has_outlet_word(name: str) -> bool:
    """Return whether a name has a word that names of outlets consist of, such as Gazette."""
    words = load_outlets().words
    return any(word.casefold().strip(".,") in words for word in name.split())


def _edges(title: str) -> Iterator[str]:
    """Yield the last and the first part of a title that are no sections, if it has several."""
    if len(title) > MAX_TITLE_CHARS:
        return
    parts = [part.strip() for part in SEPARATOR.split(title) if part.strip()]
    if len(parts) > 1:
        parts = [part for part in parts if not _is_section(part)] or parts
        yield parts[-1]
        yield parts[0]
    elif colon := COLON.search(title):
        yield title[: colon.start()]


def _keys_of(site: str) -> Iterator[str]:
    if "." in site and " " not in site:
        host = find_host(site)
        yield compact(site)
        if host is not None:
            yield compact(host)
            yield compact(host.partition(".")[0])
    elif compact(site):
        yield compact(site)


def _names_site(part: str, keys: Collection[str]) -> bool:
    """Return whether a part of a title is the name of the site, in any of its spellings."""
    key = compact(part)
    if not key or len(part.split()) > MAX_NAME_WORDS + 1:
        return False
    longer = (known for known in keys if len(known) >= MIN_HOST_CHARS and key.startswith(known))
    is_longer = any(True for _ in longer) and len(part.split()) <= MAX_NAME_WORDS
    return key in keys or is_longer
