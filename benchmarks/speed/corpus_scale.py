"""What the tables over all bundles cost at N quotations: time and memory by step, bytes by table.

The lake is invented (`benchmarks.data.large_lake`), with bundles of up to 10,000 articles. Each
step makes all its rows, as the first publication does, in a process of its own that is measured by
itself. One that needs more than `--memory` is ended and reported: there is the wall. Then a bundle
of 100 articles more is delivered, and the steps bring forward what they can. Each line is printed
once it is known; `--folder` keeps the lake, or takes the one that is there.

    python -m benchmarks.speed.corpus_scale 1000000 [--words 64] [--steps groups] [--json]
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from benchmarks.data.invented_lake import QUOTES_PER_ARTICLE
from benchmarks.data.large_lake import MEAN_WORDS, write_large_lake
from benchmarks.processes.apart import start_task
from benchmarks.publishing import STEPS, Place, make_step
from copydesk.lake.lake import Lake
from copydesk.lake.live import LOG_FOLDER

POLL_SECONDS = 0.2
MB = 1_000_000
ARTICLES_PER_BUNDLE, BUNDLES_AT_LEAST = 10_000, 40  # smaller bundles in a small lake
LATE_ARTICLES = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took in a process of its own; unfinished where it was ended."""

    name: str
    cpu_s: float
    wall_s: float
    peak_mb: int
    is_finished: bool

    def __str__(self) -> str:
        """Return it as a line of the table that is printed."""
        line = f"{self.cpu_s:10.1f} CPU s {self.wall_s:10.1f} s {self.peak_mb:8} MB  {self.name}"
        return line if self.is_finished else f"{line}: ended, it needs more memory or failed"


@dataclass(frozen=True, slots=True)
class Size:
    """What a table takes on disk."""

    table: str
    rows: int
    mb: float
    files: int
    log_mb: float

    def __str__(self) -> str:
        """Return it as a line of the table that is printed."""
        return (
            f"{self.rows:14,} rows {self.mb:10.1f} MB {self.files:8} files "
            f"{self.log_mb:8.2f} MB of log  {self.table}"
        )


def main() -> None:
    """Make the lake, make its tables, add a bundle, make them again; print what each took."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.corpus_scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("n_quotes", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--words", type=int, default=MEAN_WORDS, help="of a quotation, on average")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--memory", type=float, default=12.0, metavar="GB", help="of one step")
    parser.add_argument("--folder", type=Path, help="where the lake is, or will be and stays")
    parser.add_argument("--only", choices=("whole", "more"), help="one of the two rounds")
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    options = parser.parse_args()
    n_articles = max(1, options.n_quotes // QUOTES_PER_ARTICLE)
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place = Place(Lake(str(folder.resolve() / "lake")), folder.resolve() / "copydesk.duckdb")
        asked = Asked(n_articles, options.words, options.steps, options.memory, options.only)
        costs = list(measure(place, asked))
        sizes = list(measure_tables(place.lake))
    for size in sizes:
        print(size, file=sys.stderr)
    if options.json:
        found = {"quotations": n_articles * QUOTES_PER_ARTICLE, "words": options.words}
        rows = {"costs": [asdict(each) for each in costs], "sizes": [asdict(s) for s in sizes]}
        print(json.dumps(found | rows))


class Asked(NamedTuple):
    """What is measured: the size of the lake, words of a quotation, steps, memory of each."""

    n_articles: int
    words: int
    steps: Sequence[str]
    memory_gb: float
    only: str | None = None

    def run(self, name: str, task: Callable[..., None], *given: object) -> Cost:
        """Run a task apart, with as much memory as it may take."""
        return measure_apart(name, round(self.memory_gb * 1000), task, *given)


def measure(place: Place, asked: Asked) -> Iterator[Cost]:
    """Make the lake if it is not there; yield what each step takes, then with a bundle more."""
    size = (asked.n_articles, asked.words)
    if not Path(place.lake.uri).exists():
        yield asked.run("making the lake", make_lake, place.lake, *size)
    if asked.only != "more":
        for name in asked.steps:
            yield asked.run(name, partial(make_step, is_whole=True), place, name)
    if asked.only != "whole":
        yield asked.run("a bundle more: delivering", make_late, place.lake, *size)
        for name in asked.steps:
            step = partial(make_step, is_whole=False)
            yield asked.run(f"a bundle more: {name}", step, place, name)


def make_lake(lake: Lake, n_articles: int, mean_words: int) -> None:
    """Deliver the articles in bundles."""
    size = max(1, min(ARTICLES_PER_BUNDLE, n_articles // BUNDLES_AT_LEAST))
    numbers = range(n_articles // size)
    write_large_lake(lake, numbers, n_articles=size, n_all=n_articles, mean_words=mean_words)


def make_late(lake: Lake, n_articles: int, mean_words: int) -> None:
    """Deliver a small bundle of articles that come after all others."""
    numbers = range(n_articles, n_articles + 1)  # no other bundle has this number
    write_large_lake(
        lake, numbers, n_articles=LATE_ARTICLES, n_all=n_articles, mean_words=mean_words
    )


def measure_apart(name: str, most_mb: int, task: Callable[..., None], *given: object) -> Cost:
    """Run a task in a process of its own, and end it where it takes more memory than it may.

    The process and its threads are measured from outside. Prints the line of what it took.
    """
    started, cpu_s, peak = time.monotonic(), 0.0, 0.0
    worker = start_task(task, *given)
    watched = psutil.Process(worker.pid)
    while worker.is_alive():
        try:
            times = watched.cpu_times()
            peak = max(peak, watched.memory_info().rss / MB)
        except psutil.NoSuchProcess:
            break
        cpu_s = times.user + times.system
        if peak > most_mb:
            worker.kill()
        worker.join(POLL_SECONDS)
    worker.join()
    wall_s = time.monotonic() - started
    cost = Cost(name, round(cpu_s, 1), round(wall_s, 1), round(peak), worker.exitcode == 0)
    print(cost, file=sys.stderr, flush=True)
    return cost


def measure_tables(lake: Lake) -> Iterator[Size]:
    """Yield what each table takes: its live rows and files, and the whole of its Delta log."""
    for log in sorted(Path(lake.uri).glob(f"*/{LOG_FOLDER}")):
        found = pa.RecordBatchReader.from_stream(DeltaTable(log.parent).get_add_actions())
        live = found.read_all()
        log_bytes = sum(path.stat().st_size for path in log.iterdir() if path.is_file())
        yield Size(
            log.parent.name,
            pc.sum(live["num_records"]).as_py() or 0,
            round((pc.sum(live["size_bytes"]).as_py() or 0) / MB, 1),
            live.num_rows,
            round(log_bytes / MB, 2),
        )


if __name__ == "__main__":
    main()
