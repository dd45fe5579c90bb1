"""Run Dagster's UI, sensors and schedules: `python -m pipelines.serve`, which is `make dev`.

One service at a time works on a Dagster home: two would start every run twice. Its process holds
the lock of a file, which the system gives up when it ends, however it ends. The processes that
a killed service leaves carry the name of its home in their environment, and are ended.
"""

import fcntl
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Never

import psutil

from pipelines.lives import end_dead_runs
from pipelines.resources import CHECKOUT, DAGSTER_HOME, open_instance

LOCK = "service.lock"
MARK = "PIPELINES_SERVICE"  # environment variable of the service and all that it starts
END_SECONDS = 10.0
ADDRESS = ("--host", "127.0.0.1", "--port", "3000")
LEFT_SECONDS = 2.0  # of a `copydesk run` that is starting; a service's own runs are gone


def main(arguments: Sequence[str] | None = None) -> int:
    """Become the service, with further arguments of `dagster dev`; return only where it cannot."""
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(DAGSTER_HOME))).resolve()
    try:
        lock = take_lock(home / LOCK)
    except BlockingIOError:
        holder = (home / LOCK).read_text().strip()
        sys.stderr.write(
            f"copydesk: a service is running on {home} already (process {holder}); "
            "open its page, or stop it first\n"
        )
        return 1
    except OSError as error:
        sys.stderr.write(f"copydesk: {home}: {error.strerror}; the service needs to write there\n")
        return 1
    n_left = end_processes(home)
    if n_left:
        sys.stderr.write(f"copydesk: ended {n_left} processes of a service that was killed\n")
    with open_instance() as instance:
        for run in end_dead_runs(instance, start_seconds=LEFT_SECONDS):
            sys.stderr.write(f"copydesk: run {run.run_id} of {run.job_name} was cut off; ended\n")
    os.environ[MARK] = str(home)
    return _become_service(lock, sys.argv[1:] if arguments is None else arguments)


def end_processes(home: Path) -> int:
    """End the processes of a service that is gone, its runs too, and return how many there were."""
    left = [each for each in psutil.process_iter() if _home_of(each) == str(home)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=END_SECONDS)
    return len(left)


def _home_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # of another user, or gone
        return None


def _become_service(lock: int, options: Sequence[str]) -> Never:
    """Put the service in the place of this process, with its lock."""
    os.set_inheritable(lock, True)  # noqa: FBT003 - the signature of the standard library
    os.chdir(CHECKOUT)
    sys.stdout.flush()
    # A shell makes what a script starts ignore Ctrl-C, by which the service is stopped.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", *ADDRESS, *options]
    os.execv(sys.executable, command)  # noqa: S606 - our own service


def take_lock(path: Path) -> int:
    """Return the open file whose lock this process holds.

    Raises: BlockingIOError: if another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.ftruncate(opened, 0)
    os.write(opened, f"{os.getpid()}\n".encode())
    return opened


if __name__ == "__main__":
    sys.exit(main())
