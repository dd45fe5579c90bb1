"""A lake in an object store does what one in a folder does, for writers and for readers."""

import threading
from datetime import UTC, datetime

import duckdb
import pytest
from deltalake.exceptions import CommitFailedError

import copydesk
from benchmarks.robustness.rounds import ROUNDS_SQL, VIEWS_SQL, Place, publish_round, write_round
from benchmarks.robustness.store_faults import run as run_with_faults
from benchmarks.robustness.store_proxy import Faults, Kind, start_proxy
from copydesk.cluster.batches import ArticleKey, extract_part, find_source, take_part
from copydesk.commands.repair import repair_data
from copydesk.errors import CopydeskError, StoreError
from copydesk.lake.compaction import compact
from copydesk.lake.examine import examine_lake
from copydesk.lake.lake import Lake
from copydesk.lake.record import Record
from copydesk.lake.sql import read_sql
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.withdrawals import find_target, withdraw
from copydesk.publishing.origin import read_number
from copydesk.publishing.shared import remove_older
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import measure_bundle, read_bundle
from copydesk.reading.limits import Limits
from copydesk.rows import Segment
from copydesk.storage.paths import StorePath
from copydesk.system.reasons import store_errors
from copydesk.tables import SEGMENTS
from copydesk.values import Label

remote = pytest.importorskip("copydesk.storage.remote")  # needs obstore
SOON = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def place(address, tmp_path):
    """Return a lake in the store from which one round was published."""
    found = Place(tmp_path / "data", address)
    found.data.mkdir()
    write_round(found, 1, n_bundles=2)
    return found


def rounds_in(connection):
    seen = set()
    for (view,) in connection.execute(VIEWS_SQL).fetchall():
        seen.update(connection.execute(ROUNDS_SQL.format(view=view)).fetchall())
    return seen


def segment(bundle, score=0.5):
    return Segment("a1", 0, 0, 1, Label.BODY, "rule", score, bundle)


@pytest.mark.model
def test_a_lake_in_a_store_is_published_packed_vacuumed_and_whole(place, as_user):
    write_round(place, 2, n_bundles=2)
    (packing,) = compact(place.lake)
    assert packing.bundles == ["bundle-0", "bundle-1"]
    assert publish_round(place.lake, place.catalogue, 2, n_bundles=2)
    retention = Retention(days=0, snapshots=1, grace_hours=0)
    now = datetime.now(tz=UTC)
    plan = plan_vacuum(place.lake, retention=retention, now=now, shown=read_number(place.catalogue))
    vacuum(place.lake, plan)
    remove_older(place.lake, before=SOON)
    assert plan.given_up == [1, 2]
    assert examine_lake(place.lake) == []
    assert len(place.lake.files.walk("catalogues")) == 1
    as_user("reader")
    with place.open() as connection:
        assert rounds_in(connection) == {("2",)}


@pytest.mark.model
def test_a_reader_needs_the_right_to_read_and_sees_nothing_else(place, as_user, tmp_path):
    as_user("reader")
    with copydesk.connect(place.address, cache=tmp_path / "cache") as db:
        assert db.sql(
            "SELECT count(*) FROM quotes JOIN articles USING (article_id)"
        ).fetchall() == [(10,)]
        others = [each.file for each in place.lake.files.walk("entities") if "parquet" in each.file]
        for query in (
            f"FROM read_parquet('{place.address}/deliveries/bundle=bundle-0/x.parquet')",
            f"COPY (SELECT 1) TO '{place.address}/{others[0]}'",
            "FROM read_csv('/etc/passwd')",
        ):
            with pytest.raises(duckdb.PermissionException):
                db.sql(query).fetchall()
        as_user("writer")
        write_round(place, 2, n_bundles=2)
        assert rounds_in(db) == {("1",)}  # what was opened stays
    with copydesk.connect(place.address, cache=tmp_path / "cache") as db:
        assert rounds_in(db) == {("2",)}
    assert len(list((tmp_path / "cache").rglob("*.duckdb"))) == 1


def test_where_nothing_was_published_a_reader_gets_one_line(address, tmp_path):
    with pytest.raises(CopydeskError, match="no catalogue there"):
        copydesk.connect(address, cache=tmp_path)


def test_of_two_writers_of_a_bundle_one_gives_way(address):
    lake = Lake(address)
    lake.replace(SEGMENTS, SEGMENTS.spool([segment("may")]), bundle="may")
    stale = lake.create(SEGMENTS)
    lake.replace(SEGMENTS, SEGMENTS.spool([segment("may", 0.6)]), bundle="may")
    with pytest.raises(CommitFailedError):
        stale.delete("bundle = 'may'")


