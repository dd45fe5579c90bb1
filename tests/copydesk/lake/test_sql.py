"""Behaviour of `lake.sql`."""

import os
from importlib.resources import files

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lake.sql import connect, connect_shared, load_sql, quote_sql

QUERIES = [
    (f"copydesk.{file.parent.parent.name}.{file.parent.name}", file.stem)
    for file in sorted(files("copydesk").glob("*/*/*.sql"))
]


@pytest.mark.parametrize(("package", "name"), QUERIES, ids=".".join)
def test_every_query_of_the_library_can_be_loaded(package, name):
    assert load_sql(package, name).endswith("\n")


def test_a_query_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        load_sql("copydesk.lake.queries", "nothing")


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_quoted_text_is_that_text_in_sql(text):
    assert connect().sql(f"SELECT {quote_sql(text)}").fetchall() == [(text,)]


def test_connections_of_a_process_share_no_names():
    one, other = connect_shared(), connect_shared()
    one.register("registered", pa.table({"n": [1]}))
    one.execute("CREATE TEMP VIEW viewed AS SELECT 1")
    one.execute("CREATE TEMP TABLE made AS SELECT 1")
    for name in ("registered", "viewed", "made"):
        assert one.sql(f"FROM {name}").fetchall() == [(1,)]
        with pytest.raises(duckdb.CatalogException):
            other.sql(f"FROM {name}")


def test_a_stream_lasts_while_others_are_asked():
    stream = connect_shared().sql("FROM range(100_000)").to_arrow_reader(1_000)
    assert connect_shared().sql("SELECT 1").fetchall() == [(1,)]
    assert sum(batch.num_rows for batch in stream) == 100_000


def test_a_process_that_was_forked_asks_a_database_of_its_own(monkeypatch):
    connect_shared().execute("CREATE TABLE of_the_parent AS SELECT 1")
    assert connect_shared().sql("FROM of_the_parent").fetchall() == [(1,)]
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(duckdb.CatalogException):
        connect_shared().sql("FROM of_the_parent")
    monkeypatch.undo()
    connect_shared().execute("DROP TABLE of_the_parent")


def test_a_database_that_refuses_everything_gives_way_to_another(monkeypatch):
    opened, open_database = [], duckdb.connect

    def open_and_keep(**given):
        opened.append(open_database(**given))
        return opened[-1]

    monkeypatch.setattr(duckdb, "connect", open_and_keep)
    monkeypatch.setattr(os, "getpid", lambda: -2)
    connect_shared()
    opened[0].close()
    assert connect_shared().sql("SELECT 1").fetchall() == [(1,)]
    assert len(opened) == len({*opened}) == 2


@pytest.mark.parametrize("opened", [connect, connect_shared])
def test_times_are_utc(opened):
    assert opened().sql("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
