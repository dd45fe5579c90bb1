"""Send batches to the workers of a Dask cluster, once their code is known to be that of the run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeVar

from distributed import Client, KilledWorker
from distributed.scheduler import NoValidWorkerError, NoWorkerError

from copydesk.cluster.address import Cluster
from copydesk.cluster.code import Code, describe_code
from copydesk.cluster.security import secure
from copydesk.errors import ClusterError, CopydeskError
from copydesk.storage.files import open_files
from copydesk.system.reasons import explain_error

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

ANSWER_SECONDS = 30  # within which a scheduler answers, however busy it is
JOIN_SECONDS = 60  # within which a first worker joins, which loads its models before


class Report(NamedTuple):
    """What a worker says before it is given a batch."""

    code: Code
    has_folder: bool


class ClusterWorkers:
    """The workers of a cluster as `map_batches` knows them."""

    def __init__(self, client: Client, *, scheduler: str, code: Code) -> None:
        """Give batches to workers of the same code only, also to those that join later."""
        self._client = client
        self._scheduler = scheduler
        self._executor = client.get_executor(pure=False, resources={code.hash: 1})

    @property
    def n_workers(self) -> int:
        """How many threads the workers have now, and one if there are none."""
        threads: Mapping[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def submit(
        self, function: Callable[[Sequence[ItemT]], ResultT], batch: Sequence[ItemT]
    ) -> Future[ResultT]:
        """Return what will be the result of a batch: BrokenProcessPool if it ended its workers."""
        answer: Future[ResultT] = Future()
        # In one piece: dask looks into lists and tuples for results of others.
        task = self._executor.submit(partial(function, list(batch)))
        task.add_done_callback(partial(self._pass_on, answer))
        return answer

    def stop(self) -> None:
        """Leave the cluster; the scheduler drops the batches that are still under way."""
        self._client.close()

    def _pass_on(self, answer: Future[ResultT], task: Future[ResultT]) -> None:
        if task.cancelled():
            message = f"{self._scheduler}: the scheduler is gone; start it, and run again"
            answer.set_exception(ClusterError(message))
            return
        error = task.exception()
        if error is None:
            answer.set_result(task.result())
        else:
            answer.set_exception(self._explain(error))

    def _explain(self, error: BaseException) -> BaseException:
        """Return the error of a batch as one that says whose fault it is."""
        if isinstance(error, KilledWorker):
            return BrokenProcessPool(str(error))
        if isinstance(error, (NoWorkerError, NoValidWorkerError)):
            message = f"{self._scheduler}: no worker has been there for long; start one, run again"
            return ClusterError(message)
        if isinstance(error, CopydeskError):
            return error
        return ClusterError(f"a worker of {self._scheduler} failed: {explain_error(error)}")


@contextmanager
def connect(cluster: Cluster, *, folder: str) -> Iterator[ClusterWorkers]:
    """Give the workers of a cluster, all of which have the code of this process and see `folder`.

    Raises: ClusterError: if nobody answers, or a worker is of no use; it says which and why.
    """
    code = describe_code()
    try:
        client = Client(
            cluster.scheduler,
            security=secure(cluster),
            timeout=ANSWER_SECONDS,
            set_as_default=False,
        )
    except (OSError, ValueError) as error:
        message = f"{cluster.scheduler}: no scheduler answers there; `copydesk cluster scheduler`"
        raise ClusterError(message) from error
    with client:
        _check_workers(client, cluster.scheduler, code=code, folder=folder)
        yield ClusterWorkers(client, scheduler=cluster.scheduler, code=code)


def report(folder: str) -> Report:
    """Return what the worker that runs this is, and whether it sees a folder of the lake."""
    return Report(describe_code(), open_files(folder).exists(""))


def _check_workers(client: Client, scheduler: str, *, code: Code, folder: str) -> None:
    try:
        client.wait_for_workers(1, timeout=JOIN_SECONDS)
    except TimeoutError as error:
        message = f"{scheduler}: no worker has joined; `copydesk cluster worker` starts one"
        raise ClusterError(message) from error
    reports: Mapping[str, Any] = client.run(report, folder, on_error="return")
    for address, found in sorted(reports.items()):
        problem = _find_problem(found, code=code, folder=folder)
        if problem is not None:
            message = f"worker {address}: {problem}"
            raise ClusterError(message)


def _find_problem(found: object, *, code: Code, folder: str) -> str | None:
    """Return why the worker with this report is of no use, or None if it is."""
    if isinstance(found, OSError):  # it was lost meanwhile
        return None
    if not isinstance(found, Report):
        return f"it has another copydesk, or none ({type(found).__name__}); install this one there"
    if found.code.hash != code.hash:
        difference = code.explain_difference(found.code)
        return f"it has other code or models: {difference}; install the same, and start it again"
    if not found.has_folder:
        lake = folder.rsplit("/", 2)[0]
        return f"it does not see {lake}: a lake has one path or address on all machines"
    return None
