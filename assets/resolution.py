"""Over all bundles: who is who (entities), which articles and which quotations are one.

The first asset opens the newest snapshot of the lake, and all others of the run the same one. Each
states with its rows which snapshot and which code made them, so that rows of two snapshots or sets
of decisions are never published together.
"""

from collections.abc import Iterator
from time import perf_counter

import dagster as dg

from assets.corrections import CORRECTIONS, show_corrections
from assets.declare import declare_table
from assets.failures import explained
from assets.writing import Event, declare_checks, write_corpus
from copydesk import corpus_steps
from copydesk.corpus_steps import ENTITY_TABLES
from copydesk.lake.ledger import DELIVERIES
from copydesk.settings import Settings
from copydesk.tables import CORPUS_CORRECTIONS, ENTITIES, NAME_LINKS, OUTLETS, QUOTE_GROUPS, STORIES


@dg.multi_asset(
    specs=[
        declare_table(ENTITIES, group="resolution", deps=[DELIVERIES.name, CORRECTIONS]),
        declare_table(NAME_LINKS, group="resolution", deps=[ENTITIES.name]),
        declare_table(CORPUS_CORRECTIONS, group="resolution", deps=[ENTITIES.name]),
    ],
    check_specs=declare_checks(ENTITY_TABLES),
)
def resolve_mentions(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[Event]:
    """Resolve the names of all articles to entities; what people have decided comes last."""
    started = perf_counter()
    with explained():
        shown = show_corrections(settings.decisions.corrections)
        context.log_event(dg.AssetMaterialization(CORRECTIONS, metadata=shown))
        made = corpus_steps.resolve_mentions(settings.lake, decisions=settings.decisions)
        yield from write_corpus(settings.lake, ENTITY_TABLES, made, started=started)


@dg.multi_asset(
    specs=[declare_table(OUTLETS, group="resolution", deps=[NAME_LINKS.name, CORRECTIONS])],
    check_specs=declare_checks((OUTLETS,)),
)
def resolve_outlets(settings: dg.ResourceParam[Settings]) -> Iterator[Event]:
    """Give each outlet one name; what people have decided comes last."""
    started = perf_counter()
    with explained():
        made = corpus_steps.resolve_outlets(settings.lake, decisions=settings.decisions)
        yield from write_corpus(settings.lake, (OUTLETS,), [made], started=started)


@dg.multi_asset(
    specs=[declare_table(STORIES, group="resolution", deps=[NAME_LINKS.name])],
    check_specs=declare_checks((STORIES,)),
)
def cluster_articles(settings: dg.ResourceParam[Settings]) -> Iterator[Event]:
    """Find the articles that are one text, and the texts that report one event."""
    started = perf_counter()
    with explained():
        made = corpus_steps.cluster_articles(settings.lake, decisions=settings.decisions)
        yield from write_corpus(settings.lake, (STORIES,), [made], started=started)


@dg.multi_asset(
    specs=[declare_table(QUOTE_GROUPS, group="resolution", deps=[NAME_LINKS.name])],
    check_specs=declare_checks((QUOTE_GROUPS,)),
)
def group_statements(settings: dg.ResourceParam[Settings]) -> Iterator[Event]:
    """Find the quotations that render one statement."""
    started = perf_counter()
    with explained():
        made = corpus_steps.group_statements(settings.lake, decisions=settings.decisions)
        yield from write_corpus(settings.lake, (QUOTE_GROUPS,), [made], started=started)
