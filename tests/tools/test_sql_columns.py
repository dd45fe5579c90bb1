"""Behaviour of `tools.sql_columns`: the sources of a column are what its value is computed from."""

import pytest

from tools.sql_columns import trace_columns

TABLES = {
    "quotes": ("quote_id", "article_id", "content", "type", "spans", "score"),
    "articles": ("article_id", "outlet", "day"),
}


def trace(sql, *columns):
    """Return the sources of each column of a query, each as `table.column`."""
    found = trace_columns(sql, TABLES, columns=columns)
    return {
        column: [f"{source.table}.{source.column}" for source in sources]
        for column, sources in found.items()
    }


@pytest.mark.parametrize(
    ("sql", "sources"),
    [
        ("SELECT content AS x FROM quotes", ["quotes.content"]),
        ("FROM quotes SELECT content AS x", ["quotes.content"]),
        ("SELECT upper(q.content) AS x FROM quotes AS q", ["quotes.content"]),
        (
            "SELECT a.outlet || q.type AS x FROM quotes AS q JOIN articles AS a USING (article_id)",
            ["articles.outlet", "quotes.type"],
        ),
        (
            "SELECT article_id AS x FROM quotes FULL JOIN articles USING (article_id)",
            ["articles.article_id", "quotes.article_id"],
        ),
        ("SELECT x FROM (SELECT content AS x, type FROM quotes) AS q", ["quotes.content"]),
        (
            "WITH a AS (FROM quotes), b AS (SELECT *, type || '!' AS x FROM a) SELECT x FROM b",
            ["quotes.type"],
        ),
        (
            """WITH RECURSIVE r AS (
                SELECT type AS x FROM quotes
                UNION ALL SELECT a.outlet FROM r JOIN articles AS a ON a.article_id = r.x
            ) SELECT x FROM r""",
            ["articles.outlet", "quotes.type"],
        ),
        (
            "SELECT content AS x FROM quotes UNION ALL SELECT outlet FROM articles",
            ["articles.outlet", "quotes.content"],
        ),
        (
            "SELECT CASE WHEN type = 'a' THEN score END AS x FROM quotes",
            ["quotes.score", "quotes.type"],
        ),
        ("SELECT 1 AS x FROM quotes WHERE type = 'direct'", []),
    ],
)
def test_a_column_leads_to_what_it_is_computed_from(sql, sources):
    assert trace(sql, "x") == {"x": sources}


@pytest.mark.parametrize(
    ("expression", "sources"),
    [
        ("max_by(content, (score, type))", ["content", "score", "type"]),
        ("list(content ORDER BY score)", ["content", "score"]),
        ("sum(score) FILTER (type = 'direct')", ["score", "type"]),
        ("spans[1].start", ["spans"]),
        ("list_transform(spans, lambda s: s.start + score)", ["score", "spans"]),
        ("[s.start FOR s IN spans IF s.start > 1]", ["spans"]),
        ("{'what': content, 'how': type}", ["content", "type"]),
        ("struct_pack(what := content)", ["content"]),
        ("unnest(spans)", ["spans"]),
        ("row_number() OVER (PARTITION BY article_id ORDER BY score)", ["article_id", "score"]),
        ("count(*) OVER (PARTITION BY article_id)", ["article_id"]),
    ],
)
def test_everything_in_an_expression_is_a_source(expression, sources):
    found = trace(f"SELECT {expression} AS x FROM quotes", "x")
    assert found == {"x": [f"quotes.{source}" for source in sources]}


@pytest.mark.parametrize(
    ("window", "declared"),
    [
        ("w", "(PARTITION BY type ORDER BY content)"),
        ("(w)", "(PARTITION BY type ORDER BY content)"),
        ("(w ORDER BY content)", "(PARTITION BY type)"),
        ("(PARTITION BY type ORDER BY content)", "(PARTITION BY article_id)"),
    ],
)
def test_a_named_window_is_part_of_the_expression(window, declared):
    found = trace(f"SELECT sum(score) OVER {window} AS x FROM quotes WINDOW w AS {declared}", "x")
    assert found == {"x": ["quotes.content", "quotes.score", "quotes.type"]}


