"""The trials of `benchmarks.robustness.places` and `kills`, a few of each."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def report_of(module, *options):
    command = [sys.executable, "-m", f"benchmarks.robustness.{module}", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_killed_publishers_leave_nothing_mixed():
    report = report_of("kills", "--publications", "2", "--kills", "6")
    assert report["kills"] == 6
    assert (report["mixed"], report["wrong"], report["damage_reported"]) == (0, 0, 0)
    assert report["leftover_temporary_bytes"] == 0


@pytest.mark.parametrize("trial", ["fill_up", "lock_away", "move_away", "turn_back"])
def test_a_run_survives_its_surroundings(trial):
    report = report_of("places", "--trials", trial, "--levels", "3")[trial]
    outcomes = {"a reason", "published"}
    assert report.keys() - outcomes == {"next run right"}
