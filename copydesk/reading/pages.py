"""Turn one page as delivered into a row: its text, and what came with it.

Text is decoded and otherwise left alone, so offsets hold (`reading.encodings` has the exceptions).
Of HTML, the text that a person sees is kept, with what its head says about the article. A page that
cannot be read becomes a row with a reason.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple

from copydesk.errors import UnreadableError
from copydesk.lexicons.exports import load_export_lines
from copydesk.reading.copies import NOWHERE, find_source, original_url, undo_archive
from copydesk.reading.encodings import HEAD_BYTES, Repair, decode, repair_text, replace_unstorable
from copydesk.reading.fields import (
    PAGE_TAG,
    count_others,
    find_fields,
    first_value,
    is_more_than,
    join_parts,
    parse_time,
)
from copydesk.reading.formats.html import HTML, Shown, ShownLine, read_html, read_stories
from copydesk.reading.head import join_head
from copydesk.reading.limits import DEFAULT_LIMITS
from copydesk.reading.nested import BLOCK_TAG, flatten, undo_escapes
from copydesk.reading.plain import read_plain
from copydesk.reading.records import (
    Document,
    Record,
    Refused,
    explain_no_text,
    hash_bytes,
    join_fields,
)
from copydesk.reading.whole import html_lines
from copydesk.rows import RawArticle, RejectedFile, content_id
from copydesk.system.allowance import Allowance, Fault, attempt
from copydesk.values import Field, GivenField, LeftOut, Mark, MarkKind, Stage

HTML_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE
)
MAX_MESSAGE_CHARS = 500
KNOWN_FIELDS = frozenset(Field) - {Field.DATELINE_PLACE, Field.AGENCY}
NOTED_FIELDS = ("section", "length", "notes")


class Page(NamedTuple):
    """A page before it has an id: its text, the fields that came with it, the repairs made."""

    text: str
    comments_start: int | None
    given: list[GivenField]
    retrieved_at: datetime | None
    repairs: tuple[Repair, ...]
    marks: Sequence[Mark] = ()
    left_out: Sequence[LeftOut] = ()


def make_rows(
    item: Document | Record | Refused,
    *,
    bundle: str,
    allowance: Allowance = DEFAULT_LIMITS.page_allowance,
) -> list[RawArticle | RejectedFile]:
    """Return the page in `item` as a row of `raw_articles`, or the reason why there is no page.

    A page with several stories is a row for each: the first has the path of the page, the others
    that path and their number. A page that takes more than the allowance, or meets a fault of
    ours, costs itself alone.
    """
    if isinstance(item, Refused):
        return [reject(item, bundle=bundle)]
    digest = hash_bytes(item.data)
    make = partial(_make_pages, digest=digest, bundle=bundle)
    try:
        made = attempt(make, item, allowance)
    except UnreadableError as error:
        return [reject(Refused(item.source_path, error, digest), bundle=bundle)]
    if isinstance(made, Fault):
        fault = UnreadableError(Stage.EXTRACT, *made)
        return [reject(Refused(item.source_path, fault, digest), bundle=bundle)]
    return list(made)


def _make_pages(item: Document | Record, *, digest: str, bundle: str) -> list[RawArticle]:
    """Return the page in `item` as a row for each of its stories.

    Raises: UnreadableError: if there is no page in it.
    """
    if isinstance(item, Document):
        encoding, pages = _read_document(item)
    else:
        encoding, page = _read_record(item)
        pages = [page]
    rows = []
    for number, page in enumerate(pages, start=1):
        path = item.source_path if number == 1 else f"{item.source_path}#{number}"
        urls = [field.value for field in page.given if field.name == Field.URL]
        left_out = [*page.left_out, *(item.left_out if number == 1 else ())]
        row = RawArticle(
            article_id=content_id(bundle, path, digest),
            bundle=bundle,
            source_path=path,
            media_type=item.media_type,
            encoding=encoding,
            raw_sha256=digest,
            text=page.text,
            comments_start=page.comments_start,
            repairs=[repair.value for repair in dict.fromkeys(page.repairs)],
            url=next(iter(urls), None),
            retrieved_at=page.retrieved_at,
            given=page.given,
            marks=list(page.marks),
            left_out=left_out,
        )
        rows.append(row)
    return rows


def reject(refused: Refused, *, bundle: str) -> RejectedFile:
    """Return a refusal as a row of `rejected_files`."""
    path, reason, digest = refused
    message = repair_text(reason.message[:MAX_MESSAGE_CHARS])[0]  # it may quote the file
    return RejectedFile(bundle, path, reason.stage, reason.error, message, digest)


def reject_page(raw: RawArticle, stage: Stage, fault: Fault) -> RejectedFile:
    """Return the row that says why a page that was read got no further than to `stage`."""
    refused = Refused(raw.source_path, UnreadableError(stage, *fault), raw.raw_sha256)
    return reject(refused, bundle=raw.bundle)


def page_of_text(article_id: str, text: str) -> RawArticle:
    """Return a text as a page without a file or other fields."""
    return RawArticle(
        article_id=article_id,
        bundle="",
        source_path="",
        media_type="text/plain",
        encoding="utf-8",
        raw_sha256=hash_bytes(text.encode("utf-8", "surrogatepass")),
        text=text,
        comments_start=None,
        repairs=[],
        url=None,
        retrieved_at=None,
        given=[],
    )


def _read_document(document: Document) -> tuple[str, list[Page]]:
    """Return the encoding of a page and the page itself, or each of its stories.

    Raises: UnreadableError: if its bytes are not text, or it shows no text.
    """
    is_html = document.media_type == HTML.media_type
    in_head = HTML_CHARSET.search(document.data[:HEAD_BYTES]) if is_html else None
    declared = document.charset or (in_head.group(1).decode("ascii") if in_head else None)
    decoded = decode(document.data, declared=declared, is_markup=is_html)
    if not decoded.text.strip():
        raise UnreadableError(Stage.EXTRACT, "no_text", "the page has only white space")
    pages = _read_stories(decoded.text) if is_html else [_read_text(decoded.text)]
    fetched = original_url(document.url) if document.url else NOWHERE
    noted = find_source(decoded.text) if is_html else NOWHERE
    url = fetched.url or noted.url
    times = (fetched.saved_at, noted.saved_at, parse_time(document.retrieved_at))
    retrieved_at = next(filter(None, times), None)
    return decoded.encoding, [
        page._replace(
            given=_join_given({Field.URL: url} if url else {}, page.given),
            retrieved_at=retrieved_at,
            repairs=(*decoded.repairs, *page.repairs),
        )
        for page in pages
    ]


def _read_text(text: str) -> Page:
    """Return the page that the text of a file is, without what a program wrote for characters."""
    text, undone = undo_escapes(text, is_field=False)
    page = _read_plain(text)
    return page._replace(repairs=(*undone, *page.repairs))


def _read_plain(text: str) -> Page:
    """Return the page that a plain text is, with the fields at its head."""
    plain = read_plain(text)
    given = _read_clip_fields(plain.fields)
    return Page(plain.text, None, given, None, plain.repairs, left_out=plain.left_out)


def _read_clip_fields(fields: Mapping[str, object]) -> list[GivenField]:
    """Return the fields at the head of a clip: those of an article, then all others as stated."""
    found = {field: first_value(fields, field.value) for field in Field if field in KNOWN_FIELDS}
    own = {field: value for field, value in found.items() if value}
    spelt = ((name, join_parts(value, "; ", ()).strip()) for name, value in fields.items())
    others = [
        GivenField(name, repair_text(value)[0])
        for name, value in spelt
        if value and value not in own.values()
    ]
    return _join_given(own, others)


def _read_markup(html: str) -> Page:
    """Return the page that a reader of this HTML sees, and what its head says.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    return _page_of(read_html(undo_archive(html)))


