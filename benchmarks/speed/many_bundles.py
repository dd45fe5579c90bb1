"""How Dagster and its sensors bear 100,000 bundles: ticks, definitions, the page of an asset.

A lake is invented in which so many bundles are delivered, and all are registered as partitions in
Dagster's storage: SQLite, or with `--postgres` a PostgreSQL server of its own. The sensors are
evaluated in a process of its own, as the code location does it: until all that is delivered is
read, again, after one more delivery, and once more with a file of each bundle in the inbox. Then
chromium opens the page of an asset, if there is a browser, until it shows the preview of the newest
bundle.

    python -m benchmarks.speed.many_bundles [--bundles 100000] [--events 1000] [--postgres]
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import dagster as dg
import psutil
import pyarrow as pa

from assets.declare import BUNDLE_PARTITIONS
from benchmarks.processes.apart import run_apart
from benchmarks.processes.database import keep_history
from benchmarks.speed.ui import load_definitions, report_previews, time_preview
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.delta import write_rows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import measure_bundle
from copydesk.settings import Settings
from copydesk.tables import BUNDLE_TABLES, BUNDLES
from pipelines.inbox import NOTES
from pipelines.resources import build_resources
from pipelines.sensors import delivery_sensor, inbox_sensor, life_sensor
from tools.tour.browser import find_chromium
from tools.tour.service import Home

N_BUNDLES, N_EVENTS = 100_000, 1_000
REGISTERED_AT_ONCE = 10_000
UNREAD = "reading what is delivered"  # what a sensor says that needs another tick
SENSORS = {"inbox": inbox_sensor, "delivery": delivery_sensor, "life": life_sensor}


def main() -> None:
    """Measure, and print a line of JSON for the sensors and one for the page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.many_bundles",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--bundles", type=int, default=N_BUNDLES, metavar="N")
    parser.add_argument("--delivered", type=int, metavar="N", help="fewer than are registered")
    parser.add_argument("--events", type=int, default=N_EVENTS, metavar="N")
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    parser.add_argument("--without-page", action="store_true", help="ticks and definitions only")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        home = Home(Path(folder) / "project", QuoteMethod.TAGGER)
        home.make()
        if options.postgres:
            stack.enter_context(keep_history(home.dagster))
        found: dict[str, object] = {
            "bundles": options.bundles,
            "delivered": options.delivered or options.bundles,
            "storage": "PostgreSQL" if options.postgres else "SQLite",
        }
        n_delivered = options.delivered or options.bundles
        run_apart(deliver_all, home.settings, n_delivered)
        found["register_s"] = run_apart(register_all, home, options.bundles)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        found["definitions_s"] = round(load_definitions(), 2)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found["definitions_cpu_s"] = round(cpu_s, 2)
        found |= run_apart(tick_all, home, n_delivered)
        print(json.dumps(found), flush=True)  # the page may need longer than it is waited for
        if not options.without_page and find_chromium() is not None:
            page = open_page(home, n_bundles=options.bundles, n_events=options.events)
            print(json.dumps(page), flush=True)


def name_day(number: int) -> str:
    """Return the name of a bundle."""
    return f"day-{number:06}"


def deliver_all(settings: Settings, n_bundles: int) -> None:
    """Write what the lake records of bundles.

    The files of their rows are named and not there: no sensor opens them.
    """
    deliver(settings.lake, range(n_bundles), settings)


def fill_inbox(settings: Settings, n_bundles: int) -> None:
    """Put a file of each bundle into the inbox, and note what a look at it has found."""
    notes = {}
    for number in range(n_bundles):
        path = settings.data / "inbox" / f"{name_day(number)}.txt"
        path.write_text(f"Page {number}.\n")
        notes[path.name] = (name_day(number), measure_bundle(path), _hash(number))
    written = {"limits": repr(settings.limits), "files": notes}
    (settings.data / NOTES).write_text(json.dumps(written), "utf-8")


