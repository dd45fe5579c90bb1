"""Show how far a run is: a bar on a terminal, a line every half minute elsewhere."""

import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

ItemT = TypeVar("ItemT")

LINE_SECONDS = 30  # between two lines, where there is no terminal
WIDTH_CHARS = 20
MINUTE = 60
HOUR = 3_600


class Progress:
    """Where a run says how far its stages are."""

    def __init__(
        self, stream: TextIO | None = None, *, clock: Callable[[], float] = monotonic
    ) -> None:
        """Write to `stream`, which is standard error by default; `clock` counts seconds."""
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock

    def say(self, line: str) -> None:
        """Write a line."""
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def track(
        self,
        items: Iterable[ItemT],
        *,
        stage: str,
        total: int | None = None,
        n_pages: Callable[[ItemT], int] = lambda _: 1,
    ) -> Iterator[ItemT]:
        """Yield `items` and show how many pages of `total` are done; `n_pages` are in an item."""
        if self._stream.isatty():
            yield from self._show_progress_bar(items, stage, total, n_pages)
        else:
            yield from self._write_lines(items, stage, total, n_pages)

    def _show_progress_bar(
        self,
        items: Iterable[ItemT],
        stage: str,
        total: int | None,
        n_pages: Callable[[ItemT], int],
    ) -> Iterator[ItemT]:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(WIDTH_CHARS),
            PagesColumn(),
        )
        console = Console(file=self._stream)
        with Bars(
            *columns, TimeRemainingColumn(), console=console, get_time=self._clock, transient=True
        ) as progress_bars:
            task = progress_bars.add_task(stage, total=total)
            for item in items:
                progress_bars.advance(task, n_pages(item))
                yield item

    def _write_lines(
        self,
        items: Iterable[ItemT],
        stage: str,
        total: int | None,
        n_pages: Callable[[ItemT], int],
    ) -> Iterator[ItemT]:
        started = last = self._clock()
        done = 0
        for item in items:
            done += n_pages(item)
            now = self._clock()
            if now - last >= LINE_SECONDS:
                last = now
                self.say(f"{stage}: {describe_progress(done, total, seconds=now - started)}")
            yield item


class PagesColumn(ProgressColumn):
    """Pages done, of how many, and how fast."""

    def render(self, task: Task) -> Text:
        """Return the column of a stage."""
        return Text(_count_pages(int(task.completed), _whole(task.total), task.speed or 0.0))


def describe_progress(done: int, total: int | None, *, seconds: float) -> str:
    """Return in words how far a stage is after so many seconds, and how long it will take."""
    speed = done / seconds if seconds else 0.0
    counted = _count_pages(done, total, speed)
    if total is None or not speed:
        return counted
    return f"{counted}, {_duration(max(total - done, 0) / speed)} left"


def _count_pages(done: int, total: int | None, speed: float) -> str:
    of_all = "" if total is None else f" of {total:,}"
    counted = f"{done:,}{of_all} pages"
    return f"{counted}, {speed:,.1f}/s" if speed else counted


def _whole(total: float | None) -> int | None:
    return None if total is None else int(total)


def _duration(seconds: float) -> str:
    """Return a time as a person says it."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} seconds"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} minutes"
    return f"{seconds / HOUR:.0f} hours"
