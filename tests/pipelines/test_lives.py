"""Runs whose process is gone are found by their lock, and a home has one service."""

import os
import subprocess
import sys

import dagster as dg
import pytest

from assets.runs import KIND_TAG
from pipelines.jobs import is_active
from pipelines.lives import FOLDER, end_dead_runs, hold_lock
from pipelines.resources import CHECKOUT
from pipelines.serve import MARK, end_processes

DEADLINE = 60  # seconds; a process that hangs fails the test
HOLD = """
import sys, dagster as dg
from pipelines.lives import hold_lock
with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    hold_lock(instance, sys.argv[2])
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    """Return a Dagster home."""
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return tmp_path


@pytest.fixture
def instance(home):
    """Return the Dagster instance of a home."""
    with dg.DagsterInstance.from_config(str(home)) as made:
        yield made


def start_run(instance, run_id, status=dg.DagsterRunStatus.STARTED):
    tags = {KIND_TAG: "ingest"}
    return instance.add_run(
        dg.DagsterRun(job_name="ingest", run_id=run_id, status=status, tags=tags)
    )


def hold_elsewhere(home, run_id):
    """Start a process that holds the lock of a run, and return it once it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), run_id],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize(
    ("before", "after"), [("STARTED", "FAILURE"), ("CANCELING", "CANCELED")], ids=str.lower
)
def test_run_is_ended_when_its_process_is_killed(home, instance, before, after):
    start_run(instance, "r1", dg.DagsterRunStatus(before))
    process = hold_elsewhere(home, "r1")
    assert end_dead_runs(instance) == []
    assert is_active(instance, "ingest")
    process.kill()
    process.communicate(timeout=DEADLINE)
    assert [run.run_id for run in end_dead_runs(instance)] == ["r1"]
    assert instance.get_run_by_id("r1").status is dg.DagsterRunStatus(after)
    assert not is_active(instance, "ingest")
    assert end_dead_runs(instance) == []
    assert list((home / FOLDER).iterdir()) == []


def test_run_of_another_location_is_left_to_it(instance, remote_run):
    instance.add_run(remote_run("theirs", location="weather"))
    instance.add_run(remote_run("ours", location="copydesk"))
    dead = end_dead_runs(instance, location="copydesk", start_seconds=0)
    assert [run.run_id for run in dead] == ["ours"]


def test_launcher_that_looks_after_its_processes_is_left_to_it(instance, remote_run, monkeypatch):
    instance.add_run(remote_run("ours", location="copydesk"))
    monkeypatch.setattr(
        type(instance.run_launcher), "supports_check_run_worker_health", property(lambda _: True)
    )
    assert end_dead_runs(instance, start_seconds=0) == []


def test_run_that_never_came_up_is_ended_once_its_time_is_over(instance):
    start_run(instance, "r1", dg.DagsterRunStatus.STARTING)
    assert end_dead_runs(instance) == []
    assert [run.run_id for run in end_dead_runs(instance, start_seconds=0)] == ["r1"]


def test_run_that_ended_well_stays_so(instance):
    start_run(instance, "r1")
    hold_lock(instance, "r1")
    hold_lock(instance, "r1")  # a second step of the same run
    assert end_dead_runs(instance, start_seconds=0) == []
    start_run(instance, "r2", dg.DagsterRunStatus.SUCCESS)
    assert end_dead_runs(instance, start_seconds=0) == []


def test_processes_of_a_killed_service_are_ended(home):
    environment = {**os.environ, MARK: str(home)}
    code = "print('up', flush=True); import sys; sys.stdin.read()"
    left = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert left.stdout.readline() == "up\n"
    assert end_processes(home / "another") == 0
    assert left.poll() is None
    assert end_processes(home) == 1
    left.communicate(timeout=DEADLINE)


def test_second_service_on_a_home_says_so_and_ends(home):
    take = "import sys; from pathlib import Path; from pipelines.serve import take_lock; "
    hold = "lock = take_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "DAGSTER_HOME": str(home)}
    first = subprocess.Popen(
        [sys.executable, "-c", take + hold, str(home / "service.lock")],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout.readline() == "held\n"
    second = subprocess.run(
        [sys.executable, "-m", "pipelines.serve"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
    )
    first.kill()  # a lock that a killed service leaves is free
    first.communicate(timeout=DEADLINE)
    assert second.returncode == 1
    assert second.stderr == (
        f"copydesk: a service is running on {home} already (process {first.pid}); "
        "open its page, or stop it first\n"
    )
    again = subprocess.run(
        [sys.executable, "-c", f"{take}take_lock(Path(sys.argv[1]))", str(home / "service.lock")],
        cwd=CHECKOUT,
        env=environment,
        check=False,
        timeout=DEADLINE,
    )
    assert again.returncode == 0
