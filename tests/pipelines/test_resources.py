"""Behaviour of `pipelines.resources`: one home is set up once, however many processes need it."""

import os
import shutil
import subprocess
import sys

import pytest

from pipelines.resources import CHECKOUT, DAGSTER_HOME

OPEN = """
from pipelines.resources import open_instance

with open_instance() as instance:
    print(len(instance.get_runs()))
"""


@pytest.mark.model
def test_processes_that_open_a_new_home_at_once_all_succeed(tmp_path):
    shutil.copy(DAGSTER_HOME / "dagster.yaml", tmp_path)
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", OPEN],
            cwd=CHECKOUT,
            env={**os.environ, "DAGSTER_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ended = [(process.communicate(), process.returncode) for process in processes]
    assert [(said, code) for (said, _), code in ended] == [("0\n", 0)] * 3
