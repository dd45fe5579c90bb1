"""Behaviour of `lake.compaction`: fewer files, the same rows, and no run disturbed."""

import shutil

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from copydesk.lake.compaction import compact, plan_compaction
from copydesk.lake.deliveries import declare_delivery, find_source, find_stale, fingerprint_tables
from copydesk.lake.lake import Lake
from copydesk.lake.packs import is_pack
from copydesk.rows import Bundle, RejectedFile, Segment
from copydesk.tables import BUNDLE_TABLES, BUNDLES, REJECTED_FILES, SEGMENTS
from copydesk.values import Label, Stage

PRINTS = fingerprint_tables("0", {table.name: "1" for table in BUNDLE_TABLES})


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def lines(bundle, *rules):
    return [
        Segment(f"page-{bundle}", i, i, i + 1, Label.BODY, rule, 0.9, bundle)
        for i, rule in enumerate(rules)
    ]


def bundle_rows(bundle, *rules):
    """Return the rows of a bundle: lines in `segments`, one row in `bundles`, no others."""
    return [Bundle(bundle, f"inbox/{bundle}", "00", 1, 1, 0), *lines(bundle, *rules)]


@pytest.fixture(scope="module")
def made(tmp_path_factory, deliver):
    """Return a lake with three bundles in one pack."""
    lake = Lake(str(tmp_path_factory.mktemp("packed")))
    for bundle in ("april", "may", "june"):
        deliver(lake, bundle, bundle_rows(bundle, f"{bundle} line", "second"))
    compact(lake)
    return lake


@pytest.fixture
def packed(lake, made):
    """Return a lake of one's own with three bundles in one pack."""
    shutil.copytree(made.uri, lake.uri)
    return lake


def rules_of(lake):
    return sorted(
        (row.bundle, row.rule) for row in SEGMENTS.to_rows(lake.snapshot().read(SEGMENTS))
    )


def files_of(lake, table):
    return {file for part in lake.snapshot().parts(table) for file in part.files}


def test_bundles_are_read_from_one_file_and_their_rows_are_the_same(lake, deliver):
    for bundle in ("april", "may"):
        deliver(lake, bundle, bundle_rows(bundle, f"{bundle} line"))
    before = rules_of(lake)
    (made,) = compact(lake)
    assert made.bundles == ["april", "may"]
    assert made.n_files == 4
    assert len(files_of(lake, SEGMENTS)) == 1
    assert all(map(is_pack, files_of(lake, SEGMENTS)))
    assert files_of(lake, REJECTED_FILES) == set()
    assert rules_of(lake) == before == [("april", "april line"), ("may", "may line")]


def test_an_open_snapshot_stays_whole(lake, deliver):
    deliver(lake, "april", bundle_rows("april", "line"))
    old = deliver(lake, "may", bundle_rows("may", "line"))
    compact(lake)
    assert len(list(SEGMENTS.to_rows(old.read(SEGMENTS)))) == 2


def test_what_a_plan_says_is_what_is_done(lake, deliver):
    for bundle in ("april", "may"):
        deliver(lake, bundle, bundle_rows(bundle, "line"))
    before = lake.snapshot()
    plan = plan_compaction(lake)
    assert lake.snapshot() == before
    assert compact(lake) == plan


def test_what_is_packed_is_not_packed_again(packed):
    before = packed.snapshot()
    assert plan_compaction(packed) == []
    assert compact(packed) == []
    assert packed.snapshot() == before


@pytest.mark.parametrize("bundles", [[], ["may"]])
def test_there_is_nothing_to_pack_in_one_bundle_or_none(lake, deliver, bundles):
    for bundle in bundles:
        deliver(lake, bundle, bundle_rows(bundle, "line"))
    assert compact(lake) == []


def test_a_new_bundle_joins_a_thin_pack(packed, deliver):
    deliver(packed, "july", bundle_rows("july", "july line"))
    (made,) = compact(packed)
    assert made.bundles == ["april", "july", "june", "may"]
    assert len(files_of(packed, SEGMENTS)) == 1


