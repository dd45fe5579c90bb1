"""Invent a lake of N quotations, bundle by bundle, written as the product writes it.

Words and names are invented. A part of the quotations render an earlier one
(`benchmarks.quality.quote_groups`), and some articles are printed again with words changed, so that
the tables over all bundles have something to join.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.quality.quote_groups import invent_quotes
from benchmarks.speed.entity_scale import MENTIONS_PER_ARTICLE, make_mentions
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.delta import write_rows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.live import group_files
from copydesk.lake.sql import connect, scan_sql
from copydesk.lake.sums import sum_file
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLES,
    BUNDLE_TABLES,
    BUNDLES,
    MENTIONS,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
    Table,
)

VERSIONS = {table.name: "1" for table in BUNDLE_TABLES}
QUOTES_PER_ARTICLE = 12
WORDS_PER_ARTICLE = 150
LINES_PER_ARTICLE = 12
VOCABULARY = 20_000  # words that articles are made of
COPY_EVERY = 20  # articles, of which one is printed again, …
CHANGED_EVERY = 15  # words, of which one is changed there
N_OUTLETS = 50
LEAD_NAMES = 3  # names in a headline, so that reports of one event are looked for
ARTICLES_SQL = f"""
CREATE OR REPLACE TEMP TABLE made AS
SELECT
    i,
    md5('a' || i) AS article_id,
    printf('bundle-%06d', i // $n_articles) AS bundle,
    if(i % {COPY_EVERY} = 0, hash(i) % greatest(i, 1), i) AS origin,
    list_aggregate(
        list_transform(
            range({WORDS_PER_ARTICLE}),
            lambda w: 'w' || hash(if(w % {CHANGED_EVERY} = 7, i, origin), w) % {VOCABULARY}
        ),
        'string_agg', ' '
    ) AS body
FROM range($first, $last) AS r (i)
"""
ROWS_SQL: Mapping[str, str] = {
    RAW_ARTICLES.name: """
        SELECT article_id, bundle, i || '.txt' AS source_path, 'text/plain' AS media_type,
               'utf-8' AS encoding, md5(body) AS raw_sha256, body AS text
        FROM made""",
    REJECTED_FILES.name: """
        SELECT bundle, 'broken.txt' AS source_path, 'open' AS stage, 'empty' AS error,
               'no text' AS message
        FROM made GROUP BY bundle""",
    BUNDLES.name: """
        SELECT bundle, 'inbox' AS source_uri, bundle AS sha256, count(*) AS n_files,
               count(*) AS n_articles, 1::BIGINT AS n_rejected
        FROM made GROUP BY bundle""",
    SEGMENTS.name: f"""
        SELECT article_id, seq, seq * 70 AS start, seq * 70 + 70 AS "end",
               if(seq < 9, 'body', 'teaser') AS label, 'long_sentence' AS rule, 0.9 AS score, bundle
        FROM made, range({LINES_PER_ARTICLE}) AS s (seq)""",
    ARTICLES.name: f"""
        SELECT article_id, bundle,
               concat_ws(' ', left(body, 60), n.names, 'on Monday') AS headline,
               'Paper ' || i % {N_OUTLETS} AS outlet,
               DATE '2031-01-01' + (i % 365)::INTEGER AS published_on,
               'day' AS published_precision, 'en' AS language, body,
               {WORDS_PER_ARTICLE}::BIGINT AS n_words, 'article' AS kind,
               md5('o' || i % {N_OUTLETS}) AS outlet_id, 1.0 AS text_share
        FROM made LEFT JOIN (
            SELECT article AS i, string_agg(text, ' and ') AS names FROM names
            WHERE i = head AND i % 20 < {LEAD_NAMES} GROUP BY article
        ) AS n USING (i)""",
    ARTICLE_FACTS.name: """
        SELECT article_id, field, 'a value' AS value, 'given' AS rule, 1.0 AS confidence, bundle
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
               true AS is_speech, 'said' AS assertion, s.content,
               [{{'start': q * 70, 'end': q * 70 + 60}}] AS content_spans, 'said' AS cue,
               q * 70 + 61 AS cue_start, q * 70 + 65 AS cue_end, 'the minister' AS source,
               q * 70 + 66 AS source_start, q * 70 + 78 AS source_end,
               md5('m' || (i * 20 + q % 8)) AS speaker_mention_id,
               [speaker_mention_id] AS speaker_mention_ids, 'person' AS source_kind,
               'name_in_source' AS speaker_reason, 0.9 AS confidence,
               'tagger' AS rule, 'body' AS zone, bundle
        FROM made, range({QUOTES_PER_ARTICLE}) AS r (q), said AS s
        WHERE s.number = i * {QUOTES_PER_ARTICLE} + q""",
}


def connect_words(n_articles: int) -> duckdb.DuckDBPyConnection:
    """Return a connection that knows the names and quotations of so many articles."""
    connection = connect()
    connection.execute("SET enable_progress_bar = false")  # on by default in such a process
    connection.register("given_names", make_mentions(n_articles * MENTIONS_PER_ARTICLE))
    connection.execute("CREATE TABLE names AS FROM given_names")
    connection.unregister("given_names")
    said = [each.content for each in invent_quotes(n_articles * QUOTES_PER_ARTICLE)]
    given = pa.table({"number": range(len(said)), "content": said})
    # Renderings of one statement come in articles that have nothing else in common.
    connection.register("given_said", given)
    connection.execute(
        "CREATE TABLE said AS SELECT row_number() OVER (ORDER BY hash(number)) - 1 AS number, "
        "content FROM given_said"
    )
    connection.unregister("given_said")
    return connection


def write_bundles(
    connection: duckdb.DuckDBPyConnection, lake: Lake, numbers: range, n_articles: int
) -> None:
    """Write the bundles of these numbers, each with so many articles, and declare them complete.

    All rows of a table are written in one commit, which makes the same files as one for each
    bundle in a hundredth of the time.
    """
    articles = {"first": numbers.start * n_articles, "last": numbers.stop * n_articles}
    connection.execute(ARTICLES_SQL, {"n_articles": n_articles} | articles)
    delivered: dict[str, list[Delivery]] = defaultdict(list)
    for table in BUNDLE_TABLES:
        write_rows(lake.create(table), read_rows(connection, table))
        delta = lake.create(table)
        n_rows = _count_rows(connection, table)
        own = group_files(delta, table)
        for bundle in map(name_bundle, numbers):
            prints = fingerprint_tables(bundle, VERSIONS)
            files = own.get(bundle, [])
            sums = [sum_file(lake.place(file)) for file in files]
            delivered[bundle].append(
                Delivery(
                    bundle, table.name, delta.version(), files, n_rows.get(bundle, 0),
                    prints[table.name], sums,
                )
            )  # fmt: skip
    rows = DELIVERIES.spool(part for parts in delivered.values() for part in parts)
    write_rows(lake.create(DELIVERIES), rows)


def name_bundle(number: int) -> str:
    """Return the name of a bundle; names sort as numbers do."""
    return f"bundle-{number:06}"


def _select(table: Table[Any]) -> str:
    columns = ", ".join(
        f'coalesce("{c.name}", []) AS "{c.name}"'
        if pa.types.is_list(c.arrow_type)
        else f'"{c.name}"'
        for c in table.columns
    )
    declared = scan_sql([], table)
    rows = ROWS_SQL.get(table.name)
    invented = "" if rows is None else f" UNION ALL BY NAME ({rows})"  # others are empty
    return f"SELECT {columns} FROM (FROM {declared}{invented})"


def read_rows(connection: duckdb.DuckDBPyConnection, table: Table[Any]) -> pa.RecordBatchReader:
    """Return the rows of a table that follow from what was made of articles, by bundle."""
    rows = connection.sql(f"{_select(table)} ORDER BY bundle").to_arrow_reader(table.batch_rows)
    made: pa.RecordBatchReader = rows.cast(table.schema)
    return made


def _count_rows(connection: duckdb.DuckDBPyConnection, table: Table[Any]) -> dict[str, int]:
    query = f"SELECT bundle, count(*) FROM ({_select(table)}) GROUP BY bundle"
    return {str(bundle): int(n) for bundle, n in connection.execute(query).fetchall()}
