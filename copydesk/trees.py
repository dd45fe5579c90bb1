"""Evaluate gradient-boosted trees with numpy alone.

The trees are five flat arrays, so that a model file needs neither pickle nor scikit-learn.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Forest(NamedTuple):
    """All trees of one model: node `i` asks whether column `feature[i]` is at most `threshold[i]`.

    The children of `i` are `left[i]` and `left[i] + 1`, so that one array holds both; a leaf is its
    own left child, has an infinite threshold and stays where it is. `roots` has one entry per tree.
    """

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int32]
    baseline: float
    depth: int


def forest_margins(forest: Forest, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the log-odds of the positive class for each row."""
    n, width = rows.shape
    flat = np.ascontiguousarray(rows).ravel()
    offset = (np.arange(n, dtype=np.int32) * width)[:, None]
    node = np.broadcast_to(forest.roots, (n, len(forest.roots)))
    for _ in range(forest.depth):
        column = forest.feature.take(node)
        asked = flat.take(column + offset)
        node = forest.left.take(node) + (asked > forest.threshold.take(node))
    margins: npt.NDArray[np.float32] = forest.value.take(node).sum(axis=1) + np.float32(
        forest.baseline
    )
    return margins
