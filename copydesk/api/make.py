"""Make a page of what a caller hands over: a text, HTML, bytes or a file."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from math import isnan
from pathlib import Path

from copydesk.api.page import Page
from copydesk.cleaning.articles import compose_article
from copydesk.cleaning.evidence import harvest_facts
from copydesk.cleaning.segments import label_page
from copydesk.errors import BundleError, UnreadableError
from copydesk.reading.bundles import read_bytes, read_pages
from copydesk.reading.encodings import HEAD_BYTES, repair_text
from copydesk.reading.formats.html import HTML, is_markup
from copydesk.reading.pages import make_rows, page_of_text
from copydesk.reading.records import Document, hash_bytes
from copydesk.rows import RawArticle, RejectedFile, content_id

SHOWS_NOTHING = frozenset({"empty", "no_text"})  # reasons why something is not a page, not a fault
MISSING_TYPES = frozenset({"NAType", "NaTType"})  # of pandas, which need not be imported for it

Source = str | bytes | Path


def make_page(source: object) -> Page:
    """Return the page in `source`; `copydesk.clean` has the details.

    Raises:
        TypeError: if it is of another type.
        UnreadableError: if it cannot be read.
        BundleError: if it is a file that is not there, or one of several pages.
    """
    page = check_source(source)
    if isinstance(page, Path):
        return clean_row(_read_file(page))
    row = _read_text(page) if isinstance(page, str) else _read_bytes(page)
    if isinstance(row, RejectedFile):
        if row.error not in SHOWS_NOTHING:
            raise UnreadableError(row.stage, row.error, row.message)
        row = _make_blank()
    return clean_row(row)


def clean_row(raw: RawArticle) -> Page:
    """Return the article on a page."""
    segments = label_page(raw)
    article = compose_article(raw, segments, harvest_facts(raw, segments))
    return Page(raw, segments, article)


def check_source(source: object) -> Source:
    """Return what can be a page.

    Raises: TypeError: that says what can, if it is of another type.
    """
    if not isinstance(source, Source):
        hint = "; leave missing values out with `dropna()`" if is_missing(source) else ""
        msg = f"a page is a str, bytes or a pathlib.Path, not {type(source).__name__}{hint}"
        raise TypeError(msg)
    return source


def is_missing(value: object) -> bool:
    """Return whether a value of a DataFrame says that there is none: None, NaN, NA, NaT."""
    if isinstance(value, float):
        return isnan(value)
    return value is None or type(value).__name__ in MISSING_TYPES


def _make_blank() -> RawArticle:
    """Return the page that shows no text."""
    return page_of_text(content_id("", "", hash_bytes(b"")), "")


def _read_text(text: str) -> RawArticle | RejectedFile:
    """Return a text, or HTML if it begins as that, as the readers do with a file without a name.

    A plain text stays as it is but for what the readers repair.

    Raises: BundleError: if the HTML holds several stories.
    """
    repaired, repairs = repair_text(text)
    data = repaired.encode()
    if is_markup(data[:HEAD_BYTES], None):
        rows = make_rows(Document("", HTML.media_type, data), bundle="")
        return _only_one(iter(rows), "this HTML")
    if not repaired.strip():
        return _make_blank()
    article_id = content_id("", "", hash_bytes(data))
    return replace(page_of_text(article_id, repaired), repairs=[r.value for r in repairs])


def _read_bytes(data: bytes) -> RawArticle | RejectedFile:
    return _only_one(read_bytes(data, source_path=""), "these bytes")


def _read_file(path: Path) -> RawArticle:
    row = _only_one(read_pages(path), str(path))
    if isinstance(row, RejectedFile):
        raise UnreadableError(row.stage, row.error, f"{path}: {row.message}")
    return row


def _only_one(rows: Iterator[RawArticle | RejectedFile], place: str) -> RawArticle | RejectedFile:
    """Return the one row there is.

    Raises: BundleError: if there are several.
    """
    row, *others = islice(rows, 2)
    if others:
        msg = f"{place}: more than one page; `copydesk.read` yields the pages of a file one by one"
        raise BundleError(msg)
    return row
