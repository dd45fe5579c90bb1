"""What is delivered is read once: by looks in any order, with and without what was kept."""

import pytest

from copydesk.lake.compaction import compact
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.origin import origin_of
from copydesk.rows import Bundle
from copydesk.tables import BUNDLES
from pipelines import delivered as delivered_module
from pipelines.delivered import KEPT, LAST_TABLE, open_delivered
from pipelines.delivered import forget as start_again
from pipelines.sensors import delivery_sensor, inbox_sensor
from tests.pipelines.test_sensors import tick

CODE = {"quotes": "1"}


@pytest.fixture(autouse=True)
def begin_again():
    """Let each test begin as a new process does."""
    start_again()
    yield
    start_again()


@pytest.fixture
def lake(project):
    return project.settings.lake


@pytest.fixture
def kept(project):
    project.settings.data.mkdir(parents=True, exist_ok=True)
    return project.settings.data / KEPT


@pytest.fixture
def add(lake, deliver):
    """Return a function that delivers a bundle of bytes with a hash."""

    def write(bundle, sha256="0"):
        deliver(lake, bundle, [Bundle(bundle, f"/in/{bundle}", sha256, 1, 0, 0)], sha256=sha256)

    return write


def assert_same_as_snapshot(found, lake):
    """Compare with what the snapshot itself says, which is read as a whole."""
    snapshot = lake.snapshot()
    parts = [part for part in snapshot.deliveries if part.table_name == LAST_TABLE]
    assert found.version == snapshot.version
    assert found.prints == {part.bundle: part.fingerprint for part in parts}
    rows = BUNDLES.to_rows(snapshot.read(BUNDLES))
    assert found.sources == {row.bundle: row.source_uri for row in rows}
    assert found.origin(CODE) == origin_of(snapshot, code_versions=CODE)


def count_reads(monkeypatch):
    """Return a list to which each file that is read is added."""
    read = []
    read_files = delivered_module.read_files

    def watch(lake, paths):
        read.extend(paths)
        return read_files(lake, paths)

    monkeypatch.setattr(delivered_module, "read_files", watch)
    return read


def test_an_empty_lake_has_nothing_delivered(lake, kept):
    found = open_delivered(lake, kept)
    assert (found.version, found.prints, found.n_unread) == (-1, {}, 0)


@pytest.mark.parametrize("most_unkept", [1, 1_000])
def test_every_look_says_what_the_snapshot_says(lake, kept, add, monkeypatch, most_unkept):
    monkeypatch.setattr(delivered_module, "MOST_UNKEPT", most_unkept)
    changes = [
        lambda: add("april"),
        lambda: add("may"),
        lambda: add("a b=c%20d"),
        lambda: add("may", sha256="1"),
        start_again,
        lambda: add("june"),
        lambda: compact(lake),
        start_again,
        lambda: lake.replace(DELIVERIES, DELIVERIES.spool([]), bundle="april"),
    ]
    for change in changes:
        change()
        assert_same_as_snapshot(open_delivered(lake, kept), lake)


def test_a_file_is_read_once_by_a_process_and_not_by_the_next(lake, kept, add, monkeypatch):
    monkeypatch.setattr(delivered_module, "MOST_UNKEPT", 2)
    read = count_reads(monkeypatch)
    add("april")
    add("may")
    open_delivered(lake, kept)
    assert len(read) == 2
    assert open_delivered(lake, kept) is open_delivered(lake, kept)
    start_again()
    add("june")
    open_delivered(lake, kept)
    assert len(read) == 3
    assert "june" in read[-1]


@pytest.mark.parametrize("damage", [b"", b"ARROW1\0\0 and no more", None])
def test_what_was_kept_is_only_a_memory(lake, kept, add, monkeypatch, damage):
    monkeypatch.setattr(delivered_module, "MOST_UNKEPT", 1)
    add("april")
    open_delivered(lake, kept)
    kept.unlink() if damage is None else kept.write_bytes(damage)
    start_again()
    assert_same_as_snapshot(open_delivered(lake, kept), lake)


def test_nothing_is_decided_before_all_is_read(project, lake, kept, add, monkeypatch):
    for name in ("april", "may", "june"):
        add(name)
    project.settings.inbox.mkdir(parents=True)
    (project.settings.inbox / "july.txt").write_text("A page.")
    monkeypatch.setattr(delivered_module, "READ_AT_ONCE", 1)
    monkeypatch.setattr(delivered_module, "MAX_READ_SECONDS", 0.0)
    said = tick(delivery_sensor, project)
    assert said.skip_message == "reading what is delivered: 0 of 3 bundles are read"
    for _ in range(2):  # a look would take the file in once it has stopped growing
        result = tick(inbox_sensor, project)
        assert result.run_requests in (None, [])
        assert "reading what is delivered" in result.skip_reason.skip_message
    monkeypatch.setattr(delivered_module, "MAX_READ_SECONDS", 60.0)
    assert_same_as_snapshot(open_delivered(lake, kept), lake)
