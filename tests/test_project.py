"""The project keeps its promises: directions of import, fresh pages, a lock without addresses."""

import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from copydesk.reading.encodings import Repair
from copydesk.reading.limits import Limits
from tools.dictionary import write_dictionary

ROOT = Path(__file__).resolve().parent.parent


def test_import_directions_hold(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports() == 0, capsys.readouterr().out


def test_tables_page_is_fresh():
    page = (ROOT / "docs" / "tables.md").read_text("utf-8")
    assert page.splitlines() == list(write_dictionary()), "run `make docs`"


def test_lock_has_hashes_and_no_addresses():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[A-Za-z0-9._-]+==\S+.*\\$", lock, re.MULTILINE)
    assert len(pinned) > 80
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_lock_holds_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["pipelines"],
        *(d for group in project["dependency-groups"].values() for d in group),
    ]
    names = {re.match(r"[A-Za-z0-9._-]+", requirement)[0] for requirement in wanted}
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert {name for name in names if not re.search(rf"^{name}==", lock, re.MULTILINE)} == set()


@pytest.mark.parametrize("target", ["setup", "run", "dev", "test", "check", "docs", "lock"])
def test_make_target_is_there_and_explained(target):
    assert re.search(rf"^{target}:.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        *sorted(p.name for p in (ROOT / "docs").glob("*.md")),
    ],
)
def test_links_inside_the_project_lead_somewhere(page):
    path = ROOT / page if (ROOT / page).exists() else ROOT / "docs" / page
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{page}: {target}"


def test_glossary_defines_every_label():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    model = (ROOT / "copydesk" / "rows.py").read_text("utf-8")
    labels = re.findall(
        r'^    [A-Z_]+ = "(\w+)"$',
        model.split("class Label")[1].split("COPY_LABELS")[0],
        re.MULTILINE,
    )
    assert [label for label in labels if f"`{label}`" not in glossary] == []


@pytest.mark.parametrize(
    "module", ["quotes", "cleaning", "entities", "throughput", "publishing", "robustness.readers"]
)
def test_benchmark_explains_itself(module):
    command = [sys.executable, "-m", f"benchmarks.{module}", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "usage: python -m benchmarks." in told.stdout


def test_every_reason_for_refusal_is_documented():
    reading = (ROOT / "docs" / "reading.md").read_text("utf-8")
    raised = {
        code
        for path in (ROOT / "copydesk").rglob("*.py")
        for code in re.findall(
            r'UnreadableError\(\s*Stage\.\w+,\s*"(\w+)"', path.read_text("utf-8")
        )
    }
    assert len(raised) > 10
    assert {code for code in raised if f"`{code}`" not in reading} == set()


def test_every_limit_and_repair_is_documented():
    reading = (ROOT / "docs" / "reading.md").read_text("utf-8")
    limits = [f"`COPYDESK_MAX_{name.upper()}` | {n:,} |" for name, n in asdict(Limits()).items()]
    assert [text for text in limits if text not in reading] == []
    assert [repair for repair in Repair if f"| `{repair}` |" not in reading] == []
