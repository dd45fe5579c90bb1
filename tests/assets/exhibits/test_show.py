"""Every asset shows numbers, a preview and mostly a picture, of no rows as of many."""

import dagster as dg
import duckdb
import pytest

from assets.declare import TABLES_BY_NAME
from assets.exhibits.inbox import show_files
from assets.exhibits.show import MAX_ROWS, NO_ROWS, show_rows
from assets.publishing import CATALOGUE
from copydesk.lake.sql import connect_views, scan_sql
from copydesk.publishing.view import load_views
from copydesk.tables import PUBLISHED_TABLES

NAMES = [*TABLES_BY_NAME, *(view.name for view in load_views()), CATALOGUE]
PLOTTED = (dg.IntMetadataValue, dg.FloatMetadataValue)


@pytest.fixture(scope="module")
def empty():
    """Return a connection that shows every table and view, without rows."""
    tables = {**TABLES_BY_NAME, **{table.name: table for table in PUBLISHED_TABLES}}
    with connect_views({name: scan_sql([], each) for name, each in tables.items()}) as connection:
        connection.execute("CREATE TEMP TABLE snapshot (bundle TEXT, table_name TEXT, n_rows INT)")
        for view in load_views():
            connection.execute(f'CREATE TEMP VIEW "{view.name}" AS {view.sql}')
        yield connection


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_without_rows_shows_that_it_has_none(empty, name):
    shown = show_rows(name, empty)
    assert shown["preview"].value == NO_ROWS
    assert all(value.value == 0 for value in shown.values() if isinstance(value, PLOTTED))
    assert "picture" not in shown


def test_files_of_the_inbox_are_counted(tmp_path):
    for name, text in (("a.txt", "one"), ("b.txt", "three"), ("c.html", "<p>")):
        (tmp_path / name).write_text(text, "utf-8")
    shown = show_files(tmp_path)
    assert shown["files"].value == 3
    assert shown["bytes"].value == len("one" + "three" + "<p>")
    assert shown["preview"].value.splitlines()[2] == "| b.txt | 5 |"
    assert shown["picture"].value.startswith("![files by ending](data:")


LONG_PAGE = """
CREATE TABLE raw_articles AS
SELECT 'a' AS article_id, 'a.txt' AS source_path, repeat('x', 1_000_000) AS text;
CREATE TABLE segments AS
SELECT
    'a' AS article_id, i AS seq, 50 * i AS start, 50 * i + 49 AS "end",
    'boilerplate' AS label, 'model' AS rule, .5 AS score
FROM range(20_000) AS lines (i)
"""


def test_lines_of_a_long_page_are_shown_in_little_memory():
    with duckdb.connect(config={"memory_limit": "100MB", "temp_directory": ""}) as connection:
        connection.execute(LONG_PAGE)
        shown = show_rows("segments", connection)
    assert "not_shown" not in shown
    assert shown["preview"].value.count("boilerplate") == MAX_ROWS


def test_a_query_that_fails_is_shown_with_its_reason():
    with duckdb.connect() as connection:
        connection.execute(LONG_PAGE + "; DROP TABLE raw_articles")
        shown = show_rows("segments", connection)
    assert shown["segments"].value == 20_000
    assert "raw_articles" in shown["not_shown"].value
