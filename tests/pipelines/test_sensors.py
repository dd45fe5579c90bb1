"""Which bundles and deliveries start a job."""

import dagster as dg
import pytest

from pipelines.resources import build_resources
from pipelines.sensors import delivery_sensor, inbox_sensor

WANTED = {
    "inbox_sensor": ["inbox"],
    "delivery_sensor": ["lake", "catalogue_path", "overrides_path"],
}


def tick(sensor, project, cursor=None):
    """Evaluate a sensor once."""
    resources = build_resources(project.settings)
    wanted = {name: resources[name] for name in WANTED[sensor.name]}
    context = dg.build_sensor_context(instance=project.instance, cursor=cursor, resources=wanted)
    return sensor(context)


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
