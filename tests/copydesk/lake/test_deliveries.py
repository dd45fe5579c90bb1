"""Behaviour of `lake.deliveries`: where a bundle's rows are, and when they are made again."""

import pytest

from copydesk.lake.deliveries import describe_delivery, find_stale, fingerprint_tables
from copydesk.lake.lake import Lake
from copydesk.rows import Segment
from copydesk.tables import BUNDLE_TABLES, SEGMENTS
from copydesk.values import Label

NAMES = [table.name for table in BUNDLE_TABLES]
VERSIONS = dict.fromkeys(NAMES, "1")
PRINTS = fingerprint_tables("bytes", VERSIONS)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def line(bundle, rule="long_sentence"):
    return Segment("a1", 0, 0, 7, Label.BODY, rule, 0.9, bundle)


def test_every_table_has_a_fingerprint_of_its_own():
    assert list(PRINTS) == NAMES
    assert len(set(PRINTS.values())) == len(NAMES)


@pytest.mark.parametrize("changed", NAMES)
def test_new_code_of_a_table_changes_its_fingerprint_and_those_after_it(changed):
    prints = fingerprint_tables("bytes", VERSIONS | {changed: "2"})
    differing = [name for name in NAMES if prints[name] != PRINTS[name]]
    assert differing == NAMES[NAMES.index(changed) :]


def test_other_bytes_change_every_fingerprint():
    prints = fingerprint_tables("other bytes", VERSIONS)
    assert set(prints.values()).isdisjoint(PRINTS.values())


def test_a_delivery_names_every_table_of_the_bundle_with_its_files(lake):
    live = lake.replace(SEGMENTS, SEGMENTS.spool([line("may")]), bundle="may")
    parts = {p.table_name: p for p in describe_delivery(lake, "may", fingerprints=PRINTS)}
    assert list(parts) == NAMES
    assert (parts["segments"].files, parts["segments"].n_rows) == (live.files, 1)
    assert (parts["quotes"].files, parts["quotes"].n_rows) == ([], 0)
    assert {name: part.fingerprint for name, part in parts.items()} == PRINTS


def test_all_tables_of_a_new_bundle_are_stale(lake, deliver):
    snapshot = deliver(lake, "may", [line("may")], sha256="bytes")
    assert find_stale(lake.snapshot(), "june", fingerprints=PRINTS) == NAMES
    assert find_stale(snapshot, "june", fingerprints=PRINTS) == NAMES


@pytest.mark.parametrize(
    ("sha256", "changed", "stale"),
    [
        ("bytes", {}, []),
        ("bytes", {"quotes": "2"}, ["quotes", "page_corrections"]),
        (
            "bytes",
            {"segments": "2"},
            NAMES[NAMES.index("segments") :],
        ),
        ("other bytes", {}, NAMES),
    ],
)
def test_tables_are_stale_from_the_first_change_on(lake, deliver, sha256, changed, stale):
    snapshot = deliver(lake, "may", [line("may")], sha256="bytes")
    prints = fingerprint_tables(sha256, VERSIONS | changed)
    assert find_stale(snapshot, "may", fingerprints=prints) == stale


def test_all_tables_are_stale_where_the_newest_rows_were_never_delivered(lake, deliver):
    deliver(lake, "may", [line("may")], sha256="bytes")
    half = [line("may", rule="rewritten")]
    lake.replace(SEGMENTS, SEGMENTS.spool(half), bundle="may")
    assert find_stale(lake.snapshot(), "may", fingerprints=PRINTS) == NAMES


def test_another_bundle_makes_nothing_stale(lake, deliver):
    deliver(lake, "may", [line("may")], sha256="bytes")
    lake.replace(SEGMENTS, SEGMENTS.spool([line("june")]), bundle="june")
    assert find_stale(lake.snapshot(), "may", fingerprints=PRINTS) == []


def test_a_bundle_made_again_is_fresh(lake, deliver):
    deliver(lake, "may", [line("may")], sha256="bytes")
    lake.replace(SEGMENTS, SEGMENTS.spool([line("may", rule="half")]), bundle="may")
    snapshot = deliver(lake, "may", [line("may")], sha256="bytes")
    assert find_stale(snapshot, "may", fingerprints=PRINTS) == []
