"""The commands of docs/backup.md, run while another process writes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk.lake.examine import examine_lake
from copydesk.lake.lake import Lake
from copydesk.rows import Segment
from copydesk.tables import SEGMENTS
from copydesk.values import Label

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "backup.md").read_text("utf-8")
COMMANDS = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
BACKUP, UNPACK, *_ = COMMANDS
WRITER = """
import itertools, sys
from copydesk.lake.deliveries import declare_delivery, fingerprint_tables
from copydesk.lake.lake import Lake
from copydesk.rows import (Segment)
from copydesk.values import (Label)
from copydesk.tables import BUNDLE_TABLES, spool

lake = Lake(sys.argv[1])
prints = fingerprint_tables("0", {table.name: "1" for table in BUNDLE_TABLES})
for i in itertools.count():
    bundle = f"bundle-{i % 3}"
    rows = [Segment("a1", 0, 0, 1, Label.BODY, f"rule {i}", 0.9, bundle)]
    for table, stream in zip(BUNDLE_TABLES, spool(rows, BUNDLE_TABLES)):
        lake.replace(table, stream, bundle=bundle)
    declare_delivery(lake, bundle, fingerprints=prints)
    print(i, flush=True)
"""


@pytest.fixture
def writer(tmp_path):
    """Start a process that delivers bundles until the test ends; give its lines."""
    lake = tmp_path / "data" / "lake"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(lake)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    yield process.stdout
    process.kill()
    process.wait()
    process.stdout.close()


def run(commands, **places):
    script = commands.replace("copydesk doctor", "true")  # run below, in this process
    environment = {"PATH": os.defpath, **{name: str(path) for name, path in places.items()}}
    subprocess.run(
        [shutil.which("bash"), "-euc", script], env=environment, check=True, capture_output=True
    )


@pytest.mark.skipif(shutil.which("tar") is None, reason="the commands need tar")
def test_a_backup_made_while_a_run_writes_is_whole(tmp_path, writer):
    for attempt in range(3):
        for _ in range(4):
            writer.readline()
        backup, copy = tmp_path / f"{attempt}.tar", tmp_path / f"copy-{attempt}"
        run(BACKUP, DATA=tmp_path / "data", BACKUP=backup)
        run(UNPACK, BACKUP=backup, COPY=copy)
        lake = Lake(str(copy / "lake"))
        assert [str(finding) for finding in examine_lake(lake)] == []
        rules = {row.rule for row in SEGMENTS.to_rows(lake.snapshot().read(SEGMENTS))}
        assert len(rules) == 3


def test_a_restored_lake_can_be_written(tmp_path, deliver):
    lake = Lake(str(tmp_path / "data" / "lake"))
    deliver(lake, "may", [Segment("a1", 0, 0, 1, Label.BODY, "old", 0.9, "may")])
    run(BACKUP, DATA=tmp_path / "data", BACKUP=tmp_path / "backup.tar")
    run(UNPACK, BACKUP=tmp_path / "backup.tar", COPY=tmp_path / "copy")
    copy = Lake(str(tmp_path / "copy" / "lake"))
    snapshot = deliver(copy, "may", [Segment("a1", 0, 0, 1, Label.BODY, "new", 0.9, "may")])
    assert [row.rule for row in SEGMENTS.to_rows(snapshot.read(SEGMENTS))] == ["new"]
