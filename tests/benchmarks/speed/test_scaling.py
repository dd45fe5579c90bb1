"""The large lake says what it should, and the benchmarks of scaling run on a small one."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.data.large_lake import (
    write_articles,
    write_large_lake,
    write_names,
    write_quotations,
)
from benchmarks.speed.many_bundles import deliver_all, register_all, tick_all
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.tables import ARTICLES, MENTIONS, QUOTES
from tools.tour.service import Home

ROOT = Path(__file__).parents[3]
N = 400


def numbers(first, last):
    return np.arange(first, last, dtype=np.uint64)


def test_any_part_of_a_large_lake_can_be_made_by_itself():
    whole, part = (write_quotations(numbers(first, N)) for first in (0, 300))
    assert whole["content"][-len(part) :].to_pylist() == part["content"].to_pylist()
    texts, later = (write_articles(numbers(first, N)) for first in (0, 300))
    assert texts[300:].to_pylist() == later.to_pylist()
    names = [write_names(numbers(first, N), n_all=N) for first in (0, 300)]
    assert names[0]["text"].to_pylist()[300 * 20 :] == names[1]["text"].to_pylist()


def test_names_and_renderings_are_as_uneven_as_they_should_be():
    names = Counter(write_names(numbers(0, N), n_all=N)["text"].to_pylist())
    (_, most), (_, tenth) = names.most_common(10)[0], names.most_common(10)[-1]
    assert most > 2 * tenth
    said = Counter(
        text.strip(",.–… ").lower()
        for text in write_quotations(numbers(0, 2_000))["content"].to_pylist()
    )
    exact = sum(n - 1 for n in said.values()) / said.total()
    assert 0.08 < exact < 0.14


def test_its_bundles_are_delivered(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    write_large_lake(lake, range(3), n_articles=4, n_all=12)
    write_large_lake(lake, range(3, 4), n_articles=4, n_all=12)
    snapshot = lake.snapshot()
    assert len({part.bundle for part in snapshot.deliveries}) == 4
    counted = {
        table.name: sum(part.n_rows for part in snapshot.parts(table))
        for table in (ARTICLES, MENTIONS, QUOTES)
    }
    assert counted == {"articles": 16, "mentions": 16 * 20, "quotes": 16 * 12}
    assert snapshot.read(QUOTES).read_all().num_rows == 16 * 12


@pytest.mark.model
def test_steps_are_measured_at_a_small_size():
    command = [sys.executable, "-m", "benchmarks.speed.corpus_scale", "600", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert all(cost["is_finished"] for cost in report["costs"])
    assert len(report["costs"]) == 12
    sizes = {size["table"]: size for size in report["sizes"]}
    assert sizes["quotes"]["rows"] == 600 + 1_200  # and a bundle of 100 articles
    assert sizes["quote_groups"]["rows"] == sizes["quotes"]["rows"]


def test_sensors_are_measured_with_few_bundles(tmp_path):
    home = Home(tmp_path / "project", QuoteMethod.TAGGER)
    home.make()
    deliver_all(home.settings, 5)
    register_all(home, 5)
    found = tick_all(home, 5)
    assert found["inbox_full_inbox"]["ticks"] == 1
