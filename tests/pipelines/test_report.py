"""The job that writes the report, and when it is asked for again."""

import pytest

from pipelines.definitions import build_definitions
from tests.pipelines.test_schedules import ask_for_report, hourly_report, instance, tick_schedule

__all__ = ["instance"]
pytestmark = pytest.mark.model


def test_the_job_writes_pages_once(sampled, instance, tmp_path):  # noqa: F811 - a fixture
    asked = ask_for_report(sampled, tmp_path / "pages")
    job = build_definitions(asked.settings).get_job_def("report")
    ran = job.execute_in_process(instance=instance)
    (event,) = ran.asset_materializations_for_node("write_pages")
    assert event.metadata["pages_written"].value > 50
    assert (tmp_path / "pages" / "index.html").is_file()
    skipped = tick_schedule(hourly_report, asked, instance)
    assert skipped.skip_message == "the pages show everything that is published"
