"""The job `upkeep` and the commands over snapshots, on a project that was run for real."""

import json
from pathlib import Path

import pytest
from dagster import AssetKey
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.tables import PUBLISHED_TABLES
from pipelines.definitions import build_definitions
from pipelines.jobs import upkeep

pytestmark = pytest.mark.model

PAGE = """\
Keelby lighthouse to close

KEELBY — The lighthouse of Keelby will close in the autumn, its keeper {name} said on Sunday.

“{said},” {name} said. “I cannot speak for the gulls, who have lived here for longer.”
"""


def write_page(folder, name, said="The lamp never went out while I was awake"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.txt").write_text(PAGE.format(name=name, said=said), "utf-8")
    return folder


def ask(project, *arguments):
    result = CliRunner().invoke(app, [*arguments, "--data", str(project.settings.data)])
    assert result.exit_code == 0, result.output
    return result.stdout


def read_all(project):
    return {t.name: project.ask(f"FROM {t.name} ORDER BY ALL") for t in PUBLISHED_TABLES}


@pytest.fixture(scope="module")
def kept(make_project, tmp_path_factory):
    """Return a project with two bundles and two snapshots, packed and published again."""
    folder = tmp_path_factory.mktemp("bundles")
    project = make_project()
    isles = write_page(folder / "isles", "Ada Quillfeather")
    assert project.run(isles, write_page(folder / "bridge", "Basil Okonedo")) == 0
    write_page(isles, "Ada Quillfeather", "The lamp went out once, and nobody saw it")
    assert project.run(isles) == 0
    before = read_all(project)
    job = build_definitions(project.settings).resolve_job_def(upkeep.name)
    assert job.execute_in_process(instance=project.instance).success
    assert project.run(isles) == 0
    return project, before


def test_upkeep_changes_no_row(kept):
    project, before = kept
    assert read_all(project) == before


def test_packed_bundles_are_published_from_one_file(kept):
    project, _ = kept
    assert len(list(Path(project.settings.lake.uri, "packs", "quotes").iterdir())) == 1
    assert project.ask("SELECT count(DISTINCT bundle) FROM quotes") == [(2,)]


def test_nothing_is_stale_after_upkeep(kept, capsys):
    project, _ = kept
    assert json.loads(ask(project, "snapshots", "--format", "json"))[0]["snapshot"] == 3
    (source,) = project.ask("SELECT source_uri FROM bundles WHERE bundle = 'bridge'")[0]
    assert project.run(Path(source)) == 0
    assert "bridge: nothing has changed" in capsys.readouterr().err


def test_a_packed_bundle_is_made_again_from_the_middle(make_project, tmp_path):
    project = make_project()
    folders = [write_page(tmp_path / name, name.title()) for name in ("ada", "basil")]
    assert project.run(*folders) == 0
    before = read_all(project)
    assert "packed 2 bundles, ada to basil" in ask(project, "compact")
    job = build_definitions(project.settings).resolve_job_def("ingest")
    made = job.execute_in_process(
        instance=project.instance,
        partition_key="ada",
        asset_selection=[*map(AssetKey, ("mentions", "quotes", "page_corrections", "deliveries"))],
    )
    assert made.success
    assert project.run(folders[0]) == 0
    assert read_all(project) == before


def test_an_older_snapshot_can_be_asked(kept):
    project, _ = kept
    query = "SELECT content FROM said WHERE content ILIKE '%lamp%' AND bundle = 'isles'"
    older, newer = (
        ask(project, "sql", query, "--as-of", number, "--format", "csv") for number in ("1", "2")
    )
    assert "never went out" in older
    assert "nobody saw it" in newer


def test_an_older_snapshot_can_be_exported(kept, tmp_path):
    project, _ = kept
    result = ask(project, "export", str(tmp_path / "out"), "--format", "csv", "--as-of", "1")
    assert "csv, snapshot 1\n" in result
    assert "never went out" in (tmp_path / "out" / "quotes.csv").read_text("utf-8")


def test_what_a_run_changed_is_reported_in_three_formats(kept):
    project, _ = kept
    result = json.loads(ask(project, "diff", "1", "2", "--format", "json"))
    assert (result["before"]["snapshot"], result["after"]["snapshot"]) == (1, 2)
    assert {"what": "article", "change": "replaced", "n": 1} in result["counts"]
    kinds = [(row["what"], row["change"]) for row in result["changes"]]
    assert kinds.count(("article", "replaced")) == 1
    assert {row["bundle"] for row in result["changes"] if row["bundle"]} == {"isles"}
    assert len(ask(project, "diff", "1", "2", "--format", "csv").splitlines()) == len(kinds) + 1
    table = ask(project, "diff", "1", "2", "--limit", "1")
    assert "snapshot 1 of" in table
    assert f"{len(kinds) - 1} more" in table


def test_upkeep_alone_makes_no_difference(kept):
    project, _ = kept
    assert ask(project, "diff").endswith("no rows have changed\n")
    assert ask(project, "diff", "2") == ask(project, "diff", "2", "3")


def test_snapshots_are_listed_the_newest_first(kept):
    project, _ = kept
    rows = json.loads(ask(project, "snapshots", "--format", "json"))
    assert [row["snapshot"] for row in rows] == [3, 2, 1]
    assert {row["n_bundles"] for row in rows} == {2}


def test_a_vacuum_says_what_it_gives_up(make_project, tmp_path):
    project = make_project()
    for said in ("The lamp never went out", "The lamp went out once"):
        assert project.run(write_page(tmp_path / "isles", "Ada Quillfeather", said)) == 0
    strict = ["--days", "0", "--snapshots", "1", "--grace-hours", "0"]
    planned, done = ask(project, "vacuum", "--dry-run", *strict), ask(project, "vacuum", *strict)
    assert planned.replace("would remove", "removed") == done
    assert done.endswith("snapshots kept: 2\nsnapshots dropped: 1\n")
    result = CliRunner().invoke(
        app, ["sql", "FROM said", "--as-of", "1", "--data", str(project.settings.data)]
    )
    assert result.exit_code == 1
    assert "snapshot 1 of" in result.stderr
    assert "has been vacuumed; the oldest that is kept is 2" in result.stderr
    result = CliRunner().invoke(app, ["diff", "--data", str(project.settings.data)])
    assert "snapshot 1 of" in result.stderr
    assert project.ask("SELECT count(*) > 0 FROM said") == [(True,)]
