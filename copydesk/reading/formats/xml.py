"""Read news in XML: feeds (RSS, RDF, Atom), news agencies' NITF and NewsML, trafilatura's own.

An item of a feed is one page. A feed that only announces its articles has no page in it: what to do
about each is said. XML of another kind is refused by the name of its root, and never read as a page
with its tags in it; XHTML is HTML.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import unescape

from lxml import etree

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import decode
from copydesk.reading.fields import is_more_than
from copydesk.reading.limits import Limits
from copydesk.reading.markup.boxes import MARKUP
from copydesk.reading.markup.lines import letters_of, looks_like_prose
from copydesk.reading.nested import BLOCK_TAG
from copydesk.reading.records import Record, Refused, count_lines, hash_bytes
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import XmlElement, call_library, parse_xml, read_whole
from copydesk.values import LeftOut, Stage

NOT_ASCII = b"\0\xfe\xff"  # bytes that XML in UTF-16 has and in ASCII has not
COMMENT = rb"(?:<!--(?:(?!-->).)*+-->\s*|<\?(?:(?!\?>).)*+\?>\s*)*+"
XML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*"
    + COMMENT
    + rb"(?:<!doctype\s+(?P<type>[\w:]+)[^>]{0,400}>\s*)?"
    + COMMENT
    + rb"<(?P<root>[A-Za-z][\w.-]*(?::[\w.-]+)?)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s", re.IGNORECASE)
ITEMS = frozenset({"item", "entry"})
# Modules of feeds that describe a picture, a recording or an excerpt, with the names of an item's
# own elements: `media:content` is no `content`.
BESIDE = frozenset({"media", "excerpt"})
KNOWN_ROOTS = frozenset(
    {"rss", "rdf", "feed", "channel", "nitf", "newsml", "newsitem", "newsmessage", "urlset", "tei"}
)
# What the elements of an item or a document hold, by their local names, best first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "headline": ("title", "headline", "hl1", "HeadLine"),
    "byline": ("creator", "author", "byline", "by", "byttl", "ByLine"),
    "published_on": ("pubDate", "published", "date", "updated", "date.issue", "contentCreated"),
    "url": ("link", "guid", "id"),
    "deck": ("hl2", "SubHeadLine"),
}
FULL_TEXTS = ("encoded", "content", "content_encoded", "body", "fulltext", "full-text")
SHORT_TEXTS = ("description", "summary", "abstract")
MIN_TEXT_CHARS = 500  # of an item without a full text; summaries have 50 to 300
BODIES = ("body.content", "inlineXML", "DataContent", "html", "main", "body", "text")
PARAGRAPHS = frozenset({"p", "head", "h1", "h2", "h3", "h4", "hl2", "li", "quote", "blockquote"})
ATTRIBUTES = {
    "title": "headline",
    "author": "byline",
    "date": "date",
    "url": "url",
    "sitename": "outlet",
}


def is_xml(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as XML that is no page."""
    ascii_head = head.translate(None, NOT_ASCII)
    start = XML_START.match(ascii_head)
    if start is None:
        return False
    root = start["root"].decode().rpartition(":")[2].lower()
    is_page = root == "html" or (start["type"] or b"").lower() == b"html"
    return not is_page and (root in KNOWN_ROOTS or DECLARED.match(ascii_head) is not None)


