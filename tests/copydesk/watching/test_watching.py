"""Behaviour of `watching`: what is newly said, as rows and as a feed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.errors import WatchError
from copydesk.watching.feed import ATOM, MAX_ENTRIES, write_feed
from copydesk.watching.news import News
from copydesk.watching.watches import Watch, read_watches

MORNING = datetime(2031, 5, 3, 6, tzinfo=UTC)
EVENING = datetime(2031, 5, 3, 18, tzinfo=UTC)
NEWS = News(
    "ferries", "Ida Brandt", "mayor", "We sail.", "Quay Post", date(2031, 5, 3), "Ferries", "q1"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\n", "[a]: give words, speaker, about or outlet"),
        ("[a]\nwrods = 'x'\n", "[a.wrods]: Extra inputs are not permitted"),
        ("[a]\nwords = ''\n", "[a.words]: String should have at least 1 character"),
        ("[a]\nwords = 3\n", "[a.words]: Input should be a valid string"),
        ("a = 3\n", "[a]: "),
        ("[a\n", "cannot be read"),
    ],
)
def test_a_watch_that_cannot_be_understood_is_named(tmp_path, text, said):
    path = tmp_path / "watches.toml"
    path.write_text(text)
    with pytest.raises(WatchError) as failed:
        read_watches(path)
    assert str(failed.value).startswith(f"{path}: {said}")


def test_watches_are_read_in_their_order(tmp_path):
    path = tmp_path / "watches.toml"
    path.write_text('[b]\nwords = "night boat*"\n[a]\nspeaker = "Brandt"\noutlet = "Quay"\n')
    assert dict(read_watches(path)) == {
        "b": Watch(words="night boat*"),
        "a": Watch(speaker="Brandt", outlet="Quay"),
    }
    assert read_watches(tmp_path / "none.toml") == {}


def list_titles(path):
    root = etree.parse(path).getroot()
    return [entry.findtext(f"{{{ATOM}}}title") for entry in root.iterfind(f"{{{ATOM}}}entry")]


def test_a_feed_keeps_what_it_had_and_has_each_statement_once(tmp_path):
    path = tmp_path / "feed.xml"
    later = replace(NEWS, content="We wait.", quote_id="q2", speaker=None)
    assert write_feed(path, [NEWS, replace(NEWS, watch="mayors")], published_at=MORNING) == 1
    assert write_feed(path, [later, NEWS], published_at=EVENING) == 1
    assert write_feed(path, [later], published_at=EVENING) == 0
    assert list_titles(path) == ["Nobody named: We wait.", "Ida Brandt: We sail."]
    root = etree.parse(path).getroot()
    assert root.findtext(f"{{{ATOM}}}updated") == EVENING.isoformat()
    assert root.find(f".//{{{ATOM}}}category").get("term") == "ferries"


def test_a_feed_does_not_grow_for_ever(tmp_path):
    path = tmp_path / "feed.xml"
    many = [replace(NEWS, quote_id=f"q{n}", content=str(n)) for n in range(MAX_ENTRIES + 5)]
    write_feed(path, many, published_at=MORNING)
    assert len(list_titles(path)) == MAX_ENTRIES


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_is_text_in_a_feed(tmp_path_factory, content, watch):
    path = tmp_path_factory.mktemp("feed") / "feed.xml"
    write_feed(path, [replace(NEWS, content=content, watch=watch)], published_at=MORNING)
    assert len(list_titles(path)) == 1


@pytest.mark.parametrize("text", ["", "no feed", "<html/>"])
def test_a_file_that_is_no_feed_is_left_alone(tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_text(text)
    with pytest.raises(WatchError, match="is no feed"):
        write_feed(path, [NEWS], published_at=MORNING)
    assert path.read_text() == text


@pytest.fixture
def watch(tmp_path, page_of, quote_in, publish_rows):
    """Return a function that watches a lake with one statement, then with two."""
    first = [*page_of("[Ada]", "a1"), quote_in("a1", 0, content="The night boats sail.")]
    second = [*page_of("[Zoe]", "a2"), quote_in("a2", 0, content="No night boat sails.")]
    publish_rows(tmp_path, first)
    publish_rows(tmp_path, [*first, *second])
    (tmp_path / "watches.toml").write_text('[ferries]\nwords = "night"\n')
    return lambda *arguments: CliRunner().invoke(
        app, ["watch", *arguments, "--data", str(tmp_path), "--format", "csv"]
    )


def test_what_is_new_since_the_snapshot_before_is_shown(watch, tmp_path):
    feed = tmp_path / "feed.xml"
    shown = watch("--feed", str(feed))
    assert shown.exit_code == 0, shown.output
    assert [line.split(",")[3] for line in shown.stdout.splitlines()[1:]] == [
        "No night boat sails."
    ]
    assert list_titles(feed) == ["Nobody named: No night boat sails."]
    assert len(watch("--all").stdout.splitlines()) == 3
    assert len(watch("--since", "2").stdout.splitlines()) == 1


def test_no_watch_list_ends_in_one_line(watch, tmp_path):
    (tmp_path / "watches.toml").unlink()
    shown = watch()
    assert shown.exit_code == 1
    assert "no watches there; write some" in shown.stderr
