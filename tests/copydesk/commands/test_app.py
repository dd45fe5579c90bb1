"""Behaviour of `commands.app` and `commands.lazy`: help is quick, and a command brings its own."""

import os
import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from copydesk.commands.app import Commands, app
from copydesk.commands.lazy import LazyCommand, QueryCommand
from copydesk.commands.run import run_directly
from copydesk.errors import LakeError

HEAVY = {"spacy", "trafilatura", "dagster", "onnxruntime"}
LIBRARIES = HEAVY | {"duckdb", "pyarrow", "numpy", "deltalake", "pandas"}
SHOW_MODULES = "import sys; from copydesk.commands.app import app; {call}; print(*sys.modules)"


def modules_after(call):
    """Return the libraries of other people that are imported once `call` has been run."""
    command = [sys.executable, "-c", SHOW_MODULES.format(call=call)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return LIBRARIES & set(printed.split())


@pytest.mark.parametrize("placeholder", Commands.placeholders, ids=lambda command: command.name)
def test_the_list_says_what_the_command_says_of_itself(placeholder):
    assert placeholder.load().help.startswith(placeholder.help.removesuffix("."))


def test_the_list_of_commands_imports_no_library():
    assert modules_after('app(["--help"], standalone_mode=False)') == set()


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("sql", {"duckdb"}),
        ("explain", LIBRARIES - HEAVY),
        ("export", LIBRARIES - HEAVY),
        ("snapshots", LIBRARIES - HEAVY),
    ],
)
def test_a_command_imports_only_what_it_needs(command, allowed):
    assert modules_after(f'app(["{command}", "--help"], standalone_mode=False)') <= allowed


def test_sql_answers_without_arrow(tmp_path):
    path = tmp_path / "a.duckdb"
    create = f"import duckdb; duckdb.connect({str(path)!r}).sql('CREATE TABLE t AS SELECT 1')"
    subprocess.run([sys.executable, "-c", create], check=True)
    call = f'app(["sql", "FROM t", "--catalogue", {str(path)!r}], standalone_mode=False)'
    assert modules_after(call) == {"duckdb"}


def test_an_error_with_a_remedy_is_one_line(monkeypatch):
    def explain():
        message = "lake: not there; run `copydesk run`"
        raise LakeError(message)

    monkeypatch.setattr("copydesk.commands.explain.explain", explain)
    result = CliRunner().invoke(app, ["explain"])
    assert (result.exit_code, result.stderr) == (
        1,
        "copydesk: lake: not there; run `copydesk run`\n",
    )


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["-- who\nFROM said"], "-- who\nFROM said"),
        (["--who\nFROM said", "--format", "csv"], "--who\nFROM said"),
        (["--format", "csv", "--", "-- who\nFROM said"], "-- who\nFROM said"),
        (["FROM said"], "FROM said"),
        (["--data=my folder", "FROM said"], "FROM said"),
        (["--data", "my folder", "-"], "-"),
    ],
)
def test_a_query_may_begin_with_a_comment(arguments, query):
    (placeholder,) = (command for command in Commands.placeholders if command.name == "sql")
    command = placeholder.load()
    assert isinstance(command, QueryCommand)
    assert command.make_context("sql", list(arguments)).params["query"] == query


def test_an_option_that_is_misspelt_is_not_a_query():
    result = CliRunner().invoke(app, ["sql", "--fromat", "csv", "FROM said"])
    assert result.exit_code == 2
    assert "--fromat" in result.stderr


def test_commands_are_loaded_when_they_are_called():
    assert all(isinstance(command, LazyCommand) for command in get_command(app).commands.values())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["run", "été-日本"], ["sql", "été"], ["snapshots"]]
)
def test_a_terminal_of_ascii_shows_every_command(arguments, tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "COPYDESK_DATA": str(tmp_path / "é")}
    command = [sys.executable, "-c", "from copydesk.commands.app import app; app()", *arguments]
    printed = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert b"Error" not in printed.stderr.replace(b"Error:", b"")
    assert (printed.stdout + printed.stderr).isascii()


def test_drawn_lines_are_spelt_with_what_ascii_has():
    code = (
        "from copydesk.commands.terminal import print_anything; print_anything();"
        "print('│ “No” … ─ € \\udc80')"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert printed.stdout == b'| "No" . - \\u20ac \\udc80\n'


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", ""],
        ["run", "bundle", "--data="],
        ["run", "bundle", "--name", ""],
        ["report", "--out", ""],
        ["export", ""],
        ["explain", ""],
        ["watch", "--feed="],
        ["correct", "entity", "Ida Brandt", "--rename-to", ""],
        ["vacuum", "--data", ""],
    ],
)
def test_an_empty_argument_is_never_the_folder_that_one_is_in(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Crews march.")
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [tmp_path / "a.txt"])
    assert result.stderr.startswith("copydesk: an argument is empty: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("below", ["", "data"])
def test_a_run_into_a_file_ends_before_any_work(tmp_path, capsys, below):
    (tmp_path / "a.txt").write_text("Crews march.")
    data = tmp_path / "a.txt" / below
    code = run_directly([tmp_path], data, name=None, may_replace=False, is_forced=False)
    assert (code, capsys.readouterr().err) == (
        1,
        f"copydesk: {tmp_path / 'a.txt'} is no folder; name a place in one\n",
    )