def test_an_alias_may_be_used_beside_its_declaration():
    sql = "SELECT content AS a, a || type AS b FROM quotes"
    assert trace(sql, "a", "b") == {"a": ["quotes.content"], "b": ["quotes.content", "quotes.type"]}


def test_a_star_may_replace_and_leave_out_columns():
    sql = "SELECT * EXCLUDE (spans, score, type) REPLACE (upper(type) AS content) FROM quotes"
    assert trace(sql, "quote_id", "article_id", "content") == {
        "quote_id": ["quotes.quote_id"],
        "article_id": ["quotes.article_id"],
        "content": ["quotes.type"],
    }


def test_a_field_of_an_unnested_struct_leads_to_the_list():
    sql = "SELECT p.part.start AS x FROM (SELECT unnest(spans) AS part FROM quotes) AS p"
    assert trace(sql, "x") == {"x": ["quotes.spans"]}


@pytest.mark.parametrize(
    ("sql", "sources"),
    [
        (
            "SELECT count(*) AS x FROM quotes WHERE type = 'direct' GROUP BY article_id",
            ["quotes.article_id", "quotes.type"],
        ),
        (
            "SELECT count(*) AS x FROM quotes JOIN articles USING (article_id)",
            ["articles.article_id", "quotes.article_id"],
        ),
        (
            "SELECT count(*) AS x FROM quotes WHERE article_id IN (SELECT day FROM articles)",
            ["articles.day", "quotes.article_id"],
        ),
        ("SELECT count(*) FILTER (type = 'direct') AS x FROM quotes", ["quotes.type"]),
        (
            "SELECT count(*) AS x FROM articles",
            ["articles.article_id", "articles.day", "articles.outlet"],
        ),
        ("SELECT count(*) AS x FROM (SELECT outlet FROM articles) AS a", ["articles.outlet"]),
    ],
)
def test_a_count_of_rows_leads_to_what_decides_which_rows_there_are(sql, sources):
    assert trace(sql, "x") == {"x": sources}


def test_groups_of_all_columns_are_what_is_counted():
    sql = "SELECT outlet, count(*) AS x FROM articles GROUP BY ALL"
    assert trace(sql, "outlet", "x")["x"] == ["articles.outlet"]


@pytest.mark.parametrize(
    ("subquery", "sources"),
    [
        (
            "(SELECT max(a.day) FROM articles AS a WHERE a.article_id = q.article_id)",
            ["articles.article_id", "articles.day", "quotes.article_id"],
        ),
        (
            "EXISTS (SELECT 1 FROM articles AS a WHERE a.article_id = q.article_id)",
            ["articles.article_id", "quotes.article_id"],
        ),
        ("q.type IN (SELECT outlet FROM articles)", ["articles.outlet", "quotes.type"]),
        (
            "(SELECT outlet FROM articles ORDER BY day LIMIT 1)",
            ["articles.day", "articles.outlet"],
        ),
        (
            "(SELECT outlet FROM articles WHERE day = 'x' UNION SELECT article_id FROM articles)",
            ["articles.article_id", "articles.day", "articles.outlet"],
        ),
    ],
)
def test_a_subquery_leads_to_what_it_returns_and_how_it_is_chosen(subquery, sources):
    assert trace(f"SELECT {subquery} AS x FROM quotes AS q", "x") == {"x": sources}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT max(COLUMNS(*)) AS x FROM quotes", "several columns"),
        ("SELECT quotes AS x FROM quotes", "several columns"),
        ("SELECT x FROM read_parquet('file') AS f", "cannot be traced"),
        ("SELECT x FROM (PIVOT quotes ON type USING sum(score) AS x)", "could not be resolved"),
        ("SELECT colour AS x FROM quotes", "could not be resolved"),
        ("SELECT content AS y FROM quotes", "columns x are wanted"),
        ("SELECT content AS x FROM quotes WHERE (", "Line 1"),
        ("DROP TABLE x", "no query"),
    ],
)
def test_what_cannot_be_traced_is_refused(sql, said):
    with pytest.raises(ValueError, match=said):
        trace(sql, "x")
