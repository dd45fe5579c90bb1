"""From pages to clean copy: raw_articles -> segments -> articles, article_facts."""

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table
from assets.failures import explained
from copydesk import steps
from copydesk.lake.lake import Lake
from copydesk.reading.limits import Limits
from copydesk.steps import ARTICLE_TABLES, Progress, Stages
from copydesk.tables import SEGMENTS


@dg.multi_asset(
    outs={SEGMENTS.name: declare_table(SEGMENTS, group="cleaning")},
    partitions_def=BUNDLE_PARTITIONS,
)
def label_pages(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    limits: dg.ResourceParam[Limits],
    progress: dg.ResourceParam[Progress],
    raw_articles: pa.RecordBatchReader,
) -> pa.RecordBatchReader:
    """Label every line of every page as copy or as a kind of boilerplate, in two passes."""
    stages = Stages(progress, lake, context.partition_key)
    with explained():
        return steps.label_pages(raw_articles, stages=stages, limits=limits)


@dg.multi_asset(
    outs={table.name: declare_table(table, group="cleaning") for table in ARTICLE_TABLES},
    partitions_def=BUNDLE_PARTITIONS,
)
def clean_articles(  # noqa: PLR0913, PLR0917 - two tables, and a resource each
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    limits: dg.ResourceParam[Limits],
    progress: dg.ResourceParam[Progress],
    raw_articles: pa.RecordBatchReader,
    segments: pa.RecordBatchReader,
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader]:
    """Compose the article of every page, with the evidence for its metadata."""
    stages = Stages(progress, lake, context.partition_key)
    with explained():
        return steps.clean_articles(raw_articles, segments, stages=stages, limits=limits)
