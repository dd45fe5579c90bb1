"""What every command says of a data folder in which a file is damaged: one line, never a trace."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.commands.app import app
from copydesk.commands.lazy import LazyCommand
from copydesk.commands.run import run_directly
from copydesk.errors import LakeError
from copydesk.lake.contents import find_contents
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import publish
from copydesk.system.damage import REMEDY
from copydesk.system.room import explain_folder

N_PAGES = 40
RIGHTS_OF_ROOT = "-dac_override,-dac_read_search"  # to write what nobody may
CATALOGUE = "copydesk.duckdb"


def flip_all(path):
    path.write_bytes(bytes(byte ^ 0xFF for byte in path.read_bytes()))


def flip_some(path):
    content = bytearray(path.read_bytes())
    for place in range(0, len(content), 997):
        content[place] ^= 0xFF
    path.write_bytes(content)


def empty_middle(path):
    content = path.read_bytes()
    third = len(content) // 3
    path.write_bytes(content[:third] + bytes(third) + content[2 * third :])


def truncate(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def write_text(path):
    path.write_text("no table at all\n" * 999)


DAMAGES = {
    "flipped": flip_all,
    "flipped here and there": flip_some,
    "a hole": empty_middle,
    "truncated": truncate,
    "empty": lambda path: path.write_bytes(b""),
    "of another kind": write_text,
}
READERS = {
    "sql": ["sql", "SELECT * FROM said, quotes, articles, raw_articles, entities, people"],
    "sql --unsafe": ["sql", "--unsafe", "FROM said, quotes, articles, raw_articles, entities"],
    "sql --as-of": ["sql", "--as-of", "1", "FROM said"],
    "search": ["search", "night"],
    "search --context": ["search", "night", "--context"],
    "watch": ["watch"],
    "watch --all": ["watch", "--all"],
    "watch --feed": ["watch", "--feed", "{out}.xml"],
    "explain": ["explain", "Ada Lind"],
    "correct entity": ["correct", "entity", "Ada Lind", "--drop", "--yes"],
    "evaluate": ["evaluate"],
    "snapshots": ["snapshots"],
    "diff": ["diff"],
    "export": ["export", "{out}"],
    "export --as-of": ["export", "{out}", "--as-of", "1"],
    "export csv": ["export", "{out}", "--format", "csv"],
    "export sqlite": ["export", "{out}", "--format", "sqlite"],
    "export duckdb": ["export", "{out}", "--format", "duckdb"],
    "report": ["report"],
    "doctor": ["doctor"],
    "compact": ["compact"],
    "vacuum": ["vacuum"],
    "withdraw": ["withdraw"],
}
WITHOUT_A_CATALOGUE = {"run", "cluster"}  # `run` builds it: tests/pipelines/test_doctor.py
MAY_BE_SPARED = {"compact", "vacuum", "withdraw"}  # they read no catalogue


@pytest.fixture(scope="module")
def whole(tmp_path_factory, page_of, quote_in, publish_rows):
    """Make a data folder with two snapshots, which tests copy and put back."""
    data = tmp_path_factory.mktemp("damage") / "data"
    data.mkdir()
    rows = []
    for n in range(N_PAGES):
        page = f"{n:04}a1"
        rows += page_of("[Ada Lind] of the quay met [Zoe Holm] on Monday and said no", page)
        rows.append(quote_in(page, 0, content=f"Boat {n} sails", speaker=f"{page}-00-Ada Lind"))
    publish_rows(data, rows[:-1])
    publish_rows(data, rows)
    (data / "watches.toml").write_text('[boats]\nwords = "boat"\n')
    kept = data.with_name("kept")
    shutil.copytree(data, kept)
    return data, kept


@pytest.fixture
def data(whole):
    """Return the data folder, whole again: the paths in its catalogue are absolute."""
    data, kept = whole
    shutil.rmtree(data)
    shutil.copytree(kept, data)
    return data


def ask(arguments, data, out):
    given = [argument.format(out=out) for argument in arguments]
    return CliRunner().invoke(app, [*given, "--data", str(data)])


def check_one_line(answer, *, may_be_fine):
    """Check that a command ended in one line with what to do, or did what it is for."""
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    if may_be_fine and answer.exit_code == 0:
        return
    assert answer.exit_code == 1
    assert "copydesk doctor" in answer.output
    assert answer.stderr.count("\n") <= 1, answer.stderr


def test_every_command_is_asked():
    names = {command.name for command in app_commands()}
    assert names == {words[0] for words in READERS.values()} | WITHOUT_A_CATALOGUE


def app_commands():
    from copydesk.commands.app import Commands  # noqa: PLC0415 - only this test needs them all

    return [each for each in Commands.placeholders if isinstance(each, LazyCommand)]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", READERS)
def test_a_damaged_catalogue_gets_one_sentence(data, tmp_path, command, damage):
    path = data / CATALOGUE
    DAMAGES[damage](path)
    answer = ask(READERS[command], data, tmp_path / "out")
    is_partial = damage in {"a hole", "flipped here and there"}
    check_one_line(answer, may_be_fine=is_partial or command in MAY_BE_SPARED)
    if answer.exit_code == 1 and command != "doctor":
        assert f"{path}: cannot be read (" in answer.stderr
        assert answer.stderr.endswith(f"; {REMEDY}\n")


@pytest.mark.parametrize("command", [*READERS, "doctor --repair"])
def test_a_folder_in_place_of_the_catalogue_gets_one_sentence(data, tmp_path, command):
    path = data / CATALOGUE
    path.unlink()
    path.mkdir()
    (path / "notes.txt").write_text("not ours")
    asked = {"doctor --repair": ["doctor", "--repair"], **READERS}
    answer = ask(asked[command], data, tmp_path / "out")
    if command in MAY_BE_SPARED:
        check_one_line(answer, may_be_fine=True)
        return
    assert answer.stderr == f"copydesk: {explain_folder(path)}\n"
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert not (tmp_path / "out").exists()
    assert (path / "notes.txt").read_text() == "not ours"
    with pytest.raises(LakeError, match="is a folder"):
        copydesk.connect(data)
    with pytest.raises(LakeError, match="is a folder"):
        copydesk.connect(path)


def test_a_run_says_so_before_its_work(data, tmp_path, capsys):
    (data / CATALOGUE).unlink()
    (data / CATALOGUE).mkdir()
    page = tmp_path / "page.txt"
    page.write_text("Ferries stand still\n\nThe quay is closed.\n")
    code = run_directly([page], data, name=None, may_replace=False, is_forced=False)
    assert code == 1
    assert capsys.readouterr().err == f"copydesk: {explain_folder(data / CATALOGUE)}\n"
    contents = find_contents(Lake(str(data / "lake")).snapshot())
    with pytest.raises(LakeError, match="is a folder"):
        publish(contents, path=data / CATALOGUE, code_versions={}, published_at=datetime.now(UTC))


def test_a_folder_given_as_a_catalogue_is_no_place_to_publish(data):
    answer = CliRunner().invoke(app, ["search", "boat", "--catalogue", str(data)])
    assert answer.stderr == (
        f"copydesk: {data}: is a folder; name the file of a catalogue, or give --data FOLDER\n"
    )


@pytest.mark.parametrize("damage", ["flipped here and there", "truncated", "gone"])
@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("table", ["quotes", "entities", "publications", "deliveries"])
def test_a_damaged_file_of_a_table_gets_one_sentence(data, tmp_path, command, damage, table):
    for path in (data / "lake" / table).rglob("*.parquet"):
        if damage == "gone":
            path.unlink()
        else:
            DAMAGES[damage](path)
    check_one_line(ask(READERS[command], data, tmp_path / "out"), may_be_fine=True)


OUTPUTS = {
    "watch --feed": ["watch", "--feed"],
    "watch --all --feed": ["watch", "--all", "--feed"],
    "export": ["export"],
    "export csv": ["export", "--format", "csv"],
    "export --as-of": ["export", "--as-of", "1"],
    "report": ["report", "--out"],
    "report --as-of": ["report", "--as-of", "1", "--out"],
}


@pytest.mark.parametrize("place", ["file/out", "no/folder/out"])
@pytest.mark.parametrize("command", OUTPUTS)
def test_a_place_for_the_outcome_is_looked_at_before_any_work(data, tmp_path, command, place):
    write_text(data / CATALOGUE)  # whatever a command does first fails here
    (tmp_path / "file").write_text("")
    answer = ask([*OUTPUTS[command], str(tmp_path / place)], data, tmp_path / "out")
    makes_folders = not command.startswith("watch")
    is_about_place = place == "file/out" or not makes_folders
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    is_refused = f"{tmp_path / place}: no " in answer.stderr and " can be written" in answer.stderr
    assert is_refused is is_about_place, answer.stderr
    assert command.startswith("report") or not (tmp_path / "no").exists()


AS_ANOTHER = """
import json, sys
from pathlib import Path
from typer.testing import CliRunner
from copydesk.commands.app import app
from copydesk.commands.run import run_directly

