"""Behaviour of single files to mail: SQLite with keys and a search, DuckDB without a lake."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from copydesk.publishing.export.export import export_tables
from copydesk.publishing.view import load_views
from copydesk.rows import Bundle
from copydesk.tables import PUBLISHED_TABLES


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory, catalogue):
    """Return the SQLite file of an export."""
    folder = tmp_path_factory.mktemp("sqlite") / "out"
    export_tables(catalogue, folder, output="sqlite")
    return folder / "copydesk.sqlite"


@pytest.fixture
def ask_sqlite(sqlite_file):
    """Return a function that asks the SQLite file."""
    with closing(sqlite3.connect(sqlite_file)) as database:
        yield lambda query: database.execute(query).fetchall()


@pytest.fixture(scope="module")
def mailed(tmp_path_factory, page_of, quote_in, publish_rows):
    """Return a DuckDB file that was moved away from its lake, which is gone."""
    folder = tmp_path_factory.mktemp("made here")
    rows = [*page_of("[Ada] met [Zoe]", "a1"), quote_in("a1", 0, speaker="a1-00-Ada")]
    rows.append(quote_in("a1", 50, speaker="a1-01-Zoe", reason="thought"))
    rows.append(Bundle("may", "/home/ada/scraped/may", "00", 1, 1, 0))
    export_tables(publish_rows(folder, rows), folder / "out", output="duckdb")
    path = tmp_path_factory.mktemp("mailed") / "mailed.duckdb"
    shutil.copy(folder / "out" / "copydesk.duckdb", path)
    shutil.rmtree(folder)
    return path


def test_sqlite_has_the_keys_of_the_tables(ask_sqlite):
    for table in PUBLISHED_TABLES:
        info = ask_sqlite(f"PRAGMA table_info({table.name})")
        key = [name for _, name, *_, place in sorted(info, key=lambda row: row[-1]) if place]
        assert tuple(key) == table.key


def test_sqlite_joins_tables_by_keys_that_hold(ask_sqlite):
    joined = {row[3]: row[2] for row in ask_sqlite("PRAGMA foreign_key_list(quotes)")}
    assert joined["article_id"] == "articles"
    assert joined["speaker_mention_id"] == "mentions"


def test_sqlite_has_said_as_a_view(ask_sqlite, catalogue):
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        asked = "SELECT quote_id, speaker, content FROM said ORDER BY quote_id"
        assert ask_sqlite(asked) == connection.execute(asked).fetchall()
        columns = [row[0] for row in connection.execute("DESCRIBE said").fetchall()]
    assert [row[1] for row in ask_sqlite("PRAGMA table_info(said)")] == columns
    assert ask_sqlite("SELECT type FROM sqlite_master WHERE name = 'said'") == [("view",)]


def test_sqlite_finds_words(ask_sqlite):
    query = """
        SELECT said.speaker FROM quotes_search JOIN said USING (quote_id)
        WHERE quotes_search MATCH 'zoe AND a1'
    """
    assert ask_sqlite(query) == [("Zoe",)]
    query = "SELECT count(*) FROM quotes_search WHERE quotes_search MATCH 'naive'"
    assert ask_sqlite(query) == [(1,)]
    query = "SELECT count(*) FROM articles_search WHERE articles_search MATCH 'ferries'"
    assert ask_sqlite(query) == [(4,)]


def test_sqlite_writes_said_as_a_table_where_quotes_are_not_asked_for(catalogue, tmp_path):
    export_tables(catalogue, tmp_path / "out", output="sqlite", names=["said"])
    with closing(sqlite3.connect(tmp_path / "out" / "copydesk.sqlite")) as database:
        assert database.execute("SELECT count(*) > 0 FROM said").fetchall() == [(1,)]
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert sorted(tables) == [("about",), ("said",)]


@pytest.mark.parametrize("client", ["python", "command line of DuckDB 1.5"])
def test_a_mailed_duckdb_file_opens_anywhere(mailed, client):
    names = [*(view.name for view in load_views()), *(table.name for table in PUBLISHED_TABLES)]
    for name in names:
        query = f'SELECT count(*) FROM "{name}"'
        if client == "python":
            with duckdb.connect(str(mailed), read_only=True) as connection:
                connection.execute(query).fetchall()
        elif name in {"said", "coverage"}:
            command = [Path(sys.executable).with_name("duckdb"), "-readonly", str(mailed), query]
            subprocess.run(command, capture_output=True, check=True)
    with duckdb.connect(str(mailed), read_only=True) as connection:
        asked = "SELECT speaker, count(*) FROM said GROUP BY ALL"
        assert connection.execute(asked).fetchall() == [("Ada", 1)]


def test_a_mailed_duckdb_file_names_no_folder_of_the_machine(mailed):
    held = mailed.read_bytes()
    assert b"made here" not in held
    assert re.search(rb"read_parquet|\.parquet|/(?:tmp|home)/", held) is None
    with duckdb.connect(str(mailed), read_only=True) as connection:
        assert connection.execute("SELECT source_uri FROM bundles").fetchall() == [("may",)]


def test_a_mailed_duckdb_file_keeps_the_comments(mailed):
    with duckdb.connect(str(mailed), read_only=True) as connection:
        bare = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "WHERE NOT internal AND coalesce(comment, '') = ''"
        ).fetchall()
        unsaid = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = '' UNION ALL "
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''"
        ).fetchall()
    assert (bare, unsaid) == ([], [])


def test_a_mailed_duckdb_file_may_hold_single_views(catalogue, tmp_path):
    names = ["said", "coverage"]
    export_tables(catalogue, tmp_path / "out", output="duckdb", names=names)
    with duckdb.connect(str(tmp_path / "out" / "copydesk.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        assert connection.execute("SELECT count(*) > 0 FROM coverage").fetchall() == [(True,)]
    assert found == [("coverage",), ("origin",), ("said",)]


def test_the_order_of_the_sheets_and_tables_is_that_of_readers(catalogue, tmp_path):
    export = export_tables(catalogue, tmp_path / "out", output="xlsx")
    assert [table.name for table in export.tables][:2] == ["said", "quotes"]
