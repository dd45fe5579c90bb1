"""Whether a job is under way, and which runs are of this project."""

import dagster as dg
import pytest

from assets.runs import KIND_TAG, is_own, name_location
from pipelines.jobs import is_active


def test_publish_run_under_way_is_noticed(project):
    assert not is_active(project.instance, "publish")
    project.instance.add_run(
        dg.DagsterRun(
            job_name="publish",
            run_id="r1",
            status=dg.DagsterRunStatus.STARTED,
            tags={KIND_TAG: "publish"},
        )
    )
    assert is_active(project.instance, "publish")
    assert not is_active(project.instance, "ingest")


def test_job_of_others_with_the_same_name_is_none_of_ours(project):
    theirs = dg.DagsterRun(job_name="publish", run_id="r1", status=dg.DagsterRunStatus.STARTED)
    project.instance.add_run(theirs)
    assert not is_active(project.instance, "publish")


@pytest.mark.parametrize(
    ("started_at", "tags", "asked", "expected"),
    [
        pytest.param("copydesk", {}, "copydesk", True, id="by our location"),
        pytest.param("weather", {}, "copydesk", False, id="by another location"),
        pytest.param("weather", {KIND_TAG: "ingest"}, "copydesk", False, id="by another copydesk"),
        pytest.param(None, {KIND_TAG: "ingest"}, "copydesk", True, id="by our command"),
        pytest.param(None, {}, "copydesk", False, id="by another's command"),
        pytest.param("weather", {}, None, True, id="all are ours where we are alone"),
    ],
)
def test_run_is_told_from_those_of_others(started_at, tags, asked, expected, remote_run):
    run = remote_run("r1", location=started_at, tags=tags)
    assert is_own(run, asked) is expected
    assert name_location(run) == started_at
