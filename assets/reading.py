"""From the files of a bundle to its pages: inbox -> bundles -> raw_articles, rejected_files."""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS, OWNERS, declare_table
from assets.exhibits.inbox import show_files
from assets.failures import explained
from assets.writing import Event, declare_checks, write_bundle
from copydesk import steps
from copydesk.lake.deliveries import find_source
from copydesk.reading.bundles import locate_bundle
from copydesk.settings import Settings
from copydesk.stages import Progress, Stages
from copydesk.steps import READ_TABLES
from copydesk.tables import BUNDLES, RAW_ARTICLES, REJECTED_FILES

inbox_files = dg.AssetSpec(
    "inbox_files",
    description="Files and folders of scraped pages as delivered; they are never changed.",
    group_name="reading",
    kinds={"file"},
    owners=OWNERS,
    tags={"copydesk/rows_of": "bundle"},
    partitions_def=BUNDLE_PARTITIONS,
)


class BundleSource(dg.Config):
    """Where a bundle is; when empty, where it was read last time, or in the inbox.

    With `may_replace` it replaces a bundle of the same name from another place.
    """

    path: str = ""
    may_replace: bool = False


@dg.multi_asset(
    specs=[
        declare_table(BUNDLES, group="reading", deps=[inbox_files.key.to_user_string()]),
        declare_table(RAW_ARTICLES, group="reading", deps=[BUNDLES.name]),
        declare_table(REJECTED_FILES, group="reading", deps=[BUNDLES.name]),
    ],
    check_specs=declare_checks(READ_TABLES),
)
def read_pages(
    context: dg.AssetExecutionContext,
    config: BundleSource,
    settings: dg.ResourceParam[Settings],
    progress: dg.ResourceParam[Progress],
) -> Iterator[Event]:
    """Read every page of a bundle; each file that cannot be read gets a row with the reason."""
    bundle, lake, started = context.partition_key, settings.lake, perf_counter()
    stages = Stages(progress, lake, bundle)
    with explained():
        recorded = None if config.may_replace else find_source(lake, bundle)
        path = locate_bundle(bundle, asked=config.path, recorded=recorded, inbox=settings.inbox)
        made = steps.read_pages(path, bundle=bundle, limits=settings.limits, stages=stages)
        context.log_event(
            dg.AssetMaterialization(inbox_files.key, partition=bundle, metadata=show_files(path))
        )
        yield from write_bundle(lake, READ_TABLES, made, bundle=bundle, started=started)
