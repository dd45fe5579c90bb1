"""The command `copydesk`: help everywhere, errors in one line, rows in three formats."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.commands.project import find_project
from pipelines.resources import CHECKOUT

COMMANDS = ["run", "sql", "explain", "snapshots", "diff", "export", "compact", "vacuum"]


def invoke(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_is_everywhere(command):
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_project_is_found_from_below_and_from_elsewhere(tmp_path):
    assert find_project(CHECKOUT / "data" / "samples") == CHECKOUT
    assert find_project(tmp_path) == CHECKOUT


def test_sql_asks_where_the_data_of_a_run_is(tmp_path, monkeypatch):
    with duckdb.connect(tmp_path / "copydesk.duckdb") as connection:
        connection.sql("CREATE VIEW said AS SELECT 'Ferries' AS content")
    monkeypatch.setenv("COPYDESK_DATA", str(tmp_path))
    assert "Ferries" in invoke("sql", "FROM said", "--format", "csv").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sql", "SELECT 1", "--catalogue", "nowhere.duckdb"], "no catalogue there yet"),
        (["run", "a", "b", "--name", "c"], "--name goes with one bundle"),
        (["export", "out", "--catalogue", "nowhere.duckdb"], "no catalogue there yet"),
    ],
)
def test_error_is_one_line_and_a_code(arguments, message):
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_missing_bundle_is_reported_in_one_line(tmp_path):
    command = [sys.executable, "-m", "pipelines.run", str(tmp_path / "nowhere")]
    result = subprocess.run(
        command,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        env=environment(tmp_path),
    )
    assert result.returncode == 1
    assert result.stderr.strip().endswith("no such file or folder")
    assert "Traceback" not in result.stderr


def environment(folder: Path):
    home = folder / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return {"COPYDESK_DATA": str(folder / "data"), "DAGSTER_HOME": str(home), "PATH": ""}


@pytest.mark.model
class TestOnTheSamples:
    """Queries over a published catalogue."""

    @pytest.fixture
    def ask(self, sampled):
        return lambda query, *options: invoke(
            "sql", query, "--catalogue", sampled.settings.catalogue, *options
        )

    QUERY = "SELECT type, count(*) AS n FROM said GROUP BY type ORDER BY type"

    def test_table(self, ask):
        result = ask(self.QUERY)
        assert result.exit_code == 0

    def test_csv(self, ask):
        rows = list(csv.DictReader(io.StringIO(ask(self.QUERY, "--format", "csv").stdout)))
        assert [row["type"] for row in rows] == ["direct", "indirect", "mixed"]

    def test_json(self, ask):
        rows = json.loads(ask(self.QUERY, "--format", "json").stdout)
        assert [row["type"] for row in rows] == ["direct", "indirect", "mixed"]
        assert all(row["n"] > 0 for row in rows)

    def test_dates_and_spans_are_json_too(self, ask):
        query = (
            "SELECT published_on, content_spans FROM said WHERE published_on IS NOT NULL LIMIT 1"
        )
        row = json.loads(ask(query, "--format", "json").stdout)[0]
        assert row["published_on"].startswith("2024-")
        assert set(row["content_spans"][0]) == {"start", "end"}

    def test_export(self, sampled, tmp_path):
        catalogue = sampled.settings.catalogue
        command = ["export", tmp_path / "out", "--format", "xlsx", "--catalogue", catalogue]
        result = invoke(*command)
        assert result.exit_code == 0
        assert "quotes" in result.stdout
        assert (tmp_path / "out" / "copydesk.xlsx").stat().st_size > 0
        again = invoke(*command)
        assert again.exit_code == 1
        assert "--replace" in again.stderr
        assert invoke(*command, "--replace").exit_code == 0
        unknown = invoke(*command, "--replace", "--table", "speeches")
        assert unknown.stderr.startswith("copydesk: no table speeches")

    @pytest.mark.parametrize(
        "query", ["SELEC 1", "FROM nowhere", "DROP VIEW said", "CREATE TABLE t (x INT)"]
    )
    def test_wrong_or_writing_query_is_refused_with_a_reason(self, ask, query):
        refused = ask(query)
        assert refused.exit_code == 1
        assert refused.stderr.startswith("copydesk: ")
        assert "Traceback" not in refused.stderr
