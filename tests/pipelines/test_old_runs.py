"""Which runs the upkeep removes: old ones, unless they show how something was last made."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from assets.upkeep import ENDED, find_old_runs

SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE


@pytest.fixture
def instance():
    """Return a Dagster instance on disk, where deleting a run deletes its events too."""
    with dg.instance_for_test() as made:
        yield made


def add(instance, run_id, status, bundle=None):
    tags = {} if bundle is None else {"dagster/partition": bundle}
    job = "publish" if bundle is None else "ingest"
    instance.add_run(dg.DagsterRun(job_name=job, run_id=run_id, status=status, tags=tags))


def test_newest_run_of_each_kind_that_went_well_stays(instance):
    add(instance, "a1", SUCCESS, "a")
    add(instance, "b1", SUCCESS, "b")
    add(instance, "a2", SUCCESS, "a")
    add(instance, "a3", FAILURE, "a")
    add(instance, "p1", SUCCESS)
    add(instance, "p2", SUCCESS)
    add(instance, "under way", dg.DagsterRunStatus.STARTED, "c")
    now = datetime.now(tz=UTC)
    assert set(find_old_runs(instance, before=now + timedelta(days=1))) == {"a1", "a3", "p1"}
    assert list(find_old_runs(instance, before=now - timedelta(days=1))) == []


def test_all_pages_of_runs_are_looked_at(instance, monkeypatch):
    monkeypatch.setattr("assets.upkeep.PAGE", 2)
    for number in range(5):
        add(instance, f"p{number}", SUCCESS)
    found = list(find_old_runs(instance, before=datetime.now(tz=UTC) + timedelta(days=1)))
    assert found == ["p3", "p2", "p1", "p0"]
    for run_id in found:
        instance.delete_run(run_id)
    assert [run.run_id for run in instance.get_runs(dg.RunsFilter(statuses=ENDED))] == ["p4"]


def test_runs_of_others_are_not_removed(instance, remote_run):
    for location in ("weather", "copydesk"):
        for number in range(2):
            run_id = f"{location}-{number}"
            instance.add_run(remote_run(run_id, location=location, status=SUCCESS))
    later = datetime.now(tz=UTC) + timedelta(days=1)
    assert list(find_old_runs(instance, before=later, location="copydesk")) == ["copydesk-0"]
