"""Make rows visible to readers: a bundle once all its tables are there, and the catalogue."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table, view_schema
from assets.failures import explained
from copydesk import steps
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.catalogue import load_views
from copydesk.publishing.versions import catalogue_version
from copydesk.quotations.methods import QuoteMethod
from copydesk.tables import BUNDLE_TABLES, BUNDLES, CORPUS_TABLES


@dg.multi_asset(
    outs={DELIVERIES.name: declare_table(DELIVERIES, group="delivery")},
    deps=[table.name for table in BUNDLE_TABLES if table is not BUNDLES],
    partitions_def=BUNDLE_PARTITIONS,
)
def deliver_bundle(
    lake: dg.ResourceParam[Lake],
    quote_method: dg.ResourceParam[QuoteMethod],
    bundles: pa.RecordBatchReader,
) -> pa.RecordBatchReader:
    """Declare a bundle complete: from here on its rows count."""
    with explained():
        return steps.deliver_bundle(bundles, lake=lake, method=quote_method)


@dg.asset(
    group_name="publishing",
    kinds={"duckdb"},
    metadata={"dagster/column_schema": view_schema(next(iter(load_views())))},
    code_version=catalogue_version(),
    deps=[DELIVERIES.name, *(table.name for table in (*BUNDLE_TABLES, *CORPUS_TABLES))],
)
def catalogue(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    catalogue_path: dg.ResourceParam[Path],
    overrides_path: dg.ResourceParam[Path],
) -> dg.MaterializeResult[None]:
    """The DuckDB file to open: one view per table, and `said` (its columns), `people` and more."""
    with explained():
        published = steps.publish_catalogue(
            lake,
            path=catalogue_path,
            overrides_path=overrides_path,
            published_at=datetime.now(tz=UTC),
        )
    if published is None:
        context.log.warning(
            "decisions changed during this run, or another one was faster: the next run publishes"
        )
        return dg.MaterializeResult(metadata={"is_published": False})
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": published.n_quotes,
            "is_published": True,
            "snapshot": published.number,
            "snapshot_version": published.deliveries_version,
            "n_bundles": published.n_bundles,
            "path": dg.MetadataValue.path(str(catalogue_path)),
        }
    )
