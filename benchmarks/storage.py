"""What a lake in an object store costs beside one on disk: the same bundle, read and published.

The store runs on this machine and shares its cores. Each run is a process of its own, the first
one of each kind with few articles, so that both find their files warm.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.cluster import write_articles
from benchmarks.processes.store import BUCKET, start_store
from copydesk.publishing.access import open_unsafe

N_ARTICLES = 2_000  # by default
FEW_ARTICLES = 16
RUN = """
import sys
from pathlib import Path
from copydesk.commands.run import run_directly
bundle, data = map(Path, sys.argv[1:])
sys.exit(run_directly([bundle], data, name=None, may_replace=False, is_forced=False))
"""
TABLES = ("raw_articles", "segments", "articles", "mentions", "quotes", "entities", "said")


def main() -> int:
    """Run both, compare their rows, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storage", description=__doc__)
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-") as name, start_store() as store:
        folder = Path(name)
        for bundle, n in (("few", FEW_ARTICLES), ("many", options.articles)):
            write_articles(folder / f"{bundle}.jsonl", n)
        seconds = {}
        for kind in ("disk", "store"):
            inside = {"COPYDESK_LAKE_URI": f"s3://{BUCKET}/lake", **store.environment()}
            values = inside if kind == "store" else {}
            run(folder / "few.jsonl", folder / kind, values)
            started = time.perf_counter()
            run(folder / "many.jsonl", folder / kind, values)
            seconds[kind] = time.perf_counter() - started
        os.environ.update(store.environment())
        counts = [count(folder / kind / "copydesk.duckdb") for kind in seconds]
    figures = {
        "articles": options.articles,
        "disk_s": round(seconds["disk"], 1),
        "store_s": round(seconds["store"], 1),
        "wall_ratio": round(seconds["store"] / seconds["disk"], 3),
        "same_rows": counts[0] == counts[1],
    }
    print(json.dumps(figures))
    return int(not figures["same_rows"])


def run(bundle: Path, data: Path, values: Mapping[str, str]) -> None:
    """Take a bundle in and publish it."""
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", RUN, str(bundle), str(data)],
        env={**os.environ, **values},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def count(catalogue: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return how many rows each table has, and a hash of them that does not know their order."""
    with open_unsafe(catalogue) as connection:
        return {
            table: connection.execute(
                f"SELECT count(*), bit_xor(hash(t)) FROM {table} AS t"
            ).fetchall()
            for table in TABLES
        }


if __name__ == "__main__":
    sys.exit(main())