def deliver(lake: Lake, numbers: range, settings: Settings) -> None:
    """Declare bundles complete, in one commit for all that were declared before."""
    versions = bundle_versions(settings.quotes)
    batches = pa.Table.from_batches(_record(numbers, versions), DELIVERIES.schema)
    write_rows(lake.create(DELIVERIES), batches.to_reader())
    rows: dict[str, list[str] | list[int]] = {
        "bundle": [name_day(n) for n in numbers],
        "source_uri": [str(settings.inbox / f"{name_day(n)}.txt") for n in numbers],
        "sha256": [_hash(n) for n in numbers],
        "n_files": [1] * len(numbers),
        "n_articles": [10] * len(numbers),
        "n_rejected": [0] * len(numbers),
    }
    write_rows(lake.create(BUNDLES), pa.table(rows, BUNDLES.schema).to_reader())


def _record(numbers: range, versions: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    names = [table.name for table in BUNDLE_TABLES]
    for first in numbers[::REGISTERED_AT_ONCE]:
        rows = []
        for number in range(first, min(first + REGISTERED_AT_ONCE, numbers.stop)):
            prints = fingerprint_tables(_hash(number), versions)
            rows += [
                {
                    "bundle": name_day(number),
                    "table_name": name,
                    "version": number,
                    "files": [f"{name}/bundle={name_day(number)}/{_hash(number)[:36]}.parquet"],
                    "n_rows": 10,
                    "fingerprint": prints[name],
                    "sums": [{"n_bytes": 10_000, "sha256": _hash(number)}],
                }
                for name in names
            ]
        yield pa.RecordBatch.from_pylist(rows, DELIVERIES.schema)


def _hash(number: int) -> str:
    return sha256(name_day(number).encode()).hexdigest()


def register_all(home: Home, n_bundles: int) -> float:
    """Register all bundles as partitions; return the seconds that it took."""
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        started = time.perf_counter()
        for first in range(0, n_bundles, REGISTERED_AT_ONCE):
            last = min(first + REGISTERED_AT_ONCE, n_bundles)
            names = [name_day(number) for number in range(first, last)]
            instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), names)
        return round(time.perf_counter() - started, 2)


def tick_all(home: Home, n_bundles: int) -> dict[str, object]:
    """Return what the longest tick of each sensor took, and how many it needed to know all."""
    settings = home.settings
    found: dict[str, object] = {}
    resources = {"settings": build_resources(settings)["settings"]}
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        for when in ("first", "again", "after_delivery", "full_inbox"):
            if when == "after_delivery":
                deliver_one(settings, n_bundles)
            elif when == "full_inbox":
                fill_inbox(settings, n_bundles)
            for name, sensor in SENSORS.items():
                wanted = {} if name == "life" else resources
                found[f"{name}_{when}"] = _tick(sensor, instance, wanted)
    found["sensors_mb"] = round(psutil.Process().memory_info().rss / 1e6)
    return found


def _tick(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, resources: Mapping[str, object]
) -> Mapping[str, float]:
    """Evaluate a sensor until it knows all; return its ticks, and what the longest one took."""
    seconds, cpu_seconds, said = [], [], UNREAD
    while UNREAD in said:
        context = dg.build_sensor_context(instance=instance, resources=resources)
        started, cpu_started = time.perf_counter(), time.process_time()
        said = str(sensor(context))
        seconds.append(time.perf_counter() - started)
        cpu_seconds.append(time.process_time() - cpu_started)
    return {
        "ticks": len(seconds),
        "s": round(max(seconds), 2),
        "cpu_s": round(max(cpu_seconds), 2),
    }


def deliver_one(settings: Settings, number: int) -> None:
    """Deliver one bundle more, as its run does."""
    versions = bundle_versions(settings.quotes)
    batches = pa.Table.from_batches(_record(range(number, number + 1), versions), DELIVERIES.schema)
    settings.lake.replace(DELIVERIES, batches.to_reader(), bundle=name_day(number))


def open_page(home: Home, *, n_bundles: int, n_events: int) -> dict[str, object]:
    """Return the seconds until the page of an asset shows the preview of the newest bundle."""
    first = n_bundles - min(n_events, n_bundles)
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        report_previews(instance, map(name_day, range(first, n_bundles)))
    return {"events": n_events, "page_s": time_preview(home)}


if __name__ == "__main__":
    main()
