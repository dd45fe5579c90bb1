"""Behaviour of `publishing.access`: queries reach the files of the views and nothing else."""

import duckdb
import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.commands.app import app
from copydesk.publishing.access import QueryLimits, find_missing, open_closed, open_unsafe

ODD_FOLDERS = ["plain", "it's", "50% off", "%2e%2e", 'a"b', "back\\slash", "new\nline", "é ü"]


def quote(path):
    return "'" + str(path).replace("'", "''") + "'"


@pytest.fixture
def catalogue_in(tmp_path):
    """Return a function that makes a catalogue with a view over a file in a folder."""

    def make(folder):
        folder.mkdir(parents=True)
        path = tmp_path / "copydesk.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"COPY (SELECT 41 AS n) TO {quote(folder / 'live.parquet')}")
            connection.execute(f"COPY (SELECT 42 AS n) TO {quote(folder / 'old.parquet')}")
            connection.execute(
                f"CREATE VIEW numbers AS FROM read_parquet([{quote(folder / 'live.parquet')}])"
            )
        return path

    return make


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_views_read_their_files_wherever_they_are(tmp_path, catalogue_in, name):
    lake = tmp_path / name
    with open_closed(catalogue_in(lake), QueryLimits()) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(41,)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"FROM {quote(lake / 'old.parquet')}")


def test_a_lake_reached_by_a_symbolic_link_is_read(tmp_path, catalogue_in):
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    path = catalogue_in(tmp_path / "data" / "lake")
    with open_closed(path, QueryLimits()) as connection:
        assert connection.execute("FROM numbers").fetchall() == [(41,)]


def test_a_lake_that_has_moved_is_missing_and_not_refused(tmp_path, catalogue_in):
    path = catalogue_in(tmp_path / "lake")
    (tmp_path / "lake").rename(tmp_path / "moved")
    with open_closed(path, QueryLimits()) as connection:
        assert find_missing(connection) == str(tmp_path / "lake" / "live.parquet")
    answer = CliRunner().invoke(app, ["sql", "FROM numbers", "--catalogue", str(path)])
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert "copydesk doctor --repair" in answer.stderr
    assert "live.parquet: no such file" in answer.stderr
    with copydesk.connect(path) as db, pytest.raises(duckdb.IOException, match="no such file"):
        db.sql("FROM numbers")


def test_two_connections_of_one_process_see_what_was_published_between_them(tmp_path, catalogue_in):
    path = catalogue_in(tmp_path / "lake")
    with open_closed(path, QueryLimits()) as older:
        draft = tmp_path / "draft"
        with duckdb.connect(str(draft)) as connection:
            connection.execute("CREATE TABLE numbers AS SELECT 43 AS n")
        draft.replace(path)
        with open_closed(path, QueryLimits()) as newer:
            assert newer.execute("FROM numbers").fetchall() == [(43,)]
        assert older.execute("FROM numbers").fetchall() == [(41,)]


def test_temporary_files_have_a_limit(tmp_path, catalogue_in):
    limits = QueryLimits(memory_mib=64, spill_mib=4)
    with (
        open_closed(catalogue_in(tmp_path / "lake"), limits) as connection,
        pytest.raises(duckdb.OutOfMemoryException, match="max_temp_directory_size"),
    ):
        connection.execute(
            "SELECT md5(range::VARCHAR) AS m FROM range(2000000) ORDER BY m"
        ).fetchall()


def test_without_protection_all_files_of_the_user_are_there(tmp_path, catalogue_in):
    lake = tmp_path / "lake"
    with open_unsafe(catalogue_in(lake)) as connection:
        assert connection.execute(f"FROM {quote(lake / 'old.parquet')}").fetchall() == [(42,)]
