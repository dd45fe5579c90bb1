"""The probes of `sql_probes`, some of those that have to be stopped: not one may succeed."""

import pytest

from benchmarks.robustness.sql_probe_queries import PROBES
from benchmarks.robustness.sql_probes import LIMITED, run


@pytest.mark.model
def test_no_probe_succeeds():
    some = {kind: each[:3] if kind in LIMITED else each for kind, each in PROBES.items()}
    outcomes = run(some)
    assert len(outcomes) >= 200
    assert [outcome for outcome in outcomes if outcome.fault is not None] == []
