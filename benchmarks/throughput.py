"""How fast the whole graph is, beside the bare models on the same texts.

Both run in processes of their own, are measured from outside with all their children, and pay for
their own start: the graph for Dagster and the lake, the models for loading themselves.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import dagster as dg
import psutil

from benchmarks.processes.apart import start_task
from copydesk.cleaning.articles import compose_body
from copydesk.cleaning.segments import label_page
from copydesk.extraction.extract import BATCH_ARTICLES
from copydesk.extraction.parsing import load_pipeline
from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.tagger.tagger import tag_quotations
from copydesk.reading.bundles import read_bundle
from copydesk.rows import RawArticle
from copydesk.settings import load_settings
from copydesk.text.lines import WORD
from tools.tied import tie

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = CHECKOUT / "data" / "samples"
N_ARTICLES = 400  # by default: enough that the start of the processes weighs little
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took, all its processes together."""

    articles: int
    words: int
    cpu_s: float
    wall_s: float
    peak_mb: float


def main() -> None:
    """Measure the graph and the models, and print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--without-models", action="store_true", help="the graph alone, in JSON")
    parser.add_argument("--models", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.models is not None:
        run_models(options.models)
        return
    articles = list(islice(make_articles(), options.articles))
    with tempfile.TemporaryDirectory() as folder:
        bundle = write_bundle(Path(folder) / "articles.jsonl", articles)
        graph = measure_graph(articles, bundle)
        if options.without_models:
            print(json.dumps({"graph": asdict(graph)}))
            return
        models = measure_models(articles, bundle)
    if options.json:
        print(json.dumps({"graph": asdict(graph), "models": asdict(models)}))
    else:
        print(f"{'':8}{'articles':>9}{'words':>9}{'cpu s':>8}{'wall s':>8}{'peak MB':>9}")
        for name, cost in (("graph", graph), ("models", models)):
            print(
                f"{name:8}{cost.articles:>9}{cost.words:>9}{cost.cpu_s:>8.1f}"
                f"{cost.wall_s:>8.1f}{cost.peak_mb:>9.0f}"
            )
        print(f"graph ÷ models, CPU: {graph.cpu_s / models.cpu_s:.2f}")


def make_articles() -> Iterator[str]:
    """Yield articles without end: those of the samples, then with their paragraphs turned round.

    The n-th article is always the same.
    """
    bodies = [body.split("\n\n") for body in _read_bodies()]
    turn = 0
    while True:
        for paragraphs in bodies:
            cut = turn % len(paragraphs)
            yield "\n\n".join([*paragraphs[cut:], *paragraphs[:cut], f"Edition {turn}."])
        turn += 1


def _read_bodies() -> Iterator[str]:
    for path in sorted(SAMPLES.iterdir()):
        for row in read_bundle(path, bundle=path.name):
            if isinstance(row, RawArticle):
                yield compose_body(row, label_page(row))


def write_bundle(path: Path, articles: Sequence[str]) -> Path:
    """Write articles as one bundle, and return its path."""
    rows = ({"title": f"Article {i}", "text": text} for i, text in enumerate(articles))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def measure_graph(articles: Sequence[str], bundle: Path) -> Cost:
    """Return what the graph costs on the articles of a bundle; it runs beside it."""
    home = bundle.parent / "dagster"
    home.mkdir()
    shutil.copy(CHECKOUT / ".dagster" / "dagster.yaml", home)
    with dg.DagsterInstance.from_config(str(home)):
        pass  # makes its databases, which happens once in the life of a checkout
    places = {"COPYDESK_DATA": str(bundle.parent / "data"), "DAGSTER_HOME": str(home)}
    taken = watch([sys.executable, "-m", "pipelines.run", str(bundle)], places)
    return Cost(len(articles), _count_words(articles), *taken)


def measure_models(articles: Sequence[str], bundle: Path) -> Cost:
    """Return what the bare models cost on the articles of a bundle."""
    taken = watch([sys.executable, "-m", "benchmarks.throughput", "--models", str(bundle)], {})
    return Cost(len(articles), _count_words(articles), *taken)


def _count_words(articles: Sequence[str]) -> int:
    return sum(len(WORD.findall(text)) for text in articles)


def run_models(bundle: Path) -> None:
    """Run the bare parser and tagger over the texts of a bundle, in as many processes as the graph.

    Two busy cores slow each other down, so one process alone would look cheaper than it is.
    """
    texts = [json.loads(line)["text"] for line in bundle.read_text("utf-8").splitlines()]
    n_workers = load_settings().workers
    for worker in [start_task(_parse_all, texts[i::n_workers]) for i in range(n_workers)]:
        worker.join()


def _parse_all(texts: Sequence[str]) -> None:
    for _ in load_pipeline(ENGLISH).pipe(texts, batch_size=BATCH_ARTICLES):
        pass
    for text in texts:
        tag_quotations(text)


def watch(command: Sequence[str], places: dict[str, str]) -> tuple[float, float, float]:
    """Run a command and return the CPU seconds, wall seconds and peak memory of its processes.

    Raises: SystemExit: if the command fails.
    """
    started = time.monotonic()
    cpu_seconds: dict[int, float] = {}
    peak = 0.0
    with subprocess.Popen(  # noqa: S603 - our own modules
        tie(command), cwd=CHECKOUT, env={**os.environ, **places}, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, _sample(process.pid, cpu_seconds))
            time.sleep(POLL_SECONDS)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return sum(cpu_seconds.values()), time.monotonic() - started, peak / 1e6


def _sample(pid: int, cpu_seconds: dict[int, float]) -> float:
    """Note the CPU seconds of a process and all below it, and return their memory in bytes."""
    memory = 0.0
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return memory
    for process in family:
        try:
            times = process.cpu_times()
            memory += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
        cpu_seconds[process.pid] = times.user + times.system
    return memory


if __name__ == "__main__":
    main()
