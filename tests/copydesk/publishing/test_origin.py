"""Behaviour of `publishing.origin`: what is published again, and what is not."""

import pytest

from copydesk.corrections.folder import DecisionFiles
from copydesk.lake.lake import Lake
from copydesk.publishing.origin import newest_origin, read_number, read_origin, read_way
from copydesk.rows import Bundle


@pytest.fixture
def newest(tmp_path):
    """Return a function that says what a catalogue would be built from now."""
    lake, decisions = Lake(str(tmp_path / "lake")), DecisionFiles(tmp_path)
    return lambda: newest_origin(lake, decisions, id_list=tmp_path / "wikidata.csv")


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_nothing_new_is_the_same_origin(newest):
    assert newest() == newest()


@pytest.mark.parametrize(
    "file", ["overrides/entities.csv", "overrides/outlets.csv", "corrections/a.csv", "wikidata.csv"]
)
def test_whatever_people_write_is_another_origin(newest, tmp_path, file):
    before = newest()
    write(tmp_path / file, "name\n")
    after = newest()
    assert after.code != before.code
    assert after == newest()
    write(tmp_path / file, "name\nIda Brandt\n")
    assert newest() not in {before, after}
    (tmp_path / file).unlink()
    assert newest() == before


def test_what_is_delivered_is_another_origin(newest, tmp_path, deliver):
    before = newest()
    deliver(Lake(str(tmp_path / "lake")), "may", [Bundle("may", "inbox", "00", 1, 1, 0)])
    assert before.snapshot_version < newest().snapshot_version


@pytest.mark.parametrize("read", [read_origin, read_number, read_way], ids=lambda f: f.__name__)
@pytest.mark.parametrize("text", [None, "", "no catalogue " * 999])
def test_what_is_no_catalogue_has_no_origin(tmp_path, read, text):
    path = tmp_path / "copydesk.duckdb"
    if text is not None:
        path.write_text(text)
    assert read(path) is None
