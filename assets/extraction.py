"""From articles to who said what: articles -> mentions, quotes; each article is parsed once."""

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table
from assets.failures import explained
from copydesk import steps
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.limits import Limits
from copydesk.steps import EXTRACTED_TABLES, Progress, Stages


@dg.multi_asset(
    outs={
        table.name: declare_table(table, group="extraction", kinds={"spacy"})
        for table in EXTRACTED_TABLES
    },
    partitions_def=BUNDLE_PARTITIONS,
)
def extract_articles(  # noqa: PLR0913, PLR0917 - three tables, and a resource each
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    n_workers: dg.ResourceParam[int],
    quote_method: dg.ResourceParam[QuoteMethod],
    limits: dg.ResourceParam[Limits],
    progress: dg.ResourceParam[Progress],
    raw_articles: pa.RecordBatchReader,
    segments: pa.RecordBatchReader,
    articles: pa.RecordBatchReader,
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader]:
    """Find names and quotations in the copy of every article, and who speaks."""
    with explained():
        return steps.extract_articles(
            raw_articles,
            segments,
            articles,
            n_workers=n_workers,
            method=quote_method,
            stages=Stages(progress, lake, context.partition_key),
            limits=limits,
        )
