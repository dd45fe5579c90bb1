"""Whether a job is under way."""

import dagster as dg

from pipelines.jobs import is_active


def test_publish_run_under_way_is_noticed(project):
    assert not is_active(project.instance, "publish")
    project.instance.add_run(
        dg.DagsterRun(job_name="publish", run_id="r1", status=dg.DagsterRunStatus.STARTED)
    )
    assert is_active(project.instance, "publish")
    assert not is_active(project.instance, "ingest")
