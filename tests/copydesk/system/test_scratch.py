"""Behaviour of `scratch`, with processes that die."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from copydesk.system.scratch import find_scratch, list_abandoned, scratch_beside, sweep

ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2])}

HOLD = """
import sys
from copydesk.system.scratch import find_scratch
folder = find_scratch()
(folder / "rows").write_text("rows")
print(folder, flush=True)
sys.stdin.read()
"""

COMPETE = """
import sys
from pathlib import Path
from copydesk.system.scratch import list_abandoned, scratch_beside
parent = Path(sys.argv[1])
for _ in range(200):
    with scratch_beside(parent / "table") as folder:
        list_abandoned(parent)
        (folder / "rows").write_text("rows")
"""


@pytest.fixture
def holder(tmp_path):
    """Start a process that holds a folder in `tmp_path`, and give both."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path)},
    )
    folder = Path(process.stdout.readline().strip())
    yield process, folder
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_a_folder_of_a_living_process_stays(holder, tmp_path):
    _, folder = holder
    assert sweep(tmp_path) == []
    assert (folder / "rows").exists()


def test_a_folder_of_a_killed_process_is_swept(holder, tmp_path):
    process, folder = holder
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list_abandoned(tmp_path) == [folder]
    assert sweep(tmp_path) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_ends_removes_its_folder(holder, tmp_path):
    process, _ = holder
    process.communicate("")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_only_has_the_name_is_left_alone(tmp_path):
    named = tmp_path / f"copydesk-{'0' * 32}"
    (named / "data").mkdir(parents=True)
    (tmp_path / "copydesk-news").mkdir()
    assert sweep(tmp_path) == []
    assert (named / "data").is_dir()


def test_a_folder_whose_maker_died_before_it_was_locked_is_swept(tmp_path):
    (tmp_path / f"copydesk-{'0' * 32}").mkdir()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_cleaned_away_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first = find_scratch()
    assert find_scratch() == first
    (first / "owner.lock").unlink()
    first.rmdir()
    assert find_scratch().is_dir()


def test_a_folder_beside_a_file_is_gone_afterwards(tmp_path):
    with scratch_beside(tmp_path / "copydesk.duckdb") as folder:
        (folder / "draft").write_text("draft")
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_processes_that_make_and_sweep_at_once_do_not_touch_each_other(tmp_path):
    processes = [
        subprocess.Popen([sys.executable, "-c", COMPETE, str(tmp_path)], env=ENVIRONMENT)
        for _ in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []
