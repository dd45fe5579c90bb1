"""Behaviour of `watching.follow`: a table and a feed of what is watched, snapshot by snapshot."""

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from copydesk.errors import WatchError
from copydesk.lake.lake import Lake
from copydesk.tables import WATCHED
from copydesk.watching.feed import read_feed
from copydesk.watching.follow import follow, is_followed
from copydesk.watching.watches import watching_in


class Quay:
    """A data folder that is published hour by hour, and followed."""

    def __init__(self, folder, publish):
        self.folder, self.publish = folder, publish
        self.files = watching_in(folder)
        self.hours = iter(range(24))

    def watch(self, text):
        self.files.watches.write_text(text)

    def say(self, *contents):
        self.publish(contents, datetime(2031, 5, 3, next(self.hours), tzinfo=UTC))

    def follow(self):
        return follow(self.folder / "copydesk.duckdb", Lake(str(self.folder / "lake")), self.files)

    @property
    def is_followed(self):
        return is_followed(self.folder / "copydesk.duckdb", self.files)

    def ask(self, query):
        return duckdb.sql(query.replace("watched", f"'{self.files.table}'")).fetchall()

    @property
    def rows(self):
        return self.ask("SELECT watch, content, snapshot FROM watched ORDER BY watch, content")


@pytest.fixture
def quay(tmp_path, page_of, quote_in, publish_rows):
    def publish(contents, published_at):
        raw, article, *mentions = page_of("[Ada] of the quay", "a1")
        rows = [raw, replace(article, url="https://quay.example/1"), *mentions]
        said = (quote_in("a1", len(text), content=text) for text in contents)
        rows += [replace(each, source="she") for each in said]
        publish_rows(tmp_path, rows, published_at=published_at)

    made = Quay(tmp_path, publish)
    made.watch('[boats]\nwords = "boat*"\n')
    return made


def titles(quay):
    return [entry.title for entry in read_feed(quay.files.feed).entries]


def test_a_statement_has_the_snapshot_that_it_came_with(quay):
    quay.say("One boat", "A car")
    quay.follow()
    assert quay.rows == [("boats", "One boat", 1)]
    quay.say("One boat", "Two boats")
    quay.follow()
    assert quay.rows == [("boats", "One boat", 1), ("boats", "Two boats", 2)]
    assert titles(quay) == ["Nobody named: Two boats", "Nobody named: One boat"]


def test_what_was_there_before_anybody_watched_has_no_snapshot(quay):
    quay.say("One boat")
    quay.say("One boat", "Two boats")
    quay.follow()
    assert quay.rows == [("boats", "One boat", None), ("boats", "Two boats", 2)]
    assert titles(quay) == ["Nobody named: Two boats"]


def test_snapshots_between_two_calls_are_not_lost(quay):
    quay.say("One boat")
    quay.follow()
    quay.say("One boat", "Two boats")
    quay.say("One boat", "Two boats", "Three boats")
    quay.follow()
    assert [snapshot for *_, snapshot in quay.rows] == [1, 3, 3]


def test_a_second_run_over_one_snapshot_changes_nothing(quay):
    quay.say("One boat")
    quay.say("One boat", "Two boats")
    quay.follow()
    before = [path.read_bytes() for path in (quay.files.feed, quay.files.table)]
    quay.follow()
    assert [path.read_bytes() for path in (quay.files.feed, quay.files.table)] == before


def test_what_is_no_longer_said_leaves_the_table_and_the_feed(quay):
    quay.say("One boat", "Two boats")
    quay.follow()
    quay.say("Two boats")
    assert quay.follow().feed.n_withdrawn == 1
    assert quay.rows == [("boats", "Two boats", 1)]


def test_a_new_watch_shows_what_is_there_and_says_it_is_not_new(quay):
    quay.say("One boat", "A car")
    quay.follow()
    quay.watch('[boats]\nwords = "boat*"\n[cars]\nwords = "car"\n')
    assert not quay.is_followed
    quay.follow()
    assert quay.rows == [("boats", "One boat", 1), ("cars", "A car", None)]
    assert quay.is_followed


def test_it_is_followed_until_something_is_published_or_the_files_are_gone(quay):
    quay.say("One boat")
    assert not quay.is_followed
    quay.follow()
    assert quay.is_followed
    quay.say("Two boats")
    assert not quay.is_followed
    quay.follow()
    quay.files.table.unlink()
    assert not quay.is_followed


def test_the_columns_are_those_declared(quay):
    quay.say("One boat")
    quay.follow()
    described = quay.ask("DESCRIBE FROM watched")
    assert [row[0] for row in described] == [column.name for column in WATCHED.columns]
    assert quay.ask("SELECT since FROM watched") == [(datetime(2031, 5, 3, tzinfo=UTC),)]


@pytest.mark.parametrize("content", [b"no table", b""])
def test_a_file_that_is_no_such_table_is_refused_in_a_line(quay, content):
    quay.say("One boat")
    quay.files.table.write_bytes(content)
    with pytest.raises(WatchError, match="is no table of what is watched; remove it") as caught:
        quay.follow()
    assert "\n" not in str(caught.value)
    assert not quay.files.feed.exists()
