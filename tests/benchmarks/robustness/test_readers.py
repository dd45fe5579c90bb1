"""A few rounds of `readers`: readers in their own processes see whole snapshots only."""

import pytest

from benchmarks.robustness.readers import run
from benchmarks.robustness.rounds import Place


@pytest.mark.model
def test_readers_see_no_error_and_no_mixed_snapshot(tmp_path):
    written, kept, seen = run(Place(tmp_path), 3, n_readers=1, n_bundles=2)
    assert written.n_published == 4
    assert kept.n_vacuums > 0
    assert kept.errors == []
    for reader in seen:
        assert reader.n_looks > 0
        assert reader.errors == reader.mixed == []
