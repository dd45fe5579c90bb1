"""What Dagster knows of us: every asset with its group, inputs and columns."""

import subprocess
import sys

import dagster as dg
import pytest

from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.view import describe_views, load_views
from copydesk.settings import Settings
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES
from pipelines.definitions import build_definitions
from pipelines.resources import build_resources, load_project_settings

defs = build_definitions(load_project_settings())
GRAPH = defs.resolve_asset_graph()
# The lineage as a reader of the UI sees it; a change here is a change of the architecture.
LINEAGE = {
    "inbox_files": ("reading", ()),
    "bundles": ("reading", ("inbox_files",)),
    "raw_articles": ("reading", ("bundles",)),
    "rejected_files": ("reading", ("bundles",)),
    "corrections": ("reading", ()),
    "segments": ("cleaning", ("corrections", "raw_articles")),
    "article_facts": ("cleaning", ("segments",)),
    "articles": ("cleaning", ("article_facts", "corrections")),
    "mentions": ("extraction", ("articles",)),
    "quotes": ("extraction", ("corrections", "mentions")),
    "page_corrections": ("extraction", ("quotes",)),
    "deliveries": ("delivery", ("page_corrections",)),
    "entities": ("resolution", ("corrections", "deliveries")),
    "name_links": ("resolution", ("entities",)),
    "corpus_corrections": ("resolution", ("entities",)),
    "outlets": ("resolution", ("corrections", "name_links")),
    "stories": ("resolution", ("name_links",)),
    "quote_groups": ("resolution", ("name_links",)),
    "catalogue": ("publishing", ("corpus_corrections", "outlets", "quote_groups", "stories")),
    "entity_links": ("publishing", ("catalogue",)),
    "said": ("publishing", ("catalogue",)),
    "said_about": ("publishing", ("said",)),
    "uncertain": ("publishing", ("said",)),
    "quote_variants": ("publishing", ("said",)),
    "passages": ("publishing", ("catalogue",)),
    "coverage": ("publishing", ("said",)),
    "people": ("publishing", ("catalogue",)),
    "who_met_whom": ("publishing", ("catalogue",)),
    "removed_text": ("publishing", ("catalogue",)),
    "corrections_applied": ("publishing", ("catalogue",)),
    "report": ("report", ("catalogue",)),
    "watched": ("watching", ("catalogue",)),
}
STATIONS = (
    *("reading", "cleaning", "extraction", "delivery", "resolution", "publishing", "report"),
)
PLACES = {name: place for place, name in enumerate(STATIONS)}
PLACES["watching"] = PLACES["report"]  # both show what is published
MAX_EDGES = 38


def test_definitions_load():
    dg.Definitions.validate_loadable(defs)


def test_assets_are_in_their_groups_and_read_what_the_lineage_says():
    found = {
        key.path[-1]: (
            GRAPH.get(key).group_name,
            tuple(sorted(parent.path[-1] for parent in GRAPH.get(key).parent_keys)),
        )
        for key in GRAPH.get_all_asset_keys()
    }
    assert found == LINEAGE


def test_the_lineage_can_be_read():
    edges = [(name, parent) for name, (_, parents) in LINEAGE.items() for parent in parents]
    assert len(edges) <= MAX_EDGES
    for name, parent in edges:
        steps = PLACES[LINEAGE[name][0]] - PLACES[LINEAGE[parent][0]]
        is_near = (
            steps in {0, 1} or parent == "corrections"
        )  # people correct what many stations make
        assert is_near, f"{parent} -> {name} crosses a group"


@pytest.mark.parametrize("name", LINEAGE)
def test_every_asset_says_what_it_is_and_whose(name):
    spec = GRAPH.get(dg.AssetKey(name))
    assert spec.description
    assert spec.owners
    assert spec.kinds
    assert spec.tags["copydesk/rows_of"] in {"bundle", "all-bundles"}
    if spec.is_materializable:
        assert spec.code_version
        sources = spec.metadata.get("dagster/column_lineage")
        assert sources or name in {"catalogue", "report", "watched"}
    links = [place.file_path for place in spec.metadata["dagster/code_references"].code_references]
    assert links[0].endswith(".py")
    assert name in {"catalogue", "inbox_files", "corrections", "report"} or links[1].endswith(
        "docs/tables.md"
    )


@pytest.mark.parametrize(
    "table", [*BUNDLE_TABLES, *CORPUS_TABLES, DELIVERIES], ids=lambda t: t.name
)
def test_every_table_shows_its_description_and_columns(table):
    spec = GRAPH.get(dg.AssetKey(table.name))
    assert spec.description == table.meaning
    columns = spec.metadata["dagster/column_schema"].columns
    assert [column.name for column in columns] == [column.name for column in table.columns]
    assert all(column.description for column in columns)


@pytest.mark.parametrize("view", [*load_views()], ids=lambda view: view.name)
def test_every_view_shows_its_columns_with_their_types(view):
    spec = GRAPH.get(dg.AssetKey(view.name))
    columns = {c.name: c.type for c in spec.metadata["dagster/column_schema"].columns}
    assert list(columns) == list(view.columns)
    assert columns == describe_views()[view.name]


def test_types_of_views_are_those_of_duckdb():
    types = describe_views()["said"]
    assert types["published_on"] == "DATE"
    assert types["confidence"] == "DOUBLE"
    assert types["content_spans"] == 'STRUCT("start" BIGINT, "end" BIGINT)[]'


def test_every_check_is_on_the_partitions_of_its_asset():
    keys = GRAPH.asset_check_keys
    for key in keys:
        check = GRAPH.get_check_spec(key)
        assert check.description
        assert check.partitions_def == GRAPH.get(key.asset_key).partitions_def
    for table in (*BUNDLE_TABLES, *CORPUS_TABLES, DELIVERIES):
        key = dg.AssetCheckKey(dg.AssetKey(table.name), "key_is_unique")
        assert GRAPH.get_check_spec(key).blocking


def test_the_resource_shows_every_setting_with_its_meaning():
    settings = load_project_settings()
    shown = build_resources(settings)["settings"]
    for name, field in Settings.model_fields.items():
        assert type(shown).model_fields[name].description == field.description
    context = dg.build_init_resource_context()
    assert shown.create_resource(context) == settings


def test_sensors_and_schedules_say_what_they_do():
    repository = defs.get_repository_def()
    for each in (*repository.sensor_defs, *repository.schedule_defs):
        assert each.description


def test_sensors_and_schedule_are_on_from_the_start():
    repository = defs.get_repository_def()
    assert {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs} == {
        "inbox_sensor": "RUNNING",
        "delivery_sensor": "RUNNING",
        "watch_sensor": "RUNNING",
        "life_sensor": "RUNNING",
        "alert_sensor": "RUNNING",
    }
    assert {s.name: s.default_status.value for s in repository.schedule_defs} == {
        "daily_publish": "RUNNING",
        "hourly_report": "RUNNING",
        "weekly_upkeep": "RUNNING",
    }


def test_loading_the_definitions_imports_no_model():
    code = "import pipelines.definitions, sys; print(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert {"spacy", "onnxruntime", "altair", "distributed"}.isdisjoint(printed.split())
