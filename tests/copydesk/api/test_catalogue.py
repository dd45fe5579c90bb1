"""Behaviour of `copydesk.connect`: the published tables, read-only."""

import duckdb
import pandas as pd
import pytest

import copydesk
from copydesk.api.catalogue import Tables
from copydesk.publishing.access import QueryLimits, has_time_limit


@pytest.fixture(scope="module")
def data(tmp_path_factory, publish_rows, page_of):
    folder = tmp_path_factory.mktemp("data")
    publish_rows(folder, page_of("The ferry of [Anna Miller] sails.", "a1"))
    return folder


@pytest.mark.parametrize("as_given", [str, lambda path: path])
@pytest.mark.parametrize("name", ["", "copydesk.duckdb"])
def test_a_data_folder_or_its_file_can_be_asked(data, name, as_given):
    with copydesk.connect(as_given(data / name)) as db:
        assert db.sql("SELECT headline FROM articles").fetchall() == [("Ferries stand still",)]


def test_nothing_can_be_changed(data):
    with copydesk.connect(data) as db, pytest.raises(duckdb.Error, match="read-only"):
        db.execute("CREATE TABLE notes (text VARCHAR)")


@pytest.mark.parametrize("name", ["", "copydesk.duckdb", "nowhere"])
def test_where_nothing_is_published_it_says_what_publishes(tmp_path, name):
    with pytest.raises(copydesk.CopydeskError, match="no catalogue there; `copydesk run`") as error:
        copydesk.connect(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_file_of_another_kind_is_an_error_in_one_line(tmp_path):
    file = tmp_path / "copydesk.duckdb"
    file.write_text("Ferries stand still. " * 1_000)
    with pytest.raises(copydesk.CopydeskError, match=r"copydesk\.duckdb: ") as error:
        copydesk.connect(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "query", ["FROM read_text('/etc/hostname')", "SET threads = 1", "FROM frame"]
)
@pytest.mark.parametrize("ask", [Tables.sql, Tables.execute])
def test_nothing_but_the_tables_can_be_reached(data, query, ask):
    frame = pd.DataFrame({"word": ["mine"]})
    with copydesk.connect(data) as db, pytest.raises(duckdb.Error):
        ask(db, query)
    assert len(frame) == 1


def test_a_frame_of_the_program_is_registered(data):
    frame = pd.DataFrame({"outlet": ["Harbour Post"], "owner": ["Quay Ltd"]})
    with copydesk.connect(data) as db:
        db.register("owners", frame)
        found = db.execute("SELECT DISTINCT owner FROM articles JOIN owners USING (outlet)")
        assert found.fetchall() == [("Quay Ltd",)]
        db.unregister("owners")


def test_the_rows_of_a_query_are_fetched_as_duckdb_does(data):
    with copydesk.connect(data) as db:
        asked = db.execute("SELECT headline FROM articles WHERE article_id = ?", ["a1"])
        assert [name for name, *_ in asked.description] == ["headline"]
        assert asked.fetchone() == ("Ferries stand still",)
        assert asked.fetchmany(2) == []
        assert db.execute("SELECT 1 AS n").df()["n"].tolist() == [1]
        assert db.table("articles").columns[0] == "article_id"
        assert db.cursor().execute("SELECT 2").fetchall() == [(2,)]


def test_memory_is_limited(data):
    few = QueryLimits(memory_mib=64)
    with copydesk.connect(data, limits=few) as db, pytest.raises(duckdb.OutOfMemoryException):
        db.execute("SELECT list(range) FROM range(200000000)")


@pytest.mark.parametrize("again", [lambda db: db, Tables.cursor])
@pytest.mark.parametrize(
    "ask",
    [lambda db, query: db.execute(query).fetchall(), lambda db, query: db.sql(query).fetchall()],
)
def test_time_is_limited(data, ask, again):
    with duckdb.connect() as plain:
        if not has_time_limit(plain):
            pytest.skip(f"DuckDB {duckdb.__version__} has no limit of time")
    with copydesk.connect(data, limits=QueryLimits(seconds=1)) as db:
        with pytest.raises(duckdb.InterruptException, match="maximum execution time"):
            ask(again(db), "SELECT sum(hash(range)) FROM range(100000000000)")
        with pytest.raises(duckdb.Error):
            ask(again(db), "SET max_execution_time = 0")
        assert ask(again(db), "SELECT 1") == [(1,)]
