"""From articles to who said what: articles -> mentions -> quotes; each article is parsed once."""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from assets.corrections import CORRECTIONS, open_stages
from assets.declare import declare_table
from assets.failures import explained
from assets.writing import Event, declare_checks, write_bundle
from copydesk import steps
from copydesk.settings import Settings
from copydesk.stages import Progress
from copydesk.steps import EXTRACTED_TABLES
from copydesk.tables import ARTICLES, MENTIONS, PAGE_CORRECTIONS, QUOTES, RAW_ARTICLES, SEGMENTS


@dg.multi_asset(
    specs=[
        declare_table(MENTIONS, group="extraction", deps=[ARTICLES.name], kinds={"spacy"}),
        declare_table(
            QUOTES, group="extraction", deps=[MENTIONS.name, CORRECTIONS], kinds={"spacy"}
        ),
        declare_table(PAGE_CORRECTIONS, group="extraction", deps=[QUOTES.name]),
    ],
    check_specs=declare_checks(EXTRACTED_TABLES),
)
def extract_articles(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    progress: dg.ResourceParam[Progress],
) -> Iterator[Event]:
    """Find names and quotations in the copy of every article, and who speaks."""
    bundle, lake, started = context.partition_key, settings.lake, perf_counter()
    with explained():
        made = steps.extract_articles(
            lake.read(RAW_ARTICLES, bundle=bundle),
            lake.read(SEGMENTS, bundle=bundle),
            lake.read(ARTICLES, bundle=bundle),
            n_workers=settings.workers,
            method=settings.quotes,
            stages=open_stages(settings, progress, bundle),
            limits=settings.limits,
            cluster=settings.cluster,
        )
        yield from write_bundle(lake, EXTRACTED_TABLES, made, bundle=bundle, started=started)
