"""Behaviour of `tools.tied`: a program ends with the process that starts it, and is itself."""

import os
import shutil
import subprocess
import sys

import pytest

from tools import tied
from tools.tied import tie

PATIENCE = 150  # seconds, on a machine that does other things too
# What starts the tests may ignore SIGTERM, and what it starts ignores it too.
HEED = "import signal; signal.signal(signal.SIGTERM, signal.SIG_DFL)"
WAIT = f"{HEED}; print('up', flush=True); signal.alarm(200); signal.pause()"
START = f"""
import signal, subprocess, sys
from tools.tied import tie

subprocess.Popen(tie([sys.executable, "-c", {WAIT!r}]))
signal.pause()
"""

needs_program = pytest.mark.skipif(
    shutil.which(tied.PROGRAM) is None, reason="only Linux ties processes"
)


@needs_program
def test_a_program_ends_when_its_parent_is_killed():
    command = tie([sys.executable, "-c", START])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert parent.stdout.readline() == b"up\n"
    parent.kill()
    parent.communicate(timeout=PATIENCE)  # until nobody is left who could write


@pytest.mark.parametrize("program", [tied.PROGRAM, "a program that nobody has"])
def test_a_tied_program_is_the_process_that_was_started(program, monkeypatch):
    monkeypatch.setattr(tied, "PROGRAM", program)
    command = tie([sys.executable, "-c", "import os, sys; print(os.getpid()); sys.exit(3)"])
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said, _ = process.communicate()
    assert (int(said), process.returncode) == (process.pid, 3)
