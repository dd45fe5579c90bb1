"""Behaviour of `lake.history`: what was published stays known, and can be opened again."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from copydesk.errors import SnapshotError
from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import (
    find_publication,
    is_newest,
    mark_vacuumed,
    open_publication,
    record_publication,
)
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Publication
from copydesk.lake.sql import connect
from copydesk.rows import Segment
from copydesk.tables import CORPUS_TABLES, SEGMENTS, STORIES
from copydesk.values import Label

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
VERSIONS = {"quotes": "4", "catalogue": "1"}


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def publish(lake, deliver):
    """Return a function that delivers one line, makes an empty corpus, and records that."""

    def write(rule, *, hours=0, versions=VERSIONS):
        snapshot = deliver(lake, "may", [Segment("a1", 0, 0, 7, Label.BODY, rule, 0.9, "may")])
        return record(make_corpus(snapshot), hours=hours, versions=versions)

    return write


def make_corpus(snapshot):
    for table in CORPUS_TABLES:
        snapshot.lake.replace_corpus(table, CorpusRows(table.spool([]), snapshot.version))
    return find_contents(snapshot)


def record(contents, *, hours=0, versions=VERSIONS):
    at = NOON + timedelta(hours=hours)
    return record_publication(contents, code_versions=versions, published_at=at)


def rules(contents):
    rows = contents.relation_sql(SEGMENTS)
    return [rule for (rule,) in connect().sql(f"SELECT rule FROM {rows}").fetchall()]


def numbered(n, *, vacuumed=()):
    """Return one publication an hour from noon on."""
    return [
        Publication(i, NOON + timedelta(hours=i - 1), i, [], [], 1, 1, 1, 1, i in vacuumed)
        for i in range(1, n + 1)
    ]


def test_a_lake_in_which_nothing_was_published_has_no_history(lake):
    assert lake.history() == []


def test_publications_are_numbered_and_say_what_they_hold(lake, publish):
    first, second = publish("first"), publish("second", hours=1)
    assert lake.history() == [first, second]
    assert (first.number, second.number) == (1, 2)
    assert second.published_at - first.published_at == timedelta(hours=1)
    assert second.code == ["catalogue=1", "quotes=4"]
    assert [name for name, _ in second.corpus_versions] == [t.name for t in CORPUS_TABLES]
    assert (second.n_bundles, second.n_quotes, second.is_vacuumed) == (0, 0, False)
    assert is_newest(lake, second)
    assert not is_newest(lake, first)


def test_an_older_snapshot_opens_as_it_was(lake, publish):
    first = publish("first")
    second = publish("second")
    assert rules(open_publication(lake, first)) == ["first"]
    assert rules(open_publication(lake, second)) == ["second"]


def test_the_same_state_is_recorded_once(lake, publish):
    first = publish("first")
    again = record(find_contents(lake.snapshot()), hours=5)
    assert again == first
    assert lake.history() == [first]


@pytest.mark.parametrize("change", ["code", "corpus"])
def test_other_code_and_another_corpus_are_recorded(lake, publish, change):
    publish("first")
    snapshot = lake.snapshot()
    if change == "corpus":
        lake.replace_corpus(STORIES, CorpusRows(STORIES.spool([]), snapshot.version))
        record(find_contents(snapshot))
    else:
        record(find_contents(snapshot), versions={"quotes": "5"})
    assert [p.number for p in lake.history()] == [1, 2]


def test_what_is_older_than_the_last_is_not_recorded(lake, deliver, publish):
    slow = make_corpus(deliver(lake, "may", []))
    publish("newer")
    assert record(slow) is None
    assert len(lake.history()) == 1


def test_publishers_at_once_get_numbers_of_their_own(lake, publish):
    publish("first")
    contents = find_contents(lake.snapshot())
    made = []
    threads = [
        threading.Thread(target=lambda i=i: made.append(record(contents, versions={"run": str(i)})))
        for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(p.number for p in made) == [2, 3, 4, 5]
    assert [p.number for p in lake.history()] == [1, 2, 3, 4, 5]


def test_what_was_vacuumed_is_said_and_nothing_recorded_meanwhile_is_lost(lake, publish):
    publish("first")
    publish("second")
    contents = find_contents(lake.snapshot())
    recorder = threading.Thread(target=record, args=[contents], kwargs={"versions": {"run": "3"}})
    recorder.start()
    mark_vacuumed(lake, {1})
    recorder.join()
    found = [(p.number, p.is_vacuumed) for p in lake.history()]
    assert found == [(1, True), (2, False), (3, False)]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("1", 1),
        ("3", 3),
        ("2031-05-03", 3),
        ("2031-05-03T12:00", 1),
        ("2031-05-03 13:59:59", 2),
        ("2031-05-03T13:30+01:00", 1),
        ("2032-01-01", 3),
    ],
)
def test_a_snapshot_is_found_by_number_or_by_time(asked, number):
    assert find_publication(numbered(3), asked).number == number


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("1", "snapshot 1 of 2031-05-03 has been vacuumed; the oldest that is kept is 2"),
        ("2031-05-03T12:30", "snapshot 1 of 2031-05-03 has been vacuumed"),
        ("9", "there is no snapshot 9; the newest is 3"),
        ("0", "there is no snapshot 0"),
        ("2031-05-02", "nothing had been published by 2031-05-02"),
        ("yesterday", "'yesterday' is neither the number of a snapshot nor a time"),
    ],
)
def test_a_snapshot_that_cannot_be_opened_is_refused_with_the_reason(asked, message):
    with pytest.raises(SnapshotError, match=message):
        find_publication(numbered(3, vacuumed=[1]), asked)


def test_nothing_is_found_where_nothing_was_published():
    with pytest.raises(SnapshotError, match=r"there is no snapshot 1$"):
        find_publication([], "1")


@pytest.mark.parametrize("gone", ["files", "log"])
def test_a_snapshot_whose_files_are_gone_is_refused(lake, publish, tmp_path, gone):
    first = publish("first")
    publish("second")
    if gone == "files":
        for file in open_publication(lake, first).list_files():
            (tmp_path / "lake" / file).unlink()
    else:
        for file in (tmp_path / "lake" / "deliveries" / "_delta_log").glob("0*.json"):
            file.unlink()
    with pytest.raises(SnapshotError, match="snapshot 1 can no longer be opened: "):
        open_publication(lake, first)
