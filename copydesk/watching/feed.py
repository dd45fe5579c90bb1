"""Write news as an Atom feed (RFC 4287) into a file, and keep what it had."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from lxml import etree

from copydesk.errors import WatchError
from copydesk.publishing.export.values import keep_printable
from copydesk.watching.news import News

ATOM = "http://www.w3.org/2005/Atom"
MAX_ENTRIES = 200
PREFIX = "urn:copydesk:"
TITLE = "copydesk: newly said"
NOBODY = "Nobody named"


def write_feed(path: Path, news: Iterable[News], *, published_at: datetime) -> int:
    """Put `news` in front of the entries of a feed; return how many were not there before.

    The newest `MAX_ENTRIES` stay. The file is written aside and renamed.

    Raises: WatchError: if the file is there and is no feed, or cannot be written.
    """
    before = _read_entries(path)
    known = {entry.findtext(f"{{{ATOM}}}id") for entry in before}
    # One that several watches are for is one entry, of the first.
    named = {_name_entry(each): each for each in reversed(list(news))}
    fresh = [
        _make_entry(each, published_at)
        for name, each in reversed(named.items())
        if name not in known
    ]
    if not fresh and before:
        return 0
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(feed, "id", f"{PREFIX}watched")
    _add(feed, "title", TITLE)
    _add(feed, "updated", published_at.isoformat())
    _add(etree.SubElement(feed, f"{{{ATOM}}}author"), "name", "copydesk")
    feed.extend([*fresh, *before][:MAX_ENTRIES])
    aside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        aside.write_bytes(
            etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)
        )
        aside.replace(path)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise WatchError(msg) from error
    return len(fresh)


def _read_entries(path: Path) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except FileNotFoundError:
        return []
    except (OSError, etree.XMLSyntaxError) as error:
        msg = f"{path}: is no feed; name another file, or remove it ({error})"
        raise WatchError(msg) from error
    if root.tag != f"{{{ATOM}}}feed":
        msg = f"{path}: is no feed; name another file, or remove it"
        raise WatchError(msg)
    return list(root.iterfind(f"{{{ATOM}}}entry"))


def _make_entry(news: News, published_at: datetime) -> etree._Element:
    entry = etree.Element(f"{{{ATOM}}}entry")
    _add(entry, "id", _name_entry(news))
    _add(entry, "title", f"{news.speaker or NOBODY}: {news.content}")
    _add(entry, "updated", published_at.isoformat())
    etree.SubElement(entry, f"{{{ATOM}}}category", term=keep_printable(news.watch))
    _add(entry, "summary", " · ".join(_describe(news)))
    return entry


def _name_entry(news: News) -> str:
    return f"{PREFIX}quotation:{news.quote_id}"


def _describe(news: News) -> Iterator[str]:
    facts = (news.role, news.outlet, news.published_on, news.headline)
    yield from (str(fact) for fact in facts if fact is not None)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = keep_printable(text)
