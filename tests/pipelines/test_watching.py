"""The service follows what people watch: once for each snapshot and list, and only if asked to."""

import dagster as dg
import duckdb
import pytest

from pipelines.definitions import build_definitions
from pipelines.resources import build_resources
from pipelines.sensors import watch_sensor


def tick(project):
    resources = {"settings": build_resources(project.settings)["settings"]}
    return watch_sensor(dg.build_sensor_context(instance=project.instance, resources=resources))


def test_nothing_is_followed_unless_somebody_watches(project):
    skipped = tick(project)
    assert skipped.skip_message == (
        f"nothing is watched: there is no {project.settings.watching.watches}"
    )


def test_watching_waits_for_the_first_publication(project):
    project.settings.data.mkdir(parents=True, exist_ok=True)
    project.settings.watching.watches.write_text('[boats]\nwords = "boat"\n')
    assert tick(project).skip_message == "nothing published yet"


@pytest.mark.model
def test_a_feed_and_a_table_are_written_once_for_each_snapshot(sampled):
    files = sampled.settings.watching
    files.watches.write_text('[strike]\nwords = "strike"\n')
    try:
        request = tick(sampled)
        assert isinstance(request, dg.RunRequest)
        job = build_definitions(sampled.settings).resolve_job_def("watch")
        ran = job.execute_in_process(instance=sampled.instance)
        (event,) = ran.asset_materializations_for_node("follow_watches")
        n_rows = duckdb.sql(f"SELECT count(*) FROM '{files.table}'").fetchall()[0][0]
        assert n_rows == event.metadata["dagster/row_count"].value > 0
        assert event.metadata["new"].value == len(files.feed.read_text().split("<entry>")) - 1
        assert tick(sampled).skip_message == "the feed shows everything that is published"
    finally:
        for path in files:
            path.unlink(missing_ok=True)
