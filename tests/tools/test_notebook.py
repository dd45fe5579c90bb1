"""The notebook of the tour runs, and the recipes for pandas, Polars and datasette work."""

import re
import runpy
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools.notebook import run_notebook

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
RECIPE = re.compile(
    r"^## (?P<name>[^\n]+)\n(?:(?!^## ).)*?```python\n(?P<code>.*?)```", re.DOTALL | re.MULTILINE
)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a project with the samples, and the notebook as it is after its run there."""
    folder = tmp_path_factory.mktemp("project").resolve()
    return folder, run_notebook(DOCS / "tour.ipynb", folder)


def list_shown(notebook):
    return [
        [output.get("text") or output.get("data", {}).get("text/plain") for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_the_notebook_shows_what_it_showed(project):
    kept = nbformat.read(DOCS / "tour.ipynb", 4)
    assert list_shown(project[1]) == list_shown(kept), "run `make docs`"


@pytest.mark.parametrize("name", ["pandas", "Polars"])
def test_a_recipe_runs(project, name, monkeypatch, capsys):
    recipes = dict(RECIPE.findall((DOCS / "recipes.md").read_text("utf-8")))
    script = project[0] / f"{name}.py"
    script.write_text(recipes[name])
    monkeypatch.chdir(project[0])
    runpy.run_path(str(script))
    assert "Harbour Post" in capsys.readouterr().out


def test_datasette_shows_an_export(project):
    folder = project[0]
    export = ["export", "site", "--format", "sqlite", "--table", "said", "--table", "people"]
    copydesk = Path(sys.executable).parent / "copydesk"
    subprocess.run(
        [copydesk, *export, "--data", "data"], cwd=folder, check=True, capture_output=True
    )
    with sqlite3.connect(folder / "site" / "copydesk.sqlite") as database:
        (n_rows,) = database.execute("SELECT count(*) FROM people").fetchone()
    database.close()
    datasette = [sys.executable, "-W", "ignore", "-m", "datasette"]
    shown = subprocess.run(
        [*datasette, "site/copydesk.sqlite", "--get", "/copydesk/people.json?_shape=array"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown.count('"entity_id"') == min(n_rows, 100)  # of a page
