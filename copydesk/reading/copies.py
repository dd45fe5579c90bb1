"""Find out where a page that somebody saved came from: its own address, and when it was saved.

Web archives and browsers write both into the copies that they make. The archive's own address is
never the page's, and what the archive put around the page is no part of it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import NamedTuple

# What every copy of an archive has; a page is searched for these before any pattern is tried.
INNER_ADDRESS, TOOLBAR_MARK = "/http", "BEGIN WAYBACK TOOLBAR"
AFTER_TIME = "0123456789_"  # what ends a time, or what an archive adds to it
SCRIPT_MARK, CAPTURE_MARK = "wombat(", "FILE ARCHIVED ON"
HEAD_CHARS = 20_000  # in which a browser notes where it saved a page
# An archive's address: its own, a time of up to 14 digits, the address of the page.
ARCHIVED = re.compile(
    r"https?://[\w.-]+(?::\d+)?/(?:[\w-]+/){1,3}(?P<time>\d{8}(?:\d{6})?)(?:[a-z]{2}_|\*)?/"
    r"(?P<url>https?:/{1,2}[^\s\"'<>]+)",
    re.IGNORECASE,
)
REWRITTEN = re.compile(
    r"(?P<lead>[\"'(=\s])(?:https?:)?//[\w.-]+/(?:[\w-]+/){1,3}\d{14}(?:[a-z]{2}_)?/"
    r"(?=https?:/{1,2}|mailto:)",
    re.IGNORECASE,
)
ROOTED = re.compile(r"(?P<lead>[\"'(])/(?:[\w-]+/){1,3}\d{14}(?:[a-z]{2}_)?/(?=https?:/{1,2})")
TOOLBAR = re.compile(
    r"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.DOTALL
)
CAPTURE = re.compile(
    r"FILE ARCHIVED ON (?P<time>\d\d:\d\d:\d\d \w{3} \d\d, \d{4}) AND RETRIEVED FROM", re.IGNORECASE
)
# The program of web archives that rewrites addresses in scripts is given the page's own.
WOMBAT = re.compile(
    r"\bwombat\(\s*[\"'](?P<url>https?://[^\"'\s]+)[\"']\s*,\s*[\"'](?P<time>\d{14})[\"']"
)
CANONICAL = re.compile(
    r"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>|<meta\b[^>]*\bog:url\b[^>]*>", re.IGNORECASE
)
# What browsers and SingleFile write above a page.
SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+saved date:\s*(?P<time>[^\n]+)",
    re.IGNORECASE,
)
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(?P<url>https?://\S+) -->", re.IGNORECASE)
JS_ZONE = re.compile(r"\s*\([^)]*\)\s*$")  # "(British Summer Time)"
DIGIT_FORMATS = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


class Source(NamedTuple):
    """The address of a page and the time when it was saved, each None where nothing says so."""

    url: str | None
    saved_at: datetime | None


NOWHERE = Source(None, None)


def undo_archive(html: str) -> str:
    """Return a page as it was before an archive put its toolbar in and rewrote its addresses."""
    if TOOLBAR_MARK in html:
        html = TOOLBAR.sub("", html, count=1)
    inner = re.finditer(INNER_ADDRESS, html)
    if not any(html[max(0, each.start() - 1)] in AFTER_TIME for each in inner):
        return html
    return ROOTED.sub(r"\g<lead>", REWRITTEN.sub(r"\g<lead>", html))


def find_source(html: str) -> Source:
    """Return where a saved page came from, by what the program that saved it wrote into it."""
    head = html[:HEAD_CHARS]
    return next((each for each in _read_notes(head, html) if each != NOWHERE), NOWHERE)


def _read_notes(head: str, html: str) -> Iterator[Source]:
    if noted := SINGLE_FILE.search(head):
        saved_at = _read_time(JS_ZONE.sub("", noted["time"]))
        yield _through_archive(noted["url"], saved_at)
    shown = WOMBAT.search(html) if SCRIPT_MARK in html else None
    if shown:
        yield Source(shown["url"], read_digits(shown["time"]))
    captured = CAPTURE.search(html) if CAPTURE_MARK in html else None
    links = CANONICAL.finditer(head) if INNER_ADDRESS in head else ()
    rewritten = (ARCHIVED.search(link.group()) for link in links)
    for link in filter(None, rewritten):
        yield Source(unescape(link["url"]), read_digits(link["time"]))
    if captured:
        with suppress(ValueError):
            time = datetime.strptime(captured["time"], "%H:%M:%S %b %d, %Y").replace(tzinfo=UTC)
            yield Source(None, time)
    if saved := SAVED_FROM.search(head):
        yield _through_archive(saved["url"], None)


def _through_archive(url: str, saved_at: datetime | None) -> Source:
    """Return the page that a copy shows; of a copy in an archive, the archive's time counts."""
    archived = ARCHIVED.match(url)
    if archived is None:
        return Source(url if url.startswith("http") else None, saved_at)
    return Source(archived["url"], read_digits(archived["time"]) or saved_at)


def original_url(url: str) -> Source:
    """Return the address of the page that an archive's address shows, and the time of the copy."""
    archived = ARCHIVED.fullmatch(url.strip())
    if archived is None:
        return Source(url, None)
    return Source(archived["url"], read_digits(archived["time"]))


def read_digits(digits: str) -> datetime | None:
    """Return a time that is written as 8 or 14 digits, None if there is no such time."""
    try:
        return datetime.strptime(digits, DIGIT_FORMATS[len(digits)]).replace(tzinfo=UTC)
    except (ValueError, KeyError):
        return None


def _read_time(text: str) -> datetime | None:
    """Return a time as a browser spells it: `Thu May 08 2031 18:40:00 GMT+0100`."""
    for form in ("%a %b %d %Y %H:%M:%S GMT%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).astimezone(UTC)
    with suppress(ValueError, TypeError, IndexError):
        found = parsedate_to_datetime(text.strip())
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    return None
