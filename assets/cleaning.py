"""From pages to clean copy: raw_articles -> segments -> article_facts -> articles."""

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
from copydesk.steps import ARTICLE_TABLES
from copydesk.tables import ARTICLE_FACTS, ARTICLES, RAW_ARTICLES, SEGMENTS


@dg.multi_asset(
    specs=[declare_table(SEGMENTS, group="cleaning", deps=[RAW_ARTICLES.name, CORRECTIONS])],
    check_specs=declare_checks((SEGMENTS,)),
)
def label_pages(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    progress: dg.ResourceParam[Progress],
) -> Iterator[Event]:
    """Label every line of every page as copy or as a kind of boilerplate, in two passes."""
    bundle, lake, started = context.partition_key, settings.lake, perf_counter()
    with explained():
        stages = open_stages(settings, progress, bundle)
        pages = lake.read(RAW_ARTICLES, bundle=bundle)
        segments = steps.label_pages(pages, stages=stages, limits=settings.limits)
        yield from write_bundle(lake, (SEGMENTS,), [segments], bundle=bundle, started=started)


@dg.multi_asset(
    specs=[
        declare_table(ARTICLE_FACTS, group="cleaning", deps=[SEGMENTS.name]),
        declare_table(ARTICLES, group="cleaning", deps=[ARTICLE_FACTS.name, CORRECTIONS]),
    ],
    check_specs=declare_checks(ARTICLE_TABLES),
)
def clean_articles(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    progress: dg.ResourceParam[Progress],
) -> Iterator[Event]:
    """Compose the article of every page, with the evidence for its metadata."""
    bundle, lake, started = context.partition_key, settings.lake, perf_counter()
    with explained():
        stages = open_stages(settings, progress, bundle)
        made = steps.clean_articles(
            lake.read(RAW_ARTICLES, bundle=bundle),
            lake.read(SEGMENTS, bundle=bundle),
            stages=stages,
            limits=settings.limits,
        )
        yield from write_bundle(lake, ARTICLE_TABLES, made, bundle=bundle, started=started)
