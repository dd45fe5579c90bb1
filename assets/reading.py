"""From the files of a bundle to its pages: inbox -> raw_articles, rejected_files, bundles."""

from pathlib import Path

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table
from assets.failures import explained
from copydesk import steps
from copydesk.lake.deliveries import find_source
from copydesk.lake.lake import Lake
from copydesk.reading.bundles import locate_bundle
from copydesk.reading.limits import Limits
from copydesk.steps import READ_TABLES, Progress, Stages

inbox_files = dg.AssetSpec(
    "inbox_files",
    description="Files and folders of scraped pages as delivered; they are never changed.",
    group_name="reading",
    kinds={"file"},
    partitions_def=BUNDLE_PARTITIONS,
)


class BundleSource(dg.Config):
    """Where a bundle is; when empty, where it was read last time, or in the inbox.

    With `may_replace` it replaces a bundle of the same name from another place.
    """

    path: str = ""
    may_replace: bool = False


@dg.multi_asset(
    outs={table.name: declare_table(table, group="reading") for table in READ_TABLES},
    deps=[inbox_files],
    partitions_def=BUNDLE_PARTITIONS,
)
def read_pages(  # noqa: PLR0913, PLR0917 - a resource each
    context: dg.AssetExecutionContext,
    config: BundleSource,
    lake: dg.ResourceParam[Lake],
    inbox: dg.ResourceParam[Path],
    limits: dg.ResourceParam[Limits],
    progress: dg.ResourceParam[Progress],
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader, pa.RecordBatchReader]:
    """Read every page of a bundle; each file that cannot be read gets a row with the reason."""
    bundle = context.partition_key
    stages = Stages(progress, lake, bundle)
    with explained():
        recorded = None if config.may_replace else find_source(lake, bundle)
        path = locate_bundle(bundle, asked=config.path, recorded=recorded, inbox=inbox)
        return steps.read_pages(path, bundle=bundle, limits=limits, stages=stages)
