"""A run without a checkout and without Dagster: the library alone, into a data folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import copydesk
from copydesk.tables import PUBLISHED_TABLES

PAGE = """\
Keelby lighthouse to close

KEELBY — The lighthouse of Keelby will close in the autumn, its keeper Ada Quillfeather said.

“The lamp never went out while I was awake,” Quillfeather said. “I cannot speak for the gulls.”
"""
SITE = """\
<html><head><title>Gulls are counted</title>
<meta property="og:site_name" content="Keelby Courier"></head>
<body><article><h1>Gulls are counted</h1>
<p>The gulls of Keelby were counted on Monday, and there are more of them than people.</p>
</article></body></html>
"""


class Installation:
    """The package in a folder of its own, as a wheel puts it, and a folder to work in."""

    def __init__(self, folder: Path):
        self.folder = folder / "work"
        self.folder.mkdir()
        self.packages = folder / "packages"
        source = Path(copydesk.__file__).parent
        ignored = shutil.ignore_patterns("__pycache__", "training")
        shutil.copytree(source, self.packages / "copydesk", ignore=ignored)

    def run(self, *arguments) -> subprocess.CompletedProcess:
        code = "from copydesk.commands.app import app; app()"
        environment = {"PYTHONPATH": str(self.packages), "PATH": os.defpath, "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self) -> dict[str, list[tuple]]:
        catalogue = self.folder / "news" / "copydesk.duckdb"
        with duckdb.connect(str(catalogue), read_only=True) as connection:
            return {
                table.name: connection.sql(f"FROM {table.name} ORDER BY ALL").fetchall()
                for table in PUBLISHED_TABLES
            }


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("installation"))


@pytest.mark.parametrize("name", ["entities.csv", "outlets.csv"])
def test_a_decision_that_says_nothing_is_refused_before_the_work(installation, name):
    file = installation.folder / "decided" / "overrides" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("who,what\nKeelby,Courier\n")
    page = installation.folder / "decided.txt"
    page.write_text(PAGE)
    result = installation.run("run", page, "--data", "decided")
    file.unlink()
    assert result.returncode == 1
    assert name in result.stderr
    assert "making" not in result.stderr


def test_what_is_missing_is_said_in_a_line(installation):
    result = installation.run("run")
    assert result.returncode == 1
    assert result.stderr == ("copydesk: say what to read: `copydesk run BUNDLE --data FOLDER`\n")
    result = installation.run("run", "pages")
    assert result.stderr == (
        "copydesk: say where the tables go: `copydesk run BUNDLE --data FOLDER`\n"
    )
    result = installation.run("run", "pages", "--data", "news")
    assert result.returncode == 1
    assert result.stderr.endswith("pages: no such file or folder\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.model
def test_library_alone_makes_the_rows_of_the_graph(installation, make_project):
    bundle = installation.folder / "pages"
    bundle.mkdir()
    (bundle / "keelby.txt").write_text(PAGE, "utf-8")
    (bundle / "gulls.html").write_text(SITE, "utf-8")
    (bundle / "noise.txt").write_bytes(b"")
    result = installation.run("run", "pages", "--data", "news")
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[0] == "pages: making all tables"
    assert "--data news" in result.stdout
    project = make_project()
    assert project.run(bundle) == 0
    expected = {t.name: project.ask(f"FROM {t.name} ORDER BY ALL") for t in PUBLISHED_TABLES}
    assert installation.rows() == expected
    empty = {name for name, rows in expected.items() if not rows}
    assert empty == {"page_corrections", "corpus_corrections"}  # nobody has corrected anything
    again = installation.run("run", "pages", "--data", "news")
    assert again.stderr == "pages: nothing has changed\n"
    with (bundle / "keelby.txt").open("a", encoding="utf-8") as page:
        page.write("\nThe keeper’s sister, Odile Quillfeather, said the stairs were steep.\n")
    assert installation.run("run", "pages", "--data", "news").returncode == 0
    assert project.run(bundle) == 0
    changed = {t.name: project.ask(f"FROM {t.name} ORDER BY ALL") for t in PUBLISHED_TABLES}
    assert changed != expected
    assert installation.rows() == changed
