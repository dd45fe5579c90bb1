"""Behaviour of the trees: each row goes to its leaf, and the trees are summed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from copydesk.cleaning.forest import Forest, forest_margins

# Column 1 at most .5? -2, else 3.
# Column 0 at most 1? Then column 1 at most 0? 10, else 20. Else 30.
FOREST = Forest(
    feature=np.array([1, 0, 0, 0, 1, 0, 0, 0], np.intp),
    threshold=np.array([0.5, np.inf, np.inf, 1, 0, np.inf, np.inf, np.inf], np.float32),
    left=np.array([1, 1, 2, 4, 6, 5, 6, 7], np.intp),
    value=np.array([0, -2, 3, 0, 0, 30, 10, 20], np.float32),
    roots=np.array([0, 3], np.intp),
    baseline=1.0,
    depth=2,
)


def test_a_row_goes_to_its_leaf_in_each_tree():
    rows = np.array([[9, 0.4], [9, 0.6], [1, 0.5], [1, 0]], np.float32)
    assert forest_margins(FOREST, rows).tolist() == [29, 34, 19, 9]


def test_no_row_has_no_margin():
    assert forest_margins(FOREST, np.zeros((0, 2), np.float32)).tolist() == []


@given(arrays(np.float32, (3, 2), elements=st.floats(-9, 9, width=32)))
def test_rows_do_not_depend_on_each_other(rows):
    alone = [forest_margins(FOREST, row[None]).tolist()[0] for row in rows]
    assert forest_margins(FOREST, rows).tolist() == alone
