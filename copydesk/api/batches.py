"""Clean and parse many texts in batches, in this process or in workers.

Each text has one result, in the order of the texts. A text that cannot be read, or that breaks
what reads it, costs its own result and no other.
"""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain

from copydesk.api.extract import extract_pages
from copydesk.api.make import Source, check_source, is_missing, make_page
from copydesk.api.page import Page, Rejected
from copydesk.errors import BundleError, CopydeskError, UnreadableError
from copydesk.extraction.workers import Workers, list_preloads, map_batches
from copydesk.quotations.methods import QuoteMethod
from copydesk.system.allowance import explain_fault

MISSING = Rejected("", "missing", "no text: the value is missing")
Item = Source | Page | Rejected
Result = Page | Rejected


def make_pages(
    items: Iterable[Item | None], *, n_workers: int, batch_size: int
) -> Iterator[Result]:
    """Yield the page of each item in order, with its mentions and quotations computed."""
    workers = _start_workers(n_workers) if n_workers > 1 else None
    made = map_batches(
        make_batch,
        map(_check_item, items),
        batch_size=batch_size,
        n_workers=n_workers,
        give_up=_give_up,
        workers=workers,
    )
    try:
        yield from _number(chain.from_iterable(made))
    finally:
        if workers is not None:
            workers.stop()


def _number(results: Iterable[Result]) -> Iterator[Result]:
    """Yield the results; a text without a path has its number."""
    for n, result in enumerate(results, start=1):
        if isinstance(result, Rejected) and not result.path:
            yield replace(result, path=f"#{n}")
        else:
            yield result


def make_batch(items: Sequence[Item]) -> list[Result]:
    """Return the pages of a batch of items, parsed together."""
    results = [_make_result(item) for item in items]
    pages = [result for result in results if isinstance(result, Page)]
    found = iter(extract_pages(pages))
    return [
        replace(result, extract=next(found)) if isinstance(result, Page) else result
        for result in results
    ]


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


def _give_up(item: Item, error: BaseException) -> list[Result]:
    """Return the result of an item that fails by itself, or ends the process that reads it."""
    if isinstance(item, Page):
        path = item.raw.source_path
    else:
        path = "" if isinstance(item, str | bytes | Rejected) else str(item)
    return [Rejected(path, *explain_fault(error))]


def _start_workers(n_workers: int) -> Workers:
    """Return workers for one call of `copydesk.pipe`; starting them is cheap, for they are forks.

    Raises: CopydeskError: if no process can start.
    """
    # A worker runs a script without the guard below when it starts, and so comes here too.
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)
    workers = Workers(n_workers, list_preloads(QuoteMethod.TAGGER))
    try:
        workers.submit(len, ()).result()
    except BrokenProcessPool as error:
        msg = (
            "no worker process can start; in a script, call `copydesk.pipe` below "
            '`if __name__ == "__main__":`'
        )
        raise CopydeskError(msg) from error
    return workers
