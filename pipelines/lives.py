"""Find runs whose process is gone, and end them.

Dagster's own launcher never looks again at a process that it has started: a run that was killed
stays under way for ever, keeps its place in the queue, and keeps every other run of its bundle
away. So each run holds the lock of a file for as long as its process lives. The system gives the
lock up when the process ends, however that ends; no clock and no process number is needed.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from assets.runs import is_own
from pipelines.jobs import LAUNCHED

FOLDER = "runs.locks"
ENDING = ".lock"
TAKE_SECONDS = 10.0  # while a sensor tries the lock, which takes it for a moment
START_SECONDS = 45.0  # from the launch of a run until its process holds the lock, on a busy machine
GONE = "the process of this run is gone: it was killed, or the machine was shut down"

_held: list[FileLock] = []  # until this process ends


def hold_lock(instance: dg.DagsterInstance, run_id: str) -> None:
    """Keep the lock of a run until this process ends."""
    path = _find_lock(instance, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    if all(lock.lock_file != str(path) for lock in _held):
        lock = FileLock(path, timeout=TAKE_SECONDS, fallback_to_soft=False)
        lock.acquire()
        _held.append(lock)


def end_dead_runs(
    instance: dg.DagsterInstance,
    *,
    location: str | None = None,
    start_seconds: float = START_SECONDS,
) -> list[dg.DagsterRun]:
    """Report every run whose process is gone as failed, or as cancelled where that was asked for.

    A process has `start_seconds` to come up. Returns these runs. Locks of runs that have ended are
    removed. Runs of other code locations than `location` are on machines whose locks nobody sees
    here. A launcher that looks after its own processes, as that of Kubernetes does, is left to it.
    """
    if instance.run_launcher.supports_check_run_worker_health:
        return []
    records = instance.get_run_records(dg.RunsFilter(statuses=LAUNCHED))
    dead = []
    for record in records:
        found = record.dagster_run
        if not is_own(found, location) or not _is_gone(instance, record, start_seconds):
            continue
        run = instance.get_run_by_id(found.run_id)  # it may have ended well before its process did
        if run is None or run.is_finished:
            continue
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, GONE)
        else:
            instance.report_run_failed(run, GONE)
        dead.append(run)
    _remove_locks(instance, kept={record.dagster_run.run_id for record in records})
    return dead


def _is_gone(instance: dg.DagsterInstance, record: dg.RunRecord, start_seconds: float) -> bool:
    path = _find_lock(instance, record.dagster_run.run_id)
    if path.exists():
        return _is_free(path)
    # Its process has not come so far, or never will.
    return abs(time.time() - record.update_timestamp.timestamp()) > start_seconds


def _is_free(path: Path) -> bool:
    lock = FileLock(path, timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        return False
    lock.release()
    return True


def _remove_locks(instance: dg.DagsterInstance, *, kept: set[str]) -> None:
    for path in _list_locks(instance):
        run = None if path.stem in kept else instance.get_run_by_id(path.stem)
        if run is not None and run.is_finished and _is_free(path):
            with suppress(FileNotFoundError):
                path.unlink()


def _list_locks(instance: dg.DagsterInstance) -> Iterator[Path]:
    yield from Path(instance.root_directory, FOLDER).glob(f"*{ENDING}")


def _find_lock(instance: dg.DagsterInstance, run_id: str) -> Path:
    return Path(instance.root_directory, FOLDER, f"{run_id}{ENDING}")
