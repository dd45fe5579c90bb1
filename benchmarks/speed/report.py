"""How long a report of N articles takes: the first one, one with a bundle more, and one of nothing.

The lake is invented (`benchmarks.data.invented_lake`). Each report is written in a process of its
own, whose CPU seconds and memory count with those of its workers. The report with a bundle more is
compared, file by file, with one in a new folder.

    python -m benchmarks.speed.report [10000] [--workers 2]
"""

import argparse
import filecmp
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes.apart import read_peak_mb, run_apart
from benchmarks.publishing import Place, publish_steps, write_lake, write_late
from copydesk.lake.lake import Lake
from copydesk.report.search import FOLDER
from copydesk.report.site import LOCK, write_report

BUNDLE = 100  # articles


class Cost(NamedTuple):
    """What a report cost: pages that were written, seconds, CPU seconds, and memory in MB."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_mb: int


def main() -> None:
    """Write the three reports, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.report", description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        place = Place(Lake(str(Path(folder) / "lake")), Path(folder) / "copydesk.duckdb")
        report, fresh = Path(folder) / "report", Path(folder) / "fresh"
        run_apart(write_lake, place, max(1, options.articles // BUNDLE), BUNDLE)
        run_apart(publish_steps, place)
        whole = run_apart(measure, place.catalogue, report, options.workers)
        nothing = run_apart(measure, place.catalogue, report, options.workers)
        write_late(place)
        run_apart(publish_steps, place)
        more = run_apart(measure, place.catalogue, report, options.workers)
        run_apart(measure, place.catalogue, fresh, options.workers)
        print(
            json.dumps(
                {
                    "articles": options.articles,
                    "whole": whole._asdict(),
                    "a_bundle_more": more._asdict(),
                    "nothing": nothing._asdict(),
                    "equal": list(find_differences(report, fresh)) == [],
                    "largest_page_kb": find_largest(report, "*.html") // 1_000,
                    "largest_script_kb": find_largest(report / FOLDER, "*.js") // 1_000,
                }
            )
        )


def measure(catalogue: Path, folder: Path, n_workers: int) -> Cost:
    """Write a report, and return what it cost this process and its workers."""
    started = time.perf_counter()
    written = write_report(catalogue, folder, n_workers=n_workers)
    seconds = time.perf_counter() - started
    own, workers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return Cost(
        written.n_written,
        round(seconds, 1),
        round(sum(each.ru_utime + each.ru_stime for each in (own, workers)), 1),
        max(read_peak_mb(), workers.ru_maxrss // 1_024),
    )


def find_largest(folder: Path, pattern: str) -> int:
    """Return the bytes of the largest file of a name in a folder and those in it."""
    return max(path.stat().st_size for path in folder.rglob(pattern))


def find_differences(one: Path, other: Path) -> Iterator[str]:
    """Yield the files that differ between two reports, or that one of them lacks."""
    names = {
        str(path.relative_to(folder))
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }
    for name in sorted(names):
        both = one / name, other / name
        if not all(path.is_file() for path in both) or not filecmp.cmp(*both, shallow=False):
            yield name


if __name__ == "__main__":
    main()
