"""Taking in a bundle needs no network, and does not ask for any."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# Loaded by every Python process, so the workers are watched too.
WATCH = """
import sys

def refuse(event, arguments):
    is_address = event == "socket.connect" and isinstance(arguments[1], tuple)
    if is_address or event == "socket.getaddrinfo":
        with open({log!r}, "a") as log:
            log.write(f"{{event}} {{arguments}}\\n")

sys.addaudithook(refuse)
"""
RUN = "from copydesk.commands.app import app; app(prog_name='copydesk')"


@pytest.mark.model
def test_taking_in_a_bundle_connects_to_no_address(tmp_path):
    log = tmp_path / "connected"
    (tmp_path / "sitecustomize.py").write_text(WATCH.format(log=str(log)), "utf-8")
    shutil.copytree(ROOT / "copydesk", tmp_path / "copydesk")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "COPYDESK_WORKERS": "1"}
    probe = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, check=False)
    assert "127.0.0.1" in log.read_text("utf-8")  # the watch works
    log.unlink()
    page = tmp_path / "may" / "a.html"
    page.parent.mkdir()
    page.write_text(
        '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head><body>'
        '<p>“We will not sail,” Anna Miller said on Monday.</p><img src="http://127.0.0.1:9/b">'
        "</body></html>"
    )
    ended = subprocess.run(
        [sys.executable, "-c", RUN, "run", page.parent, "--data", tmp_path / "data"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert not log.exists(), log.read_text("utf-8")
