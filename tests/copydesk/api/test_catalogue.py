"""Behaviour of `copydesk.connect`: the published tables, read-only."""

import duckdb
import pytest

import copydesk


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
