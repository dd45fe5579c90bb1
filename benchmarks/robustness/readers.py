"""Whether readers ever see an error or half a run, while others publish, compact and vacuum.

A writer makes all bundles again and again; every row of a round carries the number of the
round in its text. In each round a run dies half-way, and then everything is published. A process of
its own compacts and vacuums all the time. Meanwhile readers, in processes of their own, query every
view: most open the catalogue for each look, one keeps its connection open over several rounds.
What is seen through one connection must be of one round, in all views.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

import duckdb
from deltalake.exceptions import DeltaError

from benchmarks.processes.apart import start_pool
from benchmarks.processes.store import BUCKET, start_store, variables
from benchmarks.robustness.rounds import ROUNDS_SQL, VIEWS_SQL, Place, write_round
from copydesk.errors import CopydeskError
from copydesk.lake.compaction import compact
from copydesk.lake.lake import Lake
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.publishing.origin import read_number
from copydesk.publishing.shared import remove_older

KEPT_SNAPSHOTS = 10
KEPT_OPEN = 6  # snapshots over which a connection stays open: fewer than are kept
GRACE_HOURS = 60 / 3600  # longer than a round takes here
MAX_PRINTED = 5  # errors that are printed


class Seen(NamedTuple):
    """What one reader has seen."""

    reader: str
    n_looks: int
    n_queries: int
    n_snapshots: int
    errors: list[str]
    mixed: list[str]
    slowest_seconds: float


class Kept(NamedTuple):
    """What was done to keep the lake small."""

    n_packs: int
    n_vacuums: int
    n_removed: int
    n_given_up: int
    errors: list[str]


class Written(NamedTuple):
    """What the writer did."""

    n_published: int
    n_again: int  # times that a compaction came between corpus and catalogue
    n_files: int  # in the lake at the end


def main() -> int:
    """Write, keep and read at once; say what was seen, and fail where it was ever wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.readers", description=__doc__
    )
    parser.add_argument("rounds", type=int, nargs="?", default=50, help="times to publish")
    parser.add_argument("--readers", type=int, default=3, help="which open the catalogue each time")
    parser.add_argument("--bundles", type=int, default=4)
    parser.add_argument("--store", action="store_true", help="the lake in an object store")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-"))
        place = Place(Path(folder))
        if options.store:
            store = stack.enter_context(start_store())
            stack.enter_context(variables(store.environment()))
            place = Place(Path(folder), f"s3://{BUCKET}/lake")
        started = time.perf_counter()
        written, kept, seen = run(
            place, options.rounds, n_readers=options.readers, n_bundles=options.bundles
        )
        seconds = time.perf_counter() - started
    print(f"{written.n_published} snapshots published in {seconds:.0f} s; {written.n_files} files")
    print(
        f"{kept.n_packs} packs made, {kept.n_vacuums} vacuums removed {kept.n_removed} files and "
        f"gave up {kept.n_given_up} snapshots; {written.n_again} times a publish run began again"
    )
    for each in seen:
        print(
            f"{each.reader}: {each.n_looks} looks, {each.n_queries} queries, {each.n_snapshots} "
            f"snapshots seen, {len(each.errors)} errors, {len(each.mixed)} mixed, slowest look "
            f"{each.slowest_seconds:.1f} s"
        )
    faults = [*kept.errors, *(fault for each in seen for fault in each.errors + each.mixed)]
    for fault in faults[:MAX_PRINTED]:
        print(fault)
    return int(bool(faults))


def run(
    place: Place, n_rounds: int, *, n_readers: int, n_bundles: int
) -> tuple[Written, Kept, list[Seen]]:
    """Publish a first round, then write, keep and read at once, until all rounds are published."""
    stop = place.data / "stop"
    write_round(place, 0, n_bundles=n_bundles)
    with start_pool(n_readers + 2) as pool:
        try:
            keeper = pool.submit(keep, place, stop)
            readers = [pool.submit(read, place, stop, looks=1) for _ in range(n_readers)]
            readers.append(pool.submit(read, place, stop, looks=None))
            n_again = sum(write_round(place, i + 1, n_bundles=n_bundles) for i in range(n_rounds))
        finally:
            stop.touch()
        seen = [reader.result() for reader in readers]
        kept = keeper.result()
    n_files = sum(each.file.endswith(".parquet") for each in place.lake.files.walk())
    return Written(n_rounds + 1, n_again, n_files), kept, seen


def keep(place: Place, stop: Path) -> Kept:
    """Compact and vacuum until `stop` is there; return what that did."""
    lake = place.lake
    retention = Retention(days=0, snapshots=KEPT_SNAPSHOTS, grace_hours=GRACE_HOURS)
    n_packs = n_vacuums = n_removed = n_given_up = 0
    errors = []
    while not stop.exists():
        try:
            n_packs += len(compact(lake))
            plan = plan_vacuum(
                lake,
                retention=retention,
                now=datetime.now(tz=UTC),
                shown=read_number(place.catalogue),
            )
            vacuum(lake, plan)
            remove_older(lake, before=retention.grace_start(datetime.now(tz=UTC)))
        except (ValueError, OSError, DeltaError, duckdb.Error, CopydeskError) as error:
            errors.append(f"upkeep: {error!r}")
            continue
        n_vacuums += 1
        n_removed += len(plan.files)
        n_given_up += len(plan.given_up)
    return Kept(n_packs, n_vacuums, n_removed, n_given_up, errors)


def read(place: Place, stop: Path, *, looks: int | None) -> Seen:
    """Look at every view until `stop` is there.

    A connection is used for so many looks; for None until it is `KEPT_OPEN` snapshots old.
    """
    lake = place.lake
    n_looks = n_queries = 0
    slowest = 0.0
    snapshots: set[int] = set()
    errors: list[str] = []
    mixed: list[str] = []
    while not stop.exists():
        try:
            with place.open() as connection:
                number = int(connection.execute("SELECT number FROM origin").fetchall()[0][0])
                snapshots.add(number)
                rounds: set[str] = set()
                for _ in _count_looks(lake, stop, number=number, looks=looks):
                    started = time.perf_counter()
                    views = [view for (view,) in connection.execute(VIEWS_SQL).fetchall()]
                    for view in views:
                        found = connection.execute(ROUNDS_SQL.format(view=view)).fetchall()
                        rounds.update(found_round for (found_round,) in found)
                    n_looks += 1
                    n_queries += len(views)
                    slowest = max(slowest, time.perf_counter() - started)
                if len(rounds) != 1:
                    mixed.append(f"snapshot {number}: rounds {sorted(rounds)}")
        except (duckdb.Error, CopydeskError) as error:
            errors.append(f"reader: {error}")
    name = "connection kept open" if looks is None else "catalogue opened each time"
    return Seen(name, n_looks, n_queries, len(snapshots), errors, mixed, slowest)


def _count_looks(lake: Lake, stop: Path, *, number: int, looks: int | None) -> Iterator[int]:
    """Yield once for each look that a connection is used for, at least once."""
    for i in count():
        yield i
        if stop.exists() or (looks is not None and i + 1 >= looks):
            return
        # Asked of the lake: through a second connection DuckDB gives a process the file again that
        # its first one has open.
        if looks is None and lake.history()[-1].number >= number + KEPT_OPEN:
            return


if __name__ == "__main__":
    sys.exit(main())
