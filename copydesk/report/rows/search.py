"""Declare what the search index is made from."""

from typing import NamedTuple

from copydesk.report.rows.source import Source

PEOPLE = "people"  # volume of the index
UNDATED = "undated"  # volume of what has no proven day


class SearchEntry(NamedTuple):
    """A person, an article or a quotation, and the words that find it; its page is its volume."""

    number: int
    kind: int  # 0 person, 1 article, 2 quotation
    id: str
    quote_id: str | None
    title: str
    note: str
    words: str


SEARCH_ENTRIES = Source("search_entries", SearchEntry)
