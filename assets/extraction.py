"""From articles to who said what: articles -> mentions, quotes; each article is parsed once."""

from collections.abc import Callable, Iterable

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table
from copydesk.cleaning.articles import pair_pages
from copydesk.cleaning.copytext import Copy
from copydesk.extraction.extract import extract_copies, select_copies
from copydesk.quotations.methods import QuoteMethod
from copydesk.tables import ARTICLES, MENTIONS, QUOTES, RAW_ARTICLES, SEGMENTS, spool

EXTRACTED_TABLES = (MENTIONS, QUOTES)


@dg.multi_asset(
    outs={
        table.name: declare_table(table, group="extraction", kinds={"spacy"})
        for table in EXTRACTED_TABLES
    },
    partitions_def=BUNDLE_PARTITIONS,
)
def extract_articles(  # noqa: PLR0913, PLR0917 - three tables and three resources
    raw_articles: pa.RecordBatchReader,
    segments: pa.RecordBatchReader,
    articles: pa.RecordBatchReader,
    n_workers: dg.ResourceParam[int],
    quote_method: dg.ResourceParam[QuoteMethod],
    progress: dg.ResourceParam[Callable[[Iterable[Copy]], Iterable[Copy]]],
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader]:
    """Find names and quotations in the copy of every article, and who speaks."""
    pages = pair_pages(RAW_ARTICLES.to_rows(raw_articles), SEGMENTS.to_rows(segments))
    copies = select_copies(pages, ARTICLES.to_rows(articles))
    found = extract_copies(progress(copies), n_workers=n_workers, method=quote_method)
    mentions, quotes = spool(found, EXTRACTED_TABLES)
    return mentions, quotes
