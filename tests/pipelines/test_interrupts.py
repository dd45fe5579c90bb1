"""A run that is ended says so in a line, leaves no process, and the next one completes."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic

import dagster as dg
import psutil
import pytest

from copydesk.lake.lake import Lake
from pipelines.jobs import is_active
from pipelines.lives import end_dead_runs
from pipelines.resources import CHECKOUT

pytestmark = pytest.mark.model

PAGE = """\
Lighthouse of Keelby, part {number}

KEELBY — The lighthouse of Keelby will close in the autumn, its keeper Ada Quillfeather said.

“The lamp never went out while I was awake,” Quillfeather said. “I cannot speak for the gulls.”
"""
DEADLINE = 90  # seconds; a run that hangs fails the test
N_WORKERS = 2
COMMANDS = {
    "copydesk run": ["-c", "from copydesk.commands.app import app; app()", "run"],
    "python -m pipelines.run": ["-m", "pipelines.run"],
}


@pytest.fixture(autouse=True, scope="module")
def heard():
    """Let runs hear signals, also where a shell started the tests in the background.

    It ignores these two then, and so would every process that is started from here.
    """
    ignored = [n for n in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


class Run:
    """A project in a folder, and a command that takes a bundle in."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        home = folder / "dagster"
        home.mkdir()
        (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "COPYDESK_DATA": str(self.data),
            "COPYDESK_WORKERS": str(N_WORKERS),
            "COPYDESK_QUOTES": "rules",
            "DAGSTER_HOME": str(home),
            "PYTHONPATH": str(CHECKOUT),
        }

    def start(self, bundle: Path, command: str = "python -m pipelines.run") -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *COMMANDS[command], str(bundle)],
            cwd=CHECKOUT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, bundle: Path) -> None:
        process = self.start(bundle)
        _, printed = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, printed

    def state(self):
        catalogue = self.data / "copydesk.duckdb"
        published = sha256(catalogue.read_bytes()).hexdigest() if catalogue.exists() else None
        return published, Lake(str(self.data / "lake")).snapshot()


def make_bundle(folder: Path, n_pages: int) -> Path:
    folder.mkdir()
    for number in range(n_pages):
        (folder / f"{number}.txt").write_text(PAGE.format(number=number) * 5, "utf-8")
    return folder


def wait_for_workers(process: subprocess.Popen) -> None:
    """Return when the run has its fork server and two workers."""
    run = psutil.Process(process.pid)
    started = monotonic()
    while monotonic() - started < DEADLINE:
        if sum(_is_worker(child) for child in run.children(recursive=True)) >= N_WORKERS + 1:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
    pytest.fail(f"no workers: {process.communicate(timeout=DEADLINE)}")


def _is_worker(process: psutil.Process) -> bool:
    """Return whether it is the fork server or a worker, and not one that captures output."""
    with suppress(psutil.NoSuchProcess):
        return any("forkserver" in word for word in process.cmdline())
    return False


def processes_of(group: int) -> list[psutil.Process]:
    return [p for p in psutil.process_iter() if p.pid and _group_of(p.pid) == group]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a project with a published bundle."""
    made = Run(tmp_path_factory.mktemp("ended"))
    made.finish(make_bundle(made.folder / "isles", 1))
    return made


@pytest.fixture(scope="module")
def many(run):
    """Return a bundle that takes a while."""
    return make_bundle(run.folder / "many", 48)


@pytest.mark.parametrize(
    ("command", "number", "to_group"),
    [
        ("copydesk run", signal.SIGINT, True),  # Ctrl-C
        ("copydesk run", signal.SIGTERM, False),
        ("python -m pipelines.run", signal.SIGHUP, True),  # a terminal that closes
    ],
)
def test_ended_run_says_so_and_leaves_no_process(run, many, command, number, to_group):
    before = run.state()
    process = run.start(many, command)
    wait_for_workers(process)
    group = os.getpgid(process.pid)
    end = os.killpg if to_group else os.kill
    end(process.pid, number)
    printed, said = process.communicate(timeout=DEADLINE)
    assert process.returncode == 128 + number
    assert printed == ""
    lines = said.splitlines()
    assert lines[0].startswith("many: ")
    assert lines[1:] == [
        "copydesk: stopped; nothing was published. Run the same command again to continue."
    ]
    _, left = psutil.wait_procs(processes_of(group), timeout=DEADLINE)
    assert left == []
    assert run.state() == before
    with dg.DagsterInstance.from_config(run.environment["DAGSTER_HOME"]) as instance:
        assert not is_active(instance, "ingest")


def test_killed_run_takes_its_workers_along(run, many):
    process = run.start(many)
    wait_for_workers(process)
    group = os.getpgid(process.pid)
    process.kill()
    process.wait(DEADLINE)  # a zombie counts as alive for the processes that capture its output
    _, left = psutil.wait_procs(processes_of(group), timeout=DEADLINE)
    assert [(each.pid, each.ppid(), each.cmdline()) for each in left] == []
    process.communicate(timeout=DEADLINE)
    with dg.DagsterInstance.from_config(run.environment["DAGSTER_HOME"]) as instance:
        assert is_active(instance, "ingest")  # until somebody looks whether its process lives
        assert [each.job_name for each in end_dead_runs(instance)] == ["ingest"]
        assert not is_active(instance, "ingest")


def test_next_run_completes_what_an_ended_one_began(run, many):
    process = run.start(many)
    wait_for_workers(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=DEADLINE)
    before, _ = run.state()
    run.finish(many)
    published, snapshot = run.state()
    assert published != before
    assert {part.bundle for part in snapshot.deliveries} == {"isles", "many"}
