"""Name the labels of words, and find the best path through them.

A word begins, continues, ends or is the whole of a content, a cue or a source, or is outside. Each
line is labelled by itself: no span crosses a line end.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Role(StrEnum):
    """What a span is in a quotation."""

    CONTENT = "content"
    CUE = "cue"
    SOURCE = "source"


LABELS: tuple[tuple[Role | None, str], ...] = (
    (None, "O"),
    *((role, part) for role in Role for part in "BIES"),
)
FORBIDDEN = -1e4  # the score of what is impossible
TINY = 1e-300

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Transitions(NamedTuple):
    """What it costs to open a line with a label, to follow one with another, to end with one."""

    first: Floats
    between: Floats
    last: Floats


def _continues(part: str) -> bool:
    return part in "BI"


def possible_transitions() -> Transitions:
    """Return 0 for what may be and `FORBIDDEN` for what may not."""
    first = [FORBIDDEN if part in "IE" else 0.0 for _, part in LABELS]
    last = [FORBIDDEN if _continues(part) else 0.0 for _, part in LABELS]
    between = [
        [
            0.0
            if (part in "IE" and role is before if _continues(last_part) else part in "OBS")
            else FORBIDDEN
            for role, part in LABELS
        ]
        for before, last_part in LABELS
    ]
    return Transitions(*(np.array(table, dtype=np.float32) for table in (first, between, last)))


class Marginals(NamedTuple):
    """What a chain says of lines of words, padded at the end; zeros where there is no word.

    `steps` is how often each label follows each other one, summed over all lines.
    """

    log_totals: npt.NDArray[np.float64]
    labels: npt.NDArray[np.float64]
    steps: npt.NDArray[np.float64]


def sum_paths(scores: Floats, lengths: Numbers, transitions: Transitions) -> Marginals:
    """Return how likely each word has each label; lines come with the longest first.

    `scores` has a row per line, then per word, then per label. Forward and backward sums, scaled
    to 1 at each word.
    """
    n_lines, longest, n_labels = scores.shape
    totals = with_line_ends(scores, lengths, transitions)
    tops = totals.max(axis=2, keepdims=True)
    weights = np.exp(totals - tops)
    steps = np.exp(transitions.between.astype(np.float64))
    n_live = np.searchsorted(-lengths, -np.arange(longest), side="left")
    forward, backward = np.zeros_like(weights), np.zeros_like(weights)
    scales = np.ones((n_lines, longest))
    for i, n in enumerate(n_live.tolist()):
        before = forward[:n, i - 1] @ steps if i else 1.0
        forward[:n, i] = before * weights[:n, i]
        scales[:n, i] = np.maximum(forward[:n, i].sum(axis=1), TINY)
        forward[:n, i] /= scales[:n, i, None]
    backward[np.arange(n_lines), lengths - 1] = 1.0
    for i in range(longest - 1, 0, -1):
        n = int(n_live[i])
        after = weights[:n, i] * backward[:n, i] / scales[:n, i, None]
        backward[:n, i - 1] += after @ steps.T
    is_word = np.arange(longest) < lengths[:, None]
    inner = (weights * backward / scales[:, :, None])[:, 1:] * is_word[:, 1:, None]
    pairs = forward[:, :-1].reshape(-1, n_labels).T @ inner.reshape(-1, n_labels)
    log_totals = ((np.log(scales) + tops[:, :, 0]) * is_word).sum(axis=1)
    return Marginals(log_totals, forward * backward, pairs * steps)


def best_paths(scores: Floats, lengths: Numbers, transitions: Transitions) -> Numbers:
    """Return the labels of the best path through each line; lines come with the longest first."""
    n_lines, longest, n_labels = scores.shape
    totals = with_line_ends(scores, lengths, transitions)
    n_live = np.searchsorted(-lengths, -np.arange(longest), side="left")
    came_from = np.zeros((n_lines, longest, n_labels), dtype=np.int8)
    best = totals[:, 0].copy()
    for i in range(1, longest):
        n = int(n_live[i])
        ways = best[:n, :, None] + transitions.between
        came_from[:n, i] = ways.argmax(axis=1)
        best[:n] = ways.max(axis=1) + totals[:n, i]
    labels = np.zeros((n_lines, longest), dtype=np.int64)
    label = best.argmax(axis=1)
    for i in range(longest - 1, -1, -1):
        n = int(n_live[i])
        labels[:n, i] = label[:n]
        label[:n] = came_from[np.arange(n), i, label[:n]]
    return labels


def with_line_ends(
    scores: Floats, lengths: Numbers, transitions: Transitions
) -> npt.NDArray[np.float64]:
    """Return the scores, with those of opening and ending a line added to its edges."""
    totals = scores.astype(np.float64)
    totals[:, 0] += transitions.first
    totals[np.arange(len(lengths)), lengths - 1] += transitions.last
    return totals
