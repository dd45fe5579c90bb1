"""Checks on the tables: keys generated from their declaration, the other invariants by hand."""

from typing import Any

import dagster as dg
import pyarrow as pa

from copydesk.checks import (
    count_broken_pages,
    count_broken_quotes,
    count_duplicate_keys,
    count_empty_articles,
)
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, Table

MAX_EMPTY_SHARE = 0.2  # more articles without a body means a layout that we do not know yet


def check_key(table: Table[Any]) -> dg.AssetChecksDefinition:
    """Return the check that no two rows of `table` have the same key."""

    @dg.asset_check(
        asset=table.name,
        name="key_is_unique",
        description=f"No two rows have the same {', '.join(table.key)}.",
        blocking=True,
    )
    def key_is_unique(rows: pa.RecordBatchReader) -> dg.AssetCheckResult:
        n_duplicates = count_duplicate_keys(table, rows)
        return dg.AssetCheckResult(
            passed=n_duplicates == 0, metadata={"n_duplicates": n_duplicates}
        )

    return key_is_unique


@dg.asset_check(
    asset="segments",
    blocking=True,
    additional_ins={"raw_articles": dg.AssetIn("raw_articles")},
)
def segments_rebuild_pages(
    segments: pa.RecordBatchReader, raw_articles: pa.RecordBatchReader
) -> dg.AssetCheckResult:
    """Check that the segments of a page, one after the other, are its text exactly."""
    n_broken = count_broken_pages(raw_articles, segments)
    return dg.AssetCheckResult(passed=n_broken == 0, metadata={"n_broken": n_broken})


@dg.asset_check(
    asset="quotes",
    blocking=True,
    additional_ins={"raw_articles": dg.AssetIn("raw_articles")},
)
def quotes_stand_in_text(
    quotes: pa.RecordBatchReader, raw_articles: pa.RecordBatchReader
) -> dg.AssetCheckResult:
    """Check that every quotation stands where its offsets say."""
    n_broken = count_broken_quotes(raw_articles, quotes)
    return dg.AssetCheckResult(passed=n_broken == 0, metadata={"n_broken": n_broken})


@dg.asset_check(asset="articles")
def copy_survives_cleaning(articles: pa.RecordBatchReader) -> dg.AssetCheckResult:
    """Warn when many articles lost their whole body to cleaning."""
    n_empty, n_articles = count_empty_articles(articles)
    return dg.AssetCheckResult(
        passed=n_empty <= MAX_EMPTY_SHARE * n_articles,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"n_empty": n_empty, "n_articles": n_articles},
    )


CHECKS = [
    *(check_key(table) for table in (*BUNDLE_TABLES, *CORPUS_TABLES)),
    segments_rebuild_pages,
    quotes_stand_in_text,
    copy_survives_cleaning,
]
