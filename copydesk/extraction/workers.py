"""Run a heavy function over batches in worker processes that stay alive."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import forkserver, resource_tracker
from typing import TypeVar

from copydesk.quotations.methods import QuotationMethod

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

PRELOADS = ("copydesk.extraction.extract", "copydesk.extraction.preload")
BATCHES_AHEAD = 2  # per worker, computed before they are asked for: memory stays bounded


def map_batches(
    function: Callable[[Sequence[ItemT]], ResultT],
    items: Iterable[ItemT],
    *,
    batch_size: int,
    n_workers: int,
    preload: tuple[str, ...] = (),
) -> Iterator[ResultT]:
    """Yield `function(batch)` for the batches of `items`, in their order.

    Batches depend on `batch_size` alone, so the results are the same for any number of workers.
    With one worker everything happens in this process. Workers are forked from a process that has
    imported the modules of `preload`.
    """
    batches = cut_batches(items, batch_size)
    if n_workers <= 1:
        yield from map(function, batches)
        return
    pool = start_workers(n_workers, preload)
    running: deque[Future[ResultT]] = deque()
    for batch in batches:
        running.append(pool.submit(function, batch))
        if len(running) > BATCHES_AHEAD * n_workers:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


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


@cache
def start_workers(n_workers: int, preload: tuple[str, ...]) -> ProcessPoolExecutor:
    """Return worker processes that live as long as this one, so models are loaded once."""
    return make_pool(n_workers, preload)


def make_pool(n_workers: int, preload: tuple[str, ...]) -> ProcessPoolExecutor:
    """Return worker processes of their own, which their caller shuts down.

    They are forks of a clean server process that has imported the modules of `preload`: they share
    its memory, and no lock that this process holds is copied. There is one such server: modules
    that only a second call names are imported by each worker when it needs them. Where processes
    cannot be forked, each loads the models.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():  # Windows
        return ProcessPoolExecutor(n_workers, mp_context=multiprocessing.get_context("spawn"))
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


def follow_parent() -> None:
    """Make this worker end when its parent ends, however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # a batch may be under way, and nobody waits for it
