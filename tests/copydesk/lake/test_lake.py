"""Behaviour of `lake.lake` and `lake.contents`, on real Delta tables in a temporary folder."""

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import find_source
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.sql import connect, scan_sql
from copydesk.rows import Bundle, Segment, Story
from copydesk.tables import BUNDLES, CORPUS_TABLES, PUBLISHED_TABLES, SEGMENTS, STORIES
from copydesk.values import Label, StoryRelation, StoryRule

TABLES = [*PUBLISHED_TABLES, DELIVERIES]
NAMES = [table.name for table in TABLES]


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def lines(bundle, *rules, article_id="a1"):
    """Return the segments of one page, told apart by their rule."""
    return [
        Segment(article_id, i, i, i + 1, Label.BODY, rule, 0.9, bundle)
        for i, rule in enumerate(rules)
    ]


def write(lake, bundle, *rules, article_id="a1"):
    rows = lines(bundle, *rules, article_id=article_id)
    return lake.replace(SEGMENTS, SEGMENTS.spool(rows), bundle=bundle)


def rules_of(stream):
    return [row.rule for row in SEGMENTS.to_rows(stream)]


def stories(*article_ids):
    return STORIES.spool(
        Story(
            article_id=article_id,
            story_id=f"s-{article_id}",
            text_id=f"t-{article_id}",
            relation=StoryRelation.SOLE,
            rule=StoryRule.NOTHING_ALIKE,
            compared_with=None,
            similarity=1.0,
            containment=1.0,
            is_representative=True,
            is_text_representative=True,
        )
        for article_id in article_ids
    )


def test_a_bundle_written_again_replaces_its_own_rows_only(lake):
    write(lake, "april", "old april")
    write(lake, "may", "may")
    write(lake, "april", "new", "april")
    assert rules_of(lake.read(SEGMENTS, bundle="april")) == ["new", "april"]
    assert rules_of(lake.read(SEGMENTS, bundle="may")) == ["may"]


def test_a_bundle_that_has_lost_all_its_rows_is_empty(lake):
    write(lake, "april", "one", "two")
    live = write(lake, "april")
    assert (live.files, live.n_rows) == ([], 0)
    assert rules_of(lake.read(SEGMENTS, bundle="april")) == []


def test_rows_are_read_in_the_order_of_the_key(lake):
    rows = lines("may", "third", "fourth", article_id="b") + lines("may", "first", "second")
    lake.replace(SEGMENTS, SEGMENTS.spool(rows), bundle="may")
    found = rules_of(lake.read(SEGMENTS, bundle="may"))
    assert found == ["first", "second", "third", "fourth"]


def test_what_is_live_is_listed_with_version_files_and_rows(lake):
    first = write(lake, "may", "one", "two")
    second = write(lake, "may", "one", "two", "three")
    assert (first.n_rows, second.n_rows) == (2, 3)
    assert second.version > first.version
    assert all(file.startswith("segments/") for file in second.files)
    assert set(first.files).isdisjoint(second.files)
    assert lake.find_live(SEGMENTS, bundle="may") == second


def test_the_same_rows_written_again_read_the_same(lake):
    write(lake, "may", "one", "two")
    before = list(SEGMENTS.to_rows(lake.read(SEGMENTS, bundle="may")))
    write(lake, "may", "one", "two")
    assert list(SEGMENTS.to_rows(lake.read(SEGMENTS, bundle="may"))) == before


@pytest.mark.parametrize(
    "bundle", ["2031-05-03", "007", "1e5", "true", "null", "May.part-2", "x" * 60]
)
def test_a_bundle_name_comes_back_as_text(lake, bundle):
    write(lake, bundle, "line")
    (row,) = SEGMENTS.to_rows(lake.read(SEGMENTS, bundle=bundle))
    assert row.bundle == bundle


@pytest.mark.parametrize("folder", ["lake", "my lake", "Ida's lake", "søgne", "100 %", "lake#2"])
def test_a_lake_may_lie_in_any_folder(tmp_path, deliver, folder):
    lake = Lake(str(tmp_path / folder))
    snapshot = deliver(lake, "may", lines("may", "line"))
    write_corpus(lake, CorpusRows(stories("a1"), snapshot.version))
    assert rules_of(snapshot.read(SEGMENTS)) == ["line"]
    contents = find_contents(snapshot)
    rows = contents.relation_sql(STORIES)
    assert connect().sql(f"SELECT count(*) FROM {rows}").fetchall() == [(1,)]
    assert lake.find_missing(contents.list_files()) == []


def test_an_empty_lake_has_an_empty_snapshot(lake):
    snapshot = lake.snapshot()
    assert (snapshot.version, snapshot.deliveries) == (-1, ())
    assert find_source(lake, "may") is None


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_table_without_files_still_has_typed_columns(lake, table):
    stream = lake.snapshot().read(table)
    types = {column.name: column.arrow_type.id for column in table.columns}
    assert {field.name: field.type.id for field in stream.schema} == types
    assert list(table.to_rows(stream)) == []


def test_columns_are_the_same_with_and_without_files(lake):
    write(lake, "may", "line")
    full, empty = lake.relation_sql(SEGMENTS), scan_sql([], SEGMENTS)
    described = [connect().sql(f"DESCRIBE FROM {rows}").fetchall() for rows in (full, empty)]
    assert [row[:2] for row in described[0]] == [row[:2] for row in described[1]]


def test_a_snapshot_holds_the_rows_of_all_delivered_bundles(lake, deliver):
    deliver(lake, "april", lines("april", "april line", article_id="b"))
    snapshot = deliver(lake, "may", lines("may", "may line"))
    assert rules_of(snapshot.read(SEGMENTS)) == ["may line", "april line"]


