"""From pages to clean copy: raw_articles -> segments -> articles, article_facts."""

from functools import partial
from itertools import chain

import dagster as dg
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS, declare_table
from copydesk.cleaning.articles import compose_articles, pair_pages
from copydesk.cleaning.repeats import LineCounter
from copydesk.cleaning.segments import label_page
from copydesk.tables import ARTICLE_FACTS, ARTICLES, RAW_ARTICLES, SEGMENTS, spool

ARTICLE_TABLES = (ARTICLES, ARTICLE_FACTS)


@dg.multi_asset(
    outs={SEGMENTS.name: declare_table(SEGMENTS, group="cleaning")},
    partitions_def=BUNDLE_PARTITIONS,
)
def label_pages(raw_articles: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Label every line of every page as copy or as a kind of boilerplate, in two passes."""
    counter = LineCounter()
    pages = RAW_ARTICLES.spool(counter.watch(RAW_ARTICLES.to_rows(raw_articles)))
    label = partial(label_page, repeated=counter.repeated())
    return SEGMENTS.spool(chain.from_iterable(map(label, RAW_ARTICLES.to_rows(pages))))


@dg.multi_asset(
    outs={table.name: declare_table(table, group="cleaning") for table in ARTICLE_TABLES},
    partitions_def=BUNDLE_PARTITIONS,
)
def clean_articles(
    raw_articles: pa.RecordBatchReader, segments: pa.RecordBatchReader
) -> tuple[pa.RecordBatchReader, pa.RecordBatchReader]:
    """Compose the article of every page, with the evidence for its metadata."""
    pages = pair_pages(RAW_ARTICLES.to_rows(raw_articles), SEGMENTS.to_rows(segments))
    articles, article_facts = spool(compose_articles(pages), ARTICLE_TABLES)
    return articles, article_facts
