"""Score the lines of a page: how likely each is copy, and which one is the headline.

Two linear models score a line's words; a forest of boosted trees weighs those scores with what
the line looks like, where it stands and what it repeats. The weights are one `.npz` file, read
without pickle; `copydesk.training.lines` makes it, `models/lines.md` is its card.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from copydesk.line_features import (
    COLUMNS,
    Matrix,
    Page,
    page_matrix,
    read_page,
    score_columns,
    style_keys,
    word_keys,
)
from copydesk.trees import Forest, forest_margins

KEEP_SCORE = (
    0.42  # a lost line of copy costs more than a kept menu line; cross-validated over sites
)
RELATIVE_SCORE = 0.5  # of the page's surest line: a page of doubtful lines keeps the best of them
SURE_WORDS = 8  # the surest line has at least this many words
HEADLINE_BEFORE = 30  # lines above the start of the body that may be the headline
HEADLINE_AFTER = 4  # and below it: an image may stand between
HEADLINE_WORDS = 40
HEADLINE_SCORE = 0.6  # below it no line is the headline; set on pages of sources never trained on


class LinearModel(NamedTuple):
    """Weights of words; a line's score is their sum over the root of their number."""

    weights: Mapping[str, float]
    intercept: float


class LineModel(NamedTuple):
    """All that the lines of a page are scored with."""

    opening: LinearModel
    style: LinearModel
    copy: Forest
    headline: Forest


class LineScores(NamedTuple):
    """What the model says of a page: copy or not and how surely, line by line; its headline."""

    is_copy: list[bool]
    copy_score: list[float]
    headline: int | None


@cache
def load_line_model() -> LineModel:
    """Return the shipped model, loaded once per process."""
    with as_file(files("copydesk.models") / "lines.npz") as path:
        return read_line_model(path)


def score_lines(lines: Sequence[str]) -> LineScores:
    """Return the scores of the lines of one page, given in reading order without blank ones."""
    if not lines:
        return LineScores([], [], None)
    model = load_line_model()
    page = read_page(lines)
    rows = page_rows(page, opening=model.opening, style=model.style)
    scores = _probabilities(forest_margins(model.copy, rows))
    is_copy = scores >= keep_threshold(page, scores)
    return LineScores(is_copy.tolist(), scores.tolist(), _headline_of(model.headline, rows))


def page_rows(page: Page, *, opening: LinearModel, style: LinearModel) -> Matrix:
    """Return the columns both forests read, one row per line."""
    scores = np.array(
        [
            (_score(opening, word_keys(words)), _score(style, style_keys(words)))
            for words in page.words
        ],
        dtype=np.float32,
    )
    return np.hstack([page_matrix(page), score_columns(page, scores)])


def keep_threshold(page: Page, scores: npt.NDArray[np.float32]) -> float:
    """Return the score from which the lines of this page are copy."""
    sure = [
        score for words, score in zip(page.words, scores, strict=True) if len(words) >= SURE_WORDS
    ]
    return min(KEEP_SCORE, RELATIVE_SCORE * float(max(sure, default=1.0)))


def headline_candidates(rows: Matrix) -> npt.NDArray[np.bool_]:
    """Return which lines could be the headline: of some words, near the start of the body."""
    from_body = rows[:, COLUMNS.index("to_block_start")]
    n_words = rows[:, COLUMNS.index("n_words")]
    near = (from_body >= -HEADLINE_BEFORE) & (from_body <= HEADLINE_AFTER)
    is_stamp = (rows[:, COLUMNS.index("clock")] > 0) | (rows[:, COLUMNS.index("link")] > 0)
    return near & ~is_stamp & (n_words > 1) & (n_words <= HEADLINE_WORDS)


def read_line_model(path: Path) -> LineModel:
    """Return the model stored at `path`."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return LineModel(
        _read_linear(arrays, "opening"),
        _read_linear(arrays, "style"),
        _read_forest(arrays, "copy"),
        _read_forest(arrays, "headline"),
    )


def write_line_model(path: Path, model: LineModel) -> None:
    """Write the model as one compressed `.npz`; the same model gives the same arrays."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, linear in (("opening", model.opening), ("style", model.style)):
        keys = sorted(linear.weights)
        arrays[f"{name}_keys"] = np.frombuffer("\n".join(keys).encode(), dtype=np.uint8)
        arrays[f"{name}_weights"] = np.array([linear.weights[k] for k in keys], dtype=np.float32)
        arrays[f"{name}_intercept"] = np.array(linear.intercept)
    for name, forest in (("copy", model.copy), ("headline", model.headline)):
        arrays |= {
            f"{name}_{field}": np.asarray(value) for field, value in forest._asdict().items()
        }
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, allow_pickle=False, **arrays)
    draft.replace(path)


def _score(model: LinearModel, keys: Sequence[str]) -> float:
    found = [weight for weight in map(model.weights.get, keys) if weight is not None]
    if not found:
        return 0.0
    return model.intercept + sum(found) / math.sqrt(len(found))


def _headline_of(forest: Forest, rows: Matrix) -> int | None:
    candidates = np.flatnonzero(headline_candidates(rows))
    if not len(candidates):
        return None
    scores = _probabilities(forest_margins(forest, rows[candidates]))
    best = int(np.argmax(scores))
    return int(candidates[best]) if scores[best] >= HEADLINE_SCORE else None


def _probabilities(margins: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.reciprocal(1.0 + np.exp(-margins)).astype(np.float32)


def _read_linear(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> LinearModel:
    keys = arrays[f"{name}_keys"].tobytes().decode().split("\n")
    weights = arrays[f"{name}_weights"].tolist()
    return LinearModel(dict(zip(keys, weights, strict=True)), float(arrays[f"{name}_intercept"]))


def _read_forest(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Forest:
    return Forest(
        feature=arrays[f"{name}_feature"].astype(np.int16),
        threshold=arrays[f"{name}_threshold"].astype(np.float32),
        left=arrays[f"{name}_left"].astype(np.int32),
        value=arrays[f"{name}_value"].astype(np.float32),
        roots=arrays[f"{name}_roots"].astype(np.int32),
        baseline=float(arrays[f"{name}_baseline"].item()),
        depth=int(arrays[f"{name}_depth"].item()),
    )
