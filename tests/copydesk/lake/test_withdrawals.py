"""Behaviour of `lake.withdrawals` and `lake.hidden`: what is taken down stays down."""

from datetime import UTC, datetime, timedelta

import pytest

from copydesk.errors import LakeError
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import open_publication, record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.sql import connect
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.withdrawals import find_target, undo, withdraw
from copydesk.rows import RawArticle, Segment
from copydesk.tables import CORPUS_TABLES, RAW_ARTICLES, SEGMENTS
from copydesk.values import Label

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
AT_ONCE = Retention(days=0, snapshots=1, grace_hours=0)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def page(article_id, bundle="may", *, path=None, text="text"):
    source_path = path or f"{article_id}.txt"
    raw = RawArticle(
        article_id, bundle, source_path, "text/plain", "utf-8", "00", text, None, [], None, None, []
    )
    return [raw, Segment(article_id, 0, 0, 1, Label.BODY, "rule", 0.9, bundle)]


def publish(lake, hours=0):
    snapshot = lake.snapshot()
    for table in CORPUS_TABLES:
        lake.replace_corpus(table, CorpusRows(table.spool([]), snapshot.version))
    at = NOON + timedelta(hours=hours)
    return record_publication(find_contents(snapshot), code_versions={}, published_at=at)


def articles_in(snapshot):
    raw = {row.article_id for row in RAW_ARTICLES.to_rows(snapshot.read(RAW_ARTICLES))}
    assert {row.article_id for row in SEGMENTS.to_rows(snapshot.read(SEGMENTS))} == raw
    return sorted(raw)


def take_down(lake, asked, *, reason="a court order"):
    withdraw(lake, find_target(lake, asked), reason=reason, now=NOON)


def test_a_withdrawn_article_is_in_no_new_snapshot(lake, deliver):
    deliver(lake, "may", [*page("a1"), *page("a2")])
    take_down(lake, "a1")
    assert articles_in(lake.snapshot()) == ["a2"]
    (row,) = lake.withdrawals()
    assert (row.bundle_name, row.article_id, row.source_path) == ("may", "a1", "a1.txt")
    assert (row.reason, row.decided_at) == ("a court order", NOON)


def test_a_withdrawn_article_does_not_come_back_with_its_bundle(lake, deliver):
    deliver(lake, "may", [*page("a1"), *page("a2")])
    take_down(lake, "a1")
    assert articles_in(deliver(lake, "may", [*page("a1"), *page("a2"), *page("a3")])) == [
        "a2",
        "a3",
    ]


def test_a_withdrawn_page_that_was_scraped_again_stays_out(lake, deliver):
    deliver(lake, "may", page("a1"))
    take_down(lake, "a1")
    raw, _ = page("a9", path="a1.txt", text="other bytes")
    assert articles_in(deliver(lake, "may", [raw])) == []


def test_the_same_path_in_another_bundle_is_not_withdrawn(lake, deliver):
    deliver(lake, "may", page("a1"))
    take_down(lake, "a1")
    assert articles_in(deliver(lake, "june", page("b1", "june", path="a1.txt"))) == ["b1"]


def test_a_withdrawn_bundle_is_gone_and_refused(lake, deliver):
    deliver(lake, "may", page("a1"))
    deliver(lake, "june", page("b1", "june"))
    take_down(lake, "may")
    assert articles_in(lake.snapshot()) == ["b1"]
    with pytest.raises(LakeError, match=r"may: was withdrawn; `copydesk withdraw --undo may`"):
        deliver(lake, "may", page("a1"))


def test_an_undone_withdrawal_lets_the_next_run_bring_it_back(lake, deliver):
    deliver(lake, "may", [*page("a1"), *page("a2")])
    take_down(lake, "a1")
    undo(lake, find_target(lake, "a1"), reason="a mistake", now=NOON)
    assert {part.fingerprint for part in lake.snapshot().deliveries} == {""}
    assert articles_in(deliver(lake, "may", [*page("a1"), *page("a2")])) == ["a1", "a2"]
    with pytest.raises(LakeError, match="a1: is not withdrawn"):
        undo(lake, find_target(lake, "a1"), reason="", now=NOON)


def test_what_nobody_knows_cannot_be_withdrawn(lake, deliver):
    deliver(lake, "may", page("a1"))
    with pytest.raises(LakeError, match="a7: neither a bundle nor the id of an article"):
        find_target(lake, "a7")


def test_an_interrupted_withdrawal_is_finished_by_the_next(lake, deliver, monkeypatch):
    deliver(lake, "may", [*page("a1"), *page("a2")])
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "replace", _die)
        with pytest.raises(KeyboardInterrupt):
            take_down(lake, "a1")
    assert articles_in(lake.snapshot()) == ["a1", "a2"]
    take_down(lake, "a1")
    assert articles_in(lake.snapshot()) == ["a2"]
    assert len(lake.withdrawals()) == 1


def _die(*_arguments, **_options):
    raise KeyboardInterrupt


@pytest.mark.parametrize("asked", ["a1", "may"])
def test_a_vacuum_gives_up_older_snapshots_that_show_it(lake, deliver, asked):
    deliver(lake, "june", page("b1", "june"))
    clean = publish(lake)
    deliver(lake, "may", [*page("a1"), *page("a2")])
    tainted = publish(lake, hours=1)
    take_down(lake, asked)
    last = publish(lake, hours=2)
    retention = Retention(days=7, snapshots=10, grace_hours=0)
    now = datetime.now(tz=UTC)
    plan = plan_vacuum(lake, retention=retention, now=now, shown=last.number)
    assert (plan.kept, plan.given_up) == ([clean.number, last.number], [tainted.number])
    vacuum(lake, plan)
    assert "a1" not in articles_in(open_publication(lake, last).snapshot)


@pytest.mark.parametrize("asked", ["a1", "may"])
def test_no_file_keeps_the_text_after_compaction_and_vacuum(lake, deliver, asked):
    hidden = "Quillfeather was here"
    deliver(lake, "may", [*page("a1", text=hidden), *page("a2")])
    deliver(lake, "june", page("b1", "june"))
    compact(lake)
    publish(lake)
    assert _find_text(lake, hidden)
    take_down(lake, asked)
    compact(lake)
    last = publish(lake, hours=1)
    now = datetime.now(tz=UTC)
    vacuum(lake, plan_vacuum(lake, retention=AT_ONCE, now=now, shown=last.number))
    assert _find_text(lake, hidden) == []
    assert "b1" in articles_in(open_publication(lake, last).snapshot)


def _find_text(lake, text):
    """Return the files with a page of this text."""
    found = []
    for path in lake.place("").rglob("*.parquet"):
        if "raw_articles" in str(path) and "_delta_log" not in str(path):
            query = f"SELECT count(*) FROM '{path}' WHERE text = '{text}'"
            if connect().sql(query).fetchall() != [(0,)]:
                found.append(path)
    return found
