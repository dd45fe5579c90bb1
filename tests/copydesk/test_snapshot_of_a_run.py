"""A publish run makes all its tables from one snapshot, and publishes that one."""

from datetime import UTC, datetime

import pytest

from copydesk import steps
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import read_origin
from copydesk.rows import Bundle
from copydesk.tables import OUTLETS, QUOTE_GROUPS, STORIES

NOW = datetime(2031, 5, 3, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def rows_of(bundle):
    return [Bundle(bundle, f"/inbox/{bundle}", "0", 1, 1, 0)]


def test_run_publishes_the_snapshot_that_it_resolved(lake, tmp_path, deliver):
    """A bundle that is delivered between two steps waits for the next run, and stops nothing."""
    overrides, path = tmp_path / "entities.csv", tmp_path / "copydesk.duckdb"
    resolved = deliver(lake, "one", rows_of("one"))
    made = steps.resolve_mentions(lake, overrides_path=overrides)
    for table, rows in zip(steps.ENTITY_TABLES, made, strict=True):
        lake.replace_corpus(table, rows)
    deliver(lake, "two", rows_of("two"))
    lake.replace_corpus(OUTLETS, steps.resolve_outlets(lake, overrides_path=overrides))
    lake.replace_corpus(STORIES, steps.cluster_articles(lake, overrides_path=overrides))
    deliver(lake, "three", rows_of("three"))
    lake.replace_corpus(QUOTE_GROUPS, steps.group_statements(lake, overrides_path=overrides))
    newest = deliver(lake, "four", rows_of("four"))
    publication = steps.publish_catalogue(
        lake, path=path, overrides_path=overrides, published_at=NOW
    )
    assert publication.n_bundles == 1
    assert read_origin(path).snapshot_version == resolved.version < newest.version


def test_decision_that_changes_during_a_run_leaves_the_catalogue_as_it_is(lake, tmp_path, deliver):
    overrides, path = tmp_path / "entities.csv", tmp_path / "copydesk.duckdb"
    deliver(lake, "one", rows_of("one"))
    made = steps.resolve_mentions(lake, overrides_path=overrides)
    for table, rows in zip(steps.ENTITY_TABLES, made, strict=True):
        lake.replace_corpus(table, rows)
    lake.replace_corpus(OUTLETS, steps.resolve_outlets(lake, overrides_path=overrides))
    lake.replace_corpus(STORIES, steps.cluster_articles(lake, overrides_path=overrides))
    lake.replace_corpus(QUOTE_GROUPS, steps.group_statements(lake, overrides_path=overrides))
    overrides.write_text("action,name,into,label\n")
    published = steps.publish_catalogue(lake, path=path, overrides_path=overrides, published_at=NOW)
    assert published is None
    assert not path.exists()
