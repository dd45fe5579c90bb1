"""How well and how fast the copies among N articles are found.

The articles are invented (`benchmarks.data.invented_articles`), with planted copies: 5 to 15 % of
the words replaced, left out or inserted, some without their last paragraph, some with one more; and
with articles that are no copies: of the same topics, with the same stock sentences, agency notices,
long quotations and forms. What is timed is what the product does at a publish: read the articles,
find the stories, write `stories`. All pairs inside a planted text count, also two copies of it that
differ twice as much from each other as from what they were copied from. With `--printed N`, one
article is printed N times, each time edited, and it is counted into how many texts that falls.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from benchmarks.data.invented_articles import Invented, invent_articles, print_often
from benchmarks.processes.apart import read_peak_mb, run_apart
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.rows import Article, RawArticle, content_id
from copydesk.stories.stories import find_stories
from copydesk.tables import ARTICLES, ENTITIES, ENTITY_LINKS, RAW_ARTICLES, STORIES

BUNDLE = "invented"
SIZES = (10_000, 30_000, 100_000)


class Found(NamedTuple):
    """What a run found: of the planted pairs, those that share a text, and what it took."""

    n_articles: int
    n_planted: int
    n_joined: int
    n_right: int
    seconds: float
    cpu_seconds: float
    peak_mb: int
    rules: dict[str, int]


def main() -> None:
    """Make articles, find their stories, and print how good and how fast that was."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.near_duplicates")
    parser.add_argument("n_articles", type=int, nargs="*", default=SIZES)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--printed", type=int, metavar="N", help="one article, N times")
    options = parser.parse_args()
    if options.printed:
        print(
            f"{count_texts(options.printed)} texts of one article printed {options.printed} times"
        )
        return
    print("articles  planted pairs  recall  precision  seconds  CPU seconds  peak MB")
    for n in options.n_articles:
        # A process for each step of each size, so that peaks of memory are its own.
        with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
            lake = Lake(folder)
            planted = run_apart(write_articles, lake, n, options.seed)
            found = run_apart(measure, lake, planted)
        recall, precision = found.n_right / found.n_planted, found.n_right / found.n_joined
        print(
            f"{found.n_articles:8}  {found.n_planted:13}  {recall:.4f}  {precision:9.4f}  "
            f"{found.seconds:7.1f}  {found.cpu_seconds:11.1f}  {found.peak_mb:7}  {found.rules}"
        )


def count_texts(n: int) -> int:
    """Return into how many texts an article falls that is printed `n` times."""
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        lake = Lake(folder)
        write_rows(lake, print_often(n))
        found = find_stories(
            lake.snapshot(),
            entities_sql=lake.relation_sql(ENTITIES),
            links_sql=lake.relation_sql(ENTITY_LINKS),
        )
        return len({row.text_id for row in found})


def write_articles(lake: Lake, n: int, seed: int) -> dict[str, str]:
    """Write `n` invented articles as one bundle; return the planted text of each article."""
    return write_rows(lake, invent_articles(n, seed=seed))


def write_rows(lake: Lake, invented: Iterable[Invented]) -> dict[str, str]:
    """Write articles as one bundle; return the planted text of each article."""
    planted: dict[str, str] = {}

    def rows() -> Iterator[Article]:
        for made in invented:
            article_id = content_id("invented", made.number)
            planted[article_id] = content_id("invented", made.original)
            yield _article(article_id, made.body)

    articles = ARTICLES.spool(rows())
    pages = RAW_ARTICLES.spool(_page(article_id) for article_id in planted)
    deliveries = []
    for name, live in (
        (ARTICLES.name, lake.replace(ARTICLES, articles, bundle=BUNDLE)),
        (RAW_ARTICLES.name, lake.replace(RAW_ARTICLES, pages, bundle=BUNDLE)),
    ):
        deliveries.append(Delivery(BUNDLE, name, live.version, live.files, live.n_rows, ""))
    lake.replace(DELIVERIES, DELIVERIES.spool(deliveries), bundle=BUNDLE)
    return planted


def measure(lake: Lake, planted: dict[str, str]) -> Found:
    """Find the stories as the product does, and compare them with what was planted."""
    started, cpu_started = time.perf_counter(), time.process_time()
    snapshot = lake.snapshot()
    stories = find_stories(
        snapshot,
        entities_sql=lake.relation_sql(ENTITIES),
        links_sql=lake.relation_sql(ENTITY_LINKS),
    )
    lake.replace_corpus(STORIES, CorpusRows(STORIES.spool(stories), snapshot.version))
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak_mb = read_peak_mb()
    rows = list(STORIES.to_rows(lake.read(STORIES)))
    texts = {row.article_id: row.text_id for row in rows}
    both = [f"{planted[article_id]} {text_id}" for article_id, text_id in texts.items()]
    return Found(
        n_articles=len(rows),
        n_planted=_count_pairs(planted.values()),
        n_joined=_count_pairs(texts.values()),
        n_right=_count_pairs(both),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        peak_mb=peak_mb,
        rules=dict(Counter(row.rule.value for row in rows)),
    )


def _article(article_id: str, body: str) -> Article:
    nothing = (None,) * 9
    return Article(article_id, BUNDLE, *nothing, "en", body, len(body.split()))


def _page(article_id: str) -> RawArticle:
    """Return the page of an article, of which only the hash is read."""
    return RawArticle(
        article_id=article_id,
        bundle=BUNDLE,
        source_path=article_id,
        media_type="text/plain",
        encoding="utf-8",
        raw_sha256=article_id,
        text="",
        comments_start=None,
        repairs=[],
        url=None,
        retrieved_at=None,
        given=[],
    )


def _count_pairs(groups: Iterable[str]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


if __name__ == "__main__":
    main()
