"""Where failed runs, and a catalogue that is late, are reported."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from copydesk.lake.delta import append_rows
from copydesk.lake.ledger import PUBLICATIONS, Publication
from pipelines.alert_sensor import alert_sensor
from pipelines.lives import GONE
from pipelines.resources import build_resources


@pytest.fixture
def instance():
    """Return a Dagster instance on disk: one in memory does not sort runs by time."""
    with dg.instance_for_test() as made:
        yield made


def publish(lake, at):
    """Write into the history that something was published at a time."""
    row = Publication(1, at, 0, [], [], 1, 1, 0, 0, is_vacuumed=False)
    append_rows(lake.create(PUBLICATIONS), PUBLICATIONS.spool([row]), transactions=[])


@pytest.fixture
def server():
    """Return the address of a server, and what was posted to it."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}/alerts", posted
        made.shutdown()
        thread.join()


def tick(project, instance, *, alerts="", cursor=None):
    resources = build_resources(project.settings.model_copy(update={"alerts": str(alerts)}))
    wanted = {"settings": resources["settings"]}
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources=wanted)
    return alert_sensor(context)


def fail(instance, run_id, bundle="isles", **tags):
    tags = {"dagster/partition": bundle, **tags}
    status = dg.DagsterRunStatus.STARTED
    run = instance.add_run(
        dg.DagsterRun(job_name="ingest", run_id=run_id, status=status, tags=tags)
    )
    instance.report_run_failed(run, GONE)


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_failed_run_is_appended_to_a_file_once(project, instance, tmp_path):
    path = tmp_path / "alerts.jsonl"
    fail(instance, "before")
    cursor = tick(project, instance, alerts=path).cursor
    assert not path.exists()  # what failed before anybody asked is history
    fail(instance, "r1")
    cursor = tick(project, instance, alerts=path, cursor=cursor).cursor
    cursor = tick(project, instance, alerts=path, cursor=cursor).cursor
    (alert,) = read(path)
    assert alert["run_id"] == "r1"
    assert alert["text"] == f"copydesk: ingest isles failed: {GONE}"


def test_failed_run_is_posted_to_an_address(project, instance, server):
    address, posted = server
    cursor = tick(project, instance, alerts=address).cursor
    fail(instance, "r1")
    tick(project, instance, alerts=address, cursor=cursor)
    assert [alert["kind"] for alert in posted] == ["run_failed"]


def test_report_that_fails_is_made_again(project, instance, server, tmp_path):
    address, posted = server
    cursor = tick(project, instance, alerts=address).cursor
    fail(instance, "r1")
    missing = tmp_path / "missing" / "alerts"
    result = tick(project, instance, alerts=missing, cursor=cursor)
    assert "could not report" in result.skip_reason.skip_message
    tick(project, instance, alerts=address, cursor=result.cursor)
    assert [alert["run_id"] for alert in posted] == ["r1"]


def test_bundle_that_fails_for_ever_is_reported_a_dozen_times(project, instance, tmp_path):
    path = tmp_path / "alerts.jsonl"
    cursor = tick(project, instance, alerts=path).cursor
    for number in range(1, 16):
        fail(instance, f"r{number}", **{"copydesk/try": str(number)})
    cursor = tick(project, instance, alerts=path, cursor=cursor).cursor
    assert len(read(path)) == 12


def test_nothing_is_reported_where_no_setting_says_where(project, instance):
    cursor = tick(project, instance).cursor
    fail(instance, "r1")
    said = tick(project, instance, cursor=cursor).skip_reason.skip_message
    assert said == "COPYDESK_ALERTS names nowhere to report to"


def test_late_catalogue_is_reported_once_a_day(project, instance, tmp_path):
    path = tmp_path / "alerts.jsonl"
    publish(project.settings.lake, datetime.now(tz=UTC) - timedelta(days=9))
    result = tick(project, instance, alerts=path)
    (check,) = result.asset_events
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert tick(project, instance, alerts=path, cursor=result.cursor).asset_events == []
    assert [alert["text"] for alert in read(path)] == [
        "copydesk: nothing was published for 9 days; is anything delivered?"
    ]


def test_fresh_catalogue_passes_its_check(project, instance, tmp_path):
    publish(project.settings.lake, datetime.now(tz=UTC) - timedelta(days=1))
    (check,) = tick(project, instance, alerts=tmp_path / "alerts.jsonl").asset_events
    assert check.passed
    assert not (tmp_path / "alerts.jsonl").exists()
