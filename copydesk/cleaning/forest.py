"""Evaluate gradient-boosted trees with numpy alone.

The trees are five flat arrays, so that a model file needs neither pickle nor scikit-learn.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from copydesk.text.arrays import Floats


class Forest(NamedTuple):
    """All trees of one model: node `i` asks whether column `feature[i]` is at most `threshold[i]`.

    The children of `i` are `left[i]` and `left[i] + 1`, so that one array holds both; a leaf is its
    own left child, has an infinite threshold and stays where it is. `roots` has one entry per tree.
    """

    feature: npt.NDArray[np.intp]
    threshold: Floats
    left: npt.NDArray[np.intp]
    value: Floats
    roots: npt.NDArray[np.intp]
    baseline: float
    depth: int


def forest_margins(forest: Forest, rows: Floats) -> Floats:
    """Return the log-odds of the positive class for each row."""
    n, width = rows.shape
    flat = np.ascontiguousarray(rows).ravel()
    offset = (np.arange(n) * width)[:, None]
    node = np.broadcast_to(forest.roots, (n, len(forest.roots)))
    for _ in range(forest.depth):
        # Every index is inside by construction; "clip" saves numpy from checking that first.
        at = forest.feature.take(node, mode="clip")
        at += offset
        goes_right = flat.take(at, mode="clip") > forest.threshold.take(node, mode="clip")
        node = forest.left.take(node, mode="clip") + goes_right
    total = forest.value.take(node).sum(axis=1)
    margins: Floats = total + np.float32(forest.baseline)
    return margins
