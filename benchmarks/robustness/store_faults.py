"""Whether anything is lost or mixed when an object store fails in the middle of publications.

A writer makes all bundles again and again, and publishes each round, through a proxy that lets
requests fail: 503, time-outs, connections dropped before and after the store did its work, answers
cut in the middle. A run that fails is run again, as the service does it. After each round
everything is read past the proxy: the newest catalogue must show this round in all views, and
nothing else.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes.store import BUCKET, Store, start_store, variables
from benchmarks.robustness.rounds import (
    N_PAGES,
    ROUNDS_SQL,
    VIEWS_SQL,
    Place,
    write_round,
)
from benchmarks.robustness.store_proxy import Faults, start_proxy
from copydesk.lake.compaction import compact
from copydesk.lake.examine import examine_lake
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.publishing.origin import read_number
from copydesk.storage import remote
from copydesk.storage.files import open_files
from copydesk.system.reasons import EXPECTED, explain_error

MAX_TRIES = 20  # of one run
SHARE = 0.015  # of requests that fail, …
COMMIT_SHARE = 0.1  # … and of commits
REQUEST_SECONDS = 2  # a client waits less than it would elsewhere
UPKEEP_EVERY = 5  # rounds


class Outcome(NamedTuple):
    """What came of all rounds."""

    n_faults: int
    kinds: dict[str, int]
    n_published: int
    n_failed_runs: int
    lost: list[str]
    mixed: list[str]
    damaged: list[str]
    reasons: list[str]


def main() -> int:
    """Publish with faults, print one line of JSON, and fail where anything was lost or mixed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.store_faults", description=__doc__
    )
    parser.add_argument("rounds", type=int, nargs="?", default=20, help="publications")
    parser.add_argument("--faults", type=int, default=200, help="requests that fail in all")
    parser.add_argument("--bundles", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder, start_store() as store:
        faults = Faults(options.faults, share=SHARE, commit_share=COMMIT_SHARE, seed=options.seed)
        outcome = run(Path(folder), store, faults, options.rounds, n_bundles=options.bundles)
    print(json.dumps({**outcome._asdict(), "seconds": round(time.perf_counter() - started)}))
    return int(bool(outcome.lost or outcome.mixed or outcome.damaged))


def run(data: Path, store: Store, faults: Faults, n_rounds: int, *, n_bundles: int) -> Outcome:
    """Publish rounds until their number is reached and every fault was injected."""
    lost: list[str] = []
    mixed: list[str] = []
    reasons: list[str] = []
    with ExitStack() as stack:
        proxy = stack.enter_context(start_proxy(store.port, faults))
        stack.callback(_forget_stores)
        before = remote.REQUEST_SECONDS
        remote.REQUEST_SECONDS = REQUEST_SECONDS
        stack.callback(setattr, remote, "REQUEST_SECONDS", before)
        place = Place(data, f"s3://{BUCKET}/faults")
        n = 0
        while n < n_rounds or len(proxy.list_injected()) < faults.n:
            with variables(store.environment(port=proxy.port)):
                _forget_stores()
                reasons += _write(place, n, n_bundles=n_bundles)
            with variables(store.environment()):
                _forget_stores()
                seen = _look(place)
                if len(seen) != 1:
                    mixed.append(f"round {n}: {sorted(seen)}")
                if str(n) not in seen:
                    lost.append(f"round {n}: {sorted(seen)}")
                lost += _count(place, n, n_bundles=n_bundles)
            n += 1
        with variables(store.environment()):
            damaged = [str(finding) for finding in examine_lake(place.lake)]
        injected = proxy.list_injected()
    return Outcome(
        n_faults=len(injected),
        kinds=dict(Counter(str(each.kind) for each in injected)),
        n_published=n,
        n_failed_runs=len(reasons),
        lost=lost,
        mixed=mixed,
        damaged=damaged,
        reasons=sorted(set(reasons)),
    )


def _write(place: Place, n: int, *, n_bundles: int) -> list[str]:
    """Publish a round, with upkeep now and then; return why runs failed that were run again."""
    reasons: list[str] = []
    is_published = False
    for _ in range(MAX_TRIES):
        try:
            if not is_published:
                write_round(place, n, n_bundles=n_bundles)
                is_published = True
            if n % UPKEEP_EVERY == UPKEEP_EVERY - 1:
                _keep(place)
        except EXPECTED as error:
            reasons.append(explain_error(error))
        else:
            return reasons
    message = f"round {n} was not published in {MAX_TRIES} tries: {reasons[-1]}"
    raise RuntimeError(message)


def _keep(place: Place) -> None:
    compact(place.lake)
    plan = plan_vacuum(
        place.lake,
        retention=Retention(days=0, snapshots=3, grace_hours=0),
        now=datetime.now(tz=UTC),
        shown=read_number(place.catalogue),
    )
    vacuum(place.lake, plan)


def _look(place: Place) -> set[str]:
    """Return the rounds that the views of the newest catalogue show."""
    rounds: set[str] = set()
    with place.open() as connection:
        for (view,) in connection.execute(VIEWS_SQL).fetchall():
            found = connection.execute(ROUNDS_SQL.format(view=view)).fetchall()
            rounds.update(found_round for (found_round,) in found)
    return rounds


def _count(place: Place, n: int, *, n_bundles: int) -> list[str]:
    """Return in which tables rows are lacking or doubled."""
    wanted = n_bundles * N_PAGES
    with place.open() as connection:
        return [
            f"round {n}: {table} has {n_rows} rows"
            for table in ("raw_articles", "articles", "quotes", "mentions", "stories", "said")
            for (n_rows,) in connection.execute(f"SELECT count(*) FROM {table}").fetchall()
            if n_rows != wanted
        ]


def _forget_stores() -> None:
    """Let the next store be opened with the variables of now."""
    open_files.cache_clear()
    remote.open_store.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
