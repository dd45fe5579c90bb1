"""How long it takes from a bundle in the inbox until its quotations are in `said`.

The service runs over a lake of its own, which may hold invented quotations before. A first bundle
warms it up; then each bundle is moved into the inbox when the one before is published, and the
catalogue is asked until it shows a quotation of it. The waits of both sensors count.

    python -m benchmarks.speed.inbox [--quotations 0] [--articles 100] [--bundles 3]
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import duckdb

from benchmarks.data.invented_lake import QUOTES_PER_ARTICLE, connect_words, write_bundles
from benchmarks.throughput import make_articles, write_bundle
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import load_settings
from tools.tour.service import Home, serve

N_ARTICLES, N_BUNDLES = 100, 3
DEADLINE = 900.0  # seconds, after which a bundle counts as lost
POLL_SECONDS = 0.2
SHOWN = "SELECT 1 FROM said WHERE bundle = ? LIMIT 1"


def main() -> None:
    """Fill the lake, drop the bundles, and print one line of JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.inbox",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quotations", type=int, default=0, metavar="N", help="there before")
    parser.add_argument("--articles", type=int, default=N_ARTICLES, metavar="N", help="of a bundle")
    parser.add_argument("--bundles", type=int, default=N_BUNDLES, metavar="N", help="to measure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "project", QuoteMethod.TAGGER, load_settings().workers)
        home.make()
        n_quotes = fill(home, options.quotations, n_articles=options.articles)
        bundles = write_bundles_aside(
            Path(folder), n_bundles=options.bundles + 1, n_articles=options.articles
        )
        with serve(home):
            _, *seconds = [drop(bundle, home) for bundle in bundles]
    found = {
        "quotations_before": n_quotes,
        "articles": options.articles,
        "said_s": [round(each, 1) for each in seconds],
        "median_s": round(statistics.median(seconds), 1),
    }
    print(json.dumps(found))


def fill(home: Home, n_quotes: int, *, n_articles: int) -> int:
    """Write invented bundles into the lake of a home; return how many quotations they have."""
    n_bundles = n_quotes // QUOTES_PER_ARTICLE // n_articles
    if n_bundles:
        with connect_words(n_bundles * n_articles) as connection:
            write_bundles(connection, home.settings.lake, range(n_bundles), n_articles)
    return n_bundles * n_articles * QUOTES_PER_ARTICLE


def write_bundles_aside(folder: Path, *, n_bundles: int, n_articles: int) -> Iterator[Path]:
    """Yield bundles of articles, none of them twice, as they are wanted."""
    articles = make_articles()
    for number in range(n_bundles):
        yield write_bundle(folder / f"late-{number:02}.jsonl", list(islice(articles, n_articles)))


def drop(bundle: Path, home: Home) -> float:
    """Move a bundle into the inbox, and return the seconds until readers see a quotation of it.

    Raises: TimeoutError: if they do not see one for long.
    """
    started = time.monotonic()
    shutil.move(bundle, home.settings.data / "inbox")
    while not is_shown(home.settings.catalogue, bundle.stem):
        if time.monotonic() - started > DEADLINE:
            raise TimeoutError(home.folder / "service.log")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - started


def is_shown(catalogue: Path, bundle: str) -> bool:
    """Return whether a bundle has a row in `said`."""
    if not catalogue.exists():
        return False
    with suppress(duckdb.IOException), duckdb.connect(str(catalogue), read_only=True) as connection:
        return bool(connection.execute(SHOWN, [bundle]).fetchall())
    return False


if __name__ == "__main__":
    main()