def test_packs_are_filled_up_to_the_target(lake, deliver):
    bundles = [f"day-{i}" for i in range(6)]
    for bundle in bundles:
        deliver(lake, bundle, bundle_rows(bundle, "line"))
    (one,) = plan_compaction(lake)
    made = compact(lake, target_bytes=one.n_bytes * 4)
    assert [len(group.bundles) for group in made] == [6]
    assert plan_compaction(lake, target_bytes=1) == []  # full packs and large bundles stay


def test_large_bundles_keep_their_own_files(lake, deliver):
    for bundle in ("april", "may"):
        deliver(lake, bundle, bundle_rows(bundle, "line"))
    (group,) = plan_compaction(lake)
    assert plan_compaction(lake, target_bytes=group.n_bytes) == []


def test_a_packed_bundle_is_fresh_and_found(packed):
    snapshot = packed.snapshot()
    for bundle in ("april", "may", "june"):
        assert find_stale(snapshot, bundle, fingerprints=PRINTS) == []
        assert find_source(packed, bundle) == f"inbox/{bundle}"
        rows = SEGMENTS.to_rows(packed.read(SEGMENTS, bundle=bundle))
        assert [row.rule for row in rows] == [f"{bundle} line", "second"]


def test_the_tables_themselves_hold_no_packed_rows(packed):
    for table in (SEGMENTS, BUNDLES):
        assert DeltaTable(f"{packed}/{table.name}").file_uris() == []


def test_a_packed_bundle_delivered_again_is_read_from_its_own_files(packed, deliver):
    deliver(packed, "may", bundle_rows("may", "new"))
    assert rules_of(packed) == [
        ("april", "april line"),
        ("april", "second"),
        ("june", "june line"),
        ("june", "second"),
        ("may", "new"),
    ]
    assert find_stale(packed.snapshot(), "may", fingerprints=PRINTS) == []


@pytest.mark.parametrize("n_again", [0, 1, 2, 3, 4, 5])
def test_a_pack_is_read_for_the_bundles_that_still_list_it(lake, deliver, n_again):
    bundles = [f"day-{i}" for i in range(5)]
    for bundle in bundles:
        deliver(lake, bundle, bundle_rows(bundle, "old"))
    compact(lake)
    for bundle in bundles[:n_again]:
        deliver(lake, bundle, bundle_rows(bundle, "new"))
    expected = [(b, "new" if i < n_again else "old") for i, b in enumerate(bundles)]
    assert rules_of(lake) == expected
    assert [find_source(lake, bundle) for bundle in bundles] == [f"inbox/{b}" for b in bundles]


def test_a_packed_bundle_that_has_lost_all_its_rows_is_empty(packed, deliver):
    deliver(packed, "may", [])
    assert {bundle for bundle, _ in rules_of(packed)} == {"april", "june"}
    assert list(SEGMENTS.to_rows(packed.read(SEGMENTS, bundle="may"))) == []
    assert find_stale(packed.snapshot(), "may", fingerprints=PRINTS) == []


def test_tables_that_a_run_did_not_make_again_stay_in_the_pack(packed):
    packed.replace(SEGMENTS, SEGMENTS.spool(lines("may", "new")), bundle="may")
    delivery = declare_delivery(packed, "may", fingerprints=PRINTS)
    parts = {part.table_name: part for part in delivery}
    assert all(map(is_pack, parts["bundles"].files))
    assert not any(map(is_pack, parts["segments"].files))
    assert ("may", "new") in rules_of(packed)
    assert find_source(packed, "may") == "inbox/may"


@pytest.mark.parametrize("rules", [["half"], []], ids=["rows", "no rows"])
def test_what_a_run_has_written_and_not_delivered_is_left_alone(packed, deliver, rules):
    packed.replace(SEGMENTS, SEGMENTS.spool(lines("may", *rules)), bundle="may")
    newest = packed.find_live(SEGMENTS, bundle="may").files
    assert find_stale(packed.snapshot(), "may", fingerprints=PRINTS) == list(PRINTS)
    deliver(packed, "july", bundle_rows("july", "july line"))
    (made,) = compact(packed)
    assert "may" not in made.bundles
    assert packed.find_live(SEGMENTS, bundle="may").files == newest
    assert ("may", "may line") in rules_of(packed)


