"""Compute what a `Page` finds when it is first asked for quotations or mentions.

A module of its own because it imports spaCy: `copydesk.clean` works without.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from copydesk.cleaning.articles import Page as PageRows
from copydesk.cleaning.copytext import Copy, copy_of_text
from copydesk.extraction.extract import Extract, extract_article, select_copies
from copydesk.extraction.parsing import parse_copies
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import Article, RawArticle, Segment

NOTHING = Extract([], [], 0)


class HasRows(Protocol):
    """A page with its rows, such as `copydesk.Page`."""

    @property
    def raw(self) -> RawArticle:
        """The page as scraped."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Its lines."""

    @property
    def article(self) -> Article:
        """Its article."""


def extract_pages(pages: Sequence[HasRows]) -> list[Extract]:
    """Return the mentions and quotations of each page; they are parsed in one batch."""
    copies = [list(_select_copy(page)) for page in pages]
    found = iter(extract_copies([copy for mine in copies for copy in mine]))
    return [next(found) if mine else NOTHING for mine in copies]


def extract_text(text: str) -> Extract:
    """Return the mentions and quotations of a text that is copy throughout."""
    copy = copy_of_text("", text)
    return extract_copies([copy])[0] if copy.pieces else NOTHING


def extract_copies(copies: Sequence[Copy]) -> list[Extract]:
    """Return the mentions and quotations of each copy, parsed in one batch."""
    docs = parse_copies(copies)
    return [
        extract_article(copy, doc, QuoteMethod.TAGGER)
        for copy, doc in zip(copies, docs, strict=True)
    ]


def _select_copy(page: HasRows) -> Iterator[Copy]:
    """Yield the copy of a page, if it is one that the pipeline parses too."""
    return select_copies([PageRows(page.raw, list(page.segments))], [page.article])
