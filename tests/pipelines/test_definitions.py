"""What Dagster knows of us: every asset with its group, inputs and columns."""

import dagster as dg
import pytest

from copydesk.lake.ledger import DELIVERIES
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES
from pipelines.definitions import build_definitions
from pipelines.resources import load_project_settings

defs = build_definitions(load_project_settings())
# The lineage as a reader of the UI sees it; a change here is a change of the architecture.
LINEAGE = {
    "inbox_files": ("reading", ()),
    "raw_articles": ("reading", ("inbox_files",)),
    "rejected_files": ("reading", ("inbox_files",)),
    "bundles": ("reading", ("inbox_files",)),
    "segments": ("cleaning", ("raw_articles",)),
    "articles": ("cleaning", ("raw_articles", "segments")),
    "article_facts": ("cleaning", ("raw_articles", "segments")),
    "mentions": ("extraction", ("articles", "raw_articles", "segments")),
    "quotes": ("extraction", ("articles", "raw_articles", "segments")),
    "deliveries": ("delivery", tuple(sorted(table.name for table in BUNDLE_TABLES))),
    "entities": ("resolution", ("deliveries", "mentions")),
    "entity_links": ("resolution", ("deliveries", "mentions")),
    "stories": (
        "resolution",
        (
            *("article_facts", "articles", "deliveries", "entities", "entity_links", "mentions"),
            *("quotes", "raw_articles"),
        ),
    ),
    "quote_groups": ("resolution", ("deliveries", "entity_links", "quotes")),
    "catalogue": (
        "publishing",
        tuple(sorted(t.name for t in (*BUNDLE_TABLES, *CORPUS_TABLES, DELIVERIES))),
    ),
}


def test_definitions_load():
    dg.Definitions.validate_loadable(defs)


def test_assets_are_in_their_groups_and_read_what_the_lineage_says():
    graph = defs.resolve_asset_graph()
    found = {
        key.path[-1]: (
            graph.get(key).group_name,
            tuple(sorted(parent.path[-1] for parent in graph.get(key).parent_keys)),
        )
        for key in graph.get_all_asset_keys()
    }
    assert found == LINEAGE


@pytest.mark.parametrize(
    "table", [*BUNDLE_TABLES, *CORPUS_TABLES, DELIVERIES], ids=lambda t: t.name
)
def test_every_table_shows_its_description_and_columns(table):
    spec = defs.resolve_asset_graph().get(dg.AssetKey(table.name))
    assert spec.description == table.meaning
    columns = spec.metadata["dagster/column_schema"].columns
    assert [column.name for column in columns] == [column.name for column in table.columns]
    assert all(column.description for column in columns)


def test_every_table_has_a_check_that_blocks_on_its_key():
    checks = {
        (spec.asset_key.path[-1], spec.name): spec.blocking
        for check in defs.asset_checks or ()
        for spec in check.check_specs
    }
    for table in (*BUNDLE_TABLES, *CORPUS_TABLES):
        assert checks[table.name, "key_is_unique"]


def test_sensors_and_schedule_are_on_from_the_start():
    repository = defs.get_repository_def()
    assert {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs} == {
        "inbox_sensor": "RUNNING",
        "delivery_sensor": "RUNNING",
        "life_sensor": "RUNNING",
        "alert_sensor": "RUNNING",
    }
    assert {s.name: s.default_status.value for s in repository.schedule_defs} == {
        "daily_publish": "RUNNING",
        "weekly_upkeep": "RUNNING",
    }
