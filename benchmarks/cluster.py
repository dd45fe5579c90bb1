"""What a cluster costs beside the processes of one machine, on the same articles.

A scheduler and two workers are started here, as on machines of their own. Half-way one worker is
killed and another one started, as a service would do. The rows must be those of a local run, in
their order; CPU seconds are those of all processes, the killed one's and the new one's included.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import NamedTuple, Self, TypeVar

import psutil
import pyarrow as pa
from distributed import Client

from benchmarks.data.invented_articles import invent_articles
from copydesk import steps
from copydesk.cluster.address import Cluster
from copydesk.errors import LakeError
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.limits import Limits
from copydesk.stages import Stages
from copydesk.tables import ARTICLES, RAW_ARTICLES, SEGMENTS, Tables
from tools.tied import tie

ItemT = TypeVar("ItemT")

N_ARTICLES = 2_000  # by default
N_WORKERS = 2
BUNDLE = "invented"
COMMAND = "from copydesk.commands.app import app; app()"
LIMITS = Limits()
POLL_SECONDS = 2  # the kernel walks all pages for what is shared
JOIN_SECONDS = 300
FEW_ARTICLES = 32  # warm all processes up before anything is measured
QUOTATION = "“{}” said {} Dunmore, who leads the {} board."  # the invented words quote nobody


class Cost(NamedTuple):
    """What a run took, all processes together, and the rows that it made."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    rows: list[pa.Table]


@dataclass(slots=True)
class Half:
    """The progress of a run, which calls a function when half of the articles are done."""

    act: Callable[[], None]
    n_done: int = 0
    is_over: bool = False

    def track(
        self,
        items: Iterable[ItemT],
        *,
        stage: str,  # noqa: ARG002 - as `Progress` has it
        total: int | None = None,
        n_pages: Callable[[ItemT], int] = lambda _: 1,
    ) -> Iterator[ItemT]:
        """Yield `items`, and act once in between."""
        for item in items:
            self.n_done += n_pages(item)
            if total is not None and not self.is_over and self.n_done * 2 >= total:
                self.is_over = True
                self.act()
            yield item


