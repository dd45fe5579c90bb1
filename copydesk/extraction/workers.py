"""Run a heavy function over batches in worker processes that stay alive."""

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from multiprocessing import forkserver, resource_tracker
from typing import Protocol, TypeVar

from copydesk.errors import CopydeskError
from copydesk.quotations.methods import QuotationMethod
from copydesk.system.allowance import Allowance
from copydesk.system.memory import MIB, limit_memory
from copydesk.system.parent import follow_parent

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

PRELOADS = ("copydesk.extraction.extract", "copydesk.extraction.preload")
MAX_WAITING = 10  # times the processor time of a batch, on a machine that does other things too
BATCHES_AHEAD = 2  # per worker, computed before they are asked for: memory stays bounded


GiveUp = Callable[[ItemT, BaseException], ResultT]
"""Makes the result of an item that fails or ends its process by itself."""


class WorkerPool(Protocol):
    """Where batches run: worker processes of this machine, or those of a cluster."""

    @property
    def n_workers(self) -> int:
        """How many batches run at once; it may change while batches are under way."""
        ...

    def submit(
        self, function: Callable[[Sequence[ItemT]], ResultT], batch: Sequence[ItemT]
    ) -> "Future[ResultT]":
        """Return what will be the result of a batch: BrokenProcessPool where it was lost."""
        ...

    def stop(self) -> None:
        """Let go of the workers."""
        ...


def map_batches(  # noqa: PLR0913 - what is done with what, and where
    function: Callable[[Sequence[ItemT]], ResultT],
    items: Iterable[ItemT],
    *,
    batch_size: int,
    n_workers: int,
    preload: tuple[str, ...] = (),
    give_up: GiveUp[ItemT, ResultT] | None = None,
    workers: WorkerPool | None = None,
) -> Iterator[ResultT]:
    """Yield `function(batch)` for the batches of `items`, in their order.

    Batches depend on `batch_size` alone, so the results are the same for any number of workers.
    With one worker everything happens in this process, unless `workers` are given. Workers are
    forked from a process that has imported the modules of `preload`.

    With `give_up`, a batch that fails, or that ends its worker, is tried again in halves, with one
    result for each, until the item is found that does so by itself; `give_up` makes its result.
    """
    batches = cut_batches(items, batch_size)
    if workers is None:
        if n_workers <= 1:
            for batch in batches:
                yield from _settle(batch, function, give_up)
            return
        workers = start_workers(n_workers, preload)
    waiting: deque[tuple[list[ItemT], Future[ResultT]]] = deque()
    for batch in batches:
        waiting.append((batch, workers.submit(function, batch)))
        if len(waiting) > BATCHES_AHEAD * workers.n_workers:
            yield from _next_results(waiting, function, give_up, workers=workers)
    while waiting:
        yield from _next_results(waiting, function, give_up, workers=workers)


def _next_results(
    waiting: deque[tuple[list[ItemT], Future[ResultT]]],
    function: Callable[[Sequence[ItemT]], ResultT],
    give_up: GiveUp[ItemT, ResultT] | None,
    *,
    workers: WorkerPool,
) -> list[ResultT]:
    """Return the results of the first batch; where it fails, nothing else runs while it is split.

    Otherwise nobody could say which of the batches under way has ended a worker.
    """
    batch, future = waiting.popleft()
    try:
        return [future.result()]
    except CopydeskError:  # no item's fault
        raise
    except Exception:
        if give_up is None:
            raise
    others = list(waiting)
    wait([under_way for _, under_way in others])
    waiting.clear()

    def run(part: Sequence[ItemT]) -> ResultT:
        return workers.submit(function, part).result()

    results = list(_settle(batch, run, give_up))
    for other, done in others:
        is_lost = isinstance(done.exception(), BrokenProcessPool)
        waiting.append((other, workers.submit(function, other) if is_lost else done))
    return results


def _settle(
    batch: Sequence[ItemT],
    function: Callable[[Sequence[ItemT]], ResultT],
    give_up: GiveUp[ItemT, ResultT] | None,
) -> Iterator[ResultT]:
    """Yield the result of a batch, or those of its halves where the whole fails."""
    try:
        result = function(batch)
    except CopydeskError:
        raise
    except Exception as error:
        if give_up is None:
            raise
        if len(batch) == 1:
            yield give_up(batch[0], error)
            return
    else:
        yield result
        return
    middle = len(batch) // 2
    yield from _settle(batch[:middle], function, give_up)
    yield from _settle(batch[middle:], function, give_up)


