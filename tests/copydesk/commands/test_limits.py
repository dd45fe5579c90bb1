"""Behaviour of `commands.limits`: a query that takes too much ends with one line."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

RUN = "from copydesk.commands.app import app; app(prog_name='copydesk')"
ENDLESS = "SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Return a function that asks a query in a process of its own, with settings."""
    path = tmp_path_factory.mktemp("data") / "copydesk.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE said AS SELECT 'Ada' AS speaker")

    def run(*arguments, **settings):
        command = [sys.executable, "-c", RUN, "sql", *arguments, "--catalogue", str(path)]
        environment = {**os.environ, "TMPDIR": str(path.parent)}
        environment |= {f"COPYDESK_QUERY_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    run.folder = path.parent
    return run


@pytest.mark.parametrize(
    ("query", "settings", "variable"),
    [
        (ENDLESS, {"seconds": "1"}, "SECONDS"),
        # A function that DuckDB cannot interrupt.
        ("SELECT length(lpad('', 900000000, 'x'))", {"seconds": "1"}, "SECONDS"),
        ("SELECT list(range) FROM range(2000000000)", {"memory_mib": "128"}, "MEMORY_MIB"),
        # A function whose memory DuckDB does not count.
        ("SELECT repeat('x', 4000000000)", {"memory_mib": "128"}, "MEMORY_MIB"),
        (
            "SELECT md5(range::VARCHAR) AS m FROM range(2000000) ORDER BY m",
            {"memory_mib": "64", "spill_mib": "4"},
            "SPILL_MIB",
        ),
    ],
)
def test_a_query_that_takes_too_much_ends_with_one_line(ask, query, settings, variable):
    answer = ask(query, **settings)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert f"or set COPYDESK_QUERY_{variable}" in answer.stderr
    assert list(ask.folder.glob("copydesk-*")) == []


def test_rows_without_end_are_printed_until_the_time_is_over(ask):
    answer = ask("FROM range(4000000000000)", "--format", "json", seconds="1")
    assert answer.returncode == 1
    assert answer.stdout.startswith('[\n {\n  "range": 0\n },')
    assert "or set COPYDESK_QUERY_SECONDS" in answer.stderr


def test_a_setting_that_means_nothing_gets_a_sentence(ask):
    answer = ask("FROM said", seconds="soon")
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "COPYDESK_QUERY_SECONDS must be a whole number" in answer.stderr


def test_the_owner_may_do_more(ask):
    secret = Path(tempfile.mkdtemp(dir=ask.folder.parent)) / "own.txt"
    secret.write_text("mine", "utf-8")
    query = f"SET threads = 1; SELECT content, speaker FROM read_text('{secret}'), said"
    assert ask(query).returncode == 1
    answer = ask(query, "--unsafe")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "mine" in answer.stdout


def test_the_owner_cannot_change_the_tables_either(ask):
    answer = ask("DELETE FROM said", "--unsafe")
    assert answer.returncode == 1
    assert "read-only" in answer.stderr
