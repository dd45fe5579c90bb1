"""The project keeps its promises: import directions, complete pages, a lock without addresses."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from importlinter.cli import lint_imports

import copydesk
from copydesk.reading.encodings import Repair
from tools.api import CLASSES, FUNCTIONS, write_api
from tools.dictionary import write_dictionary
from tools.settings import write_settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "THIRD_PARTY.md",
    *(str(page.relative_to(ROOT)) for page in sorted(ROOT.glob("docs/*.md"))),
    *(str(page.relative_to(ROOT)) for page in sorted(ROOT.glob("copydesk/**/*.md"))),
]
FOLDERS = ("copydesk", "assets", "pipelines", "benchmarks", "tools")


def test_import_directions_hold(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports() == 0, capsys.readouterr().out


def test_tables_page_is_fresh():
    page = (ROOT / "docs" / "tables.md").read_text("utf-8")
    assert page.splitlines() == list(write_dictionary()), "run `make docs`"


def test_api_page_is_fresh():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert page.splitlines() == list(write_api()), "run `make docs`"


def test_api_page_has_every_public_name():
    assert {*FUNCTIONS, *CLASSES, "__version__"} == set(copydesk.__all__)


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


@pytest.mark.parametrize(
    "target", ["setup", "run", "dev", "test", "check", "docs", "site", "bug", "lock"]
)
def test_make_target_is_there_and_explained(target):
    assert re.search(rf"^{target}:.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_links_inside_the_project_lead_somewhere(page):
    path = ROOT / page
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text("utf-8")):
        file, _, heading = target.partition("#")
        linked = path.parent / file if file else path
        if not linked.exists() or (heading and heading not in _anchors(linked)):
            broken.append(target)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_a_page_names_exist(page):
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)}|docs|tests)/[\w./*-]+)`", text)
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES)
def test_modules_that_a_page_names_exist(page):
    text = (ROOT / page).read_text("utf-8")
    modules = re.findall(rf"python -m ((?:{'|'.join(FOLDERS)})[\w.]+\w)", text)
    assert [m for m in modules if not any(ROOT.glob(f"{m.replace('.', '/')}*"))] == []


def test_index_lists_every_page():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages - set(re.findall(r"\]\(([\w.-]+)[)#]", index)) == set()


def test_architecture_has_a_line_for_every_module():
    listed = [
        f"{folder}{module}"
        for folder, rows in re.findall(
            r"^### [^`\n]*`([\w/]+/)`\n(.*?)(?=^### |\Z)",
            (ROOT / "ARCHITECTURE.md").read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        for module in re.findall(r"^\| `([\w/]+\.py)` \| \S", rows, re.MULTILINE)
    ]
    modules = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py" or _has_code(path)
    }
    missing = sorted(modules - set(listed))
    superfluous = sorted(set(listed) - modules)
    twice = sorted({module for module in listed if listed.count(module) > 1})
    assert (missing, superfluous, twice) == ([], [], []), (
        f"ARCHITECTURE.md, section Modules\n  missing: {missing}\n  superfluous: {superfluous}\n"
        f"  listed twice: {twice}"
    )


def _has_code(path: Path) -> bool:
    """Whether a module consists of more than its docstring."""
    return len(ast.parse(path.read_text("utf-8")).body) > 1


def test_glossary_defines_every_label():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    model = (ROOT / "copydesk" / "values.py").read_text("utf-8")
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
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "usage: python -m benchmarks." in result.stdout


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


def test_settings_page_is_fresh():
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert page.splitlines() == list(write_settings()), "run `make docs`"


def test_every_repair_is_documented():
    reading = (ROOT / "docs" / "reading.md").read_text("utf-8")
    assert [repair for repair in Repair if f"| `{repair}` |" not in reading] == []


def test_every_promise_of_safety_names_tests_that_exist():
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    table = [line for line in page.splitlines() if line.startswith("| ")][1:]
    for line in table:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", line)
        assert named, line
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), test


def test_third_parties_are_named_with_every_file_that_is_theirs():
    page = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    weights = [*ROOT.glob("copydesk/**/*.onnx"), *ROOT.glob("copydesk/**/*.npz")]
    lists = [
        path
        for path in ROOT.glob("copydesk/lexicons/**/*.toml")
        if re.search(r"^# From ", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(weights) > 2
    assert len(lists) > 1
    files = {str(path.relative_to(ROOT)) for path in [*weights, *lists]}
    assert {file for file in files if f"`{file}`" not in page} == set()


@pytest.mark.parametrize(
    "file",
    [
        "CITATION.cff",
        ".gitlab-ci.yml",
        ".github/workflows/test.yml",
        ".github/ISSUE_TEMPLATE/wrong-row.yml",
        ".github/ISSUE_TEMPLATE/failure.yml",
    ],
)
def test_files_of_the_usual_hosts_can_be_read(file):
    assert isinstance(yaml.safe_load((ROOT / file).read_text("utf-8")), dict)


@pytest.mark.parametrize("file", [".gitlab-ci.yml", ".github/workflows/test.yml"])
def test_every_host_runs_what_a_laptop_runs(file):
    assert "bash .ci/run" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("folder", [*FOLDERS, "tests"])
def test_an_exception_to_a_rule_has_a_reason(folder):
    bare = re.compile(r"# (?:noqa|type: ignore)(?:: ?[A-Z0-9, ]+|\[[a-z-]+\])?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []
