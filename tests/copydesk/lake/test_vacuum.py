"""Behaviour of `lake.vacuum`: what somebody may need stays, all else goes."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.errors import SnapshotError
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import open_publication, record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Publication
from copydesk.lake.sql import connect
from copydesk.lake.vacuum import Retention, choose_kept, plan_vacuum, vacuum
from copydesk.rows import Bundle, Segment, Story
from copydesk.tables import CORPUS_TABLES, SEGMENTS, STORIES
from copydesk.values import Label, StoryRelation, StoryRule

START = datetime(2021, 5, 3, 12, tzinfo=UTC)  # long before any file of a test is written
STRICT = Retention(days=0, snapshots=1, grace_hours=0)


def later():
    """Return a time at which all that is on disk is a second old."""
    return datetime.now(tz=UTC) + timedelta(seconds=1)


def line(bundle, rule):
    return Segment(f"page-{bundle}", 0, 0, 7, Label.BODY, rule, 0.9, bundle)


class Desk:
    """A lake, and what each of its snapshots held."""

    def __init__(self, lake, deliver):
        self.lake = Lake(str(lake))
        self._deliver = deliver
        self.held = {}
        self.n = 0

    def deliver(self, bundle):
        self.n += 1
        rows = [Bundle(bundle, "inbox", "00", 1, 1, 0), line(bundle, f"rule {self.n}")]
        return self._deliver(self.lake, bundle, rows)

    def write_half(self, bundle):
        """Write a table of a bundle, as a run that is under way or has died."""
        rows = SEGMENTS.spool([line(bundle, "half")])
        return self.lake.replace(SEGMENTS, rows, bundle=bundle)

    def publish(self):
        snapshot = self.lake.snapshot()
        story = Story(
            article_id="a",
            story_id=f"s{self.n}",
            text_id=f"t{self.n}",
            relation=StoryRelation.SOLE,
            rule=StoryRule.NOTHING_ALIKE,
            compared_with=None,
            similarity=1.0,
            containment=1.0,
            is_representative=True,
            is_text_representative=True,
        )
        for table in CORPUS_TABLES:
            rows = table.spool([story] if table is STORIES else [])
            self.lake.replace_corpus(table, CorpusRows(rows, snapshot.version))
        self.n += 1
        published = record_publication(
            find_contents(snapshot),
            code_versions={"n": str(self.n)},
            published_at=START + timedelta(hours=len(self.held)),
        )
        self.held[published.number] = self.read(published)
        return published

    def read(self, publication):
        contents = open_publication(self.lake, publication)
        query = f"SELECT bundle, rule FROM {contents.relation_sql(SEGMENTS)} ORDER BY ALL"
        stories = f"SELECT story_id FROM {contents.relation_sql(STORIES)}"
        with connect() as connection:
            return connection.sql(query).fetchall(), connection.sql(stories).fetchall()

    def plan(self, retention=STRICT, *, now=None, shown=None):
        return plan_vacuum(self.lake, retention=retention, now=now or later(), shown=shown)

    def vacuum(self, retention=STRICT, *, now=None, shown=None):
        plan = self.plan(retention, now=now, shown=shown)
        vacuum(self.lake, plan)
        return plan

    def list_open(self):
        """Return the numbers of the snapshots that open and hold what they held."""
        numbers = []
        for publication in self.lake.history():
            try:
                found = self.read(publication)
            except SnapshotError:
                continue
            assert found == self.held[publication.number]
            numbers.append(publication.number)
        return numbers


@pytest.fixture
def desk(tmp_path, deliver):
    return Desk(tmp_path / "lake", deliver)


@pytest.fixture(scope="module")
def published(tmp_path_factory, deliver):
    """Return a lake with three snapshots, in each of which a bundle was made again."""
    desk = Desk(tmp_path_factory.mktemp("published"), deliver)
    for _ in range(3):
        desk.deliver("may")
        desk.publish()
    return desk


@pytest.fixture
def three(desk, published):
    """Return a lake of one's own with these three snapshots."""
    shutil.copytree(published.lake.uri, desk.lake.uri)
    desk.held, desk.n = dict(published.held), published.n
    return desk


def test_snapshots_out_of_retention_are_given_up_and_said_to_be(three):
    plan = three.vacuum()
    assert (plan.kept, plan.given_up) == ([3], [1, 2])
    assert plan.n_bytes > 0
    assert three.list_open() == [3]
    assert [p.is_vacuumed for p in three.lake.history()] == [True, True, False]
    assert not any(Path(three.lake.uri, file).exists() for file in plan.files)


def test_a_plan_alone_changes_nothing(three):
    plan = three.plan()
    assert len(plan.files) >= 8
    assert three.list_open() == [1, 2, 3]
    assert three.plan() == plan


@pytest.mark.parametrize(
    ("retention", "kept"),
    [
        (Retention(days=0, snapshots=2, grace_hours=0), [2, 3]),
        (Retention(days=0, snapshots=9, grace_hours=0), [1, 2, 3]),
        (Retention(days=1e5, snapshots=1, grace_hours=0), [1, 2, 3]),
    ],
)
def test_what_is_in_retention_can_be_opened(three, retention, kept):
    assert three.vacuum(retention).kept == kept
    assert three.list_open() == kept


def test_the_snapshot_that_the_catalogue_shows_is_kept(three):
    assert three.vacuum(shown=1).kept == [1, 3]
    assert three.list_open() == [1, 3]


def test_nothing_young_is_removed(three):
    plan = three.vacuum(Retention(days=0, snapshots=1, grace_hours=1))
    assert (plan.files, plan.given_up) == ([], [1, 2])


def test_nothing_that_was_superseded_lately_is_removed(three):
    """Files are old, and so are the logs but the last: their rows were current until just now."""
    newest = {file for table in CORPUS_TABLES for file in three.lake.find_live(table).files}
    newest |= set(open_publication(three.lake, three.lake.history()[-1]).list_files())
    three.deliver("may")
    three.publish()
    long_ago = (START - timedelta(days=9_000)).timestamp()
    for path in Path(three.lake.uri).rglob("*.parquet"):
        os.utime(path, (long_ago, long_ago))
    plan = three.vacuum(Retention(days=0, snapshots=1, grace_hours=1))
    assert newest.isdisjoint(plan.files)


def test_what_a_run_has_just_written_is_kept(three):
    half = three.write_half("may")
    new = three.write_half("june")
    three.vacuum()
    assert three.lake.find_missing(half.files + new.files) == []
    assert three.list_open() == [3]


def test_what_was_delivered_and_not_published_yet_is_kept(three):
    snapshot = three.deliver("june")
    three.vacuum()
    assert three.lake.find_missing([f for part in snapshot.deliveries for f in part.files]) == []
    three.publish()
    assert three.list_open() == [3, 4]


def test_the_second_vacuum_finds_little_to_do(three):
    three.vacuum()
    assert {file.split("/")[0] for file in three.vacuum().files} <= {"publications"}
    assert three.plan().files == []


def test_nothing_is_removed_before_the_first_publication(desk):
    assert desk.plan().files == []
    desk.deliver("may")
    desk.deliver("may")
    assert desk.vacuum().files == []


def test_files_of_a_dead_compaction_are_removed(three):
    stray = Path(three.lake.uri, "packs", "segments", "stray.parquet")
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")
    three.vacuum()
    assert not stray.exists()


def test_other_files_in_the_lake_are_left_alone(three):
    others = [Path(three.lake.uri, "notes.txt"), Path(three.lake.uri, "mine", "table.parquet")]
    others[1].parent.mkdir()
    for path in others:
        path.write_bytes(b"mine")
    three.vacuum()
    assert all(path.exists() for path in others)


def test_old_logs_go_once_a_checkpoint_holds_what_they_said(three):
    for table in (SEGMENTS, STORIES):
        DeltaTable(f"{three.lake}/{table.name}").create_checkpoint()
    three.deliver("may")
    three.publish()
    three.vacuum()
    logs = Path(three.lake.uri, "segments", "_delta_log")
    assert sorted(path.name[:20].lstrip("0") for path in logs.glob("*.json")) == ["3", "4"]
    assert three.list_open() == [4]
    three.deliver("may")
    three.publish()
    assert three.list_open() == [4, 5]


@pytest.mark.parametrize(
    ("hours", "days", "snapshots", "shown", "kept"),
    [
        ([0, 1, 2], 0, 1, None, [3]),
        ([0, 1, 2], 0, 2, None, [2, 3]),
        ([0, 1, 2], 0, 1, 1, [1, 3]),
        # The first was superseded an hour ago, however old it is.
        ([0, 239, 239.5], 1 / 24, 1, None, [1, 2, 3]),
        ([0, 100, 239.5], 1 / 24, 1, None, [2, 3]),
        ([0], 0, 1, None, [1]),
        ([], 7, 10, None, []),
    ],
)
def test_retention_counts_snapshots_and_the_days_since_they_were_superseded(
    hours, days, snapshots, shown, kept
):
    publications = [
        Publication(i + 1, START + timedelta(hours=h), i, [], [], 1, 1, 1, 1, is_vacuumed=False)
        for i, h in enumerate(hours)
    ]
    chosen = choose_kept(
        publications,
        retention=Retention(days=days, snapshots=snapshots),
        now=START + timedelta(hours=240),
        shown=shown,
    )
    assert [publication.number for publication in chosen] == kept


STEPS = st.sampled_from(["deliver may", "deliver june", "half", "publish", "compact", "vacuum"])


@settings(max_examples=5)
@given(steps=st.lists(STEPS, min_size=5, max_size=8), n_kept=st.integers(1, 2))
def test_whatever_happens_kept_snapshots_hold_what_they_held(
    tmp_path_factory, deliver, steps, n_kept
):
    desk = Desk(tmp_path_factory.mktemp("lake"), deliver)
    desk.deliver("april")
    desk.publish()
    for step in steps:
        if step.startswith("deliver"):
            desk.deliver(step.split()[1])
        elif step == "half":
            desk.write_half("may")
        elif step == "publish":
            desk.publish()
        elif step == "compact":
            compact(desk.lake)
        else:
            desk.vacuum(Retention(days=0, snapshots=n_kept, grace_hours=0))
        listed = [file for part in desk.lake.snapshot().deliveries for file in part.files]
        assert desk.lake.find_missing(listed) == []
    assert set(list(desk.held)[-n_kept:]) <= set(desk.list_open())
