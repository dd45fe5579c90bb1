"""How long it takes until readers see a bundle that comes into a lake of N quotations.

The lake is invented (`benchmarks.data.invented_lake`). Then one bundle more is delivered, and what
follows is timed step by step, each publication in a process of its own: the tables over all
bundles and the catalogue. All of these are compared, row by row, with those of a run over
everything; then the bundle is delivered once more, and withdrawn. Without `--json` come
compaction, vacuum and comparison, and a few queries before and after: a pack is read faster than
the files of many bundles.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from benchmarks.data.invented_lake import (
    QUOTES_PER_ARTICLE,
    VERSIONS,
    connect_words,
    name_bundle,
    write_bundles,
)
from benchmarks.processes.apart import read_peak_mb, run_apart
from copydesk import corpus_steps
from copydesk.corrections.folder import DecisionFiles
from copydesk.lake.compaction import compact
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import open_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.sql import connect, count_differing, quote_sql
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.withdrawals import find_target, withdraw
from copydesk.publishing.diff import compare
from copydesk.publishing.view import STORED
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, OUTLETS, QUOTE_GROUPS, STORIES, Table

ResultT = TypeVar("ResultT")

CATALOGUE = "catalogue"
QUERIES = (
    "SELECT count(*) FROM said",
    "FROM said LIMIT 5",
    "SELECT speaker, count(*) AS n FROM said GROUP BY speaker ORDER BY n DESC LIMIT 5",
    "SELECT count(*) FROM quotes WHERE bundle = 'bundle-000007'",
    "FROM people ORDER BY n_quotes DESC LIMIT 5",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lake is, and the catalogue that is published from it."""

    lake: Lake
    catalogue: Path

    @property
    def decisions(self) -> DecisionFiles:
        """Where people would decide."""
        return DecisionFiles(self.catalogue.parent)


@dataclass(slots=True)
class Measured:
    """What a publication took: seconds of each step, and the most memory of its process in MB."""

    steps: dict[str, float] = field(default_factory=dict)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: int = 0

    @property
    def seconds(self) -> float:
        """Seconds of all steps."""
        return sum(self.steps.values())


