"""Behaviour of `benchmarks.processes.apart`: what is measured is by itself, and ends with us."""

import os
import subprocess
import sys

import pytest

from benchmarks.processes.apart import read_peak_mb, run_apart, start_task
from tools.tied import tie

HELD_BYTES = 160_000_000  # several times what an empty process takes
PATIENCE = 60  # seconds, on a machine that does other things too

START = """
import signal
from benchmarks.processes.apart import start_pool, start_task

def wait():
    print("up", flush=True)
    signal.alarm(200)
    signal.pause()

if __name__ == "__main__":
    {start}
    signal.pause()
"""


def test_a_task_runs_in_another_process():
    assert run_apart(max, 2, 3) == 3
    assert run_apart(os.getpid) != os.getpid()


def test_a_process_that_is_watched_ends_with_its_task():
    process = start_task(os.getpid)
    process.join(PATIENCE)
    assert process.exitcode == 0


def test_the_peak_of_a_process_is_not_that_of_its_parent():
    held = bytearray(b"x") * HELD_BYTES
    assert read_peak_mb() >= len(held) >> 20
    assert run_apart(read_peak_mb) < len(held) >> 20


@pytest.mark.parametrize("start", ["start_task(wait)", "pool = start_pool(1); pool.submit(wait)"])
def test_no_process_outlives_its_parent(tmp_path, start):
    script = tmp_path / "start.py"
    script.write_text(START.format(start=start))
    command = tie([sys.executable, str(script)])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert parent.stdout.readline() == b"up\n"
    parent.kill()
    parent.communicate(timeout=PATIENCE)  # until nobody is left who could write
