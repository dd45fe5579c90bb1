"""Behaviour of `cluster.client`: whose fault it is that a batch has no result."""

import errno
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace

import pytest
from distributed import KilledWorker
from distributed.scheduler import NoWorkerError

from copydesk.cluster.client import ClusterWorkers
from copydesk.cluster.code import Code
from copydesk.errors import ClusterError, LakeError

WORKER = SimpleNamespace(address="tls://10.0.0.6:4000")


class Executor:
    """Runs nothing: every batch has the end that it is made with."""

    def __init__(self, end):
        self.end = end

    def submit(self, _function):
        task = Future()
        if self.end is None:
            task.cancel()
            task.set_running_or_notify_cancel()
        elif isinstance(self.end, Exception):
            task.set_exception(self.end)
        else:
            task.set_result(self.end)
        return task


def make_workers(end=None, threads=None):
    client = SimpleNamespace(get_executor=lambda **_: Executor(end), nthreads=lambda: threads or {})
    return ClusterWorkers(client, scheduler="tls://10.0.0.5:8786", code=Code({}, "abc"))


@pytest.mark.parametrize(
    ("end", "kind", "message"),
    [
        (KilledWorker("task", WORKER, 3), BrokenProcessPool, "workers died"),
        (NoWorkerError("task", 600), ClusterError, "no worker has been there for long"),
        (None, ClusterError, "the scheduler is gone"),
        (LakeError("the lake is damaged"), LakeError, "the lake is damaged"),
        (OSError(errno.ENOSPC, "No space left on device"), ClusterError, "the disk is full"),
        (ZeroDivisionError("by nothing"), ClusterError, "8786 failed: by nothing"),
    ],
    ids=["killed", "nobody", "cancelled", "lake", "disk", "fault"],
)
def test_an_error_says_whose_fault_it_is(end, kind, message):
    error = make_workers(end).submit(len, [1, 2]).exception(timeout=0)
    assert type(error) is kind
    assert message in str(error)


def test_a_result_comes_as_it_is():
    assert make_workers("found").submit(len, [1, 2]).result(timeout=0) == "found"


def test_workers_are_counted_by_their_threads():
    assert make_workers(threads={"a": 2, "b": 3}).n_workers == 5
    assert make_workers().n_workers == 1
