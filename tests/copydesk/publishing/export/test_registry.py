"""Behaviour of `publishing.export.registry`: a new format is one module."""

import json

import pytest
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.errors import ExportError
from copydesk.publishing.export import formats
from copydesk.publishing.export.describe import README
from copydesk.publishing.export.export import export_tables
from copydesk.publishing.export.registry import find_format, load_formats

INVENTED = '''
"""Write who said what as plain lines, for people with a printer."""

from copydesk.publishing.export.datasets import written_as
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import flat, stream_rows


def write_lines(source, folder):
    """Write a file for each dataset."""
    written = []
    for dataset in source.datasets:
        path = folder / f"{dataset.name}.txt"
        rows = list(stream_rows(source, dataset, flat))
        path.write_text("".join(f"{row}\\n" for row in rows), "utf-8")
        written.append(written_as(dataset, files=[path.name], n_rows=len(rows)))
    return Outcome(written)


FORMAT = ExportFormat(name="lines", how_to_read="A row a line.", write=write_lines)
'''


@pytest.fixture
def add_module(tmp_path, monkeypatch):
    """Return a function that adds a module to the folder of formats."""
    folder = tmp_path / "formats"
    folder.mkdir()
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder)])
    load_formats.cache_clear()
    yield lambda name, text: (folder / f"{name}.py").write_text(text, "utf-8")
    load_formats.cache_clear()


def test_all_formats_are_found():
    known = ["csv", "duckdb", "graphml", "jsonl", "parquet", "sqlite", "xlsx"]
    assert list(load_formats()) == known


def test_a_new_format_is_one_module(add_module, catalogue, tmp_path):
    add_module("printed_lines", INVENTED)
    export = export_tables(catalogue, tmp_path / "out", output="lines", names=["people"])
    assert [(table.name, table.n_rows) for table in export.tables] == [("people", 2)]
    assert "Ada" in (tmp_path / "out" / "people.txt").read_text("utf-8")
    assert "A row a line." in (tmp_path / "out" / README).read_text("utf-8")


def test_the_command_writes_a_new_format_too(add_module, catalogue, tmp_path):
    add_module("printed_lines_too", INVENTED)
    command = ["export", tmp_path / "out", "--format", "lines", "--catalogue", catalogue]
    result = CliRunner().invoke(app, [str(word) for word in command])
    assert (result.exit_code, result.stderr) == (0, "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["format"] == "lines"
    assert (tmp_path / "out" / "quotes.txt").exists()


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(ExportError, match="no format docx; there are csv, duckdb, graphml"):
        find_format("docx")


def test_a_module_without_a_format_is_refused(add_module):
    add_module("undeclared", '"""Nothing."""')
    with pytest.raises(ValueError, match="undeclared: declare FORMAT"):
        load_formats()


def test_two_formats_of_one_name_are_refused(add_module):
    add_module("zzz_lines", INVENTED.replace('name="lines"', 'name="csv"'))
    with pytest.raises(ValueError, match="'csv' is the name of two formats"):
        load_formats()
