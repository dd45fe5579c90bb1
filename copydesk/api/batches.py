"""Clean and parse many texts in batches, in this process or in workers.

Each text has one result, in the order of the texts. A text that cannot be read, or that breaks
what reads it, costs its own result and no other.
"""

import multiprocessing
import os
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from copydesk.api.extract import extract_pages
from copydesk.api.make import Source, check_source, is_missing, make_page
from copydesk.api.page import Page, Rejected
from copydesk.errors import BundleError, CopydeskError, UnreadableError
from copydesk.extraction.workers import BATCHES_AHEAD, cut_batches, list_preloads, make_pool
from copydesk.quotations.methods import QuoteMethod

MISSING = Rejected("", "missing", "no text: the value is missing")
Item = Source | Page | Rejected
Result = Page | Rejected


def make_pages(
    items: Iterable[Item | None], *, n_workers: int, batch_size: int
) -> Iterator[Result]:
    """Yield the page of each item in order, with its mentions and quotations computed."""
    batches = cut_batches(map(_check_item, items), batch_size)
    made = _make_in_workers(batches, n_workers) if n_workers > 1 else map(make_batch, batches)
    n = 0
    for results in made:
        for result in results:
            n += 1
            if isinstance(result, Rejected) and not result.path:
                yield replace(result, path=f"#{n}")
            else:
                yield result


def make_batch(items: Sequence[Item]) -> list[Result]:
    """Return the pages of a batch of items, parsed together."""
    results = [_make_result(item) for item in items]
    pages = [result for result in results if isinstance(result, Page)]
    try:
        extracts = extract_pages(pages)
    except Exception:  # noqa: BLE001 -- one of them breaks the parser: by itself it shows which
        extracted: list[Result] = list(map(_extract_alone, pages))
    else:
        extracted = [
            replace(page, extract=extract) for page, extract in zip(pages, extracts, strict=True)
        ]
    found = iter(extracted)
    return [next(found) if isinstance(result, Page) else result for result in results]


def _check_item(item: object) -> Item:
    """Return an item that can be a page, a missing value as one that is rejected.

    Raises: TypeError: if it is neither.
    """
    if isinstance(item, Page | Rejected):
        return item
    return MISSING if is_missing(item) else check_source(item)


def _make_result(item: Item) -> Result:
    if isinstance(item, Page | Rejected):
        return item
    path = "" if isinstance(item, str | bytes) else str(item)
    try:
        return make_page(item)
    except UnreadableError as reason:
        return Rejected(path, reason.error, reason.message)
    except BundleError as error:
        return Rejected(path, "not_one_page", str(error))
    except Exception as error:  # noqa: BLE001 -- the other texts are not to suffer from it
        return _failed(path, error)


def _extract_alone(page: Page) -> Result:
    try:
        return replace(page, extract=extract_pages([page])[0])
    except Exception as error:  # noqa: BLE001 -- as above
        return _failed(page.raw.source_path, error)


def _failed(path: str, error: Exception) -> Rejected:
    """Return a fault of ours as a result that says where it is."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return Rejected(path, "failed", f"{type(error).__name__} in {where}: {error}")


def _make_in_workers(batches: Iterable[Sequence[Item]], n_workers: int) -> Iterator[list[Result]]:
    """Yield the pages of each batch in order; a few batches are computed ahead."""
    workers = _Workers(n_workers)
    waiting: deque[tuple[Sequence[Item], Future[list[Result]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, workers.submit(batch)))
            if len(waiting) > BATCHES_AHEAD * n_workers:
                yield _next_results(waiting, workers)
        while waiting:
            yield _next_results(waiting, workers)
    finally:
        workers.stop()


def _next_results(
    waiting: deque[tuple[Sequence[Item], Future[list[Result]]]], workers: "_Workers"
) -> list[Result]:
    """Return the results of the first batch; where a worker died, each text of it goes alone."""
    batch, future = waiting.popleft()
    try:
        return future.result()
    except BrokenProcessPool:
        workers.restart()
        results = [result for item in batch for result in workers.make_alone(item)]
        others = [other for other, _ in waiting]
        waiting.clear()
        waiting.extend((other, workers.submit(other)) for other in others)
        return results


class _Workers:
    """Worker processes for one call of `copydesk.pipe`, started again where one of them dies.

    They are forks of a server process that keeps the models, so starting them is cheap.
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # A worker runs a script without the guard below when it starts, and so comes here too.
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            raise SystemExit(1)
        pool = make_pool(self._n_workers, list_preloads(QuoteMethod.TAGGER))
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            msg = (
                "no worker process can start; in a script, call `copydesk.pipe` below "
                '`if __name__ == "__main__":`'
            )
            raise CopydeskError(msg) from error
        return pool

    def submit(self, batch: Sequence[Item]) -> Future[list[Result]]:
        try:
            return self._pool.submit(make_batch, batch)
        except BrokenProcessPool as error:
            broken: Future[list[Result]] = Future()
            broken.set_exception(error)
            return broken

    def make_alone(self, item: Item) -> list[Result]:
        """Return the result of one item, whatever becomes of the worker."""
        try:
            return self._pool.submit(make_batch, [item]).result()
        except BrokenProcessPool:
            path = "" if isinstance(item, str | bytes | Page | Rejected) else str(item)
            self.restart()
            return [Rejected(path, "failed", "it ends the process that reads it")]

    def restart(self) -> None:
        self.stop()
        self._pool = self._start()

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
