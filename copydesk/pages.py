"""Turn the bytes of one file into pages: plain text, HTML, JSON or JSON Lines.

Text is decoded and never changed, so its offsets hold; of HTML the text that a reader sees is
kept, with what its head says about the article. What cannot be read becomes a row with a reason.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import trafilatura
from charset_normalizer import from_bytes
from trafilatura.settings import Document

from copydesk.model import Field, GivenField, RawArticle, RejectedFile, content_id

SUFFIXES = {
    "txt": "text/plain",
    "text": "text/plain",
    "md": "text/plain",
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "text/html",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "ndjson": "application/jsonl",
}
HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+"
    rb"<(?:!doctype\s+html|html|head|body|p|div|article|section|main|h1|h2)\b",
    re.IGNORECASE | re.DOTALL,
)
BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|ul|ol|blockquote)>|<br\s*/?>", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}>")
HTML_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE
)
HEAD_BYTES = 4_096  # how far into a page its charset is looked for; HTML asks for 1024
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FIRST_HIGH_BYTE = 0x80
MAX_WESTERN_SHARE = 0.1  # French has 4 %, Russian in windows-1251 has 80 %
MAX_CONTROL_SHARE = 0.01  # text has next to none; a picture read as latin-1 has about 10 %
LEGACY_ENCODINGS = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1256",
    "shift_jis",
    "gb18030",
    "euc_kr",
]
# htmldate takes the clock for the last day it believes in; a fixed one keeps runs repeatable.
DATE_PARAMS = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


class Rejection(NamedTuple):
    """Why bytes are not a page: the step that refused them, a code and a sentence."""

    stage: str
    error: str
    message: str


class Decoded(NamedTuple):
    """A text and the encoding it was in."""

    text: str
    encoding: str


class Page(NamedTuple):
    """A page before it has an id: its text, and the fields that came with it."""

    text: str
    given: list[GivenField]
    retrieved_at: datetime | None


def read_pages(
    data: bytes, *, source_path: str, bundle: str
) -> Iterator[RawArticle | RejectedFile]:
    """Yield the pages in the bytes of one file, or the reason why there is none."""
    media_type = find_media_type(data, source_path)
    if isinstance(media_type, Rejection):
        yield _reject(media_type, data, source_path, bundle)
    elif media_type == "application/jsonl":
        for number, line in enumerate(_to_utf8(data).splitlines(), start=1):
            if line.strip():
                yield _read_page(line, "application/json", f"{source_path}#{number}", bundle)
    elif media_type == "application/json" and data.lstrip().startswith(b"["):
        yield from _read_array(data, source_path, bundle)
    else:
        yield _read_page(data, media_type, source_path, bundle)


def _read_array(data: bytes, source_path: str, bundle: str) -> Iterator[RawArticle | RejectedFile]:
    """Yield the pages of a JSON array, numbered like the lines of a JSON Lines file."""
    try:
        records = json.loads(data)
    except (ValueError, RecursionError) as error:
        yield _reject(
            Rejection("parse", "not_json", f"not JSON: {error}"), data, source_path, bundle
        )
        return
    for number, record in enumerate(records, start=1):
        line = json.dumps(record).encode()
        yield _read_page(line, "application/json", f"{source_path}#{number}", bundle)


def _to_utf8(data: bytes) -> bytes:
    """Return UTF-16 as UTF-8, so that it can be cut into lines; all else as it is."""
    if not data.startswith(UTF_16_MARKS):
        return data
    decoded = _decode_as(data, "utf-16")
    return decoded.text.encode() if isinstance(decoded, Decoded) else data


def page_of_text(article_id: str, text: str) -> RawArticle:
    """Return a text as a page that came with nothing else."""
    return RawArticle(
        article_id=article_id,
        bundle="",
        source_path="",
        media_type="text/plain",
        encoding="utf-8",
        raw_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=text,
        url=None,
        retrieved_at=None,
        given=[],
    )


def find_media_type(data: bytes, source_path: str) -> str | Rejection:
    """Return what the bytes are, going by name and content together."""
    if not data.strip():
        return Rejection("open", "empty", "the file is empty")
    name = source_path.rpartition("/")[2].partition("?")[0]  # page.html?id=3 is a page
    suffix = name.rpartition(".")[2].lower() if "." in name else "txt"
    named = SUFFIXES.get(suffix)
    if named is None:
        return Rejection("open", "unknown_type", f"no reader for .{suffix} files")
    if named == "text/plain" and HTML_START.match(data):
        return "text/html"
    return named


def decode(data: bytes, *, declared: str | None = None) -> Decoded | Rejection:
    """Return the text of `data`: by byte order mark, as UTF-8, as declared, or by detection."""
    rejection = Rejection("decode", "undecodable", "neither UTF-8 nor an encoding that we know")
    if b"\0" in data and not data.startswith(UTF_16_MARKS):
        return Rejection("decode", "binary", "holds NUL bytes: this is not a text")
    for encoding in _list_encodings(data, declared):
        decoded = _decode_as(data, encoding)
        if isinstance(decoded, Decoded):
            return decoded
        rejection = decoded
    return rejection


def _list_encodings(data: bytes, declared: str | None) -> Iterator[str]:
    """Yield the encodings to try, in order."""
    if data.startswith(UTF_16_MARKS):
        yield "utf-16"
        return
    yield "utf-8-sig" if data.startswith(UTF_8_MARK) else "utf-8"
    if declared is not None:
        yield declared
    # English pages that are not UTF-8 are windows-1252; others have many letters beyond ASCII.
    if sum(byte >= FIRST_HIGH_BYTE for byte in data) <= MAX_WESTERN_SHARE * len(data):
        yield "cp1252"
    best = from_bytes(data, cp_isolation=LEGACY_ENCODINGS).best()
    if best is not None:
        yield best.encoding


def _decode_as(data: bytes, encoding: str) -> Decoded | Rejection:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        return Rejection("decode", "undecodable", str(error))
    if len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        return Rejection("decode", "binary", "control characters: this is not a text")
    return Decoded(text, encoding)


def _read_page(
    data: bytes, media_type: str, source_path: str, bundle: str
) -> RawArticle | RejectedFile:
    declared = HTML_CHARSET.search(data[:HEAD_BYTES]) if media_type == "text/html" else None
    decoded = decode(data, declared=declared.group(1).decode("ascii") if declared else None)
    if isinstance(decoded, Rejection):
        return _reject(decoded, data, source_path, bundle)
    page = _parse(decoded.text, media_type)
    if isinstance(page, Rejection):
        return _reject(page, data, source_path, bundle)
    given = {field.name: field.value for field in page.given}
    return RawArticle(
        article_id=content_id(bundle, source_path, hashlib.sha256(data).hexdigest()),
        bundle=bundle,
        source_path=source_path,
        media_type=media_type,
        encoding=decoded.encoding,
        raw_sha256=hashlib.sha256(data).hexdigest(),
        text=page.text,
        url=given.get(Field.URL),
        retrieved_at=page.retrieved_at,
        given=page.given,
    )


def _reject(reason: Rejection, data: bytes, source_path: str, bundle: str) -> RejectedFile:
    return RejectedFile(
        bundle=bundle,
        source_path=source_path,
        stage=reason.stage,
        error=reason.error,
        message=reason.message,
        raw_sha256=hashlib.sha256(data).hexdigest(),
    )


def _parse(text: str, media_type: str) -> Page | Rejection:
    match media_type:
        case "text/html":
            return _parse_html(text)
        case "application/json":
            return _parse_json(text)
        case _:
            return Page(text, [], None)


def _parse_html(html: str) -> Page | Rejection:
    html = XML_DECLARATION.sub("", html, count=1)  # lxml takes no text that names an encoding
    if "<body" not in html.lower():
        html = f"<html><body>{html}</body></html>"
    document = trafilatura.bare_extraction(
        html,
        favor_recall=True,
        include_comments=True,
        include_tables=True,
        with_metadata=True,
        date_extraction_params=DATE_PARAMS,
    )
    if not isinstance(document, Document) or not (document.text or document.comments):
        return Rejection("extract", "no_text", "the page shows no text")
    text = "\n".join(part for part in (document.text, document.comments) if part)
    named = {
        Field.HEADLINE: document.title,
        Field.DECK: document.description,
        Field.BYLINE: document.author,
        Field.OUTLET: document.sitename,
        Field.URL: document.url,
        Field.PUBLISHED_ON: document.date,
    }
    given = [GivenField(name.value, _mend(value)) for name, value in named.items() if value]
    return Page(_mend(text), given, None)


def _parse_json(text: str) -> Page | Rejection:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejection("parse", "not_json", f"not JSON: {error}")
    if not isinstance(record, dict):
        return Rejection(
            "parse", "not_an_article", "not a JSON object with the fields of an article"
        )
    found = {name: _first_value(record, name, keys) for name, keys in load_field_names().items()}
    given = [GivenField(f.value, value) for f in Field if (value := found.get(f.value))]
    retrieved_at = _parse_time(found["retrieved_at"])
    html = found["html"]
    if found["text"] and not BLOCK_TAG.search(found["text"]):
        return Page(found["text"], given, retrieved_at)
    if html or found["text"]:
        page = _parse_html(html or str(found["text"]))
        if isinstance(page, Rejection):
            return page
        own = {field.name for field in given}
        more = [field for field in page.given if field.name not in own]
        return Page(page.text, given + more, retrieved_at)
    return Rejection(
        "parse", "no_text_field", "no field with a text (copydesk/lexicons/fields.toml)"
    )


@cache
def load_field_names() -> dict[str, list[str]]:
    """Return the names that exports give to each field of an article."""
    table = (files("copydesk.lexicons") / "fields.toml").read_text("utf-8")
    return {name: list(names) for name, names in tomllib.loads(table).items()}


def _first_value(record: Mapping[str, object], name: str, keys: list[str]) -> str | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, list):
            value = ("\n" if name == "text" else "; ").join(_name_of(part) for part in value)
        if isinstance(value, dict):
            value = _name_of(value)
        if isinstance(value, str) and value.strip():
            return _mend(value)
    return None


def _name_of(value: object) -> str:
    """Return a value as text; of an object, such as an author, its name."""
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)


def _mend(text: str) -> str:
    """Replace lone surrogates and NUL, which JSON can spell and no text file can hold."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


def _parse_time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