def test_writers_of_different_bundles_all_commit(address):
    lake = Lake(address)
    lake.create(SEGMENTS)
    bundles = [f"bundle-{i}" for i in range(4)]
    threads = [
        threading.Thread(
            target=lake.replace,
            args=(SEGMENTS, SEGMENTS.spool([segment(bundle)])),
            kwargs={"bundle": bundle},
        )
        for bundle in bundles
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.bundle for row in SEGMENTS.to_rows(lake.read(SEGMENTS))) == bundles


def test_a_commit_whose_answer_was_lost_is_found(address, store, as_user):
    lake = Lake(address)
    lake.replace(SEGMENTS, SEGMENTS.spool([segment("may")]), bundle="may")
    faults = Faults(1, share=0, commit_share=1, seed=1, kinds=(Kind.LOSE,))
    with start_proxy(store.port, faults) as proxy:
        as_user("writer", port=proxy.port)
        live = lake.replace(SEGMENTS, SEGMENTS.spool([segment("may", 0.7)]), bundle="may")
        assert len(proxy.list_injected()) == 1
    as_user("writer")
    assert [row.score for row in SEGMENTS.to_rows(lake.read(SEGMENTS))] == [0.7]
    assert lake.find_live(SEGMENTS).version == live.version


@pytest.mark.model
def test_a_store_that_is_silent_is_not_taken_for_damage(place, as_user, monkeypatch, tmp_path):
    monkeypatch.setattr(remote, "MAX_RETRIES", 0)
    parts = place.lake.relation_sql(SEGMENTS)
    as_user("writer", port=9)  # nobody listens there
    lake, now = place.lake, datetime.now(tz=UTC)
    for ask in (
        lake.snapshot,
        lambda: lake.snapshot(version=1),
        lambda: examine_lake(lake),
        lambda: plan_vacuum(lake, retention=Retention(), now=now, shown=None),
        lambda: Record(lake.files),
        lambda: copydesk.connect(place.address, cache=tmp_path / "cache"),
        lambda: measure_bundle(StorePath(place.address)),
        lambda: list(read_bundle(StorePath(place.address), bundle="may")),
    ):
        with pytest.raises(StoreError, match="the store does not answer"):
            ask()
    with pytest.raises(StoreError, match="the store does not answer"), store_errors():
        read_sql(parts.replace("part-", "other-"), SEGMENTS).read_all()
    as_user("writer")
    assert examine_lake(place.lake) == []


@pytest.mark.model
def test_a_worker_of_a_cluster_reads_pages_and_writes_rows_there(place):
    lake = place.lake
    source = find_source(lake, "bundle-0")
    keys = [ArticleKey(f"bundle-0-{i}", f"{i}.txt", None) for i in range(3)]
    allowance = Limits().article_allowance
    with lake.files.staging() as folder:
        part = extract_part(
            keys, source=source, folder=folder, method=QuoteMethod.RULES, allowance=allowance
        )
        extract = take_part(part, folder)
    assert extract.n_articles == 3
    assert {row.content for row in extract.quotes} == {"We will not sail in round 1,"}


@pytest.mark.model
def test_a_withdrawn_article_is_taken_out(place):
    lake = place.lake
    target = find_target(lake, "bundle-0-0")
    withdraw(lake, target, reason="asked for", now=datetime.now(tz=UTC))
    ids = {row.article_id for row in SEGMENTS.to_rows(lake.read(SEGMENTS))}
    assert "bundle-0-0" not in ids
    assert len(ids) == 9
    assert examine_lake(lake) == []


@pytest.mark.model
def test_a_damaged_log_is_found_and_written_again(place):
    lake = place.lake
    log = f"segments/_delta_log/{1:020}.json"
    lake.files.write(log, b'{"nonsense": 1}\n')
    found = examine_lake(lake)
    assert [finding.damage.file for finding in found] == [log]

    class Engine:
        settings = None

        def publish(self):
            return None

    Engine.settings = type("Settings", (), {"inbox": place.data})
    assert repair_data(place.data, lake, found, engine=Engine()) == []
    assert [each for each in examine_lake(lake) if "segments/_delta_log" in each.damage.file] == []
    assert len({row.article_id for row in SEGMENTS.to_rows(lake.read(SEGMENTS))}) == 10


@pytest.mark.model
def test_nothing_is_lost_or_mixed_where_requests_fail(store, as_user, tmp_path):
    as_user("writer")
    faults = Faults(15, share=0.02, commit_share=0.1, seed=7)
    outcome = run_with_faults(tmp_path, store, faults, 1, n_bundles=1)
    assert outcome.n_faults == 15
    assert outcome.lost == outcome.mixed == outcome.damaged == []