for arguments in json.load(sys.stdin):
    answer = CliRunner().invoke(app, arguments)
    ended = answer.exception is None or isinstance(answer.exception, SystemExit)
    print(json.dumps([answer.exit_code, answer.stderr, ended or repr(answer.exception)]))
data, bundle = map(Path, sys.argv[1:])
code = run_directly([bundle], data, name=None, may_replace=False, is_forced=False)
print(json.dumps([code, "", True]))
"""
WRITERS = {
    "correct": ["correct", "entity", "Ada Lind", "--drop", "--yes"],
    "doctor --repair": ["doctor", "--repair"],
    "export": ["export", "{data}/out"],
    "export csv": ["export", "{data}/out", "--format", "csv"],
    "report": ["report"],
    "report --out": ["report", "--out", "{data}/other"],
    "watch --feed": ["watch", "--all", "--feed", "{data}/feed.xml"],
    "withdraw": ["withdraw", "may", "--reason", "asked"],
}


@pytest.fixture
def read_only(whole):
    """Give the data folder in a place that any user may read and none may write."""
    _, kept = whole
    with TemporaryDirectory() as place:
        data = Path(place) / "data"
        shutil.copytree(kept, data)
        (data / "page.txt").write_text("Ferries stand still\n\nThe quay is closed.\n")
        (data / CATALOGUE).unlink()
        publish_again(data)
        for path in (Path(place), data, *data.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield data
        for path in (Path(place), data, *data.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def publish_again(data):
    """Make the catalogue of a copied lake: its paths are absolute."""
    contents = find_contents(Lake(str(data / "lake")).snapshot())
    publish(contents, path=data / CATALOGUE, code_versions={}, published_at=datetime.now(UTC))


def as_user_without_rights():
    """Return what to put before a command, so that modes of files bind root too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv: root may write everything")
    return ["setpriv", f"--bounding-set={RIGHTS_OF_ROOT}"]


def test_a_folder_that_may_not_be_written_gets_one_line(read_only):
    asked = {f"read: {name}": given for name, given in READERS.items() if name not in WRITERS}
    asked |= WRITERS
    calls = [
        [each.format(out=read_only / "x", data=read_only) for each in [*given, "--data", "{data}"]]
        for given in asked.values()
    ]
    with TemporaryDirectory() as scratch:
        ended = subprocess.run(
            [
                *as_user_without_rights(),
                sys.executable,
                "-c",
                AS_ANOTHER,
                read_only,
                read_only / "page.txt",
            ],
            input=json.dumps(calls),
            env={**os.environ, "TMPDIR": scratch, "HOME": scratch, "COPYDESK_WORKERS": "1"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    answers = map(json.loads, ended.stdout.splitlines())
    for name, (code, stderr, is_ended) in zip([*asked, "run"], answers, strict=True):
        assert is_ended is True, (name, is_ended)
        assert stderr.count("\n") <= 1 or code == 0, (name, stderr)
        if name in {*WRITERS, "run"} - {"doctor --repair"}:
            assert code == 1, name
        if name == "read: doctor":  # who may only read can examine
            assert "Permission denied" not in stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("copydesk: "), ended.stderr
