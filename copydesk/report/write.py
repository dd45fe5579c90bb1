"""Write pages in batches, in this process and in others, each file aside and then renamed."""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import duckdb

from copydesk.report.gather import open_gathered, read_pages
from copydesk.report.kinds import BY_KIND, Kind, Page
from copydesk.report.manifest import Entry, Key, Manifest, put
from copydesk.report.paths import PageKind
from copydesk.report.render import render_page
from copydesk.report.rows.source import PageRows
from copydesk.report.search import open_entries, write_volume
from copydesk.report.shown import code_version
from copydesk.system.parent import follow_parent

BATCH_PAGES = 100
FEW_PAGES = 400  # so few are written sooner than a second process has started
FEW_ENTRIES = 20_000  # of the search index, likewise


class Batch(NamedTuple):
    """Pages of one kind that are written together, and what is known of those that are there."""

    gathered: Path
    folder: Path
    kind: PageKind
    known: Mapping[str, Entry | None]


class Made(NamedTuple):
    """A page that was made: of what it consists, without its hash, and how much was written."""

    key: Key
    entry: Entry
    n_written: int


@dataclass(slots=True)
class Writers:
    """What writes the files of a report: this process, and others that are given much work."""

    folder: Path
    pool: Executor | None
    batches: list[tuple[Batch, Future[list[Made]] | None]] = field(default_factory=list)

    def begin_index(self, keys: Sequence[Key], entries: Path, *, n_entries: int) -> None:
        """Have volumes of the search index written, until they are collected at the latest."""
        pool = self.pool if n_entries > FEW_ENTRIES else None
        for key in keys:
            self._begin(Batch(entries, self.folder, key.kind, {key.page_id: None}), pool)

    def begin_pages(self, keys: Sequence[Key], rows: Path, *, known: Manifest) -> None:
        """Have pages written, until they are collected at the latest.

        `keys` are sorted, so that the rows of a batch are beside each other. A part of a page whose
        hash is known is left as it is, if the parts of this kind of page are compared one by one.
        """
        pool = self.pool if len(keys) > FEW_PAGES else None
        for kind, group in groupby(keys, key=lambda key: key.kind):
            pages = [(key.page_id, known.get(key)) for key in group]
            for start in range(0, len(pages), BATCH_PAGES):
                some = dict(pages[start : start + BATCH_PAGES])
                self._begin(Batch(rows, self.folder, kind, some), pool)

    def _begin(self, batch: Batch, pool: Executor | None) -> None:
        self.batches.append((batch, None if pool is None else pool.submit(write_batch, batch)))

    def collect(self) -> list[Made]:
        """Return what was made. What no other process has begun is made here, from the end on."""
        made = []
        try:
            for batch, future in reversed(self.batches):
                if future is None or future.cancel():
                    made += write_batch(batch)
            for _, future in self.batches:
                if future is not None and not future.cancelled():
                    made += future.result()
        finally:
            for _, future in self.batches:
                if future is not None:
                    future.cancel()
            self.batches.clear()
        return made


@contextmanager
def open_writers(folder: Path, *, n_workers: int) -> Iterator[Writers]:
    """Give what writes into `folder`: processes start with the first thing that they write."""
    try:
        if n_workers <= 1:
            yield Writers(folder, None)
        else:
            with ProcessPoolExecutor(
                n_workers - 1, mp_context=get_context("spawn"), initializer=follow_parent
            ) as pool:
                yield Writers(folder, pool)
    finally:
        _open_rows.cache_clear()  # before the files are removed
        _open_entries.cache_clear()


def write_batch(batch: Batch) -> list[Made]:
    """Write the pages of a batch, and return what was made."""
    kind = BY_KIND[batch.kind]
    with _without_collector():
        if kind.compose is None:
            return list(_write_volumes(batch))
        return list(_write_pages(batch, kind, kind.compose))


def _write_volumes(batch: Batch) -> Iterator[Made]:
    for volume in batch.known:
        key = Key(batch.kind, volume)
        entry = write_volume(_open_entries(batch.gathered), batch.folder, key)
        yield Made(key, entry, entry.n_parts)


def _write_pages(
    batch: Batch, kind: Kind, compose: Callable[[PageRows], Sequence[Page]]
) -> Iterator[Made]:
    for rows in read_pages(_open_rows(batch.gathered), kind.sources, list(batch.known)):
        pages = compose(rows)
        entry = batch.known[rows.page_id]
        before = () if entry is None else entry.parts
        parts = tuple(map(_digest, pages)) if kind.has_own_parts and len(pages) > 1 else ()
        n_written = 0
        for page, digest, known in zip_longest(pages, parts, before[: len(pages)]):
            if digest is None or digest != known:
                _write_page(batch, page)
                n_written += 1
        yield Made(Key(batch.kind, rows.page_id), Entry("", len(pages), parts), n_written)


def _write_page(batch: Batch, page: Page) -> None:
    path, html = render_page(batch.kind, page)
    target = batch.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    put(target, html)


def _digest(page: Page) -> str:
    """Return a hash of what a part of a page shows, and of the code."""
    return hashlib.sha256(f"{code_version()}{page!r}".encode("utf-8", "replace")).hexdigest()[:16]


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
def _open_rows(gathered: Path) -> duckdb.DuckDBPyConnection:
    return open_gathered(gathered)


@cache
def _open_entries(gathered: Path) -> duckdb.DuckDBPyConnection:
    return open_entries(gathered)