def test_a_killed_run_changes_nothing_for_a_reader(lake, deliver):
    before = deliver(lake, "may", lines("may", "delivered"))
    write(lake, "may", "rewritten but", "never delivered")
    write(lake, "june", "written but never delivered")
    after = lake.snapshot()
    assert after == before
    assert rules_of(after.read(SEGMENTS)) == ["delivered"]


def test_an_open_snapshot_stays_whole_while_a_newer_one_is_delivered(lake, deliver):
    old = deliver(lake, "may", lines("may", "old"))
    new = deliver(lake, "may", lines("may", "new"))
    assert rules_of(old.read(SEGMENTS)) == ["old"]
    assert rules_of(new.read(SEGMENTS)) == ["new"]
    assert new.version > old.version


def test_rows_of_the_whole_corpus_are_replaced_together(lake):
    lake.replace_corpus(STORIES, CorpusRows(stories("a1", "a2"), 0))
    lake.replace_corpus(STORIES, CorpusRows(stories("a3"), 1))
    assert [row.article_id for row in STORIES.to_rows(lake.read(STORIES))] == ["a3"]


def write_corpus(lake, made):
    """Write all corpus tables from one snapshot: stories, and the others without rows."""
    lake.replace_corpus(STORIES, made)
    for table in CORPUS_TABLES:
        if table is not STORIES:
            empty = CorpusRows(table.spool([]), made.snapshot_version, made.code)
            lake.replace_corpus(table, empty)


@pytest.mark.parametrize(
    ("snapshot_version", "code", "is_found"),
    [(4, "new", True), (5, "new", False), (4, "old", False)],
)
def test_corpus_tables_belong_to_the_snapshot_and_code_that_they_were_made_from(
    lake, snapshot_version, code, is_found
):
    snapshot = Snapshot(lake, 4, ())
    assert find_contents(snapshot, code="new") is None
    write_corpus(lake, CorpusRows(stories("a1"), snapshot_version, code))
    contents = find_contents(snapshot, code="new")
    assert (contents is not None) == is_found
    if is_found:
        found = {name: live.n_rows for name, live in contents.corpus.items()}
        assert found == {table.name: int(table is STORIES) for table in CORPUS_TABLES}


def test_tables_of_two_runs_over_one_snapshot_are_no_corpus(lake):
    write_corpus(lake, CorpusRows(stories("a1"), 4, "one run"))
    lake.replace_corpus(STORIES, CorpusRows(stories("a1"), 4, "another"))
    for code in ("one run", "another"):
        assert find_contents(Snapshot(lake, 4, ()), code=code) is None


def test_a_file_that_is_gone_is_reported(lake, deliver):
    snapshot = deliver(lake, "may", lines("may", "line"))
    write_corpus(lake, CorpusRows(stories("a1"), snapshot.version))
    contents = find_contents(snapshot)
    (gone,) = contents.corpus[STORIES.name].files
    Path(lake.uri, gone).unlink()
    assert lake.find_missing(contents.list_files()) == [gone]


def test_a_snapshot_can_be_opened_as_it_was(lake, deliver):
    old = deliver(lake, "may", lines("may", "old"))
    deliver(lake, "may", lines("may", "new"))
    assert lake.snapshot(version=old.version) == old


@pytest.mark.parametrize("version", [7, 99])
def test_a_version_that_is_not_there_is_said_to_be_missing(lake, deliver, version):
    deliver(lake, "may", lines("may", "line"))
    with pytest.raises(SnapshotError, match=f"no version {version}"):
        lake.snapshot(version=version)
    with pytest.raises(SnapshotError, match=f"stories: no version {version}"):
        lake.find_version(STORIES, version)


def test_the_source_of_a_bundle_is_where_it_was_read_the_last_time(lake):
    for folder in ("inbox/old", "inbox/new"):
        row = Bundle("may", folder, "00", 1, 1, 0)
        lake.replace(BUNDLES, BUNDLES.spool([row]), bundle="may")
    assert find_source(lake, "may") == "inbox/new"
    assert find_source(lake, "june") is None


def test_a_table_with_other_columns_is_refused_with_what_to_do(lake):
    write_deltalake(f"{lake}/{SEGMENTS.name}", pa.table({"bundle": ["may"], "old": [1]}))
    with pytest.raises(
        LakeError, match=r"another version of copydesk made segments; remove that folder"
    ):
        lake.check()
    with pytest.raises(LakeError, match="another version of copydesk"):
        lake.replace(SEGMENTS, SEGMENTS.spool([]), bundle="may")


@pytest.mark.parametrize("name", ["a%20b", "a%2Fb", "a\nb", "a\\b", "a*b", "a[1]"])
def test_a_folder_that_would_be_read_as_another_is_refused_at_once(tmp_path, name):
    lake = Lake(str(tmp_path / name))
    with pytest.raises(LakeError, match="must not contain") as refused:
        lake.check()
    assert "\n" not in str(refused.value)
    with pytest.raises(LakeError, match="must not contain"):
        write(lake, "may", "r1")


@pytest.mark.parametrize("name", ["a b", "é日本", "a#b", "a&b=c+d", "a'b", "~a;b", "{a}"])
def test_any_other_folder_holds_a_lake(tmp_path, name):
    lake = Lake(str(tmp_path / name))
    write(lake, "may", "r1")
    assert rules_of(lake.read(SEGMENTS, bundle="may")) == ["r1"]
