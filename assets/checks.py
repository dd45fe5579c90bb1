"""Checks on the catalogue; those on the rows of a table are in `copydesk.lake.checks`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import duckdb

from assets.freshness import CATALOGUE_KEY, judge_freshness, judge_publication
from assets.freshness import CHECK as FRESHNESS_CHECK
from copydesk.lake.ledger import Publication
from copydesk.publishing.origin import find_origin, newest_origin
from copydesk.settings import Settings

NEWEST_CHECK = "shows_what_is_delivered"
CATALOGUE_CHECKS = [
    dg.AssetCheckSpec(
        FRESHNESS_CHECK,
        asset=CATALOGUE_KEY,
        description="A snapshot was published in the days that COPYDESK_FRESH_DAYS sets. "
        "A sensor makes this check once a day, whether anything is published or not.",
    ),
    dg.AssetCheckSpec(
        NEWEST_CHECK,
        asset=CATALOGUE_KEY,
        description="Readers see what is delivered and decided, made by the code of today.",
    ),
]


def check_catalogue(
    settings: Settings, connection: duckdb.DuckDBPyConnection, *, published: Publication | None
) -> Iterator[dg.AssetCheckResult]:
    """Yield whether the catalogue is fresh, and shows the newest deliveries.

    `connection` is to the catalogue; `published` is what this run has just published, if anything.
    """
    lake, now, days = settings.lake, datetime.now(tz=UTC), settings.fresh_days
    freshness = (
        judge_freshness(lake, now=now, fresh_days=days)
        if published is None
        else judge_publication(published, now=now, fresh_days=days)
    )
    yield dg.AssetCheckResult(
        asset_key=CATALOGUE_KEY,
        check_name=FRESHNESS_CHECK,
        passed=freshness is None or freshness.is_fresh,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={} if freshness is None else freshness.metadata,
    )
    shown = find_origin(connection)
    newest = newest_origin(lake, settings.decisions, id_list=settings.id_list)
    yield dg.AssetCheckResult(
        asset_key=CATALOGUE_KEY,
        check_name=NEWEST_CHECK,
        passed=shown == newest,
        severity=dg.AssetCheckSeverity.WARN,
        description=None if shown == newest else "the next run publishes what came in meanwhile",
        metadata={
            "version_shown": -1 if shown is None else shown.snapshot_version,
            "version_delivered": newest.snapshot_version,
        },
    )
