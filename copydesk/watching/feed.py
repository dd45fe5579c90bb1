"""Keep an Atom feed (RFC 4287) in a file: what is news goes in front, what is withdrawn goes out.

The feed states the time of the snapshot that it was last written from, so the next one is compared
with that snapshot, however many came between. Its id is made with the file and stays with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from lxml import etree

from copydesk.errors import WatchError
from copydesk.publishing.export.values import keep_printable
from copydesk.storage.files import open_files
from copydesk.system.room import explain_place
from copydesk.watching.news import News

ATOM = "http://www.w3.org/2005/Atom"
MAX_ENTRIES = 200
URN = "urn:uuid:"
TITLE = "copydesk: newly said"
NO_FEED = (
    "name another file, or remove this one and give --since SNAPSHOT once, for what came since: "
    "a new feed begins with what is new in the newest snapshot"
)
NOBODY = "Nobody named"


class Entry(NamedTuple):
    """A statement in a feed: its id, what it shows, and the snapshot that it came with."""

    news_id: str
    watch: str
    title: str
    text: str
    updated: str


class Feed(NamedTuple):
    """What a feed has, and when the snapshot was published that it was last written from."""

    id: str
    updated: datetime
    entries: list[Entry]


class Written(NamedTuple):
    """How many entries are new, how many were withdrawn, and how many did not fit."""

    n_new: int
    n_withdrawn: int
    n_left_out: int


def read_feed(path: Path) -> Feed | None:
    """Return the feed in a file; None if there is no file.

    Raises: WatchError: if it is there and is no feed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except FileNotFoundError:
        return None
    except (OSError, etree.XMLSyntaxError) as error:
        raise _refuse(path, f" ({error})") from error
    if root.tag != f"{{{ATOM}}}feed":
        raise _refuse(path, "")
    try:
        updated = datetime.fromisoformat(_text_of(root, "updated"))
    except ValueError as error:
        raise _refuse(path, f" ({error})") from error
    feed_id = _text_of(root, "id")
    return Feed(
        feed_id if feed_id.startswith(URN) else _make_id(),  # it was the same for all feeds once
        updated if updated.tzinfo else updated.replace(tzinfo=UTC),
        [_read_entry(entry) for entry in root.iterfind(f"{{{ATOM}}}entry")],
    )


def check_place(path: Path) -> None:
    """Refuse a file that no feed can be written into, before the search that it is for.

    Raises: WatchError: saying why.
    """
    problem = explain_place(path)
    if problem is not None:
        msg = f"{path}: no feed can be written: {problem}"
        raise WatchError(msg)


def write_feed(
    path: Path,
    feed: Feed | None,
    news: Iterable[News],
    *,
    said: Mapping[str, News],
    published_at: datetime,
) -> Written:
    """Put `news` in front of what a feed has; return how many entries come, go and do not fit.

    `said` is what the snapshot shows of the entries that are there: they show what it shows, and
    what it lacks is withdrawn. The newest `MAX_ENTRIES` stay. The file is written aside and
    renamed, and stays as it is where nothing newer was published.

    Raises: WatchError: if it cannot be written.
    """
    check_place(path)
    before = [] if feed is None else feed.entries
    kept = [
        _renew(entry, said[entry.news_id], published_at)
        for entry in before
        if entry.news_id in said
    ]
    known = {entry.news_id for entry in kept}
    # One that several watches are for is one entry, of the first.
    named = {each.news_id: each for each in reversed(list(news)) if each.news_id not in known}
    fresh = [_make_entry(each, published_at) for each in reversed(named.values())]
    entries = [*fresh, *kept]
    if feed is None or published_at > feed.updated or entries != before:
        made = Feed(_make_id() if feed is None else feed.id, published_at, entries[:MAX_ENTRIES])
        _save(path, made)
    return Written(len(fresh[:MAX_ENTRIES]), len(before) - len(kept), len(fresh[MAX_ENTRIES:]))


def _save(path: Path, feed: Feed) -> None:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", feed.id)
    _add(root, "title", TITLE)
    _add(root, "updated", feed.updated.isoformat())
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "copydesk")
    for each in feed.entries:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", f"{URN}{each.news_id}")
        _add(entry, "title", each.title)
        _add(entry, "updated", each.updated)
        etree.SubElement(entry, f"{{{ATOM}}}category", term=each.watch)
        _add(entry, "content", each.text)  # the standard wants it where there is no link
    written = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    try:
        open_files(str(path.parent)).write(path.name, written)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise WatchError(msg) from error


def _read_entry(entry: etree._Element) -> Entry:
    category = entry.find(f"{{{ATOM}}}category")
    return Entry(
        news_id=_text_of(entry, "id").removeprefix(URN),
        watch="" if category is None else category.get("term", ""),
        title=_text_of(entry, "title"),
        text=_text_of(entry, "content"),
        updated=_text_of(entry, "updated"),
    )


def _make_entry(news: News, published_at: datetime) -> Entry:
    return Entry(
        news_id=news.news_id,
        watch=keep_printable(news.watch),
        title=keep_printable(f"{news.speaker or NOBODY}: {news.content}"),
        text=keep_printable(" · ".join(_describe(news))),
        updated=published_at.isoformat(),
    )


def _renew(entry: Entry, news: News, published_at: datetime) -> Entry:
    """Return an entry as the snapshot shows it; the same where that has not changed."""
    now = _make_entry(news, published_at)._replace(watch=entry.watch)
    return entry if now._replace(updated=entry.updated) == entry else now


def _describe(news: News) -> Iterator[str]:
    facts = (news.role, news.outlet, news.published_on, news.headline)
    yield from (str(fact) for fact in facts if fact is not None)


def _make_id() -> str:
    return f"{URN}{uuid4()}"


def _refuse(path: Path, reason: str) -> WatchError:
    return WatchError(f"{path}: is no feed{reason}; {NO_FEED}")


def _text_of(parent: etree._Element, name: str) -> str:
    return parent.findtext(f"{{{ATOM}}}{name}") or ""


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text
