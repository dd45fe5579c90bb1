"""Run what is measured in processes of their own, which end when this one does."""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TypeVar

from copydesk.system.parent import follow_parent

ResultT = TypeVar("ResultT")

STATUS = Path("/proc/self/status")
PEAK = "VmHWM:"


def run_apart(task: Callable[..., ResultT], *given: object) -> ResultT:
    """Return what a task returns that runs in a process of its own, so that its memory counts."""
    with start_pool(1) as pool:
        return pool.submit(task, *given).result()


def start_pool(n_workers: int) -> ProcessPoolExecutor:
    """Return processes that start with nothing of this one's memory."""
    spawn = get_context("spawn")
    return ProcessPoolExecutor(n_workers, mp_context=spawn, initializer=_begin)


def start_task(task: Callable[..., None], *given: object) -> SpawnProcess:
    """Return a process that has begun with a task, to be watched from here."""
    process = get_context("spawn").Process(target=_do, args=(task, *given))
    process.start()
    return process


def _do(task: Callable[..., None], *given: object) -> None:
    _begin()
    task(*given)


def _begin() -> None:
    follow_parent()
    # Processes of users keep what they read of the source; others read all of it at each start.
    sys.dont_write_bytecode = False


def read_peak_mb() -> int:
    """Return the most memory that this process has had at once, in MB; on Linux.

    `ru_maxrss` is never less than the peak of the process that started this one.
    """
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(PEAK))
    return int(line.split()[1]) // 1024
