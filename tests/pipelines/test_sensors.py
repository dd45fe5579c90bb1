"""When the jobs run: settled bundles, new deliveries, one publish run at a time."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.sensors import (
    daily_publish,
    delivery_sensor,
    inbox_sensor,
    is_active,
    weekly_upkeep,
)

WANTED = {
    "inbox_sensor": ["inbox"],
    "delivery_sensor": ["lake", "catalogue_path", "overrides_path"],
}


def tick(sensor, project, cursor=None):
    """Evaluate a sensor once."""
    resources = build_definitions(project.settings).resources
    wanted = {name: resources[name] for name in WANTED["delivery_sensor"] + WANTED["inbox_sensor"]}
    context = dg.build_sensor_context(
        instance=project.instance, cursor=cursor, resources={n: wanted[n] for n in needed(sensor)}
    )
    return sensor(context)


def needed(sensor):
    return WANTED[sensor.name]


@pytest.fixture
def instance():
    """Return a Dagster instance on disk: the context of a schedule takes no other."""
    with dg.instance_for_test() as made:
        yield made


def tick_schedule(schedule, project, instance, *, hour=3, resources=()):
    """Evaluate a schedule once, on a Sunday."""
    known = build_definitions(project.settings).resources
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime(2031, 5, 4, hour, tzinfo=UTC),
        resources={name: known[name] for name in resources},
    ) as context:
        return schedule(context)


@pytest.fixture
def inbox(project):
    project.settings.inbox.mkdir(parents=True)
    return project.settings.inbox


def test_bundle_is_taken_once_it_has_stopped_growing(project, inbox):
    (inbox / "evening").mkdir()
    (inbox / "evening" / "one.txt").write_text("A page.")
    first = tick(inbox_sensor, project)
    assert first.run_requests == []
    (inbox / "evening" / "two.txt").write_text("Another page.")
    second = tick(inbox_sensor, project, first.cursor)
    assert second.run_requests == []
    third = tick(inbox_sensor, project, second.cursor)
    assert [request.partition_key for request in third.run_requests] == ["evening"]
    assert third.dynamic_partitions_requests[0].partition_keys == ["evening"]


def test_same_bundle_has_the_same_run_key_until_it_changes(project, inbox):
    (inbox / "page.txt").write_text("A page.")
    cursor = tick(inbox_sensor, project).cursor
    key = tick(inbox_sensor, project, cursor).run_requests[0].run_key
    assert tick(inbox_sensor, project, cursor).run_requests[0].run_key == key
    (inbox / "page.txt").write_text("A longer page.")
    cursor = tick(inbox_sensor, project, cursor).cursor
    assert tick(inbox_sensor, project, cursor).run_requests[0].run_key != key


@pytest.mark.parametrize("name", ["README.md", ".hidden", "…"])
def test_what_is_no_bundle_is_left_alone(project, inbox, name):
    (inbox / name).write_text("not a page")
    cursor = tick(inbox_sensor, project).cursor
    assert tick(inbox_sensor, project, cursor).run_requests == []


def test_empty_and_missing_inbox_ask_for_nothing(project):
    assert tick(inbox_sensor, project).run_requests == []


def test_nothing_is_published_before_the_first_delivery(project):
    assert isinstance(tick(delivery_sensor, project), dg.SkipReason)


@pytest.mark.model
def test_delivery_is_published_once(sampled):
    assert isinstance(tick(delivery_sensor, sampled), dg.SkipReason)
    catalogue = sampled.settings.catalogue
    aside = catalogue.rename(catalogue.with_suffix(".aside"))
    assert isinstance(tick(delivery_sensor, sampled), dg.RunRequest)
    aside.rename(catalogue)


def test_publish_run_under_way_is_noticed(project):
    assert not is_active(project.instance, "publish")
    project.instance.add_run(
        dg.DagsterRun(job_name="publish", run_id="r1", status=dg.DagsterRunStatus.STARTED)
    )
    assert is_active(project.instance, "publish")
    assert not is_active(project.instance, "ingest")


@pytest.mark.model
def test_nothing_is_published_daily_where_nothing_is_new(sampled, instance):
    wanted = WANTED["delivery_sensor"]
    skipped = tick_schedule(daily_publish, sampled, instance, resources=wanted)
    assert skipped.skip_message == "everything delivered is published"


def test_first_publish_may_be_the_daily_one(project, instance):
    wanted = WANTED["delivery_sensor"]
    request = tick_schedule(daily_publish, project, instance, resources=wanted)
    assert isinstance(request, dg.RunRequest)


def test_upkeep_runs_once_a_week(project, instance):
    ticks = [tick_schedule(weekly_upkeep, project, instance, hour=hour) for hour in (1, 2, 3, 4)]
    keys = {request.run_key for request in ticks}
    assert keys == {"2031-05-04"}


@pytest.mark.parametrize("job", ["ingest", "publish", "upkeep"])
def test_upkeep_waits_for_any_run(project, instance, job):
    status = dg.DagsterRunStatus.STARTED
    instance.add_run(dg.DagsterRun(job_name=job, run_id=f"r-{job}", status=status))
    skipped = tick_schedule(weekly_upkeep, project, instance)
    assert skipped.skip_message == f"a run of {job} is under way"
