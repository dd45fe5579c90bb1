"""Behaviour of `system.parent`: nobody outlives the process that started them."""

import os
import subprocess
import sys

import pytest

from copydesk.system.parent import follow_parent
from tools.tied import tie

PATIENCE = 60  # seconds, on a machine that does other things too

START = """
import multiprocessing, signal, sys
from concurrent.futures import ProcessPoolExecutor
from copydesk.system.parent import follow_parent

def wait():
    print("up", flush=True)
    signal.alarm(200)
    signal.pause()

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=follow_parent)
    pool.submit(wait)
    signal.pause()
"""


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_a_worker_ends_when_its_parent_is_killed(tmp_path, method):
    script = tmp_path / "start.py"
    script.write_text(START)
    command = tie([sys.executable, str(script), method])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert parent.stdout.readline() == b"up\n"
    parent.kill()
    parent.communicate(timeout=PATIENCE)  # until nobody is left who could write


def test_a_process_without_a_parent_goes_its_way():
    follow_parent()