def _read_stories(html: str) -> list[Page]:
    """Return the page that a reader of this HTML sees, or each of its stories.

    Raises: UnreadableError: if the page shows no text, or the parser fails.
    """
    return [_page_of(shown) for shown in read_stories(undo_archive(html))]


def _page_of(shown: Shown) -> Page:
    given = [
        GivenField(field.name, repair_text(field.value)[0])
        for field in join_head(shown.stated, shown.head)
    ]
    text, marks, repairs = _join_lines(shown.lines)
    page = _build_page(text, "\n".join(shown.comments), given)
    return page._replace(repairs=(*repairs, *page.repairs), marks=marks, left_out=shown.left_out)


def _join_lines(lines: Sequence[ShownLine]) -> tuple[str, list[Mark], list[Repair]]:
    """Return the text of lines, what their markup says of each, and the repairs made."""
    texts: list[str] = []
    marks: list[Mark] = []
    repairs: list[Repair] = []
    start = 0
    for line in lines:
        text, more = repair_text(line.text)  # it may change the length
        if line.kind is not None:
            marks.append(Mark(start, start + len(text), line.kind))
        texts.append(text)
        repairs.extend(more)
        start += len(text) + 1
    return "\n".join(texts), marks, repairs


def _read_fragment(html: str, comments: str) -> Page:
    """Return the text of an article that an export holds as HTML: all of it is the article's.

    Raises: UnreadableError: if it shows no text.
    """
    lines = filter(None, (line.strip() for line in html_lines(html).splitlines()))
    text = "\n".join(lines)
    if not text:
        raise UnreadableError(Stage.EXTRACT, "no_text", "the HTML shows no text")
    return _build_page(text, comments, [])


