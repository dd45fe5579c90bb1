"""Turn one page as delivered into a row: its text, and what came with it.

Text is decoded and stays as it was, so its offsets hold (`copydesk.encodings` has the exceptions);
of HTML the text that a reader sees is kept, with what its head says about the article. What cannot
be read becomes a row with a reason.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import trafilatura
from trafilatura.settings import Document as Extracted

from copydesk.archives import Refused, open_bytes, open_entries
from copydesk.encodings import Repair, UnreadableError, decode, mend
from copydesk.file_types import FileType
from copydesk.lexicons.words import load_field_names, plain_name
from copydesk.limits import DEFAULT_LIMITS
from copydesk.model import Field, GivenField, RawArticle, RejectedFile, Stage, content_id
from copydesk.readers import read_records
from copydesk.records import Document, Record

BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|ul|ol|blockquote)>|<br\s*/?>", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}>")
HTML_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE
)
MAX_MESSAGE_CHARS = 500
HEAD_BYTES = 4_096  # how far into a page its charset is looked for; HTML asks for 1024
# htmldate takes the clock for the last day it believes in; a fixed one keeps runs repeatable.
DATE_PARAMS = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


class Page(NamedTuple):
    """A page before it has an id: its text, what came with it, what was changed in it."""

    text: str
    comments_start: int | None
    given: list[GivenField]
    retrieved_at: datetime | None
    repairs: tuple[Repair, ...]


def read_pages(
    data: bytes, *, source_path: str, bundle: str
) -> Iterator[RawArticle | RejectedFile]:
    """Yield the pages in the bytes of one file, or the reason why there is none."""
    stream = open_bytes(data)
    entries = open_entries(
        stream, source_path, name=source_path, file_bytes=len(data), limits=DEFAULT_LIMITS
    )
    for found in entries:
        items = [found] if isinstance(found, Refused) else read_records(found, DEFAULT_LIMITS)
        yield from (make_row(item, bundle=bundle) for item in items)


def make_row(item: Document | Record | Refused, *, bundle: str) -> RawArticle | RejectedFile:
    """Return the page in `item` as a row of `raw_articles`, or why there is none."""
    if isinstance(item, Refused):
        return _reject(item.source_path, item.reason, item.raw_sha256, bundle)
    digest = hashlib.sha256(item.data).hexdigest()
    try:
        encoding, page = _read_document(item) if isinstance(item, Document) else _read_record(item)
    except UnreadableError as reason:
        return _reject(item.source_path, reason, digest, bundle)
    urls = [field.value for field in page.given if field.name == Field.URL]
    return RawArticle(
        article_id=content_id(bundle, item.source_path, digest),
        bundle=bundle,
        source_path=item.source_path,
        media_type=item.media_type.value,
        encoding=encoding,
        raw_sha256=digest,
        text=page.text,
        comments_start=page.comments_start,
        repairs=[repair.value for repair in dict.fromkeys(page.repairs)],
        url=next(iter(urls), None),
        retrieved_at=page.retrieved_at,
        given=page.given,
    )


def _reject(
    source_path: str, reason: UnreadableError, raw_sha256: str | None, bundle: str
) -> RejectedFile:
    message = mend(reason.message[:MAX_MESSAGE_CHARS])[0]  # it may quote the file
    return RejectedFile(bundle, source_path, reason.stage, reason.error, message, raw_sha256)


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
        comments_start=None,
        repairs=[],
        url=None,
        retrieved_at=None,
        given=[],
    )


def _read_document(document: Document) -> tuple[str, Page]:
    """Return the encoding of a page and what stands in it.

    Raises: UnreadableError: if its bytes are no text, or it shows none.
    """
    is_html = document.media_type is FileType.HTML
    in_head = HTML_CHARSET.search(document.data[:HEAD_BYTES]) if is_html else None
    declared = document.charset or (in_head.group(1).decode("ascii") if in_head else None)
    decoded = decode(document.data, declared=declared)
    if not decoded.text.strip():
        raise UnreadableError(Stage.EXTRACT, "no_text", "the page is blank")
    page = read_html(decoded.text) if is_html else Page(decoded.text, None, [], None, ())
    own = {Field.URL: document.url} if document.url else {}
    return decoded.encoding, page._replace(
        given=_join_given(own, page.given),
        retrieved_at=_parse_time(document.retrieved_at),
        repairs=(*decoded.repairs, *page.repairs),
    )


def read_html(html: str) -> Page:
    """Return the text that a reader of the page sees, readers' comments last, and its head.

    Raises: UnreadableError: if the page shows no text.
    """
    html = XML_DECLARATION.sub("", html, count=1)  # lxml takes no text that names an encoding
    if "<body" not in html.lower():
        html = f"<html><body>{html}</body></html>"
    elif "html" not in html[:50].lower():  # behind a long comment trafilatura takes it for no page
        html = f"<!DOCTYPE html>{html}"
    try:
        extracted = trafilatura.bare_extraction(
            html,
            favor_recall=True,
            include_comments=True,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=DATE_PARAMS,
        )
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        raise UnreadableError(Stage.EXTRACT, "broken_html", message) from error
    if not isinstance(extracted, Extracted) or not (extracted.text or extracted.comments):
        raise UnreadableError(Stage.EXTRACT, "no_text", "the page shows no text")
    text, repairs = mend(extracted.text or "")
    comments, more_repairs = mend(extracted.comments or "")
    named = {
        Field.HEADLINE: extracted.title,
        Field.DECK: extracted.description,
        Field.BYLINE: extracted.author,
        Field.OUTLET: extracted.sitename,
        Field.URL: extracted.url,
        Field.PUBLISHED_ON: extracted.date,
    }
    return Page(
        "\n".join(part for part in (text, comments) if part),
        (len(text) + 1 if text else 0) if comments else None,
        _join_given({field: value for field, value in named.items() if value}, []),
        None,
        (*repairs, *more_repairs),
    )


def _read_record(record: Record) -> tuple[str, Page]:
    """Return the encoding of an export's record and the page in it.

    Raises: UnreadableError: if no field of it holds a text.
    """
    # Of two names that are one to us, such as "text" and "Text", the one with a value counts.
    items = sorted(record.fields.items(), key=lambda item: bool(item[1]))
    fields = {plain_name(name): value for name, value in items}
    found = {name: _first_value(fields, name) for name in load_field_names()}
    own = {field: value for field in Field if (value := found.get(field.value))}
    text, html = found["text"], found["html"]
    if text and not BLOCK_TAG.search(text):
        mended, repairs = mend(text)
        page = Page(mended, None, [], None, repairs)
    elif html or text:
        mended, repairs = mend(html or text or "")  # lxml ends the page at a lone surrogate
        page = read_html(mended)
        page = page._replace(repairs=(*repairs, *page.repairs))
    else:
        msg = "no field with a text (copydesk/lexicons/fields.toml)"
        raise UnreadableError(Stage.PARSE, "no_text_field", msg)
    return record.encoding, page._replace(
        given=_join_given(own, page.given), retrieved_at=_parse_time(found["retrieved_at"])
    )


def _join_given(own: Mapping[Field, str], more: list[GivenField]) -> list[GivenField]:
    """Return the fields that came with a page; those of the export or the archive come first."""
    joined = [GivenField(field.value, mend(value)[0]) for field, value in own.items()]
    return list(dict.fromkeys([*joined, *more]))


def _first_value(fields: Mapping[str, object], name: str) -> str | None:
    """Return the first value of a field, under the names that exports give it, that fits it."""
    for key in load_field_names()[name]:
        value = fields.get(key)
        if isinstance(value, list):
            value = ("\n" if name == "text" else "; ").join(_name_of(part) for part in value)
        if isinstance(value, dict):
            value = _name_of(value)
        if isinstance(value, str) and value.strip() and _fits(name, value):
            return value
    return None


def _fits(name: str, value: str) -> bool:
    """Return whether a value can be one of this field: `source` may be an address or a name."""
    return ("://" in value) is (name == Field.URL) or name not in {Field.URL, Field.OUTLET}


def _name_of(value: object) -> str:
    """Return a value as text; of an object, such as an author, its name."""
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)


def _parse_time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
