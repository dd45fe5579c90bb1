"""Find the articles whose extraction still holds, so that a correction costs what it touches.

What is extracted of an article follows from its copy and the code alone. A bundle whose pages and
code are those of its last delivery is therefore extracted again only where a correction has changed
the copy of an article, or has changed its quotations before.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from copydesk.cleaning.articles import is_read, pair_pages
from copydesk.cleaning.copytext import Copy, compose_copy
from copydesk.corrections.pages import print_ids
from copydesk.lake.damage import explain_damage
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Delivery
from copydesk.lake.sql import read_sql
from copydesk.rows import Mention, Quote, content_id
from copydesk.tables import (
    ARTICLES,
    BUNDLE_TABLES,
    BUNDLES,
    MENTIONS,
    PAGE_CORRECTIONS,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
    Table,
)
from copydesk.values import CorrectionKind, CorrectionStatus, Stage


@dataclass(frozen=True, slots=True)
class Extracted:
    """The last delivery of a bundle, with what its articles were extracted from."""

    lake: Lake
    bundle: str
    parts: Mapping[str, Delivery]
    copies: Mapping[str, str]
    """A hash of the copy of each article that was extracted and that no person has corrected."""

    def holds(self, copy: Copy) -> bool:
        """Return whether the rows of an article are what would be extracted of this copy."""
        return self.copies.get(copy.article_id) == hash_copy(copy)

    def read(self, articles: Container[str]) -> Iterator[Mention | Quote]:
        """Yield the mentions of some articles, then their quotations."""
        with explain_damage(self.lake, MENTIONS):
            for mention in MENTIONS.to_rows(self.open(MENTIONS)):
                if mention.article_id in articles:
                    yield mention
        with explain_damage(self.lake, QUOTES):
            for quote in QUOTES.to_rows(self.open(QUOTES)):
                if quote.article_id in articles:
                    yield quote

    def open(self, table: Table[Any]) -> pa.RecordBatchReader:
        """Return the rows of a table as they were delivered; none where it is newer than that."""
        part = self.parts.get(table.name)
        files = {} if part is None else {self.bundle: part.files}
        return read_sql(self.lake.parts_sql(table, files), table)


def hash_copy(copy: Copy) -> str:
    """Return a hash of what is extracted from: the text of a copy, and where it is on the page."""
    places = (part for piece in copy.pieces for part in piece)
    return content_id(copy.text, *places)


def find_extracted(
    lake: Lake, bundle: str, *, code_versions: Mapping[str, str]
) -> Extracted | None:
    """Return what was extracted of a bundle if it may be taken over, or None.

    It may if the pages are those that were delivered, as no run has read them since, and if the
    code is the same from the reading to the extraction.
    """
    parts = {part.table_name: part for part in lake.read_delivery(bundle)}
    needed = {table.name for table in BUNDLE_TABLES} - {PAGE_CORRECTIONS.name}
    if not needed <= parts.keys():
        return None
    if lake.find_live(RAW_ARTICLES, bundle=bundle).files != parts[RAW_ARTICLES.name].files:
        return None
    last = Extracted(lake, bundle, parts, {})
    with explain_damage(lake, PAGE_CORRECTIONS):
        corrections = list(PAGE_CORRECTIONS.to_rows(last.open(PAGE_CORRECTIONS)))
        delivered = next(BUNDLES.to_rows(last.open(BUNDLES)), None)
    prints = print_ids((row.kind, row.correction_id) for row in corrections)
    sha256 = "" if delivered is None else delivered.sha256
    wanted = fingerprint_tables(sha256, code_versions, prints)[QUOTES.name]
    if parts[QUOTES.name].fingerprint != wanted:
        return None
    corrected = {
        row.article_id
        for row in corrections
        if row.kind is CorrectionKind.QUOTE and row.status is not CorrectionStatus.MATCHED_NOTHING
    }
    with explain_damage(lake, SEGMENTS):
        failed = {
            row.source_path
            for row in REJECTED_FILES.to_rows(last.open(REJECTED_FILES))
            if row.stage is Stage.ARTICLE
        }
        copies = {
            copy.article_id: hash_copy(copy)
            for copy in _read_copies(last)
            if copy.article_id not in corrected and copy.source_path not in failed
        }
    return Extracted(lake, bundle, parts, copies)


def _read_copies(last: Extracted) -> Iterator[Copy]:
    """Yield the copy of each article that was read."""
    pages = pair_pages(
        RAW_ARTICLES.to_rows(last.open(RAW_ARTICLES)), SEGMENTS.to_rows(last.open(SEGMENTS))
    )
    for page, article in zip(pages, ARTICLES.to_rows(last.open(ARTICLES)), strict=True):
        copy = compose_copy(page.raw, page.segments)
        if copy.pieces and is_read(article, n_chars=len(copy.text)):
            yield copy
