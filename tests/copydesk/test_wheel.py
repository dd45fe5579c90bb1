"""The built wheel works in an empty environment, without a checkout."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.model
ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
SOURCES = ("copydesk", "pyproject.toml", "README.md", "LICENSE")
NOT_SHIPPED = {".py", ".md", ".pyc"}
UNREACHABLE = re.compile(r"Failed to fetch|error sending request|Could not connect|dns error")
SIX_LINES = """
import pandas as pd
import copydesk

TEXTS = [
    "“We will not sail,” union leader Anna Miller told the crews on Monday.\\nLeave a Reply",
    "<html><body><p>“I am tired,” said Paul Holm, the mayor of Port Elsa.</p></body></html>",
    "The quay is closed.",
]

if __name__ == "__main__":
    page = copydesk.clean(TEXTS[0])
    print(page.removed[0].text, len(page._repr_html_()) > 1_000)
    print([quote.speaker for quote in copydesk.quotes(TEXTS[1])])
    df = pd.DataFrame({"text": TEXTS})
    df["quotes"] = df.text.map(copydesk.quotes)
    print(df.quotes.map(len).tolist())
    print([page.quotes[0].speaker for page in copydesk.read("pages.jsonl")])
    print([len(page.quotes) for page in copydesk.pipe(TEXTS, workers=2)])
    print(copydesk.connect("data").sql("SELECT count(*) FROM articles").fetchall())
"""
COMPONENT = """
import spacy
nlp = spacy.blank("en")
nlp.add_pipe("copydesk_quotes")
print(nlp.pipe_names)
"""


def run(*command, cwd):
    """Run a command that knows nothing of this checkout, and return what it prints."""
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ended = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(sys.executable, "-m", "pip", "wheel", *options, ".", cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def venv(wheel, tmp_path_factory):
    """Make an environment of the wheel and the locked versions of what it depends on."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    pinned = re.findall(
        r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    constraints = folder.parent / "constraints.txt"
    constraints.write_text("\n".join(pinned))
    uv = str(BIN / "uv")
    run(uv, "venv", "--quiet", "--python", sys.executable, str(folder), cwd=folder.parent)
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", str(python), "-c", str(constraints)]
    # What the cache holds needs no index; where it does not hold all, the index is asked.
    for more in (["--offline"], []):
        ended = subprocess.run(
            [*install, *more, str(wheel)], capture_output=True, text=True, check=False
        )
        if ended.returncode == 0:
            return folder
    if UNREACHABLE.search(ended.stderr):
        pytest.skip("the package index cannot be reached, and uv's cache does not hold all")
    pytest.fail(ended.stderr)


def test_every_file_that_the_package_reads_is_in_the_wheel(wheel):
    shipped = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "copydesk"],  # noqa: S607 -- git of the machine
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert {name for name in listed if Path(name).suffix not in NOT_SHIPPED} - shipped == set()
    assert "copydesk/py.typed" in shipped


def test_a_source_archive_is_built_without_network(tmp_path):
    archive = tmp_path / "HEAD.tar"
    run("git", "-C", str(ROOT), "archive", "--output", str(archive), "HEAD", cwd=tmp_path)
    source = tmp_path / "source"
    shutil.unpack_archive(archive, source)
    build = "from setuptools.build_meta import build_sdist; print(build_sdist('.'))"
    name = run(sys.executable, "-c", build, cwd=source).splitlines()[-1]
    with tarfile.open(source / name) as built:
        shipped = {member.partition("/")[2] for member in built.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "copydesk/models.sha256"} <= shipped


def test_the_api_works_without_a_checkout(venv, tmp_path, publish_rows, page_of):
    (tmp_path / "data").mkdir()
    publish_rows(tmp_path / "data", page_of("[Anna Miller] sails.", "a1"))
    (tmp_path / "pages.jsonl").write_text(
        '{"text": "“I am tired,” said Paul Holm, the mayor of Port Elsa."}\n'
    )
    script = tmp_path / "script.py"
    script.write_text(SIX_LINES)
    printed = run(str(venv / "bin" / "python"), "-I", str(script), cwd=tmp_path).splitlines()
    assert printed == [
        "Leave a Reply True",
        "['Paul Holm']",
        "[1, 1, 0]",
        "['Paul Holm']",
        "[1, 1, 0]",
        "[(1,)]",
    ]


def test_spacy_finds_the_component_by_its_entry_point(venv, tmp_path):
    printed = run(str(venv / "bin" / "python"), "-I", "-c", COMPONENT, cwd=tmp_path)
    assert printed == "['copydesk_quotes']\n"


def test_the_command_explains_itself(venv, tmp_path):
    assert "Usage: copydesk" in run(str(venv / "bin" / "copydesk"), "--help", cwd=tmp_path)
