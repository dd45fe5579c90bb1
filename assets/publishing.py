"""Make rows visible to readers: a bundle once all its tables are there, and the catalogue."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter

import dagster as dg
import duckdb

from assets.checks import CATALOGUE_CHECKS, check_catalogue
from assets.declare import OWNERS, declare_table, declare_view
from assets.exhibits.show import show_rows
from assets.failures import explained
from assets.writing import Event, declare_checks, write_bundle
from copydesk import corpus_steps, steps
from copydesk.lake.ledger import DELIVERIES, Publication
from copydesk.publishing.access import open_unsafe
from copydesk.publishing.origin import read_way
from copydesk.publishing.versions import catalogue_version
from copydesk.publishing.view import View, load_views
from copydesk.settings import Settings
from copydesk.tables import (
    BUNDLES,
    CORPUS_CORRECTIONS,
    DERIVED_TABLES,
    OUTLETS,
    PAGE_CORRECTIONS,
    QUOTE_GROUPS,
    STORIES,
)

CATALOGUE = "catalogue"
LATE_AFTER = timedelta(days=Settings.model_fields["fresh_days"].default)
VIEWS = tuple(load_views())
JOINED = {"entity_links", "said_about", "uncertain", "quote_variants", "who_met_whom", "coverage"}
READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")


@dg.multi_asset(
    specs=[declare_table(DELIVERIES, group="delivery", deps=[PAGE_CORRECTIONS.name])],
    check_specs=declare_checks((DELIVERIES,)),
)
def deliver_bundle(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[Event]:
    """Declare a bundle complete: from here on its rows count."""
    bundle, lake, started = context.partition_key, settings.lake, perf_counter()
    with explained():
        rows = lake.read(BUNDLES, bundle=bundle)
        made = steps.deliver_bundle(rows, lake=lake, method=settings.quotes)
        yield from write_bundle(lake, (DELIVERIES,), [made], bundle=bundle, started=started)


def _list_sources(view: View) -> list[str]:
    """Return the views that a view reads, or the catalogue, whose tables it reads."""
    read = set(READ.findall(view.sql))
    return [other.name for other in VIEWS if other.name in read] or [CATALOGUE]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            CATALOGUE,
            deps=[OUTLETS.name, STORIES.name, QUOTE_GROUPS.name, CORPUS_CORRECTIONS.name],
            description="The DuckDB file to open: one view for each table, and those beside it.",
            group_name="publishing",
            kinds={"duckdb"},
            code_version=catalogue_version(),
            owners=OWNERS,
            tags={"copydesk/rows_of": "all-bundles"},
            freshness_policy=dg.FreshnessPolicy.time_window(LATE_AFTER),
        ),
        *(declare_table(table, group="publishing", deps=[CATALOGUE]) for table in DERIVED_TABLES),
        *(declare_view(view, deps=_list_sources(view)) for view in VIEWS),
    ],
    check_specs=CATALOGUE_CHECKS,
)
def publish_catalogue(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[Event]:
    """Put the newest rows into the file that readers open, and show what they find there."""
    started = perf_counter()
    with explained():
        published = corpus_steps.publish_catalogue(
            settings.lake,
            path=settings.catalogue,
            decisions=settings.decisions,
            published_at=datetime.now(tz=UTC),
            id_list=settings.id_list,
        )
        if published is None:
            context.log.warning(
                "decisions changed during this run, or another one was faster: the next run "
                "publishes"
            )
        context.log.info("catalogue: %s", read_way(settings.catalogue))
        yield from _show(settings, published, seconds=perf_counter() - started)


def _show(settings: Settings, published: Publication | None, *, seconds: float) -> Iterator[Event]:
    with open_unsafe(settings.catalogue) as connection:
        yield dg.MaterializeResult(
            asset_key=CATALOGUE,
            metadata={
                **show_rows(CATALOGUE, connection),
                **_describe(published),
                "path": dg.MetadataValue.path(str(settings.catalogue)),
                "bytes": settings.catalogue.stat().st_size,
                "way": read_way(settings.catalogue) or "",
                "seconds": round(seconds, 3),
            },
        )
        for name in [*(table.name for table in DERIVED_TABLES), *(view.name for view in VIEWS)]:
            with _computed_once(name, connection):
                n_rows = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
                metadata = {"dagster/row_count": n_rows, **show_rows(name, connection)}
            yield dg.MaterializeResult(asset_key=name, metadata=metadata)
        yield from check_catalogue(settings, connection, published=published)


@contextmanager
def _computed_once(name: str, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep the rows of a view that joins much, instead of joining again for every number.

    A temporary table hides the view of its name.
    """
    if name not in JOINED:
        yield
        return
    (database,) = connection.execute("SELECT current_database()").fetchall()[0]
    connection.execute(f'CREATE TEMP TABLE "{name}" AS FROM "{database}"."{name}"')
    yield
    connection.execute(f'DROP TABLE temp."{name}"')


def _describe(published: Publication | None) -> dict[str, bool | int]:
    if published is None:
        return {"is_published": False}
    return {
        "is_published": True,
        "dagster/row_count": published.n_quotes,
        "snapshot": published.number,
        "snapshot_version": published.deliveries_version,
    }
