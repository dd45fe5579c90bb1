"""Over all bundles: who is who (entities), which articles and which quotations are one.

The first asset opens the newest snapshot of the lake, and all others of the run the same one. Each
states with its rows which snapshot and which code made them, so that rows of two snapshots or sets
of decisions are never published together.
"""

from pathlib import Path

import dagster as dg

from assets.declare import declare_table
from assets.failures import explained
from copydesk import steps
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.steps import ENTITY_TABLES
from copydesk.tables import QUOTE_GROUPS, STORIES


@dg.multi_asset(
    outs={table.name: declare_table(table, group="resolution") for table in ENTITY_TABLES},
    deps=["deliveries", "mentions"],
)
def resolve_mentions(
    lake: dg.ResourceParam[Lake], overrides_path: dg.ResourceParam[Path]
) -> tuple[CorpusRows, CorpusRows]:
    """Resolve the names of all articles to entities; what people have decided comes last."""
    with explained():
        return steps.resolve_mentions(lake, overrides_path=overrides_path)


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
    with explained():
        return steps.cluster_articles(lake, overrides_path=overrides_path)


@dg.multi_asset(
    outs={QUOTE_GROUPS.name: declare_table(QUOTE_GROUPS, group="resolution")},
    deps=["deliveries", "entity_links", "quotes"],
)
def group_statements(
    lake: dg.ResourceParam[Lake], overrides_path: dg.ResourceParam[Path]
) -> CorpusRows:
    """Find the quotations that render one statement."""
    with explained():
        return steps.group_statements(lake, overrides_path=overrides_path)
