"""Over all bundles: who is who (entities), which articles and which quotations are one.

Each asset opens one snapshot of the lake and states with its rows which snapshot and which code
made them, so that rows of two snapshots or sets of decisions are never published together.
"""

from pathlib import Path

import dagster as dg

from assets.declare import declare_table
from copydesk.entities.overrides import read_overrides
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.publishing.versions import hash_corpus_code
from copydesk.statements.groups import group_quotes
from copydesk.stories.stories import find_stories
from copydesk.tables import ENTITIES, ENTITY_LINKS, QUOTE_GROUPS, STORIES

ENTITY_TABLES = (ENTITIES, ENTITY_LINKS)


@dg.multi_asset(
    outs={table.name: declare_table(table, group="resolution") for table in ENTITY_TABLES},
    deps=["deliveries", "mentions"],
)
def resolve_mentions(
    lake: dg.ResourceParam[Lake], overrides_path: dg.ResourceParam[Path]
) -> tuple[CorpusRows, CorpusRows]:
    """Resolve the names of all articles to entities; people's decisions are applied last."""
    snapshot = lake.snapshot()
    code = hash_corpus_code(overrides_path)
    entities, links = resolve_entities(snapshot, overrides=read_overrides(overrides_path))
    return CorpusRows(entities, snapshot.version, code), CorpusRows(links, snapshot.version, code)


@dg.multi_asset(
    outs={STORIES.name: declare_table(STORIES, group="resolution")},
    deps=[
        *("article_facts", "articles", "deliveries", "entities", "entity_links", "mentions"),
        *("quotes", "raw_articles"),
    ],
)
def cluster_articles(
    lake: dg.ResourceParam[Lake], overrides_path: dg.ResourceParam[Path]
) -> CorpusRows:
    """Find the articles that are one text, and the texts that report one event."""
    snapshot = lake.snapshot()
    stories = find_stories(
        snapshot,
        entities_sql=lake.relation_sql(ENTITIES),
        links_sql=lake.relation_sql(ENTITY_LINKS),
    )
    code = hash_corpus_code(overrides_path)
    return CorpusRows(STORIES.spool(stories), snapshot.version, code)


@dg.multi_asset(
    outs={QUOTE_GROUPS.name: declare_table(QUOTE_GROUPS, group="resolution")},
    deps=["deliveries", "entity_links", "quotes"],
)
def group_statements(
    lake: dg.ResourceParam[Lake], overrides_path: dg.ResourceParam[Path]
) -> CorpusRows:
    """Find the quotations that render one statement."""
    snapshot = lake.snapshot()
    code = hash_corpus_code(overrides_path)
    rows = group_quotes(snapshot, links_sql=lake.relation_sql(ENTITY_LINKS))
    return CorpusRows(rows, snapshot.version, code)
