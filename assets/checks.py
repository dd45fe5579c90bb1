"""Checks on what each step wrote: keys generated from the declarations, invariants by hand.

One check step for each step of the graph: a step costs Dagster more than the SQL in it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets import cleaning, extraction, reading, resolution
from assets.declare import TABLES_BY_NAME
from assets.freshness import CATALOGUE_KEY, judge_freshness
from assets.freshness import CHECK as FRESHNESS_CHECK
from copydesk.lake.checks import (
    count_broken_pages,
    count_broken_quotes,
    count_duplicate_keys,
    count_unread,
    empty_share,
)
from copydesk.lake.lake import Lake
from copydesk.tables import (
    ARTICLES,
    QUOTES,
    RAW_ARTICLES,
    SEGMENTS,
    Table,
)

KEY_CHECK = "key_is_unique"
MAX_EMPTY_SHARE = 0.2  # more articles without a body means a layout that we do not know yet


def check_keys(step: dg.AssetsDefinition) -> dg.AssetChecksDefinition:
    """Return the check that no two rows have the same key, for each table that a step makes."""
    tables = [TABLES_BY_NAME[key.path[-1]] for key in sorted(step.keys)]

    @dg.multi_asset_check(
        name=f"check_keys_of_{step.op.name}", specs=[_key_spec(table) for table in tables]
    )
    def keys_are_unique(
        context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[Lake]
    ) -> Iterator[dg.AssetCheckResult]:
        for table in tables:
            bundle = context.partition_key if table.is_per_bundle else None
            n_duplicates = count_duplicate_keys(table, lake.relation_sql(table, bundle=bundle))
            yield dg.AssetCheckResult(
                asset_key=table.name,
                check_name=KEY_CHECK,
                passed=n_duplicates == 0,
                metadata={"n_duplicates": n_duplicates},
            )

    return keys_are_unique


def _key_spec(table: Table[Any]) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        KEY_CHECK,
        asset=table.name,
        description=f"No two rows have the same {', '.join(table.key)}.",
        blocking=True,
    )


@dg.asset_check(asset=SEGMENTS.name, blocking=True, additional_deps=[RAW_ARTICLES.name])
def segments_rebuild_pages(
    context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.AssetCheckResult:
    """Check that the segments of a page, in order, are exactly its text."""
    bundle = context.partition_key
    n_broken = count_broken_pages(
        raw_articles=lake.relation_sql(RAW_ARTICLES, bundle=bundle),
        segments=lake.relation_sql(SEGMENTS, bundle=bundle),
    )
    return dg.AssetCheckResult(passed=n_broken == 0, metadata={"n_broken": n_broken})


@dg.asset_check(asset=QUOTES.name, blocking=True, additional_deps=[RAW_ARTICLES.name])
def quotes_are_in_text(
    context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.AssetCheckResult:
    """Check that every quotation is where its offsets say."""
    bundle = context.partition_key
    n_broken = count_broken_quotes(
        raw_articles=lake.relation_sql(RAW_ARTICLES, bundle=bundle),
        quotes=lake.relation_sql(QUOTES, bundle=bundle),
    )
    return dg.AssetCheckResult(passed=n_broken == 0, metadata={"n_broken": n_broken})


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            "copy_survives_cleaning",
            asset=ARTICLES.name,
            description="Few articles have lost their whole body to cleaning.",
        ),
        dg.AssetCheckSpec(
            "all_is_read",
            asset=ARTICLES.name,
            description="Names and quotations are looked for in every article.",
        ),
    ]
)
def check_articles(
    context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[Lake]
) -> Iterator[dg.AssetCheckResult]:
    """Warn of what may be missed: articles without a body, and articles that are not read."""
    articles = lake.relation_sql(ARTICLES, bundle=context.partition_key)
    share = empty_share(articles)
    yield dg.AssetCheckResult(
        asset_key=ARTICLES.name,
        check_name="copy_survives_cleaning",
        passed=share <= MAX_EMPTY_SHARE,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"empty_share": share},
    )
    unread = count_unread(articles)
    yield dg.AssetCheckResult(
        asset_key=ARTICLES.name,
        check_name="all_is_read",
        passed=not unread,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"unread": unread},
    )


@dg.asset_check(asset=CATALOGUE_KEY, name=FRESHNESS_CHECK)
def published_lately(
    lake: dg.ResourceParam[Lake], fresh_days: dg.ResourceParam[float]
) -> dg.AssetCheckResult:
    """Check that a snapshot was published in the days that `COPYDESK_FRESH_DAYS` sets.

    A sensor makes this check once a day, whether anything is published or not.
    """
    freshness = judge_freshness(lake, now=datetime.now(tz=UTC), fresh_days=fresh_days)
    return dg.AssetCheckResult(
        passed=freshness is None or freshness.is_fresh,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={} if freshness is None else freshness.metadata,
    )


STEPS = [
    asset
    for asset in dg.load_assets_from_modules([reading, cleaning, extraction, resolution])
    if isinstance(asset, dg.AssetsDefinition) and asset.is_executable
]
CHECKS = [
    *map(check_keys, STEPS),
    segments_rebuild_pages,
    quotes_are_in_text,
    check_articles,
    published_lately,
]
