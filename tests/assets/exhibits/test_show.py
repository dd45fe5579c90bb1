"""Every asset shows numbers, a preview and mostly a picture, of no rows as of many."""

import dagster as dg
import pytest

from assets.declare import TABLES_BY_NAME
from assets.exhibits.inbox import show_files
from assets.exhibits.show import NO_ROWS, show_rows
from assets.publishing import CATALOGUE
from copydesk.lake.sql import connect_views, scan_sql
from copydesk.publishing.catalogue import load_views
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
