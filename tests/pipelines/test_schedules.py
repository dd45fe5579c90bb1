"""What runs each hour, day and week, and what it waits for."""

from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest

from assets.runs import KIND_TAG
from pipelines.definitions import build_definitions
from pipelines.resources import build_resources
from pipelines.schedules import daily_publish, hourly_report, weekly_upkeep


@pytest.fixture
def instance():
    """Return a Dagster instance on disk: the context of a schedule takes no other."""
    with dg.instance_for_test() as made:
        yield made


def tick_schedule(schedule, project, instance, *, hour=3):
    """Evaluate a schedule once, on a Sunday."""
    known = build_resources(project.settings)
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime(2031, 5, 4, hour, tzinfo=UTC),
        resources={"settings": known["settings"]},
    ) as context:
        return schedule(context)


@pytest.mark.model
def test_nothing_is_published_daily_where_nothing_is_new(sampled, instance):
    skipped = tick_schedule(daily_publish, sampled, instance)
    assert skipped.skip_message == "everything delivered is published"


def test_first_publish_may_be_the_daily_one(project, instance):
    request = tick_schedule(daily_publish, project, instance)
    assert isinstance(request, dg.RunRequest)


def test_upkeep_runs_once_a_week(project, instance):
    ticks = [tick_schedule(weekly_upkeep, project, instance, hour=hour) for hour in (1, 2, 3, 4)]
    keys = {request.run_key for request in ticks}
    assert keys == {"2031-05-04"}


@pytest.mark.parametrize("job", ["ingest", "publish", "upkeep"])
def test_upkeep_waits_for_any_run(project, instance, job):
    status = dg.DagsterRunStatus.STARTED
    instance.add_run(
        dg.DagsterRun(job_name=job, run_id=f"r-{job}", status=status, tags={KIND_TAG: job})
    )
    skipped = tick_schedule(weekly_upkeep, project, instance)
    assert skipped.skip_message == f"a run of {job} is under way"


def ask_for_report(project, folder):
    """Return the project with a folder for its report."""
    settings = project.settings.model_copy(update={"report": str(folder)})
    return replace(project, settings=settings)


def test_no_report_is_written_unless_somebody_asks(project, instance):
    skipped = tick_schedule(hourly_report, project, instance)
    assert skipped.skip_message == "no pages are asked for: COPYDESK_REPORT names no folder"


def test_report_waits_for_the_first_publication(project, instance, tmp_path):
    asked = ask_for_report(project, tmp_path / "pages")
    skipped = tick_schedule(hourly_report, asked, instance)
    assert skipped.skip_message == "nothing published yet"


@pytest.mark.parametrize("job", ["publish", "report"])
def test_report_waits_for_runs_that_change_it(project, instance, tmp_path, job):
    asked = ask_for_report(project, tmp_path / "pages")
    status = dg.DagsterRunStatus.STARTED
    instance.add_run(
        dg.DagsterRun(job_name=job, run_id=f"r-{job}", status=status, tags={KIND_TAG: job})
    )
    skipped = tick_schedule(hourly_report, asked, instance)
    assert skipped.skip_message == f"a run of {job} is under way"


@pytest.mark.model
def test_report_is_written_once_for_each_snapshot(sampled, instance, tmp_path):
    asked = ask_for_report(sampled, tmp_path / "pages")
    assert isinstance(tick_schedule(hourly_report, asked, instance), dg.RunRequest)
    job = build_definitions(asked.settings).resolve_job_def("report")
    ran = job.execute_in_process(instance=instance)
    (event,) = ran.asset_materializations_for_node("write_pages")
    assert event.metadata["pages_written"].value > 50
    assert (tmp_path / "pages" / "index.html").is_file()
    skipped = tick_schedule(hourly_report, asked, instance)
    assert skipped.skip_message == "the pages show everything that is published"
