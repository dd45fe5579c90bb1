"""Behaviour of `commands.ask`: any question that only reads, from anywhere, printed to fit."""

import csv
import io
import json
import os
import pty
import subprocess
import sys

import duckdb
import pytest
from typer.testing import CliRunner

from copydesk.commands.app import app

CREATE = """
CREATE TABLE said AS SELECT 'Ada' AS speaker, 'We sail at noon.' AS content, 'Quay Post' AS outlet,
    [{'start': 3, 'end': 9}] AS content_spans, true AS is_new,
    TIMESTAMPTZ '2031-05-03 10:00:00+02' AS seen_at, repeat('x', 30) AS quote_id,
    repeat('y', 30) AS article_id, NULL::VARCHAR AS role
"""
RUN = "from copydesk.commands.app import app; app(prog_name='copydesk')"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """Return a catalogue with one quotation."""
    path = tmp_path_factory.mktemp("data") / "copydesk.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(CREATE)
    return path


@pytest.fixture
def ask(catalogue):
    """Return a function that asks a query."""
    return lambda *arguments, **options: CliRunner().invoke(
        app, ["sql", *map(str, arguments), "--catalogue", str(catalogue)], **options
    )


@pytest.fixture
def show(catalogue):
    """Return a function that shows what a terminal of some width gets."""

    def run(*arguments, columns):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-c", RUN, *arguments, "--catalogue", str(catalogue)]
        environment = {**os.environ, "COLUMNS": str(columns)}
        with subprocess.Popen(command, stdout=theirs, stdin=theirs, env=environment) as process:
            os.close(theirs)
            printed = b""
            try:
                while chunk := os.read(ours, 65536):
                    printed += chunk
            except OSError:  # the end of a terminal
                pass
        os.close(ours)
        assert process.returncode == 0
        return printed.decode().splitlines()

    return run


@pytest.mark.parametrize("columns", [80, 200])
def test_a_table_fits_the_terminal(show, columns):
    lines = show("sql", "FROM said", columns=columns)
    assert max(map(len, lines)) <= columns
    assert "speaker" in lines[1]
    assert ("more columns:" in lines[-1]) == (columns == 80)


def test_a_table_has_a_fixed_width_without_a_terminal(ask, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = ask("SELECT *, * FROM said").stdout.splitlines()
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("DESCRIBE said", "column_name"),
        ("SUMMARIZE said", "approx_unique"),
        ("SHOW TABLES", "said"),
        ("EXPLAIN FROM said", "said"),
        ("EXPLAIN ANALYZE FROM said", "Total Time"),
        ("EXPLAIN (ANALYZE, FORMAT json) FROM said", '"timing"'),
        ("EXPLAIN (SELECT 1)", "1"),
        ("PIVOT said ON outlet USING count(*)", "Quay Post"),
        ("VALUES (42)", "42"),
        ("SELECT 'copy' AS copy", "copy"),
        ("SELECT 41; SELECT 42", "42"),
        ("-- who\nFROM said", "Ada"),
        ("/* who */ FROM said", "Ada"),
    ],
)
def test_what_only_reads_is_answered(ask, query, expected):
    answer = ask(query)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert expected in answer.stdout


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("DROP TABLE said", "DROP"),
        ("CREATE TEMP TABLE t (x INT)", "CREATE"),
        ("SET threads = 1", "SET"),
        ("PRAGMA enable_profiling", "PRAGMA"),
        ("ATTACH '{folder}/out' AS a", "ATTACH"),
        ("COPY said TO '{folder}/out'", "COPY"),
        ("EXPORT DATABASE '{folder}/out'", "EXPORT"),
        ("WITH a AS (COPY said TO '{folder}/out') FROM a", "COPY"),
        ("SELECT 1; WITH a AS (COPY said TO '{folder}/out') SELECT 1", "COPY"),
        ("EXPLAIN ANALYZE COPY said TO '{folder}/out'", "COPY"),
        ("EXPLAIN ANALYZE WITH a AS (COPY said TO '{folder}/out') FROM a", "COPY"),
        ("EXPLAIN /**/ ANALYZE -- x\n COPY said TO '{folder}/out'", "COPY"),
    ],
)
def test_what_does_more_than_read_is_refused(ask, tmp_path, query, word):
    answer = ask(query.format(folder=tmp_path))
    assert answer.exit_code == 1
    assert answer.stderr.startswith(f"copydesk: {word} is not possible here")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (
            "FROM sai",
            [
                "copydesk: Catalog Error: Table with name sai does not exist!",
                'Did you mean "said"?',
                "LINE 1: FROM sai",
                "             ^",
            ],
        ),
        ("SELEC 1", ['copydesk: Parser Error: syntax error at or near "SELEC"', "LINE 1: SELEC 1"]),
        ("SELECT spaker FROM said", ["Candidate bindings: ", "LINE 1: SELECT spaker FROM said"]),
    ],
)
def test_hints_and_the_place_of_an_error_are_shown(ask, query, lines):
    answer = ask(query)
    assert answer.exit_code == 1
    assert all(line in answer.stderr for line in lines)
    assert "\n\n" not in answer.stderr


