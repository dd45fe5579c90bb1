"""What many small bundles cost beside one large one with the same articles.

Each is taken in by one `copydesk run`, measured from outside with all its processes. What a bundle
costs by itself follows from the difference, and what the ratio is at other sizes from that.

    python -m benchmarks.speed.small_bundles [--bundles 40] [--articles 10] [--rules]
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from itertools import islice
from pathlib import Path

import dagster as dg

from benchmarks.processes.database import keep_history, read_server_cpu
from benchmarks.throughput import CHECKOUT, make_articles, watch, write_bundle

N_BUNDLES, N_ARTICLES = 40, 10
ASKED_BUNDLES = 1_000  # of ten articles, against one of ten thousand


def main() -> None:
    """Take the articles in both ways, and print one line of JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.small_bundles",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--bundles", type=int, default=N_BUNDLES, metavar="N")
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N", help="of each")
    parser.add_argument("--rules", action="store_true", help="quotations by rules, which is fast")
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    options = parser.parse_args()
    n_articles = options.bundles * options.articles
    articles = list(islice(make_articles(), n_articles))
    method = {"COPYDESK_QUOTES": "rules"} if options.rules else {}
    take = partial(take_in, articles, variables=method, has_server=options.postgres)
    small, large = take(size=options.articles), take(size=n_articles)
    each = (small - large) / max(1, options.bundles - 1)
    asked = (large / n_articles) * ASKED_BUNDLES * options.articles
    print(
        json.dumps(
            {
                "bundles": options.bundles,
                "articles": n_articles,
                "small_cpu_s": round(small, 1),
                "large_cpu_s": round(large, 1),
                "ratio": round(small / large, 3),
                "bundle_cpu_s": round(each, 3),
                "ratio_of_1000": round(1 + ASKED_BUNDLES * each / asked, 3),
            }
        )
    )


def take_in(
    articles: Sequence[str], *, size: int, variables: dict[str, str], has_server: bool
) -> float:
    """Take articles in, in bundles of a size, into a new project; return the CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        bundles = [
            write_bundle(Path(folder) / f"b{first:06}.jsonl", articles[first : first + size])
            for first in range(0, len(articles), size)
        ]
        home = Path(folder) / "dagster"
        home.mkdir()
        shutil.copy(CHECKOUT / ".dagster" / "dagster.yaml", home)
        places = {"COPYDESK_DATA": str(Path(folder) / "data"), "DAGSTER_HOME": str(home)}
        with keep_history(home) if has_server else nullcontext():
            with dg.DagsterInstance.from_config(str(home)):
                pass  # makes its databases, which happens once in the life of a checkout
            before = read_server_cpu()
            cpu_s, _, _ = watch(
                [sys.executable, "-m", "pipelines.run", *map(str, bundles)], places | variables
            )
            return cpu_s + read_server_cpu() - before


if __name__ == "__main__":
    main()
