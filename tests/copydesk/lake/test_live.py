"""Behaviour of `lake.live`: what is remembered of a table is what its log says now."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lake.lake import Lake
from copydesk.lake.live import LOG_FOLDER, live_in
from copydesk.rows import Segment
from copydesk.tables import SEGMENTS
from copydesk.values import Label

NAMES = ("april", "may")


def write(lake, bundle, n):
    rows = [Segment("a1", i, i, i + 1, Label.BODY, "rule", 0.9, bundle) for i in range(n)]
    return lake.replace(SEGMENTS, SEGMENTS.spool(rows), bundle=bundle)


def hide_the_change(folder):
    """Give a folder the time that it had long ago, as a clock that was set back would."""
    if folder.is_dir():
        os.utime(folder, (0, 0))


events = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, 2)),
        st.tuples(st.sampled_from(["remove", "keep", "put back"]), st.none(), st.none()),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25)
@given(events)
def test_what_is_live_is_what_the_log_says(happens):
    with TemporaryDirectory() as folder:
        lake, kept = Lake(f"{folder}/lake"), Path(folder) / "kept"
        table = Path(lake.uri) / SEGMENTS.name
        for event, bundle, n in happens:
            if event == "write":
                write(lake, bundle, n)
            elif event == "keep":
                shutil.rmtree(kept, ignore_errors=True)
                if table.is_dir():
                    shutil.copytree(table, kept)
            else:
                shutil.rmtree(table, ignore_errors=True)
                if event == "put back" and kept.is_dir():
                    shutil.copytree(kept, table)
            hide_the_change(table / LOG_FOLDER)
            delta = lake.open(SEGMENTS)
            for name in (None, *NAMES):
                found = lake.find_live(SEGMENTS, bundle=name)
                assert found == live_in(delta, SEGMENTS, bundle=name)


def test_a_table_that_has_not_changed_is_not_opened_again(tmp_path, monkeypatch):
    lake = Lake(str(tmp_path / "lake"))
    write(lake, "april", 2)
    known = lake.find_live(SEGMENTS)
    monkeypatch.setattr(Lake, "open", lambda *_: None)
    assert lake.find_live(SEGMENTS) == known


def test_what_another_process_writes_is_seen(tmp_path):
    one, other = Lake(str(tmp_path / "lake")), Lake(f"{tmp_path}/./lake")
    write(one, "april", 1)
    assert one.find_live(SEGMENTS).n_rows == 1
    write(other, "may", 2)  # by another name, it is not remembered as the same
    assert one.find_live(SEGMENTS).n_rows == 3