@dataclass(slots=True)
class Parts:
    """The processes of a cluster on this machine; those of a killed worker are still counted."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    n_killed: int = 0

    def start_worker(self) -> None:
        """Start one more worker."""
        self.workers.append(_start("worker", self.address))

    def replace_worker(self) -> None:
        """Kill the first worker, with nothing said, and start another one."""
        self.workers[0].kill()
        self.n_killed += 1
        self.start_worker()


class Meter:
    """Measures this process and all below it, while it is open."""

    def __init__(self) -> None:
        """Measure nothing yet."""
        self.wall_s = 0.0
        self.peak_mb = 0.0
        self._cpu_s: dict[int, float] = {}
        self._before: dict[int, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Start the clocks."""
        self._sample()
        self._before = dict(self._cpu_s)
        self._started = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the clocks."""
        self.wall_s = time.monotonic() - self._started
        self._is_over.set()
        self._thread.join()
        self._sample()

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all processes, also of those that ended meanwhile."""
        return sum(total - self._before.get(pid, 0.0) for pid, total in self._cpu_s.items())

    def _watch(self) -> None:
        while not self._is_over.wait(POLL_SECONDS):
            self._sample()

    def _sample(self) -> None:
        memory = 0.0
        top = psutil.Process()
        for process in (top, *top.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                memory += process.memory_full_info().pss / 1e6  # forked processes share much
                self._cpu_s[process.pid] = times.user + times.system
        self.peak_mb = max(self.peak_mb, memory)


def main() -> None:
    """Measure both, and print what a cluster costs more."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake = make_lake(Path(folder), options.articles)
        few = make_lake(Path(folder) / "few", FEW_ARTICLES)
        local = measure(lake, few, cluster=None, half=lambda: None)
        with start_cluster() as parts:
            place = Cluster(parts.address)
            spread = measure(lake, few, cluster=place, half=parts.replace_worker)
    figures = {
        "identical": all(a.equals(b) for a, b in zip(local.rows, spread.rows, strict=True)),
        "cpu_ratio": round(spread.cpu_s / local.cpu_s, 3),
        "wall_ratio": round(spread.wall_s / local.wall_s, 3),
        "workers_killed": parts.n_killed,
        "peak_mb": round(spread.peak_mb),
    }
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{'':8}{'rows':>9}{'cpu s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, cost in (("local", local), ("cluster", spread)):
        n_rows = sum(table.num_rows for table in cost.rows)
        print(f"{name:8}{n_rows:>9}{cost.cpu_s:>8.1f}{cost.wall_s:>8.1f}{cost.peak_mb:>9.0f}")
    print(figures)


def make_lake(folder: Path, n_articles: int) -> Lake:
    """Return a lake with invented articles that are read, labelled and cleaned."""
    folder.mkdir(exist_ok=True)
    source = folder / "articles.jsonl"
    write_articles(source, n_articles)
    lake = Lake(str(folder / "lake"))
    stages = Stages(Half(lambda: None), lake, BUNDLE)
    read = steps.read_pages(source, bundle=BUNDLE, limits=LIMITS, stages=stages)
    _replace(lake, steps.READ_TABLES, read)
    raws = lake.read(RAW_ARTICLES, bundle=BUNDLE)
    segments = steps.label_pages(raws, stages=stages, limits=LIMITS)
    _replace(lake, (SEGMENTS,), (segments,))
    cleaned = steps.clean_articles(
        lake.read(RAW_ARTICLES, bundle=BUNDLE),
        lake.read(SEGMENTS, bundle=BUNDLE),
        stages=stages,
        limits=LIMITS,
    )
    _replace(lake, steps.ARTICLE_TABLES, cleaned)
    return lake


def write_articles(source: Path, n_articles: int) -> None:
    """Write invented articles, each with a quotation, as an export."""
    with source.open("w", encoding="utf-8") as file:
        for article in invent_articles(n_articles):
            first, *others = article.body.split("\n\n")
            words = first.split()
            said = QUOTATION.format(" ".join(words[:9]) + ",", words[0].title(), words[-1])
            text = "\n\n".join([first, said, *others])
            file.write(json.dumps({"title": f"Report {article.number}", "text": text}) + "\n")


def _replace(lake: Lake, tables: Tables, made: Sequence[pa.RecordBatchReader]) -> None:
    for table, rows in zip(tables, made, strict=True):
        lake.replace(table, rows, bundle=BUNDLE)


def measure(lake: Lake, few: Lake, *, cluster: Cluster | None, half: Callable[[], None]) -> Cost:
    """Extract the articles of `lake` in warm processes, and return what it cost."""
    extract(few, cluster=cluster, progress=Half(lambda: None))
    with Meter() as meter:
        rows = extract(lake, cluster=cluster, progress=Half(half))
    return Cost(meter.cpu_s, meter.wall_s, meter.peak_mb, rows)


def extract(lake: Lake, *, cluster: Cluster | None, progress: Half) -> list[pa.Table]:
    """Return the rows of the articles of `lake`, in their order.

    Raises: LakeError: if an article was put aside, where none is odd.
    """
    stages = Stages(progress, lake, BUNDLE)
    made = steps.extract_articles(
        lake.read(RAW_ARTICLES, bundle=BUNDLE),
        lake.read(SEGMENTS, bundle=BUNDLE),
        lake.read(ARTICLES, bundle=BUNDLE),
        n_workers=N_WORKERS,
        method=QuoteMethod.TAGGER,
        stages=stages,
        limits=LIMITS,
        cluster=cluster,
    )
    rejected = stages.list_rejected()
    if rejected:
        raise LakeError(rejected[0].message)
    return [stream.read_all() for stream in made]


@contextmanager
def start_cluster() -> Iterator[Parts]:
    """Start a scheduler and the workers on this machine, and end them afterwards."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with ExitStack() as stack:
        parts = Parts(address, _start("scheduler", address))
        stack.callback(_stop_all, parts)
        for _ in range(N_WORKERS):
            parts.start_worker()
        with Client(address, set_as_default=False, timeout=JOIN_SECONDS) as client:
            client.wait_for_workers(N_WORKERS, timeout=JOIN_SECONDS)
        yield parts


def _start(role: str, address: str) -> subprocess.Popen[bytes]:
    places = {"COPYDESK_SCHEDULER": address, "COPYDESK_WORKERS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own command
        tie([sys.executable, "-c", COMMAND, "cluster", role]),
        env={**os.environ, **places},
        stderr=subprocess.DEVNULL,
    )


def _stop_all(parts: Parts) -> None:
    for process in (*parts.workers, parts.scheduler):
        process.terminate()
    for process in (*parts.workers, parts.scheduler):
        process.wait()


if __name__ == "__main__":
    main()