def main() -> None:
    """Make the lake, deliver one bundle more, publish it, keep the lake; print seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("n_quotes", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--bundle", type=int, default=100, help="articles of a bundle")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args()
    n_bundles = max(1, options.n_quotes // QUOTES_PER_ARTICLE // options.bundle)
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        place = Place(Lake(str(Path(folder) / "lake")), Path(folder) / "copydesk.duckdb")
        timed("writing the lake", lambda: run_apart(write_lake, place, n_bundles, options.bundle))
        run_apart(publish_steps, place)
        if not options.json:
            ask(place.catalogue)
        timed("delivering one bundle more", lambda: write_late(place))
        added = run_apart(publish_steps, place)
        whole, differing = compare_with_whole(place)
        print_report("a bundle more", added)
        print_report("everything", whole)
        if options.json:
            write_late(place)
            replaced = run_apart(publish_steps, place)
            print_report("that bundle again", replaced)
            taken = withdraw_bundle(place, name_bundle(n_bundles))
            print_report("without it", taken)
            print(
                json.dumps(
                    {
                        "quotations": n_bundles * options.bundle * QUOTES_PER_ARTICLE,
                        "bundle_s": round(added.seconds, 2),
                        "steps": {name: round(s, 2) for name, s in added.steps.items()},
                        "whole_s": round(whole.seconds, 2),
                        "equal": not differing,
                        "peak_mb": added.peak_mb,
                        "withdraw_s": round(taken.seconds, 2),
                        "replace_s": round(replaced.seconds, 2),
                        "cpu_s": {
                            name: round(sum(each.cpu_seconds.values()), 2)
                            for name, each in (
                                ("bundle", added),
                                ("whole", whole),
                                ("withdraw", taken),
                                ("replace", replaced),
                            )
                        },
                    }
                )
            )
        else:
            keep(place)


def write_lake(place: Place, n_bundles: int, n_articles: int) -> None:
    """Write a lake; the bundle that comes late waits in a lake beside it."""
    with connect_words((n_bundles + 1) * n_articles) as connection:
        write_bundles(connection, place.lake, range(n_bundles), n_articles)
        write_bundles(connection, late_lake(place), range(n_bundles, n_bundles + 1), n_articles)


def late_lake(place: Place) -> Lake:
    """Return the lake that holds the bundle that comes late."""
    return Lake(f"{place.lake.uri}-late")


def write_late(place: Place) -> None:
    """Deliver the bundle that comes late."""
    deliver_again(place.lake, late_lake(place))


def deliver_again(lake: Lake, source: Lake) -> None:
    """Deliver the bundles of another lake, as they are there."""
    for bundle in sorted({part.bundle for part in source.snapshot().deliveries}):
        for table in BUNDLE_TABLES:
            lake.replace(table, source.read(table, bundle=bundle), bundle=bundle)
        delivery = describe_delivery(
            lake, bundle, fingerprints=fingerprint_tables(bundle, VERSIONS)
        )
        lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=bundle)


def publish_steps(place: Place, *, is_whole: bool = False) -> Measured:
    """Do what a publish run does, or one that makes everything again; return what it took."""
    lake, decisions = place.lake, place.decisions
    measured = Measured()

    def measure_step(name: str, step: Callable[[], ResultT]) -> ResultT:
        started, cpu_started = time.perf_counter(), time.process_time()
        result = step()
        measured.steps[name] = time.perf_counter() - started
        measured.cpu_seconds[name] = time.process_time() - cpu_started
        return result

    def write(name: str, make: Callable[[], Iterator[CorpusRows]]) -> None:
        def replace() -> None:
            for table, rows in zip(TABLES_OF[name], make(), strict=True):
                lake.replace_corpus(table, rows)

        measure_step(name, replace)

    write(
        "entities",
        lambda: iter(corpus_steps.resolve_mentions(lake, decisions=decisions, is_whole=is_whole)),
    )
    write("outlets", lambda: iter([corpus_steps.resolve_outlets(lake, decisions=decisions)]))
    write(
        "stories",
        lambda: iter([corpus_steps.cluster_articles(lake, decisions=decisions, is_whole=is_whole)]),
    )
    write(
        "groups",
        lambda: iter([corpus_steps.group_statements(lake, decisions=decisions, is_whole=is_whole)]),
    )
    now = datetime.now(tz=UTC)
    published = measure_step(
        CATALOGUE,
        lambda: corpus_steps.publish_catalogue(
            lake, path=place.catalogue, decisions=decisions, published_at=now
        ),
    )
    if published is None:
        msg = "another process writes to this lake"
        raise ValueError(msg)
    measured.peak_mb = read_peak_mb()
    return measured


TABLES_OF = {
    "entities": corpus_steps.ENTITY_TABLES,
    "outlets": (OUTLETS,),
    "stories": (STORIES,),
    "groups": (QUOTE_GROUPS,),
}


def publish_whole(place: Place) -> Measured:
    """Do what a publish run does that makes everything again; return what it took."""
    place.catalogue.unlink(missing_ok=True)
    return publish_steps(place, is_whole=True)


def relation_of(lake: Lake, table: Table[Any]) -> str:
    """Return SQL for the rows of a table over all bundles as they are now."""
    return lake.relation_sql(table)


def compare_with_whole(place: Place) -> tuple[Measured, list[str]]:
    """Return what a run over everything takes, and the tables and views that it makes otherwise."""
    lake = place.lake
    before = {table.name: relation_of(lake, table) for table in CORPUS_TABLES}
    other = Place(lake, place.catalogue.with_name("whole.duckdb"))
    whole = run_apart(publish_whole, other)
    differing = []
    with connect() as connection:
        for table in CORPUS_TABLES:
            n = count_differing(before[table.name], relation_of(lake, table))
            if n:
                differing.append(f"{table.name}: {n:,} rows")
        for name, path in (("one", place.catalogue), ("other", other.catalogue)):
            connection.execute(f"ATTACH {quote_sql(str(path))} AS {name} (READ_ONLY)")
        for view in sorted(STORED):
            n = count_differing(f'one."{view}"', f'other."{view}"', connection=connection)
            if n:
                differing.append(f"{view}: {n:,} rows")
    for line in differing:
        print(f"differs from a whole run: {line}", file=sys.stderr)
    return whole, differing


def withdraw_bundle(place: Place, bundle: str) -> Measured:
    """Withdraw a bundle and publish without it; return what publishing took."""
    now = datetime.now(tz=UTC)
    withdraw(place.lake, find_target(place.lake, bundle), reason="measured", now=now)
    return run_apart(publish_steps, place)


def print_report(name: str, measured: Measured) -> None:
    """Print what a publication took."""
    print(f"publishing {name}: {measured.seconds:.1f} s", file=sys.stderr)
    for step, seconds in measured.steps.items():
        cpu_seconds = measured.cpu_seconds[step]
        print(f"  {seconds:8.2f} s {cpu_seconds:8.2f} CPU s  {step}", file=sys.stderr)
    print(f"  {measured.peak_mb:8} MB peak", file=sys.stderr, flush=True)


def keep(place: Place) -> None:
    """Compact the lake, publish again, ask, compare and vacuum; print what each took."""
    lake = place.lake
    print(f"  {count_files(lake):,} files, {measure(lake):,.0f} MB")
    timed("compacting", lambda: compact(lake))
    print_report("what is compacted", run_apart(publish_steps, place))
    ask(place.catalogue)
    later = datetime.now(tz=UTC) + timedelta(seconds=1)
    strict = Retention(days=0, snapshots=1, grace_hours=0)
    timed("comparing the first snapshot with the last", lambda: compare_ends(lake))
    plan = timed(
        "planning a vacuum",
        lambda: plan_vacuum(lake, retention=strict, now=later, shown=None),
    )
    timed("removing files", lambda: vacuum(lake, plan))
    print(f"  {count_files(lake):,} files, {measure(lake):,.0f} MB")


def ask(path: Path) -> None:
    """Time a few queries, each over a connection of its own, the second time it is asked."""
    for query in QUERIES:
        for is_warm in (False, True):
            started = time.perf_counter()
            with duckdb.connect(str(path), read_only=True) as connection:
                connection.execute(query).fetchall()
            if is_warm:
                print(f"  {time.perf_counter() - started:8.2f} s  {query}")


def compare_ends(lake: Lake) -> None:
    """Compare the first snapshot with the last."""
    publications = lake.history()
    old, new = (open_publication(lake, publications[i]) for i in (0, -1))
    with compare(old, new) as connection:
        connection.sql("SELECT what, change, count(*) FROM changes GROUP BY ALL").fetchall()


def timed(name: str, call: Callable[[], ResultT]) -> ResultT:
    """Return what `call` returns, and print how long it took."""
    started, cpu_started = time.perf_counter(), time.process_time()
    result = call()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak = read_peak_mb()
    line = f"{seconds:8.1f} s {cpu_seconds:8.1f} CPU s {peak:6} MB peak  {name}"
    print(line, file=sys.stderr, flush=True)
    return result


def count_files(lake: Lake) -> int:
    """Return how many Parquet files the tables have, superseded ones too."""
    return sum(1 for _ in list_rows(lake))


def measure(lake: Lake) -> float:
    """Return how many megabytes they take."""
    return sum(path.stat().st_size for path in list_rows(lake)) / 1e6


def list_rows(lake: Lake) -> Iterator[Path]:
    """Yield the Parquet files of the tables."""
    return (path for path in Path(lake.uri).rglob("*.parquet") if "_delta_log" not in path.parts)


if __name__ == "__main__":
    main()
