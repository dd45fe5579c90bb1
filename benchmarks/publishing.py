"""How long it takes until readers see a bundle that comes into a lake of N quotations.

The lake is made of invented rows, written as the product writes them, bundle by bundle. Then one
bundle more is delivered, and what follows is timed step by step: the tables over all bundles, which
are made again, and the catalogue. Last come compaction, vacuum and comparison, and a few queries
before and after: a pack is read faster than the files of many bundles.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from benchmarks.speed.entity_scale import MENTIONS_PER_ARTICLE, make_mentions
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.history import open_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.sql import connect
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.outlets.resolve import resolve_outlets
from copydesk.publishing.catalogue import origin_of, publish
from copydesk.publishing.diff import compare
from copydesk.statements.groups import group_quotes
from copydesk.stories.stories import find_stories
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    BUNDLE_TABLES,
    BUNDLES,
    CORPUS_TABLES,
    ENTITIES,
    ENTITY_LINKS,
    MENTIONS,
    OUTLETS,
    QUOTE_GROUPS,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
    STORIES,
    Table,
)

ResultT = TypeVar("ResultT")

VERSIONS = {table.name: "1" for table in BUNDLE_TABLES}
QUOTES_PER_ARTICLE = 12
WORDS_PER_ARTICLE = 150
LINES_PER_ARTICLE = 12
VOCABULARY = 20_000  # words that articles are made of
ARTICLES_SQL = f"""
CREATE OR REPLACE TEMP TABLE made AS
SELECT
    i,
    md5('a' || i) AS article_id,
    $bundle AS bundle,
    list_aggregate(
        list_transform(range({WORDS_PER_ARTICLE}), lambda w: 'w' || hash(i, w) % {VOCABULARY}),
        'string_agg', ' '
    ) AS body