def cut_batches(items: Iterable[ItemT], batch_size: int) -> Iterator[list[ItemT]]:
    """Yield `items` in lists of `batch_size`; the last one may be shorter."""
    batch: list[ItemT] = []
    for item in items:
        batch.append(item)
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch


def list_preloads(method: QuotationMethod) -> tuple[str, ...]:
    """Return the modules that load the parser and the models of a method when imported."""
    return PRELOADS if method.preload is None else (*PRELOADS, method.preload)


class Workers:
    """Worker processes that are started again where one of them dies."""

    def __init__(
        self, n_workers: int, preload: tuple[str, ...], *, allowance: Allowance | None = None
    ) -> None:
        """Start no process yet; each may take the allowance for a batch."""
        self.n_workers = n_workers
        self._preload = preload
        self._allowance = allowance
        self._pool: ProcessPoolExecutor | None = None

    def submit(
        self, function: Callable[[Sequence[ItemT]], ResultT], batch: Sequence[ItemT]
    ) -> "Future[ResultT]":
        """Return what will be the result of a batch."""
        if self._pool is None:
            self._pool = make_pool(self.n_workers, self._preload)
        try:
            return self._pool.submit(run_within, self._allowance, function, batch)
        except BrokenProcessPool:
            self.stop()
            return self.submit(function, batch)

    def stop(self) -> None:
        """End the processes once their batches are done; they start again when they are needed."""
        if self._pool is not None:
            _end_strays(self._pool)
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _end_strays(pool: ProcessPoolExecutor) -> None:
    """End what is left of a pool that has lost a process, which Python would wait for for ever.

    It ends the other processes then, but not one that a call to `submit` starts at that moment.
    """
    if pool._broken:  # noqa: SLF001 - Python 3.14 is the first with `kill_workers`
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - as above
            process.kill()


def run_within(
    allowance: Allowance | None,
    function: Callable[[Sequence[ItemT]], ResultT],
    batch: Sequence[ItemT],
) -> ResultT:
    """Return `function(batch)`; the system ends this process where it takes more than allowed.

    Unlike an interruption (`copydesk.system.allowance.within`) that stops compiled code too, and
    one that waits for what never comes. Memory is refused, which most code reports as an error.
    All three limits need Linux or another Unix.
    """
    if allowance is None or sys.platform == "win32":
        return function(batch)
    _limit_memory_once(allowance.mib * MIB)
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)  # it ends the process
    signal.setitimer(signal.ITIMER_PROF, allowance.seconds)
    signal.setitimer(signal.ITIMER_REAL, allowance.seconds * MAX_WAITING)
    try:
        return function(batch)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


_limit_memory_once = cache(limit_memory)  # what a worker has when it starts is the models


@cache
def start_workers(
    n_workers: int, preload: tuple[str, ...], allowance: Allowance | None = None
) -> Workers:
    """Return worker processes that live as long as this one, so models are loaded once."""
    return Workers(n_workers, preload, allowance=allowance)


def make_pool(n_workers: int, preload: tuple[str, ...]) -> ProcessPoolExecutor:
    """Return worker processes of their own, which their caller shuts down.

    They are forks of a clean server process that has imported the modules of `preload`: they share
    its memory, and no lock that this process holds is copied. There is one such server: modules
    that only a second call names are imported by each worker when it needs them. Where processes
    cannot be forked, each loads the models.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():  # Windows
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(n_workers, mp_context=spawn, initializer=follow_parent)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    resource_tracker.ensure_running()  # it unblocks signals when it starts, so it starts first
    with _blocking(signal.SIGINT, signal.SIGHUP):
        forkserver.ensure_running()
    return ProcessPoolExecutor(n_workers, mp_context=context, initializer=follow_parent)


@contextmanager
def _blocking(*numbers: signal.Signals) -> Iterator[None]:
    """Keep signals from the processes that are started meanwhile, and from their forks.

    Ctrl-C and a closed terminal reach every process of a command; its first one answers for all.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop_workers() -> None:
    """End the worker processes at once, also in the middle of a batch."""
    for process in multiprocessing.active_children():
        process.kill()
    start_workers.cache_clear()
