"""Behaviour of `tools.lineage`: every column of every table and view says where it comes from."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.view import View, load_views
from copydesk.tables import PUBLISHED_TABLES
from tools.lineage import find_all_origins, find_ends, main
from tools.made_columns import Origin
from tools.sql_columns import Source

ROOT = Path(__file__).resolve().parents[2]
VIEWS = list(load_views())
ORIGINS = find_all_origins(VIEWS)
COLUMNS = {
    **{table.name: [column.name for column in table.columns] for table in PUBLISHED_TABLES},
    DELIVERIES.name: [column.name for column in DELIVERIES.columns],
    **{view.name: list(view.columns) for view in VIEWS},
}


@pytest.mark.parametrize("file", ["assets/lineage.toml", "docs/lineage.md"])
def test_generated_files_are_fresh(tmp_path, file):
    main(tmp_path / "lineage.toml", tmp_path / "lineage.md")
    written = (tmp_path / Path(file).name).read_text("utf-8")
    assert (ROOT / file).read_text("utf-8") == written, "run `make docs`"


def test_every_column_of_every_table_and_view_is_there():
    assert {name: list(columns) for name, columns in ORIGINS.items()} == COLUMNS


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_has_sources_that_exist_or_says_why_not(name):
    for column, origin in ORIGINS[name].items():
        assert origin.sources or origin.note, column
        assert all(source.column in COLUMNS[source.table] for source in origin.sources), column


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_leads_to_an_end(name):
    assert all(find_ends(ORIGINS, Source(name, column)) for column in ORIGINS[name])


def test_a_column_of_said_leads_through_the_tables_to_the_page():
    assert Source("entities", "name") in ORIGINS["said"]["speaker"].sources
    assert Source("raw_articles", "text") in find_ends(ORIGINS, Source("said", "speaker"))
    assert find_ends(ORIGINS, Source("said", "bundle")) == {Source("raw_articles", "bundle")}


def test_a_view_is_a_source_of_views_after_it():
    views = [
        View("one", "SELECT content AS words FROM quotes", "", {"words": ""}),
        View("two", "SELECT words, 1 AS n FROM one", "", {"words": "", "n": ""}),
    ]
    found = find_all_origins(views)
    assert found["two"] == {
        "words": Origin((Source("one", "words"),)),
        "n": Origin((), "a constant"),
    }
    with pytest.raises(ValueError, match="one"):
        find_all_origins(reversed(views))


@pytest.fixture(scope="module")
def database():
    """Return a database with every table, and every view as a table, all of them empty."""
    with duckdb.connect() as connection:
        for table in PUBLISHED_TABLES:
            connection.from_arrow(table.schema.empty_table()).create(table.name)
        # A plan of what reads no rows would name no columns.
        connection.execute("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'")
        for view in VIEWS:
            connection.execute(f'CREATE TABLE "{view.name}" AS {view.sql}')
        yield connection


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_cannot_do_without_any_of_its_sources(database, view):
    sources = {source for origin in ORIGINS[view.name].values() for source in origin.sources}
    for table, column in sorted(sources):
        database.begin()
        database.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
        with pytest.raises(duckdb.BinderException, match=column):
            database.execute(view.sql)
        database.rollback()


def list_scanned(database, sql):
    """Return the columns that DuckDB reads from its tables to answer a query."""
    found = set()
    waiting = json.loads(database.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall()[0][1])
    while waiting:
        step = waiting.pop()
        waiting += step.get("children", [])
        if "Table" in (info := step["extra_info"]):
            table = info["Table"].rpartition(".")[2]
            projected = info.get("Projections", [])
            named = [projected] if isinstance(projected, str) else projected
            words = {*named, *re.findall(r"\w+", str(info.get("Filters", "")))}
            found |= {Source(table, name) for name in COLUMNS[table] if name in words}
    return found


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_duckdb_reads_for_each_column_its_sources_and_else_what_decides_the_rows(database, view):
    for_rows = list_scanned(database, f"SELECT count(*) FROM ({view.sql})")
    assert for_rows
    for column, origin in ORIGINS[view.name].items():
        scanned = list_scanned(database, f'SELECT "{column}" FROM ({view.sql})')
        assert scanned >= {*origin.sources}, column
        assert scanned - for_rows <= {*origin.sources}, column
