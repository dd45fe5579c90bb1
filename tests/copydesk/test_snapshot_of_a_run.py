"""A publish run makes all its tables from one snapshot, and publishes that one."""

from datetime import UTC, datetime

import pytest

from copydesk import corpus_steps
from copydesk.corrections.folder import DecisionFiles
from copydesk.lake.lake import Lake
from copydesk.publishing.ids import read_ids
from copydesk.publishing.origin import read_origin
from copydesk.rows import Bundle, Mention
from copydesk.tables import OUTLETS, QUOTE_GROUPS, STORIES
from copydesk.values import MentionKind

NOW = datetime(2031, 5, 3, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def rows_of(bundle):
    return [Bundle(bundle, f"/inbox/{bundle}", "0", 1, 1, 0)]


def mention_of(name):
    return Mention(
        f"m-{name}", f"a-{name}", 0, len(name), name, "PERSON", MentionKind.NAMED, None, "ner",
        f"m-{name}", "own_name", "one",
    )  # fmt: skip


def make_corpus(lake, decisions):
    """Make the tables over all bundles."""
    made = corpus_steps.resolve_mentions(lake, decisions=decisions)
    for table, rows in zip(corpus_steps.ENTITY_TABLES, made, strict=True):
        lake.replace_corpus(table, rows)
    lake.replace_corpus(OUTLETS, corpus_steps.resolve_outlets(lake, decisions=decisions))
    lake.replace_corpus(STORIES, corpus_steps.cluster_articles(lake, decisions=decisions))
    lake.replace_corpus(QUOTE_GROUPS, corpus_steps.group_statements(lake, decisions=decisions))


def test_run_publishes_the_snapshot_that_it_resolved(lake, tmp_path, deliver):
    """A bundle that is delivered between two steps waits for the next run, and stops nothing."""
    decisions, path = DecisionFiles(tmp_path), tmp_path / "copydesk.duckdb"
    resolved = deliver(lake, "one", rows_of("one"))
    made = corpus_steps.resolve_mentions(lake, decisions=decisions)
    for table, rows in zip(corpus_steps.ENTITY_TABLES, made, strict=True):
        lake.replace_corpus(table, rows)
    deliver(lake, "two", rows_of("two"))
    lake.replace_corpus(OUTLETS, corpus_steps.resolve_outlets(lake, decisions=decisions))
    lake.replace_corpus(STORIES, corpus_steps.cluster_articles(lake, decisions=decisions))
    deliver(lake, "three", rows_of("three"))
    lake.replace_corpus(QUOTE_GROUPS, corpus_steps.group_statements(lake, decisions=decisions))
    newest = deliver(lake, "four", rows_of("four"))
    publication = corpus_steps.publish_catalogue(
        lake, path=path, decisions=decisions, published_at=NOW
    )
    assert publication.n_bundles == 1
    assert read_origin(path).snapshot_version == resolved.version < newest.version


def test_decision_that_changes_during_a_run_leaves_the_catalogue_as_it_is(lake, tmp_path, deliver):
    decisions, path = DecisionFiles(tmp_path), tmp_path / "copydesk.duckdb"
    deliver(lake, "one", rows_of("one"))
    make_corpus(lake, decisions)
    decisions.overrides.parent.mkdir()
    decisions.overrides.write_text("action,name,into,label\n")
    published = corpus_steps.publish_catalogue(
        lake, path=path, decisions=decisions, published_at=NOW
    )
    assert published is None
    assert not path.exists()


def test_names_of_dropped_entities_get_no_id_and_say_why(lake, tmp_path, deliver):
    decisions, path = DecisionFiles(tmp_path), tmp_path / "copydesk.duckdb"
    decisions.overrides.parent.mkdir()
    decisions.overrides.write_text("action,name,into,label\ndrop,Ida Brandt,,\n")
    listed = tmp_path / "wikidata.csv"
    listed.write_text("name,qid\nIda Brandt,Q1\nPaul Holm,Q2\nNobody Known,Q3\n")
    deliver(lake, "one", [*rows_of("one"), *map(mention_of, ["Ida Brandt", "Paul Holm"])])
    make_corpus(lake, decisions)
    corpus_steps.publish_catalogue(
        lake, path=path, decisions=decisions, published_at=NOW, id_list=listed
    )
    assert [str(row.status) for row in read_ids(path)] == ["dropped", "linked", "no_entity"]