def read_xml(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the items of a feed, or the article in a file of a news agency."""
    data = read_whole(entry, limits)
    parse = partial(parse_xml, is_strict=False)
    root = call_library(parse, _as_utf8(data), kind="XML", limits=limits)
    items = [node for node in root.iter(etree.Element) if _name(node) in ITEMS]
    is_feed = _name(root).lower() in {"rss", "rdf", "feed", "channel"}
    if is_feed:
        outlet = _text_of(_child(_child(root, "channel", root), "title"))
        for number, item in enumerate(items, start=1):
            yield _read_item(item, entry, entry.path_of(number), outlet)
        return
    documents = _find_documents(root)
    for number, document in enumerate(documents, start=1):
        path = entry.path_of(number) if len(documents) > 1 else entry.source_path
        yield _read_article(document, entry, path)


def _as_utf8(data: bytes) -> bytes:
    """Return XML as it is, unless it is in no encoding that it states: then as UTF-8."""
    if DECLARED.match(data) and b"encoding" in data[:200]:
        return data
    return decode(data).text.encode("utf-8", "replace")


def _read_item(item: XmlElement, entry: Entry, path: str, outlet: str) -> Record | Refused:
    """Return an item of a feed as a record, or what would help where it has no full text."""
    fields: dict[str, object] = {name: _field_of(item, names) for name, names in FIELDS.items()}
    fields["url"] = _link_of(item)
    fields["outlet"] = outlet
    full = next(filter(None, (_markup_of(_child(item, name)) for name in FULL_TEXTS)), "")
    short = next(filter(None, (_markup_of(_child(item, name)) for name in SHORT_TEXTS)), "")
    if full and is_more_than(MARKUP.sub("", full), n_chars=len(MARKUP.sub("", short))):
        full, short = short, full  # some feeds have the summary where others have the text
    spelt = etree.tostring(item)
    if not full and len(short) < MIN_TEXT_CHARS:
        address = fields["url"] or "its address"
        msg = f"the feed has a summary only: fetch the page at {address}"
        reason = UnreadableError(Stage.PARSE, "no_text_field", msg)
        return Refused(path, reason, hash_bytes(spelt))
    if full and short and short not in full:  # many feeds repeat the first paragraph there
        fields["deck"] = short
    fields["html" if BLOCK_TAG.search(full or short) else "text"] = full or short
    left_out = _count_unread(item, fields)
    return Record(path, entry.format.media_type, "utf-8", fields, spelt, left_out)


def _find_documents(root: XmlElement) -> list[XmlElement]:
    """Return the articles of a file: those that have a body of their own, or the root."""
    wanted = {"newsItem", "NewsItem", "nitf", "doc", "article", "TEI"}
    if _name(root) in wanted:
        return [root]
    return [node for node in root.iter(etree.Element) if _name(node) in wanted] or [root]


def _read_article(root: XmlElement, entry: Entry, path: str) -> Record | Refused:
    """Return a document of a news agency as a record.

    Raises: UnreadableError: if it has no paragraphs.
    """
    bodies = (node for name in BODIES for node in root.iter(etree.Element) if _name(node) == name)
    lines: list[str] = next(filter(None, map(_paragraphs_of, bodies)), [])
    spelt = etree.tostring(root)
    if not lines:
        msg = f"XML of the kind <{_name(root)}>, in which no article is known: deliver the pages"
        return Refused(path, UnreadableError(Stage.PARSE, "not_an_article", msg), hash_bytes(spelt))
    fields: dict[str, object] = {
        field: root.get(name) for name, field in ATTRIBUTES.items() if root.get(name)
    }
    for field, names in FIELDS.items():
        if field != "url" and (value := _field_of(root, names)):
            fields.setdefault(field, value)
    fields["text"] = "\n".join(lines)
    spelt = json.dumps(fields).encode()
    left_out = _count_unread(root, fields)
    return Record(path, entry.format.media_type, "utf-8", fields, spelt, left_out)


def _count_unread(node: XmlElement, fields: Mapping[str, object]) -> list[LeftOut]:
    """Return how much prose an element holds that is in none of the fields read from it."""
    pieces = (MARKUP.sub("\n", str(text)) for text in node.itertext())
    lines = (" ".join(unescape(line).split()) for piece in pieces for line in piece.splitlines())
    prose = [line for line in lines if looks_like_prose(line, 0)]
    shown = letters_of(unescape(MARKUP.sub(" ", " ".join(map(str, fields.values())))))
    return count_lines("other_part", (line for line in prose if letters_of(line) not in shown))


def _paragraphs_of(node: XmlElement) -> list[str]:
    """Return the paragraphs in an element, without those inside others."""
    found = (each for each in node.iter(etree.Element) if _name(each) in PARAGRAPHS)
    outer = (
        each for each in found if not any(_name(up) in PARAGRAPHS for up in each.iterancestors())
    )
    return list(filter(None, map(_text_of, outer)))


def _field_of(node: XmlElement, names: tuple[str, ...]) -> str:
    """Return the text of the first element of such a name, or the date in its attribute."""
    for name in names:
        for found in node.iter(etree.Element):
            if _name(found) == name and (text := found.get("norm") or _text_of(found)):
                return str(text)
    return ""


def _link_of(item: XmlElement) -> str:
    """Return the address of an item: the text of RSS, the attribute of Atom."""
    links = [node for node in item.iterchildren(etree.Element) if _name(node) == "link"]
    pages = [node for node in links if node.get("rel", "alternate") == "alternate"]
    found = (node.get("href") or _text_of(node) for node in pages)
    ids = (_text_of(_child(item, name)) for name in ("guid", "id"))
    return next((url for url in [*found, *ids] if url.startswith("http")), "")


def _markup_of(node: XmlElement | None) -> str:
    """Return what an element holds: a text, or elements as HTML."""
    if node is None:
        return ""
    if len(node):
        inner = b"".join(etree.tostring(part, encoding="utf-8") for part in node)
        return f"{node.text or ''}{inner.decode('utf-8', 'replace')}".strip()
    return (node.text or "").strip()


def _child(
    node: XmlElement | None, name: str, default: XmlElement | None = None
) -> XmlElement | None:
    if node is None:
        return default
    found = (each for each in node.iterchildren(etree.Element) if _name(each) == name)
    return next(found, default)


def _text_of(node: XmlElement | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _name(node: XmlElement) -> str:
    """Return the name of an element without its namespace, unless it is of something beside."""
    prefix, _, name = str(node.tag).rpartition("}")[2].rpartition(":")
    prefix = prefix or str(node.prefix or "")
    return f"{prefix}:{name}" if prefix in BESIDE else name


XML = Format(
    media_type="application/xml",
    endings=("xml", "rss", "atom", "nitf"),
    read=read_xml,
    sniff=is_xml,
    sniffs_first=True,
)
FORMATS = (XML,)
