"""Checks on the catalogue; those on the rows of a table are in `copydesk.lake.checks`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets.freshness import CATALOGUE_KEY, judge_freshness
from assets.freshness import CHECK as FRESHNESS_CHECK
from copydesk.publishing.catalogue import origin_of, read_origin
from copydesk.publishing.versions import corpus_versions
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


def check_catalogue(settings: Settings) -> Iterator[dg.AssetCheckResult]:
    """Yield whether the catalogue is fresh, and shows the newest deliveries."""
    lake = settings.lake
    freshness = judge_freshness(lake, now=datetime.now(tz=UTC), fresh_days=settings.fresh_days)
    yield dg.AssetCheckResult(
        asset_key=CATALOGUE_KEY,
        check_name=FRESHNESS_CHECK,
        passed=freshness is None or freshness.is_fresh,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={} if freshness is None else freshness.metadata,
    )
    snapshot, shown = lake.snapshot(), read_origin(settings.catalogue)
    newest = origin_of(snapshot, code_versions=corpus_versions(settings.overrides))
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
