"""How fast the Dagster UI is, and what its pages cost the runs.

Definitions are loaded in a process of their own. A run of the sample bundle is measured from
inside: the CPU time of the numbers, previews, pictures and checks, beside that of the whole run.
For the page of an asset, cheap events of many bundles are recorded, and chromium opens the page
until its preview is shown.

    python -m benchmarks.speed.ui [--bundles 1000]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import psutil

import assets.publishing
import assets.writing
from assets.declare import BUNDLE_PARTITIONS
from assets.exhibits.inert import write_table
from assets.writing import Event
from copydesk.quotations.methods import QuoteMethod
from pipelines.resources import CHECKOUT
from tools.tour.browser import open_browser, visit
from tools.tour.service import Home, serve

SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"
LOAD = "from pipelines.definitions import defs; defs()"
N_LOADS = 3
ROW = ("Ada Quillfeather", "said", "The lamp never went out while I was awake")


def main() -> None:
    """Measure all three, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.ui", description=__doc__)
    parser.add_argument("--bundles", type=int, default=1000, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "project", QuoteMethod.TAGGER)
        home.make()
        found = {
            "definitions_s": round(min(load_definitions() for _ in range(N_LOADS)), 2),
            **measure_run(home),
            **measure_page(home, n_bundles=options.bundles),
        }
    print(json.dumps(found))


def load_definitions() -> float:
    """Return the seconds in which a new process imports and builds the definitions."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", LOAD], cwd=CHECKOUT, check=True)  # noqa: S603
    return time.perf_counter() - started


def measure_run(home: Home) -> dict[str, float]:
    """Return the CPU seconds of a run of the sample bundle, and the share that its pages cost.

    The CPU of its worker processes counts; the tagger finds the quotations, as by default.
    """
    spent = [0.0]
    with ExitStack() as stack:
        # All that a page costs goes through these two.
        for module in (assets.writing, assets.publishing):
            stack.enter_context(patch.object(module, "_show", _time(module._show, spent)))  # noqa: SLF001
        started = _count_cpu()
        home.take_in([SAMPLE])
        cpu = _count_cpu() - started
    return {
        "run_cpu_s": round(cpu, 2),
        "pages_cpu_s": round(spent[0], 2),
        "pages_share": round(spent[0] / cpu, 4),
    }


def _count_cpu() -> float:
    """Return the CPU seconds of this process and of the workers that it has started."""
    own = psutil.Process()
    spent = [each.cpu_times() for each in (own, *own.children(recursive=True))]
    return sum(each.user + each.system for each in spent)


def _time(
    show: Callable[..., Iterator[Event]], spent: list[float]
) -> Callable[..., Iterator[Event]]:
    """Return `show` such that its CPU seconds are added to the one number in `spent`."""

    def show_timed(*arguments: object, **options: object) -> Iterator[Event]:
        events = show(*arguments, **options)
        while True:
            started = time.process_time()
            event = next(events, None)
            spent[0] += time.process_time() - started
            if event is None:
                return
            yield event

    return show_timed


def measure_page(home: Home, *, n_bundles: int) -> Mapping[str, float]:
    """Return the seconds until the page of an asset with many bundles shows its preview."""
    names = [f"bundle-{number:05}" for number in range(n_bundles)]
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), names)
        report_previews(instance, names)
    return {"bundles": n_bundles, "page_s": time_preview(home)}


def report_previews(instance: dg.DagsterInstance, bundles: Iterable[str]) -> None:
    """Record that the quotations of bundles were made, with the preview that a run shows."""
    preview = dg.MetadataValue.md(write_table(["speaker", "cue", "content"], [ROW] * 5))
    for number, bundle in enumerate(bundles):
        instance.report_runless_asset_event(
            dg.AssetMaterialization(
                "quotes",
                partition=bundle,
                metadata={"preview": preview, "quotations": number, "share_direct": 0.5},
            )
        )


def time_preview(home: Home) -> float:
    """Return the seconds until the page of an asset shows the preview of its newest bundle."""
    with serve(home) as address, open_browser() as browser, visit(browser, address) as visitor:
        visitor.enter("/assets/articles")  # the first page also waits for the code to load
        visitor.wait_for("Definition")
        started = time.perf_counter()
        visitor.enter("/assets/quotes")
        visitor.wait_for(ROW[0])
        return round(time.perf_counter() - started, 2)


if __name__ == "__main__":
    main()