def _build_page(text: str, comments: str, given: list[GivenField]) -> Page:
    """Return a page of a text, with readers' comments after it."""
    text, repairs = repair_text(text)
    comments, more_repairs = repair_text(comments)
    return Page(
        "\n".join(part for part in (text, comments) if part),
        (len(text) + 1 if text else 0) if comments else None,
        given,
        None,
        (*repairs, *more_repairs),
    )


def _read_record(record: Record) -> tuple[str, Page]:
    """Return the encoding of an export's record and the page in it.

    Raises: UnreadableError: if no field of it holds a text.
    """
    # "text" and "Text" are the same name here; the first with a value counts.
    fields = join_fields(flatten(record.fields))
    found = find_fields(fields)
    own = {field: value for field in Field if (value := found.get(field.value))}
    html = found["html"]
    text, undone = undo_escapes(found["text"] or "")
    is_plain = bool(text) and not BLOCK_TAG.search(text)
    other = _try_markup(html) if html and is_plain else None
    if is_plain and not (other and is_more_than(text, n_chars=_count_paragraphs(other))):
        plain = _read_plain(text)
        given = [*plain.given, *(other.given if other else [])]
        page = _build_page(plain.text, found["comments"] or "", given)
        page = page._replace(
            repairs=(*undone, *plain.repairs, *page.repairs), left_out=plain.left_out
        )
    elif html or text:
        found["text"] = None if html else text
        # lxml ends at a lone surrogate
        whole, repairs = replace_unstorable(html or text or "")
        is_page = PAGE_TAG.search(whole) is not None
        page = _read_markup(whole) if is_page else _read_fragment(whole, found["comments"] or "")
        page = page._replace(repairs=(*repairs, *page.repairs))
    else:
        raise explain_no_text(list(record.fields))
    return record.encoding, page._replace(
        left_out=[*page.left_out, *count_others(fields, found, page.text)],
        given=[*_join_given(own, page.given), *_join_notes(found)],
        retrieved_at=original_url(own.get(Field.URL, "")).saved_at
        or parse_time(found["retrieved_at"]),
    )


def _try_markup(html: str) -> Page | None:
    """Return the page that came beside its text; None if it cannot be read."""
    with suppress(UnreadableError):
        return _read_markup(replace_unstorable(html)[0])
    return None


def _count_paragraphs(page: Page) -> int:
    """Return the characters of the paragraphs of the article on a page."""
    return sum(mark.end - mark.start for mark in page.marks if mark.kind is MarkKind.PARAGRAPH)


def _join_given(own: Mapping[Field, str], more: list[GivenField]) -> list[GivenField]:
    """Return the fields that came with a page, those of the export or the archive first."""
    joined = [
        GivenField(field.value, repair_text(_original(field, value))[0])
        for field, value in own.items()
    ]
    return list(dict.fromkeys([*joined, *more]))


def _original(field: Field, value: str) -> str:
    """Return the value of a field without what was put before it: an archive's address, "By"."""
    if field is Field.BYLINE:
        return load_export_lines().byline_prefix.sub("", value, count=1)
    return original_url(value).url or value if field is Field.URL else value


def _join_notes(found: Mapping[str, str | None]) -> list[GivenField]:
    """Return what came with a page and is no column of `articles`: section, length, notes."""
    notes = ((name, found[name]) for name in NOTED_FIELDS)
    return [GivenField(name, repair_text(value)[0]) for name, value in notes if value]
