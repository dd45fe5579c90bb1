"""Turn a fitted scikit-learn booster into the flat arrays of `copydesk.cleaning.forest.Forest`."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from copydesk.cleaning.forest import Forest
from copydesk.text.arrays import Doubles, Floats


def forest_of(model: HistGradientBoostingClassifier) -> Forest:
    """Return the trees of a binary classifier, children laid side by side."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    deepest = 0
    for (tree,) in model._predictors:  # noqa: SLF001 -- scikit-learn has no public export of its trees
        nodes = tree.nodes
        roots.append(len(feature))
        place = {0: len(feature)}
        _add(feature, threshold, left, value)
        waiting = [0]
        deepest = max(deepest, int(nodes["depth"].max()))
        while waiting:
            at = waiting.pop(0)
            node = nodes[at]
            here = place[at]
            if node["is_leaf"]:
                left[here], value[here], threshold[here] = here, float(node["value"]), np.inf
                continue
            feature[here], threshold[here] = int(node["feature_idx"]), float(node["num_threshold"])
            left[here] = len(feature)
            for child in (int(node["left"]), int(node["right"])):
                place[child] = len(feature)
                _add(feature, threshold, left, value)
                waiting.append(child)
    return Forest(
        np.array(feature, dtype=np.intp),
        _rounded_down(np.array(threshold)),
        np.array(left, dtype=np.intp),
        np.array(value, dtype=np.float32),
        np.array(roots, dtype=np.intp),
        float(model._baseline_prediction.ravel()[0]),  # noqa: SLF001 -- as above
        deepest,
    )


def _add(*columns: list[int] | list[float]) -> None:
    for column in columns:
        column.append(0)


def _rounded_down(threshold: Doubles) -> Floats:
    """Return 32-bit thresholds not above the 64-bit ones: no row, 32-bit too, changes sides."""
    near = threshold.astype(np.float32)
    return np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)
