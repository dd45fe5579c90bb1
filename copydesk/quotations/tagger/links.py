"""Score which spans belong together: content to cue, cue and content to source.

A small network over the states of the words at the edges and in the middle of both spans, and over
what is between them. Only spans near each other are compared, so that the work grows with the text
and not with its square.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

# Words between two spans fall into these classes, on either side.
GAP_STEPS = np.array([1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 45, 70, 110], dtype=np.int64)
N_GAPS = 2 * (len(GAP_STEPS) + 1)
MAX_LINE_GAP = 3
N_LINE_GAPS = 2 * MAX_LINE_GAP + 1
MAX_RANK = 4  # spans of the kind asked for that are between, on either side
N_RANKS = 2 * (MAX_RANK + 1)
REACH = 8  # spans of the kind asked for that are asked about, on either side


class LinkWeights(NamedTuple):
    """The weights of one kind of link, but for those that the spans are projected with."""

    gaps: Floats
    line_gaps: Floats
    ranks: Floats
    weigh: Floats
    weigh_bias: Floats
    none: Floats
    none_bias: Floats


class Sides(NamedTuple):
    """Spans in words, in the order of the text, and their projections for one kind of link."""

    spans: Numbers
    projected: Floats


class Answers(NamedTuple):
    """The pairs asked about and the log likelihood of each; and that of none, per asking span."""

    asking: Numbers
    asked: Numbers
    likely: Floats
    none: Floats


def near_pairs(asking: Numbers, asked: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers of spans to compare; both kinds come in the order of the text."""
    at = np.searchsorted(asked[:, 0], asking[:, 0])[:, None]
    near = at + np.arange(-REACH, REACH)
    left = np.broadcast_to(np.arange(len(asking))[:, None], near.shape)
    is_span = (near >= 0) & (near < len(asked))
    return left[is_span], near[is_span]


def pair_looks(
    asking: Numbers, asked: Numbers, pairs: tuple[Numbers, Numbers], line: Numbers
) -> Numbers:
    """Return for each pair the classes of the words, lines and asked spans between its two.

    Spans are rows of start and end in the order of the text; `line` gives the line of each word.
    """
    left, right = asking[pairs[0]], asked[pairs[1]]
    is_after = right[:, 0] >= left[:, 0]
    between = np.where(is_after, right[:, 0] - left[:, 1], left[:, 0] - right[:, 1])
    gap = np.searchsorted(GAP_STEPS, np.maximum(between, 0), side="right")
    lines = line[right[:, 0]] - line[left[:, 0]]
    at = np.searchsorted(asked[:, 0], left[:, 0])
    rank = np.where(is_after, pairs[1] - at, at - 1 - pairs[1])
    return np.stack(
        [
            gap + is_after * (len(GAP_STEPS) + 1),
            np.clip(lines, -MAX_LINE_GAP, MAX_LINE_GAP) + MAX_LINE_GAP,
            np.minimum(rank, MAX_RANK) + is_after * (MAX_RANK + 1),
        ],
        axis=1,
    )


def answer_links(weights: LinkWeights, line: Numbers, *, asking: Sides, asked: Sides) -> Answers:
    """Return how likely each span belongs to each near span of the other kind, or to none."""
    pairs = near_pairs(asking.spans, asked.spans)
    looks = pair_looks(asking.spans, asked.spans, pairs, line)
    left, left_product = np.split(asking.projected, 2, axis=1)
    right, right_product = np.split(asked.projected, 2, axis=1)
    place = weights.gaps[looks[:, 0]] + weights.line_gaps[looks[:, 1]] + weights.ranks[looks[:, 2]]
    sums = np.maximum(left[pairs[0]] + right[pairs[1]] + place, 0.0)
    products = (left_product[pairs[0]] * right_product[pairs[1]]).sum(axis=1)
    scores = (sums * weights.weigh).sum(axis=1) + products / np.sqrt(left.shape[1])
    scores += weights.weigh_bias
    none = (np.maximum(left, 0.0) * weights.none).sum(axis=1) + weights.none_bias
    top = none.copy()
    np.maximum.at(top, pairs[0], scores)
    total = np.exp(none - top)
    np.add.at(total, pairs[0], np.exp(scores - top[pairs[0]]))
    norm = top + np.log(total)
    return Answers(*pairs, scores - norm[pairs[0]], none - norm)


def span_states(states: Floats, spans: Numbers) -> Floats:
    """Return first, last and mean state of each span of words."""
    parts = [
        np.concatenate([states[start], states[end - 1], states[start:end].mean(axis=0)])
        for start, end in spans.tolist()
    ]
    return np.array(parts, dtype=np.float32).reshape(len(parts), 3 * states.shape[1])


def read_link_weights(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> LinkWeights:
    """Return the weights stored under `name`."""
    fields = (arrays[f"{name}_{field}"].astype(np.float32) for field in LinkWeights._fields)
    return LinkWeights(*fields)
