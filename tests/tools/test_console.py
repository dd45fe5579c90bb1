"""Behaviour of `tools.console`: pages show what their commands print."""

from pathlib import Path

import pytest

from copydesk.commands.progress import describe_progress
from tools.console import MAX_LINES, fill_page, list_commands, open_shell

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """Text.

```console
$ echo one
old
$ echo two \\
  three
```

More.

```console
$ seq 30
```
"""


def test_what_a_command_prints_takes_the_place_of_what_it_printed():
    filled = fill_page(PAGE, lambda command: f"ran {command}\n")
    assert "old" not in filled
    assert "$ echo one\nran echo one\n" in filled
    assert filled.endswith("```console\n$ seq 30\nran seq 30\n```\n")
    assert (
        list_commands(filled)
        == list_commands(PAGE)
        == ["echo one", "echo two \\\n  three", "seq 30"]
    )


def test_a_project_shows_no_times_and_no_places(tmp_path):
    run = open_shell(tmp_path)
    assert run("echo at 2026-11-22 10:11:12.5 in 3.5 seconds") == "at 2031-05-08 06:00:00 in 1 s\n"
    assert run("echo $PWD/data; ls data") == "data\nsamples\n"
    assert len(fill_page(PAGE, run).split("$ seq 30")[1].splitlines()) == MAX_LINES + 3


@pytest.mark.parametrize("total", [None, 1_600])
def test_a_page_does_not_show_how_far_a_slow_run_was(tmp_path, total):
    line = f"strike: reading: {describe_progress(1_200, total, seconds=40)}"
    assert open_shell(tmp_path)(f"echo '{line}'; echo 1,600 of 1,600 pages are read") == (
        "1,600 of 1,600 pages are read\n"
    )


@pytest.mark.model
def test_the_morning_of_a_newsroom_prints_what_the_page_shows(tmp_path):
    page = (ROOT / "docs" / "newsroom.md").read_text("utf-8")
    assert fill_page(page, open_shell(tmp_path)) == page, "run `make docs`"