def stream_after(action, rows):
    """Return rows as a stream; before the last of them something else happens."""

    def batches():
        yield SEGMENTS.to_batch(rows[:-1])
        action()
        yield SEGMENTS.to_batch(rows[-1:])

    return pa.RecordBatchReader.from_batches(SEGMENTS.schema, batches())


@pytest.mark.parametrize("bundle", ["april", "may", "june"])
def test_a_run_that_writes_a_bundle_while_it_is_packed_continues(lake, deliver, bundle):
    for each in ("april", "may"):
        deliver(lake, each, bundle_rows(each, "line"))
    rows = stream_after(lambda: compact(lake), lines(bundle, "new", "rows"))
    live = lake.replace(SEGMENTS, rows, bundle=bundle)
    assert live.n_rows == 2
    assert lake.find_live(SEGMENTS, bundle=bundle).files == live.files
    declare_delivery(lake, bundle, fingerprints=PRINTS)
    assert [rule for name, rule in rules_of(lake) if name == bundle] == ["new", "rows"]


def test_of_two_runs_that_write_one_bundle_the_slower_one_fails(packed):
    def write_too():
        rows = SEGMENTS.spool(lines("may", "faster"))
        packed.replace(SEGMENTS, rows, bundle="may")

    with pytest.raises(CommitFailedError):
        packed.replace(
            SEGMENTS, stream_after(write_too, lines("may", "slower", "run")), bundle="may"
        )
    rows = SEGMENTS.to_rows(packed.read(SEGMENTS, bundle="may"))
    assert [row.rule for row in rows] == ["faster"]


def test_a_new_bundle_on_its_way_is_left_alone(packed, deliver):
    packed.replace(SEGMENTS, SEGMENTS.spool(lines("july", "half")), bundle="july")
    deliver(packed, "august", bundle_rows("august", "line"))
    (made,) = compact(packed)
    assert made.bundles == ["april", "august", "june", "may"]
    assert packed.find_live(SEGMENTS, bundle="july").n_rows == 1


def test_rows_left_by_a_compaction_that_died_are_taken_out_by_the_next(lake, deliver, monkeypatch):
    for bundle in ("april", "may"):
        deliver(lake, bundle, bundle_rows(bundle, "line"))
    with monkeypatch.context() as patch:
        patch.setattr("copydesk.lake.compaction._remove_packed", lambda _: None)
        compact(lake)
    assert len(DeltaTable(f"{lake}/segments").file_uris()) == 2
    assert rules_of(lake) == [("april", "line"), ("may", "line")]
    compact(lake)
    assert DeltaTable(f"{lake}/segments").file_uris() == []
    assert rules_of(lake) == [("april", "line"), ("may", "line")]


def test_a_pack_that_is_mostly_out_of_date_is_written_again(packed, deliver):
    (before,) = files_of(packed, SEGMENTS)
    for bundle in ("april", "may"):
        deliver(packed, bundle, [])
    (made,) = compact(packed)
    assert "june" in made.bundles
    assert before not in files_of(packed, SEGMENTS)
    assert {bundle for bundle, _ in rules_of(packed)} == {"june"}


def test_rejected_files_keep_their_order_in_a_pack(lake, deliver):
    for bundle in ("april", "may"):
        rows = [
            RejectedFile(bundle, f"{name}.txt", Stage.OPEN, "empty", "no text", None)
            for name in ("b", "a")
        ]
        deliver(lake, bundle, [*bundle_rows(bundle, "line"), *rows])
    compact(lake)
    rows = REJECTED_FILES.to_rows(lake.snapshot().read(REJECTED_FILES))
    found = [(row.bundle, row.source_path) for row in rows]
    assert found == [("april", "a.txt"), ("april", "b.txt"), ("may", "a.txt"), ("may", "b.txt")]


@pytest.mark.parametrize("name", ["2031-05-03", "007", "Ida's", "null", "a=b", "50 %"])
def test_a_packed_bundle_may_have_any_name(lake, deliver, name):
    deliver(lake, name, bundle_rows(name, "line"))
    deliver(lake, "other", bundle_rows("other", "line"))
    compact(lake)
    assert rules_of(lake) == sorted([(name, "line"), ("other", "line")])
    assert find_source(lake, name) == f"inbox/{name}"