@pytest.mark.parametrize("query", ["", "  \n", "-- nothing", ";"])
def test_an_empty_query_gets_a_sentence(ask, query):
    answer = ask(query)
    assert answer.stderr == 'copydesk: the query is empty; try: copydesk sql "FROM said LIMIT 5"\n'


def test_a_query_comes_from_a_file_or_from_standard_input(ask, tmp_path):
    file = tmp_path / "q.sql"
    file.write_text("-- who\nSELECT speaker\nFROM said;\n", "utf-8")
    answers = [
        ask("--file", file, "--format", "csv"),
        ask("-", "--format", "csv", input=file.read_text("utf-8")),
        ask("--format", "csv", input=file.read_text("utf-8")),
    ]
    assert [answer.stdout for answer in answers] == ["speaker\nAda\n"] * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--file", "nowhere.sql"], "nowhere.sql: cannot be read: No such file"),
        (["FROM said", "--file", "q.sql"], "a query or --file, not both"),
        (["SELECT 1; SELECT 2", "--format", "csv"], "prints one query, and these are 2"),
    ],
)
def test_a_wrong_call_gets_a_sentence(ask, arguments, message):
    answer = ask(*arguments)
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert message in answer.stderr


def test_csv_has_lists_as_json_and_times_in_utc_as_an_export_has(ask):
    (row,) = csv.DictReader(io.StringIO(ask("FROM said", "--format", "csv").stdout))
    assert json.loads(row["content_spans"]) == [{"start": 3, "end": 9}]
    assert (row["is_new"], row["role"]) == ("true", "")
    assert row["seen_at"] == "2031-05-03T08:00:00.000000Z"


def test_a_file_that_is_no_catalogue_gets_a_sentence(tmp_path):
    path = tmp_path / "copydesk.duckdb"
    path.write_text("nothing of DuckDB" * 999)
    answer = CliRunner().invoke(app, ["sql", "FROM said", "--catalogue", str(path)])
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert f"{path}: cannot be read (" in answer.stderr
    assert "copydesk doctor --repair" in answer.stderr


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_a_reader_that_has_enough_ends_it_quietly(catalogue, output):
    query = "SELECT * FROM range(300_000)"
    options = ["--catalogue", str(catalogue), "--format", output]
    command = [sys.executable, "-c", RUN, "sql", query, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_name_that_nobody_has_gets_a_sentence(tmp_path):
    path = tmp_path / "copydesk.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE entities AS SELECT '' AS entity_id, 'Ada' AS name, '' AS label, "
            "NULL AS country_code, 1 AS n_mentions, 1 AS n_articles, ['Ada'] AS aliases"
        )
    answer = CliRunner().invoke(app, ["explain", "Zoe", "--catalogue", str(path)])
    assert answer.exit_code == 1
    assert answer.stderr.startswith("copydesk: nobody and nothing is called 'Zoe', and no id ")


def test_a_catalogue_without_a_table_gets_a_sentence(catalogue):
    answer = CliRunner().invoke(app, ["explain", "Ada", "--catalogue", str(catalogue)])
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert "lacks what this version reads (" in answer.stderr
    assert "`copydesk run` builds it again" in answer.stderr
