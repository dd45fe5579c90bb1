"""Write pages in worker processes, a batch at a time, each file aside and then renamed."""

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
FEW_ENTRIES = 20_000  # of the search index, likewise


class Batch(NamedTuple):
    """Pages of one kind that are written together."""

    gathered: Path
    folder: Path
    kind: PageKind
    page_ids: Sequence[str]


@dataclass(slots=True)
class Writers:
    """What writes the files of a report: this process, or others that it starts for much work."""

    folder: Path
    pool: Executor | None
    index: Future[None] | None = None

    def write_index(self, entries: Path, *, n_entries: int) -> None:
        """Write the search index, or have it written until `write_pages` returns."""
        if self.pool is None or n_entries <= FEW_ENTRIES:
            write_index(entries, self.folder)
        else:
            self.index = self.pool.submit(write_index, entries, self.folder)

    def write_pages(self, keys: Sequence[Key], rows: Path) -> dict[Key, int]:
        """Write pages and return of each how many parts it has.

        `keys` are sorted, so that the rows of a batch are beside each other.
        """
        batches = list(_cut_batches(keys, rows, self.folder))
        is_shared = self.pool is not None and len(keys) > FEW_PAGES
        written = (self.pool.map if self.pool and is_shared else map)(write_batch, batches)
        n_parts = {key: n for batch in written for key, n in batch}
        if self.index is not None:
            self.index.result()
        return n_parts


@contextmanager
def open_writers(folder: Path, *, n_workers: int) -> Iterator[Writers]:
    """Give what writes into `folder`: processes start with the first thing that they write."""
    try:
        if n_workers <= 1:
            yield Writers(folder, None)
        else:
            with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
                yield Writers(folder, pool)
    finally:
        _open.cache_clear()  # before the file of the rows is removed


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


def _cut_batches(keys: Sequence[Key], gathered: Path, folder: Path) -> Iterator[Batch]:
    for kind, group in groupby(keys, key=lambda key: key.kind):
        page_ids = [key.page_id for key in group]
        for start in range(0, len(page_ids), BATCH_PAGES):
            yield Batch(gathered, folder, kind, page_ids[start : start + BATCH_PAGES])
