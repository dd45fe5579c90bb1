"""How long an answer in SQL takes: from the catalogue, and from exported Parquet.

Names and sentences are invented in SQL from hashes of numbers, so the same command makes the same
rows. A few people are named and quoted often and most of them once or twice, as in the news. Each
question is asked once to warm up and then five times, on two threads; the middle one counts.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.processes.apart import read_peak_mb
from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect
from copydesk.publishing.catalogue import publish
from copydesk.publishing.export.datasets import Source
from copydesk.publishing.export.formats.parquet import write_months
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, Table

QUOTES_PER_ARTICLE = 10
ENTITIES_PER_ARTICLE = 3
N_BUNDLES = 20
MONTH = "2024-05"
PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
BATCH_ROWS = 16_384  # of the Arrow streams that are written
N_RUNS = 5
N_THREADS = 2

# An article has 10 quotations, and 30 mentions of 8 entities of its own; half of them are linked.
INVENT_SQL = """
CREATE MACRO draw(i, salt) AS (hash(i, salt) >> 11) / 9007199254740992.0;
CREATE MACRO pick(choices, i, salt) AS choices[1 + floor(draw(i, salt) * len(choices))::BIGINT];
CREATE MACRO spell(i, salt) AS concat(
    pick(['b','br','d','f','g','h','k','kr','l','m','n','p','r','s','st','t','v'], i, salt),
    pick(['a','e','i','o','u','ei','ou'], i, salt + 1),
    pick(['n','l','r','sk','m','t'], i, salt + 2),
    pick(['a','e','i','o','u','ei','ou'], i, salt + 3), pick(['','n','l','r','nd'], i, salt + 4)
);
SET VARIABLE words = (SELECT list(spell(i, 0) ORDER BY i) FROM range(3000) AS t(i));
SET VARIABLE phrases = (
    SELECT list(array_to_string(words, ' ') ORDER BY i) FROM (
        SELECT i, list(pick(getvariable('words'), i, k) ORDER BY k) AS words
        FROM range(1000) AS t(i), range(8) AS s(k) GROUP BY i
    )
);
CREATE MACRO phrase(i, salt) AS pick(getvariable('phrases'), i, salt);
CREATE MACRO sentence(i) AS concat_ws(' ', phrase(i, 1), phrase(i, 2));
CREATE MACRO body(i) AS array_to_string(
    list_transform(range(24), lambda k: phrase(i, 100 + k) || '.'), ' '
);
CREATE MACRO name_of(e) AS concat(upper(spell(e // 400, 10)[1]), spell(e // 400, 10)[2:], ' ',
    upper(spell(e % 400, 20)[1]), spell(e % 400, 20)[2:], spell(e % 400, 30), ' ', e);
CREATE MACRO title_of(e) AS
    CASE e % 5 WHEN 0 THEN 'president of ' || spell(e, 40) WHEN 1 THEN 'Mr' END;
CREATE MACRO label_of(e) AS CASE WHEN e % 5 < 3 THEN 'PERSON' ELSE 'ORG' END;
-- Half of the chains are of whoever is much in the news (Zipf), half of anybody.
CREATE MACRO entity_of(head, n_entities) AS floor(
    CASE WHEN draw(head, 3) < 0.5 THEN n_entities ** draw(head, 4) - 1
    ELSE draw(head, 5) * n_entities END
)::BIGINT;
CREATE MACRO head_of(m) AS m // 30 * 30 + m % 30 % 8;
CREATE MACRO day_of(a) AS DATE '2023-01-01' + floor(draw(a, 6) * 1096)::INT;
CREATE MACRO outlet_of(a) AS 'The ' || upper(spell(a % 200, 50)) || ' Post';
"""
BUNDLE_SQL = {
    "bundles": """
        SELECT $bundle AS bundle, 'inbox/' || $bundle AS source_uri, md5($bundle) AS sha256,
               $stop - $start AS n_files, $stop - $start AS n_articles, 0 AS n_rejected
    """,
    "raw_articles": """
        SELECT md5('a' || i) AS article_id, $bundle AS bundle,
               concat('pages/', i, '.txt') AS source_path,
               'text/plain' AS media_type, 'utf-8' AS encoding, sha256('' || i) AS raw_sha256,
               body(i) AS text, NULL AS comments_start, [] AS repairs,
               concat('https://news.example/', i) AS url, NULL AS retrieved_at, [] AS given
        FROM range($start, $stop) AS t(i)
    """,
    "articles": """
        SELECT md5('a' || i) AS article_id, $bundle AS bundle, phrase(i, 90) AS headline,
               NULL AS deck, NULL AS byline, NULL AS dateline_place,
               CASE WHEN i % 4 = 0 THEN 'AP' END AS agency, outlet_of(i) AS outlet,
               concat('https://news.example/', i) AS url,
               CASE WHEN draw(i, 7) < 0.9 THEN day_of(i) END AS published_on,
               CASE WHEN draw(i, 7) < 0.9 THEN 'day' END AS published_precision,
               'en' AS language, body(i) AS body, 192 AS n_words
        FROM range($start, $stop) AS t(i)
    """,
    "mentions": """
        SELECT md5('m' || m) AS mention_id, md5('a' || m // 30) AS article_id, m % 30 * 80 AS start,
               m % 30 * 80 + 15 AS "end", name_of(entity_of(head_of(m), $n_entities)) AS text,
               label_of(entity_of(head_of(m), $n_entities)) AS label, 'named' AS kind,
               CASE WHEN draw(m, 8) < 0.2 THEN title_of(entity_of(head_of(m), $n_entities))
               END AS title,
               'ner' AS rule, md5('m' || head_of(m)) AS chain_id, 'own_name' AS chain_rule,
               $bundle AS bundle
        FROM range($start * 30, $stop * 30) AS t(m)
    """,
    "quotes": """
        SELECT md5('q' || q) AS quote_id, md5('a' || q // 10) AS article_id,
               pick(['direct', 'indirect', 'mixed'], q, 9) AS type, true AS is_speech,
    'said' AS assertion,
               sentence(q) AS content,
               [{'start': q % 10 * 200, 'end': q % 10 * 200 + 100}] AS content_spans,
               'said' AS cue, q % 10 * 200 + 101 AS cue_start, q % 10 * 200 + 105 AS cue_end,
               'he' AS source,
               q % 10 * 200 + 106 AS source_start, q % 10 * 200 + 108 AS source_end,
               CASE WHEN q % 5 > 0 THEN md5('m' || q // 10 * 30 + q % 10)
               END AS speaker_mention_id,
               CASE WHEN q % 5 > 0 THEN 'name_in_source' ELSE 'anonymous_source'
               END AS speaker_reason,
               0.9 AS confidence, NULL AS parent_quote_id, 'tagger' AS rule, 'body' AS zone,
               $bundle AS bundle
        FROM range($start * 10, $stop * 10) AS t(q)
    """,
}
CORPUS_SQL = {
    "name_links": """
        SELECT label_of(e) AS label, name_of(e) AS name, md5('e' || min(e)) AS entity_id,
               'same_name' AS rule, 1.0 AS score
        FROM range($n_entities) AS t(e) GROUP BY ALL ORDER BY ALL
    """,
    "entities": """
        SELECT md5('e' || e) AS entity_id, name_of(e) AS name, label_of(e) AS label,
               [name_of(e)] AS aliases, coalesce(n, 0) AS n_mentions,
               coalesce(n_articles, 0) AS n_articles, NULL AS country_code
        FROM range($n_entities) AS t(e) LEFT JOIN (
            SELECT entity_of(head_of(m), $n_entities) AS e, count(*) AS n,
                   count(DISTINCT m // 30) AS n_articles
            FROM range($n_articles * 30) AS t(m) WHERE m % 30 < 15 GROUP BY e
        ) USING (e) ORDER BY entity_id
    """,
    "stories": """
        SELECT md5('a' || i) AS article_id, md5('s' || i) AS story_id, md5('t' || i) AS text_id,
               'sole' AS relation, 'nothing_alike' AS rule, NULL AS compared_with,
               1.0 AS similarity, 1.0 AS containment, true AS is_representative,
               true AS is_text_representative
        FROM range($n_articles) AS t(i) ORDER BY article_id
    """,
    "quote_groups": """
        SELECT md5('q' || q) AS quote_id, md5('g' || q) AS quote_group_id,
               md5('q' || q) AS head_quote_id, 'exact' AS relation, 'sole' AS rule,
               1.0 AS similarity, '' AS difference, false AS possible_misquote,
               false AS attribution_differs
        FROM range($n_articles * 10) AS t(q) ORDER BY quote_id
    """,
}
# What an export has of a quotation (`export.QUOTES_SQL`), its speaker known by number.
EXPORTED_SQL = """
SELECT
    CASE WHEN draw(a, 7) < 0.97 THEN day_of(a) END AS published_on, outlet_of(a) AS outlet,
    phrase(a, 90) AS headline, CASE WHEN q % 5 > 0 THEN name_of(e) END AS speaker,
    CASE WHEN q % 5 > 0 THEN title_of(e) END AS role,
    pick(['direct', 'indirect', 'mixed'], q, 9) AS type, true AS is_speech,
    'said' AS assertion,
    sentence(q) AS content, 'said' AS cue, 'he' AS source,
    'name_in_source' AS speaker_reason, round(draw(q, 11), 3) AS confidence,
    'body' AS zone, concat('https://news.example/', a) AS url,
    CASE WHEN a % 4 = 0 THEN 'AP' END AS agency, NULL::VARCHAR AS byline,
    NULL::VARCHAR AS dateline_place, 'en' AS language, md5('a' || a) AS article_id,
    md5('q' || q) AS quote_id, CASE WHEN q % 5 > 0 THEN md5('e' || e) END AS speaker_entity_id,
    md5('g' || q) AS quote_group_id, md5('s' || a) AS story_id, md5('t' || a) AS text_id,
    true AS is_text_representative,
    concat('bundle-', a % 20) AS bundle, concat('pages/', a, '.txt') AS source_path,
    [{'start': q % 10 * 200, 'end': q % 10 * 200 + 100}] AS content_spans,
    q % 10 * 200 + 101 AS cue_start, q % 10 * 200 + 105 AS cue_end,
    q % 10 * 200 + 106 AS source_start, q % 10 * 200 + 108 AS source_end,
    CASE WHEN q % 5 > 0 THEN md5('m' || q) END AS speaker_mention_id,
    NULL::VARCHAR AS parent_quote_id, 'tagger' AS rule
FROM (
    SELECT q, q // 10 AS a, entity_of(q, $n_quotes // 10 * 3) AS e FROM range($n_quotes) AS t(q)
)
"""
OFTEN_SQL = """
SELECT name FROM entities WHERE label = 'PERSON' ORDER BY n_mentions DESC LIMIT 1 OFFSET 20
"""
EXPORTED_OFTEN_SQL = """
SELECT speaker FROM quotes WHERE month = '{month}' AND speaker IS NOT NULL
GROUP BY speaker ORDER BY count(*) DESC, speaker LIMIT 1 OFFSET 20
"""
CATALOGUE_QUESTIONS = {
    "what one person said": "SELECT * FROM said WHERE speaker = '{name}'",
    "quotations by speaker": (
        "SELECT speaker, count(*) FROM said GROUP BY speaker ORDER BY 2 DESC LIMIT 50"
    ),
    "FROM said LIMIT 50": "FROM said LIMIT 50",
    "text search": "SELECT * FROM said WHERE content ILIKE '%{words}%'",
    "who is quoted most": "FROM people ORDER BY n_quotes DESC LIMIT 50",
    "one person": "FROM people WHERE name = '{name}'",
    "coverage": "FROM coverage",
    "who met whom": "FROM who_met_whom",
}
EXPORT_QUESTIONS = {
    "one person's quotations of a month": (
        "SELECT * FROM quotes WHERE month = '{month}' AND speaker = '{name}'"
    ),
    "the same by day": (
        "SELECT * FROM quotes WHERE published_on BETWEEN DATE '{month}-01' AND DATE '{month}-31' "
        "AND speaker = '{name}'"
    ),
    "top speakers of a month": (
        "SELECT speaker, count(*) FROM quotes WHERE month = '{month}' AND speaker IS NOT NULL "
        "GROUP BY speaker ORDER BY 2 DESC LIMIT 50"
    ),
    "text search in a month": (
        "SELECT * FROM quotes WHERE month = '{month}' AND content ILIKE '%{words}%'"
    ),
    "one person's quotations ever": "SELECT * FROM quotes WHERE speaker = '{name}'",
}


def main() -> None:
    """Make the rows, ask the questions, print the seconds."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.sql_scale", description=__doc__
    )
    parser.add_argument("source", choices=["catalogue", "export"])
    parser.add_argument("n_quotes", type=int, nargs="?", help="default: 1 and 10 million")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        if options.source == "catalogue":
            time_catalogue(Path(folder), options.n_quotes or 1_000_000)
        else:
            time_export(Path(folder), options.n_quotes or 10_000_000)


def time_catalogue(folder: Path, n_quotes: int) -> None:
    """Write a lake, publish it, and ask its catalogue."""
    lake, catalogue = Lake(str(folder / "lake")), folder / "copydesk.duckdb"
    write_lake(lake, n_quotes // QUOTES_PER_ARTICLE)
    contents = find_contents(lake.snapshot())
    if contents is None:
        msg = "the corpus tables are not of this snapshot"
        raise RuntimeError(msg)
    started = time.perf_counter()
    publish(contents, path=catalogue, code_versions={}, published_at=PUBLISHED_AT)
    seconds, megabytes = time.perf_counter() - started, catalogue.stat().st_size / 1e6
    print(f"{n_quotes} quotations: published in {seconds:.1f} s, file of {megabytes:.0f} MB")
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        ask(connection, CATALOGUE_QUESTIONS, often=OFTEN_SQL)


def time_export(folder: Path, n_quotes: int) -> None:
    """Write quotations in the layout of an export, and ask the files."""
    started = time.perf_counter()
    with connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(INVENT_SQL)
        sql = EXPORTED_SQL.replace("$n_quotes", str(n_quotes))
        months = write_months(Source(connection, (), is_whole=False), sql, folder / "quotes")
    seconds = time.perf_counter() - started
    gigabytes = sum(path.stat().st_size for path in months) / 1e9
    print(
        f"{sum(months.values())} quotations of {len(months)} months: made and written in "
        f"{seconds:.0f} s, {gigabytes:.1f} GB, peak {read_peak_mb()} MB"
    )
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW quotes AS FROM '{folder}/quotes/**/*.parquet'")
        ask(connection, EXPORT_QUESTIONS, often=EXPORTED_OFTEN_SQL.format(month=MONTH))


def ask(connection: duckdb.DuckDBPyConnection, questions: Mapping[str, str], *, often: str) -> None:
    """Ask each question about somebody who is quoted often, and print what it takes."""
    connection.execute(f"SET threads = {N_THREADS}")
    connection.execute("SET enable_progress_bar = false")
    name = connection.execute(often).fetchall()[0][0]
    words = connection.execute("SELECT content FROM quotes LIMIT 1").fetchall()[0][0][:9]
    for title, question in questions.items():
        sql = question.format(name=name, words=words, month=MONTH)
        seconds, n_rows = zip(*_time(connection, sql), strict=True)
        print(f"{title:40}{statistics.median(seconds[1:]):8.3f} s{n_rows[0]:10} rows")


def _time(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[float, int]]:
    for _ in range(N_RUNS + 1):
        started = time.perf_counter()
        n_rows = len(connection.execute(sql).fetchall())
        yield time.perf_counter() - started, n_rows


def write_lake(lake: Lake, n_articles: int) -> None:
    """Write invented rows into the tables of a lake, as the pipeline does, and declare them."""
    connection = connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(INVENT_SQL)
    n_entities = ENTITIES_PER_ARTICLE * n_articles
    for n in range(N_BUNDLES):
        bundle = f"bundle-{n:02}"
        start, stop = (n_articles * k // N_BUNDLES for k in (n, n + 1))
        deliveries = []
        for table in BUNDLE_TABLES:
            if table.name in BUNDLE_SQL:
                given = {"bundle": bundle, "start": start, "stop": stop, "n_entities": n_entities}
                rows = _rows(connection, BUNDLE_SQL[table.name], table, given)
                lake.replace(table, rows, bundle=bundle)
            live = lake.find_live(table, bundle=bundle)
            deliveries.append(
                Delivery(bundle, table.name, live.version, live.files, live.n_rows, "")
            )
        lake.replace(DELIVERIES, DELIVERIES.spool(deliveries), bundle=bundle)
    version = lake.snapshot().version
    for table in CORPUS_TABLES:
        given = {"n_articles": n_articles, "n_entities": n_entities}
        rows = _rows(connection, CORPUS_SQL[table.name], table, given)
        lake.replace_corpus(table, CorpusRows(rows, version))


def _rows(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    table: Table[Any],
    given: Mapping[str, object],
) -> pa.RecordBatchReader:
    used = {name: value for name, value in given.items() if f"${name}" in sql}
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    found = connection.sql(f"SELECT {names} FROM ({sql})", params=used)
    rows: pa.RecordBatchReader = found.to_arrow_reader(BATCH_ROWS).cast(table.schema)
    return rows


if __name__ == "__main__":
    main()
