"""Behaviour of `publishing.export.export`: whole folders of files that say what was published."""

import csv
import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from copydesk.errors import ExportError
from copydesk.publishing.export.describe import MANIFEST, README
from copydesk.publishing.export.export import export_tables, remove_stale
from copydesk.publishing.export.registry import load_formats
from copydesk.publishing.view import load_views
from copydesk.tables import CATALOGUE_TABLES, PUBLISHED_TABLES, QUOTES

FORMATS = ["csv", "duckdb", "jsonl", "parquet", "sqlite", "xlsx"]
NAMES = {
    *(table.name for table in (*PUBLISHED_TABLES, *CATALOGUE_TABLES)),
    *(view.name for view in load_views()),
}


@pytest.fixture(scope="module")
def nothing(tmp_path_factory, publish_rows):
    """Return a catalogue without a row."""
    return publish_rows(tmp_path_factory.mktemp("nothing"), [])


@pytest.fixture(scope="module")
def exported(tmp_path_factory, catalogue):
    """Return an export of every format, each whole."""
    folder = tmp_path_factory.mktemp("exported")
    for output in FORMATS:
        export_tables(catalogue, folder / output, output=output)
    return folder


def ask(query, catalogue=":memory:"):
    with duckdb.connect(str(catalogue), read_only=catalogue != ":memory:") as connection:
        return connection.sql(query).fetchall()


def contents_in(folder, output):
    """Return what was said according to the files, as a reader of such files gets it."""
    if output == "parquet":
        return [row[0] for row in ask(f"SELECT content FROM '{folder}/quotes/**/*.parquet'")]
    if output == "csv":
        with (folder / "quotes.csv").open(encoding="utf-8", newline="") as file:
            return [row["content"] for row in csv.DictReader(file)]
    if output == "jsonl":
        lines = (folder / "quotes.jsonl").read_text("utf-8").split("\n")[:-1]
        return [json.loads(line)["content"] for line in lines]
    if output == "duckdb":
        return [row[0] for row in ask("SELECT content FROM quotes", folder / "copydesk.duckdb")]
    with sqlite3.connect(folder / "copydesk.sqlite") as database:
        rows = [row[0] for row in database.execute("SELECT content FROM quotes")]
    database.close()
    return rows


@pytest.mark.parametrize("output", [output for output in FORMATS if output != "xlsx"])
def test_every_text_comes_back_as_it_was(exported, catalogue, awkward, output):
    said = [row[0] for row in ask("SELECT content FROM quotes", catalogue)]
    assert sorted(contents_in(exported / output, output)) == sorted(said)
    assert set(awkward) <= set(said)


@pytest.mark.parametrize("output", FORMATS)
def test_everything_is_exported_and_described(exported, catalogue, output):
    folder = exported / output
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    tables = {table["name"]: table for table in manifest["tables"]}
    assert set(tables) == NAMES - (set() if load_formats()[output].has_said else {"said"})
    assert manifest["snapshot"] == ask("SELECT number FROM origin", catalogue)[0][0]
    readme = (folder / README).read_text("utf-8")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {file for table in tables.values() for file in table["files"]} == files - {
        MANIFEST,
        README,
    }
    for name, table in tables.items():
        assert table["n_rows"] == ask(f'SELECT count(*) FROM "{name}"', catalogue)[0][0]
        assert f"## {name}" in readme
        assert all(column["meaning"] for column in table["columns"])


def test_quotes_hold_all_that_the_table_and_the_view_hold(exported):
    described = ask(f"DESCRIBE FROM '{exported}/parquet/quotes/**/*.parquet'")
    columns = {row[0]: row[1] for row in described}
    (said,) = (view for view in load_views() if view.name == "said")
    assert {*said.columns, *(column.name for column in QUOTES.columns)} <= set(columns)
    assert (columns["published_on"], columns["month"]) == ("DATE", "VARCHAR")


def test_parquet_has_a_folder_for_each_month_sorted_by_speaker(exported, awkward):
    folder = exported / "parquet" / "quotes"
    assert sorted(path.name for path in folder.iterdir()) == [
        "month=2031-05",
        "month=2031-06",
        "month=undated",
    ]
    rows = ask(f"SELECT speaker FROM '{folder}/month=2031-05/*.parquet'")
    assert [row[0] for row in rows] == ["Ada", "Ada", "Zoe", "Zoe", "Zoe", *[None] * len(awkward)]
    query = (
        f"SELECT content FROM '{folder}/**/*.parquet' WHERE month = 'undated' AND speaker = 'Zoe'"
    )
    assert ask(query) == [("Zoe a4",)]


def test_parquet_can_be_skipped_by_speaker(exported):
    query = f"""
        SELECT bool_and(stats_min_value IS NOT NULL), bool_and(bloom_filter_offset IS NOT NULL)
        FROM parquet_metadata('{exported}/parquet/quotes/month=2031-05/quotes.parquet')
        WHERE path_in_schema = 'speaker'
    """
    assert ask(query) == [(True, True)]


