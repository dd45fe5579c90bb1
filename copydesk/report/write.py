"""Write pages in worker processes, a batch at a time, each file aside and then renamed."""

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import duckdb

from copydesk.report.gather import open_gathered, read_pages
from copydesk.report.kinds import BY_KIND
from copydesk.report.manifest import Key, put
from copydesk.report.paths import PageKind
from copydesk.report.render import render_page
from copydesk.report.search import write_index

BATCH_PAGES = 200
FEW_PAGES = 400  # so few are written sooner than a second process has started


class Batch(NamedTuple):
    """Pages of one kind that are written together."""

    gathered: Path
    folder: Path
    kind: PageKind
    page_ids: Sequence[str]


def write_all(
    keys: Sequence[Key], *, gathered: Path, folder: Path, n_workers: int
) -> dict[Key, int]:
    """Write pages and the search index, and return of each page how many parts it has.

    `keys` are sorted, so that the rows of a batch are beside each other.
    """
    batches = list(_cut_batches(keys, gathered, folder))
    if n_workers <= 1 or len(keys) <= FEW_PAGES:
        write_index(gathered, folder)
        return {key: n for batch in batches for key, n in write_batch(batch)}
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        index = pool.submit(write_index, gathered, folder)
        written = {key: n for batch in pool.map(write_batch, batches) for key, n in batch}
        index.result()
    return written


def write_batch(batch: Batch) -> list[tuple[Key, int]]:
    """Write the pages of a batch, and return of each how many parts it has."""
    kind = BY_KIND[batch.kind]
    written = []
    with _without_collector():
        for rows in read_pages(_open(batch.gathered), kind.sources, list(batch.page_ids)):
            pages = kind.compose(rows)
            for page in pages:
                path, html = render_page(batch.kind, page)
                target = batch.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                put(target, html)
            written.append((Key(batch.kind, rows.page_id), len(pages)))
    return written


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let no search for cycles interrupt: rows and pages are many and have none.

    It takes a fifth of the time. What templates leave is found after the batch.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cache
def _open(gathered: Path) -> duckdb.DuckDBPyConnection:
    return open_gathered(gathered)


def close_readers() -> None:
    """Close what this process has open, before the gathered rows are removed."""
    _open.cache_clear()


def _cut_batches(keys: Sequence[Key], gathered: Path, folder: Path) -> Iterator[Batch]:
    for kind, group in groupby(keys, key=lambda key: key.kind):
        page_ids = [key.page_id for key in group]
        for start in range(0, len(page_ids), BATCH_PAGES):
            yield Batch(gathered, folder, kind, page_ids[start : start + BATCH_PAGES])
