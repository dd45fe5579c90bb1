"""The command `report`: where it writes, and what it says."""

import re

import pytest
import typer

from copydesk.commands.report import report


def test_it_writes_beside_the_catalogue_and_says_so_in_a_line(
    tmp_path, publish_corpus, harbour, capsys
):
    catalogue = publish_corpus(tmp_path, harbour)
    report(catalogue=catalogue)
    assert (tmp_path / "report" / "index.html").is_file()
    said = rf"{re.escape(str(tmp_path / 'report'))}: \d+ pages written, 0 kept, 0 removed in .* s\n"
    assert re.fullmatch(said, capsys.readouterr().out)


def test_it_writes_where_it_is_asked_to(tmp_path, publish_corpus, harbour):
    catalogue = publish_corpus(tmp_path, harbour)
    report(catalogue=catalogue, out=tmp_path / "there")
    assert (tmp_path / "there" / "search.html").is_file()


def test_a_missing_catalogue_is_named(tmp_path, capsys):
    with pytest.raises(typer.Exit):
        report(catalogue=tmp_path / "copydesk.duckdb")
    assert "no catalogue there yet; `copydesk run` builds it" in capsys.readouterr().err