def test_lists_and_spans_are_json(exported):
    with (exported / "csv" / "quotes.csv").open(encoding="utf-8", newline="") as file:
        spans = {row["quote_id"]: row["content_spans"] for row in csv.DictReader(file)}
    assert json.loads(spans["a2-1"]) == [{"start": 1, "end": 3}]
    with sqlite3.connect(exported / "sqlite" / "copydesk.sqlite") as database:
        query = "SELECT json_extract(aliases, '$[0]') FROM people ORDER BY name"
        assert database.execute(query).fetchall() == [("Ada",), ("Zoe",)]
        query = "SELECT published_on FROM articles WHERE article_id = 'a1'"
        assert database.execute(query).fetchall() == [("2031-05-03",)]
    database.close()


def test_an_empty_text_is_not_null_in_csv(exported, awkward):
    query = f"""
        SELECT count(*) FILTER (content = ''), count(*) FILTER (speaker IS NULL)
        FROM read_csv(
            '{exported}/csv/quotes.csv', all_varchar = true, allow_quoted_nulls = false
        )
    """
    assert ask(query) == [(1, len(awkward))]


@pytest.mark.parametrize("output", FORMATS)
def test_a_catalogue_of_nothing_can_be_exported(nothing, tmp_path, output):
    export = export_tables(nothing, tmp_path / "out", output=output)
    assert {table.n_rows for table in export.tables} == {0}
    if output == "parquet":
        assert ask(f"FROM '{tmp_path}/out/quotes/**/*.parquet'") == []


def test_one_table_can_be_asked_for(catalogue, tmp_path):
    export = export_tables(catalogue, tmp_path / "out", output="csv", names=["said", "people"])
    assert [table.name for table in export.tables] == ["said", "people"]
    with pytest.raises(ExportError, match="no table speeches; there are said, quotes"):
        export_tables(catalogue, tmp_path / "other", names=["people", "speeches"])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_same_catalogue_gives_the_same_files(catalogue, exported, tmp_path):
    for output in ("csv", "parquet"):
        export_tables(catalogue, tmp_path / output, output=output)
        for path in (exported / output).rglob("*.*"):
            again = tmp_path / output / path.relative_to(exported / output)
            assert path.is_dir() or path.read_bytes() == again.read_bytes()


def test_only_an_earlier_export_is_replaced_and_only_on_demand(catalogue, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    export_tables(catalogue, folder, output="csv")
    (folder / "old.csv").write_text("a")
    with pytest.raises(ExportError, match="--replace"):
        export_tables(catalogue, folder, output="csv")
    assert (folder / "old.csv").exists()
    export_tables(catalogue, folder, output="jsonl", replace=True)
    assert (folder / "people.jsonl").exists()
    assert not (folder / "old.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", MANIFEST])
def test_a_folder_of_other_files_is_left_alone(catalogue, tmp_path, name):
    (tmp_path / name).write_text("[]")
    with pytest.raises(ExportError, match="not an export"):
        export_tables(catalogue, tmp_path, replace=True)
    with pytest.raises(ExportError, match="is a file"):
        export_tables(catalogue, tmp_path / name, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("output", FORMATS)
def test_an_export_that_breaks_off_leaves_what_was_there(
    tmp_path, page_of, quote_in, publish_rows, output
):
    rows = [*page_of("[Ada]", "a1"), quote_in("a1", 0)]
    catalogue = publish_rows(tmp_path / "data", rows)
    folder = tmp_path / "out" / "export"
    export_tables(catalogue, folder, output="csv")
    before = (folder / "people.csv").read_bytes()
    shutil.rmtree(tmp_path / "data" / "lake" / "mentions")
    with pytest.raises(ExportError, match="the export failed: "):
        export_tables(catalogue, folder, output=output, replace=True)
    assert (folder / "people.csv").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["export"]


def test_what_a_dead_export_has_left_goes_when_nobody_writes_to_it_any_more(tmp_path):
    folder, now = tmp_path / "[out]", datetime.now(tz=UTC)
    dead = tmp_path / f".[out].{'0f' * 16}"
    others = [tmp_path / ".[out].notes", tmp_path / f".out.{'0f' * 16}"]
    for each in (dead, *others):
        each.mkdir()
        (each / "quotes.csv").write_text("")
    assert remove_stale(folder, before=now - timedelta(hours=1)) == 0
    assert remove_stale(folder, before=now + timedelta(hours=1)) == 1
    assert sorted(tmp_path.iterdir()) == sorted(others)
    assert remove_stale(tmp_path / "not" / "there", before=now) == 0


@pytest.mark.parametrize("named", ["", "."])
def test_the_folder_that_one_is_in_is_no_export(catalogue, tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExportError, match="is the folder that you are in"):
        export_tables(catalogue, Path(named))
    assert list(tmp_path.iterdir()) == []