FROM range($first, $last) AS r (i)
"""
ROWS_SQL: Mapping[str, str] = {
    RAW_ARTICLES.name: """
        SELECT article_id, bundle, i || '.txt' AS source_path, 'text/plain' AS media_type,
               'utf-8' AS encoding, md5(body) AS raw_sha256, body AS text,
               NULL::BIGINT AS comments_start, []::VARCHAR[] AS repairs, NULL::VARCHAR AS url,
               NULL::TIMESTAMPTZ AS retrieved_at,
               []::STRUCT(name VARCHAR, value VARCHAR)[] AS given
        FROM made""",
    REJECTED_FILES.name: """
        SELECT bundle, 'broken.txt' AS source_path, 'open' AS stage, 'empty' AS error,
               'no text' AS message, NULL::VARCHAR AS raw_sha256
        FROM made LIMIT 1""",
    BUNDLES.name: """
        SELECT bundle, 'inbox' AS source_uri, bundle AS sha256, count(*) AS n_files,
               count(*) AS n_articles, 1::BIGINT AS n_rejected
        FROM made GROUP BY bundle""",
    SEGMENTS.name: f"""
        SELECT article_id, seq, seq * 70 AS start, seq * 70 + 70 AS "end",
               if(seq < 9, 'body', 'teaser') AS label, 'long_sentence' AS rule, 0.9 AS score, bundle
        FROM made, range({LINES_PER_ARTICLE}) AS s (seq)""",
    ARTICLES.name: """
        SELECT article_id, bundle, left(body, 60) AS headline, NULL::VARCHAR AS deck,
               NULL::VARCHAR AS byline, NULL::VARCHAR AS dateline_place, NULL::VARCHAR AS agency,
               'Paper ' || i % 50 AS outlet, NULL::VARCHAR AS url,
               DATE '2031-01-01' + (i % 365)::INTEGER AS published_on,
               'day' AS published_precision, 'en' AS language, body, 150::BIGINT AS n_words
        FROM made""",
    ARTICLE_FACTS.name: """
        SELECT article_id, field, 'a value' AS value, NULL::BIGINT AS start,
               NULL::BIGINT AS "end", 'given' AS rule, 1.0 AS confidence, bundle
        FROM made, (VALUES ('headline'), ('outlet'), ('published_on')) AS f (field)""",
    MENTIONS.name: """
        SELECT md5('m' || n.i) AS mention_id, article_id, n.i % 20 * 50 AS start,
               n.i % 20 * 50 + length(n.text) AS "end", n.text, n.label, 'named' AS kind,
               if(n.i % 20 = 0, 'minister', NULL) AS title, 'ner' AS rule,
               md5('m' || n.head) AS chain_id,
               if(n.i = n.head, 'own_name', 'surname') AS chain_rule, bundle
        FROM made JOIN names AS n ON n.article = made.i""",
    QUOTES.name: f"""
        SELECT md5('q' || i || '-' || q) AS quote_id, article_id, 'direct' AS type,
               true AS is_speech, 'said' AS assertion,
               array_to_string(string_split(body, ' ')[q * 12 + 1 : q * 12 + 12], ' ') AS content,
               [{{'start': q * 70, 'end': q * 70 + 60}}] AS content_spans, 'said' AS cue,
               q * 70 + 61 AS cue_start, q * 70 + 65 AS cue_end, 'the minister' AS source,
               q * 70 + 66 AS source_start, q * 70 + 78 AS source_end,
               md5('m' || (i * 20 + q % 8)) AS speaker_mention_id,
               'name_in_source' AS speaker_reason, 0.9 AS confidence,
               NULL::VARCHAR AS parent_quote_id, 'tagger' AS rule, 'body' AS zone, bundle
        FROM made, range({QUOTES_PER_ARTICLE}) AS s (q)""",
}
QUERIES = (
    "SELECT count(*) FROM said",
    "FROM said LIMIT 5",
    "SELECT speaker, count(*) AS n FROM said GROUP BY speaker ORDER BY n DESC LIMIT 5",
    "SELECT count(*) FROM quotes WHERE bundle = 'bundle-000007'",
    "FROM people ORDER BY n_quotes DESC LIMIT 5",
)


def main() -> None:
    """Make the lake, deliver one bundle more, publish it, keep the lake; print seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("n_quotes", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--bundle", type=int, default=100, help="articles of a bundle")
    parser.add_argument(
        "--without-corpus",
        action="store_true",
        help="leave the tables over all bundles empty: only the catalogue is of interest",
    )
    options = parser.parse_args()
    n_bundles = max(1, options.n_quotes // QUOTES_PER_ARTICLE // options.bundle)
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        lake, path = Lake(str(Path(folder) / "lake")), Path(folder) / "copydesk.duckdb"
        names = make_mentions((n_bundles + 1) * options.bundle * MENTIONS_PER_ARTICLE)
        with connect() as connection:
            connection.register("names", names)
            write = Writer(connection, lake, options.bundle)
            timed(f"writing {n_bundles:,} bundles", lambda: write_all(write, n_bundles))
            publish_all(lake, path, with_corpus=not options.without_corpus)
            ask(path)
            timed("delivering one bundle more", lambda: write(n_bundles))
        publish_all(lake, path, with_corpus=not options.without_corpus)
        print(f"  {count_files(lake):,} files, {measure(lake):,.0f} MB")
        timed("compacting", lambda: compact(lake))
        publish_all(lake, path, with_corpus=not options.without_corpus)
        ask(path)
        later = datetime.now(tz=UTC) + timedelta(seconds=1)
        strict = Retention(days=0, snapshots=1, grace_hours=0)
        timed("comparing the first snapshot with the last", lambda: compare_ends(lake))
        plan = timed(
            "planning a vacuum",
            lambda: plan_vacuum(lake, retention=strict, now=later, shown=None),
        )
        timed("removing files", lambda: vacuum(lake, plan))
        print(f"  {count_files(lake):,} files, {measure(lake):,.0f} MB")


class Writer:
    """Write and deliver invented bundles, one after the other."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, lake: Lake, n_articles: int) -> None:
        """Write bundles of `n_articles` to `lake`; the connection knows the names in them."""
        self._connection = connection
        self._lake = lake
        self._n_articles = n_articles

    def __call__(self, i: int) -> None:
        """Write the bundle of a number, and declare it complete."""
        bundle = f"bundle-{i:06}"
        articles = {"first": i * self._n_articles, "last": (i + 1) * self._n_articles}
        self._connection.execute(ARTICLES_SQL, {"bundle": bundle} | articles)
        for table in BUNDLE_TABLES:
            self._lake.replace(table, self._read(table), bundle=bundle)
        delivery = describe_delivery(
            self._lake, bundle, fingerprints=fingerprint_tables(bundle, VERSIONS)
        )
        self._lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=bundle)

    def _read(self, table: Table[Any]) -> pa.RecordBatchReader:
        rows = self._connection.sql(ROWS_SQL[table.name]).to_arrow_reader(table.batch_rows)
        made: pa.RecordBatchReader = rows.cast(table.schema)
        return made


def write_all(write: Writer, n_bundles: int) -> None:
    """Write and deliver so many bundles."""
    for i in range(n_bundles):
        write(i)


def publish_all(lake: Lake, path: Path, *, with_corpus: bool) -> None:
    """Do what a publish run does, and print how long each step takes."""
    for name, make in (STEPS if with_corpus else EMPTY_STEPS).items():
        timed(name, lambda make=make: make(lake))  # type: ignore[misc]
    timed("publishing the catalogue", lambda: publish_newest(lake, path))


def publish_newest(lake: Lake, path: Path) -> None:
    """Publish what has been delivered; the tables over all bundles are there already."""
    snapshot = lake.snapshot()
    origin_of(snapshot, code_versions=VERSIONS)  # what a run asks first: is there something to do?
    contents = find_contents(snapshot)
    now = datetime.now(tz=UTC)
    if contents is None or not publish(
        contents, path=path, code_versions=VERSIONS, published_at=now
    ):
        msg = "another process writes to this lake"
        raise ValueError(msg)


def write_entities(lake: Lake) -> None:
    """Resolve the names of all bundles."""
    snapshot = lake.snapshot()
    entities, links = resolve_entities(snapshot)
    lake.replace_corpus(ENTITIES, CorpusRows(entities, snapshot.version))
    lake.replace_corpus(ENTITY_LINKS, CorpusRows(links, snapshot.version))


def write_stories(lake: Lake) -> None:
    """Find the articles of all bundles that are one text or report one event."""
    snapshot = lake.snapshot()
    stories = find_stories(
        snapshot,
        entities_sql=lake.relation_sql(ENTITIES),
        links_sql=lake.relation_sql(ENTITY_LINKS),
    )
    rows = STORIES.spool(stories)
    lake.replace_corpus(STORIES, CorpusRows(rows, snapshot.version))


def write_outlets(lake: Lake) -> None:
    """Give each outlet of all bundles one name."""
    snapshot = lake.snapshot()
    lake.replace_corpus(OUTLETS, CorpusRows(resolve_outlets(snapshot), snapshot.version))


def write_groups(lake: Lake) -> None:
    """Find the quotations of all bundles that render one statement."""
    snapshot = lake.snapshot()
    rows = group_quotes(snapshot, links_sql=lake.relation_sql(ENTITY_LINKS))
    lake.replace_corpus(QUOTE_GROUPS, CorpusRows(rows, snapshot.version))


def write_nothing(lake: Lake) -> None:
    """Write the tables over all bundles without rows."""
    snapshot = lake.snapshot()
    for table in CORPUS_TABLES:
        lake.replace_corpus(table, CorpusRows(table.spool([]), snapshot.version))


STEPS: Mapping[str, Callable[[Lake], None]] = {
    "resolving entities": write_entities,
    "naming outlets": write_outlets,
    "finding stories": write_stories,
    "grouping quotations": write_groups,
}
EMPTY_STEPS: Mapping[str, Callable[[Lake], None]] = {"writing no corpus": write_nothing}


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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:8.1f} s {cpu_seconds:8.1f} CPU s {peak:6} MB peak  {name}", flush=True)
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
