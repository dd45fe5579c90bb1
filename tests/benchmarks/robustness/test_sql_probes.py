"""The probes of `sql_probes`, some of those that have to be stopped: not one may succeed."""

import json
import subprocess
import sys

import pytest


@pytest.mark.model
def test_no_probe_succeeds():
    # In a process of its own: the memory of a child counts from that of the process that forked it.
    command = [sys.executable, "-m", "benchmarks.robustness.sql_probes", "--limited", "3"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    figures, *succeeded = ended.stdout.splitlines()
    assert succeeded == []
    assert json.loads(figures)["probes"] >= 200
    assert ended.returncode == 0
