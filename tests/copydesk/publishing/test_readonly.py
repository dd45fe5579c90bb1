"""Behaviour of `publishing.readonly`: which statements do more than read."""

import duckdb
import pytest

from copydesk.publishing.readonly import judge_statements

HIDDEN = "'WITH a AS (CO' || 'PY said TO ''{new}'') FROM a'"


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("CREATE TABLE said AS SELECT 'copy' AS word, 1 AS n")
        yield opened


@pytest.mark.parametrize(
    "query",
    [
        "FROM said",
        "SELECT 'copy' AS copy FROM said",
        "SELECT word AS query FROM said",
        "FROM query('FROM said')",
        "FROM query_table('said')",
        "PIVOT said ON word USING count(*)",
        "EXPLAIN ANALYZE SELECT 'copy' FROM said",
    ],
)
def test_what_only_reads_passes(connection, query):
    assert [each.offence for each in judge_statements(connection, query)] == [None]


def test_a_parameter_does_not_hide_what_is_done(connection):
    (copied,) = judge_statements(
        connection, "SELECT word FROM said WHERE word = 'copy' AND n = ?", parameters=[1]
    )
    assert copied.offence is None


@pytest.mark.parametrize(
    ("query", "offence"),
    [
        ("COPY said TO '{new}'", "COPY"),
        ("EXPLAIN ANALYZE COPY said TO '{new}'", "COPY"),
        (f"FROM json_execute_serialized_sql(json_serialize_sql({HIDDEN}))", "JSON_EXECUTE"),
        ("FROM query('FROM json_exec' || 'ute_serialized_sql(''x'')')", "JSON_EXECUTE"),
        ("FROM enable_logging('QueryLog')", "ENABLE_LOGGING"),
        ("FROM checkpoint()", "CHECKPOINT"),
        ("INSERT INTO said FROM said", "INSERT"),
        ("SET threads = 1", "SET"),
    ],
)
def test_what_does_more_is_named_and_not_done(connection, tmp_path, query, offence):
    new = tmp_path / "new"
    try:
        judged = judge_statements(connection, query.format(new=new))
    except duckdb.Error:  # some versions refuse it when they plan it
        judged = []
    assert all((each.offence or "").startswith(offence) for each in judged)
    assert not new.exists()
