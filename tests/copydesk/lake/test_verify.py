"""Behaviour of `lake.verify`, `lake.record` and `lake.upgrade`, with files that are damaged."""

import os
from datetime import UTC, datetime

import pytest
from deltalake import DeltaTable, write_deltalake

from copydesk.errors import LakeError
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import declare_delivery, find_stale, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import ADDED_COLUMNS, DELIVERIES, PUBLICATIONS
from copydesk.lake.record import RECORD, Record
from copydesk.lake.sums import sum_file, sum_stored
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.verify import refuse_damage
from copydesk.rows import Segment
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, SEGMENTS
from copydesk.values import Label

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
PRINTS = fingerprint_tables("0", {table.name: "1" for table in BUNDLE_TABLES})


@pytest.fixture
def lake(tmp_path, deliver):
    lake = Lake(str(tmp_path / "lake"))
    for bundle in ("april", "may"):
        deliver(lake, bundle, [Segment("a1", 0, 0, 1, Label.BODY, "rule", 0.9, bundle)])
    refuse_damage(lake.snapshot())
    return lake


def segments_of(lake, bundle):
    (file,) = lake.find_live(SEGMENTS, bundle=bundle).files
    return lake.place(file)


def flip(path):
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 1
    path.write_bytes(whole)


def flip_unseen(path):
    """Flip a bit and put size and time back, as a failing disk does."""
    state = path.stat()
    flip(path)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def truncate(path):
    path.write_bytes(path.read_bytes()[:20])


def zero(path):
    path.write_bytes(bytes(path.stat().st_size))


BLOWS = [os.unlink, truncate, zero, flip, flip_unseen]


@pytest.mark.parametrize("blow", BLOWS)
def test_a_damaged_file_is_refused_with_table_bundle_and_file(lake, blow):
    path = segments_of(lake, "may")
    blow(path)
    with pytest.raises(LakeError, match="copydesk doctor --repair") as refused:
        refuse_damage(lake.snapshot())
    message = str(refused.value)
    assert message.startswith(f"segments of bundle may: segments/bundle=may/{path.name}: ")
    assert "\n" not in message


@pytest.mark.parametrize("blow", BLOWS)
def test_a_damaged_bundle_is_made_again_by_its_next_run(lake, blow):
    blow(segments_of(lake, "may"))
    assert find_stale(lake.snapshot(), "may", fingerprints=PRINTS) == list(PRINTS)
    assert find_stale(lake.snapshot(), "april", fingerprints=PRINTS) == []


def test_damaged_rows_are_not_packed(lake):
    flip(segments_of(lake, "may"))
    with pytest.raises(LakeError, match="segments of bundle may"):
        compact(lake)


def test_a_new_delivery_does_not_take_damage_for_whole(lake):
    flip(segments_of(lake, "may"))
    declare_delivery(lake, "may", fingerprints=PRINTS)
    with pytest.raises(LakeError, match="segments of bundle may"):
        refuse_damage(lake.snapshot())


def test_an_unchanged_file_is_read_once_and_after_a_vacuum_once_more(lake, monkeypatch):
    read = []

    def note(files, file):
        read.append(lake.place(file))
        return sum_stored(files, file)

    monkeypatch.setattr("copydesk.lake.record.sum_stored", note)
    refuse_damage(lake.snapshot())
    assert read == []
    now = datetime.now(tz=UTC)
    vacuum(lake, plan_vacuum(lake, retention=Retention(), now=now, shown=None))
    refuse_damage(lake.snapshot())
    assert segments_of(lake, "may") in read


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b'{"a": [1]}', b"\xff"])
def test_a_damaged_record_only_costs_reading(lake, content):
    lake.place(RECORD).write_bytes(content)
    refuse_damage(lake.snapshot())
    assert Record(lake.files).first_sum("nowhere") is None


def test_a_changed_log_of_deliveries_is_refused(lake):
    log = lake.place(f"deliveries/_delta_log/{1:020}.json")
    text = log.read_text("utf-8")
    log.write_text(text.replace('"add"', '"adc"'), "utf-8")
    with pytest.raises(LakeError, match="deliveries"):
        refuse_damage(lake.snapshot())


def test_a_table_whose_log_is_damaged_is_not_taken_for_empty(lake):
    for log in lake.place("segments/_delta_log").iterdir():
        zero(log)
    with pytest.raises(LakeError, match="the Delta log of segments is damaged"):
        lake.create(SEGMENTS)


def age(lake, table):
    """Give a record of the lake the columns that it had in the version before."""
    delta = DeltaTable(lake.path_of(table.name))
    rows = lake.read(table).read_all().drop_columns(sorted(ADDED_COLUMNS[table.name]))
    write_deltalake(delta, rows, mode="overwrite", schema_mode="overwrite")


def publish(lake):
    snapshot = lake.snapshot()
    for table in CORPUS_TABLES:
        lake.replace_corpus(table, CorpusRows(table.spool([]), snapshot.version))
    return record_publication(find_contents(snapshot), code_versions={}, published_at=NOON)


def test_an_older_lake_is_read_as_it_is(lake):
    publish(lake)
    age(lake, DELIVERIES)
    age(lake, PUBLICATIONS)
    assert {part.bundle for part in lake.snapshot().deliveries} == {"april", "may"}
    assert [row.number for row in lake.history()] == [1]
    refuse_damage(lake.snapshot())
    assert find_stale(lake.snapshot(), "may", fingerprints=PRINTS) == []


def test_an_older_lake_gets_sums_with_its_next_delivery(lake, deliver):
    publish(lake)
    age(lake, DELIVERIES)
    age(lake, PUBLICATIONS)
    old = lake.snapshot()
    deliver(lake, "june", [Segment("c1", 0, 0, 1, Label.BODY, "rule", 0.9, "june")])
    parts = [part for part in lake.snapshot().deliveries if part.table_name == SEGMENTS.name]
    for part in parts:
        assert part.sums == [sum_file(lake.place(file)) for file in part.files]
    assert lake.snapshot(version=old.version).deliveries == old.deliveries
    publish(lake)
    first, second = lake.history()
    assert (first.number, first.corpus_files, second.number) == (1, [], 2)
    flip(segments_of(lake, "april"))
    with pytest.raises(LakeError, match="segments of bundle april"):
        refuse_damage(lake.snapshot())
