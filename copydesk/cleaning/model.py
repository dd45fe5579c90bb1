"""Score the lines of a page: how likely each is copy, and which one is the headline.

Three linear models score a line's words: how it opens, the style of copy, the prose of news against
the talk of readers. A forest of boosted trees weighs those scores with what the line looks like,
where it is and what it repeats. The weights are one `.npz` file, read without pickle;
`copydesk.training.lines` makes it, and `lines.md` is its card.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from copydesk.cleaning.features.keys import Keys, number_words, opening_keys, style_keys
from copydesk.cleaning.features.matrix import column, page_matrix
from copydesk.cleaning.features.page import Page, read_page
from copydesk.cleaning.features.scores import score_columns
from copydesk.cleaning.forest import Forest, forest_margins
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.models import verify_file
from copydesk.text.arrays import Flags, Floats, Matrix, Numbers

# A lost line of copy costs more than a kept menu line: 2 % of its words are lost, cross-validated.
KEEP_SCORE = 0.38
RELATIVE_SCORE = 0.5  # of the page's surest line: a page of doubtful lines keeps the best of them
SURE_WORDS = 8  # the surest line has at least this many words
HEADLINE_BEFORE = 30  # lines above the start of the body that may be the headline
HEADLINE_AFTER = 4  # and below it: an image may come between
HEADLINE_WORDS = 40
HEADLINE_SCORE = 0.55  # below it no line is the headline; set on pages of sources never trained on


class LinearModel(NamedTuple):
    """Weights of keys, in the order of the keys; a line's score is their sum over the root of n."""

    keys: Numbers
    weights: Floats
    intercept: float


class Known(NamedTuple):
    """Keys of a page, by the line that each is of and its place among those of a model."""

    lines: Numbers
    at: Numbers


class LineModel(NamedTuple):
    """All that the lines of a page are scored with; `words` numbers the words in the keys.

    `style` and `talk` have the same keys, with weights of their own.
    """

    words: Mapping[str, int]
    opening: LinearModel
    style: LinearModel
    talk: LinearModel
    copy: Forest
    headline: Forest


class LineScores(NamedTuple):
    """What the model says of a page: copy or not and how surely, line by line; its headline."""

    is_copy: list[bool]
    copy_score: list[float]
    headline: int | None


@cache
def load_line_model(language: Language) -> LineModel:
    """Return the shipped model of a language, loaded once per process."""
    with as_file(files(language.line_model) / "lines.npz") as path:
        verify_file(path, package=language.line_model)
        return read_line_model(path)


def score_lines(lines: Sequence[str], *, language: Language = ENGLISH) -> LineScores:
    """Return the scores of the lines of one page, given in reading order, none of them empty."""
    if not lines:
        return LineScores([], [], None)
    model = load_line_model(language)
    page = read_page(lines, language=language)
    rows = page_rows(page, model)
    scores = _probabilities(forest_margins(model.copy, rows))
    is_copy = scores >= keep_threshold(page, scores)
    return LineScores(is_copy.tolist(), scores.tolist(), _headline_of(model.headline, rows))


def page_rows(page: Page, model: LineModel) -> Matrix:
    """Return the columns both forests read, one row per line."""
    numbered = number_words(page, model.words)
    opening = find_known(model.opening, opening_keys(page, numbered))
    style = find_known(model.style, style_keys(page, numbered))
    asked = ((model.opening, opening), (model.style, style), (model.talk, style))
    scores = np.stack([linear_scores(*pair, n_lines=len(page.lines)) for pair in asked], axis=1)
    rows = page_matrix(page)
    return np.hstack([rows, score_columns(page, rows, scores)])


def find_known(model: LinearModel, found: Keys) -> Known:
    """Return the keys found on a page that a model has weights for."""
    lines, keys = found
    at = np.minimum(np.searchsorted(model.keys, keys), len(model.keys) - 1)
    is_known = model.keys[at] == keys
    return Known(lines[is_known], at[is_known])


def linear_scores(model: LinearModel, known: Known, *, n_lines: int) -> Floats:
    """Return the score of each line by the known keys of a page; 0 where there is none."""
    lines, at = known
    count = np.bincount(lines, minlength=n_lines)
    total = np.bincount(lines, weights=model.weights[at], minlength=n_lines)
    scores = np.where(count > 0, model.intercept + total / np.sqrt(np.maximum(count, 1)), 0.0)
    return scores.astype(np.float32)


def keep_threshold(page: Page, scores: Floats) -> float:
    """Return the score from which the lines of this page are copy."""
    sure = scores[np.diff(page.word_starts) >= SURE_WORDS]
    surest = float(sure.max()) if len(sure) else 1.0
    return min(KEEP_SCORE, RELATIVE_SCORE * surest)


def headline_candidates(rows: Matrix) -> Flags:
    """Return which lines could be the headline: of some words, near the start of the body."""
    from_body = column(rows, "to_block_start")
    n_words = column(rows, "n_words")
    near = (from_body >= -HEADLINE_BEFORE) & (from_body <= HEADLINE_AFTER)
    is_stamp = (column(rows, "clock") > 0) | (column(rows, "link") > 0)
    return near & ~is_stamp & (n_words > 1) & (n_words <= HEADLINE_WORDS)


def read_line_model(path: Path) -> LineModel:
    """Return the model stored at `path`."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    words = arrays["words"].tobytes().decode().split("\n")
    return LineModel(
        {word: number for number, word in enumerate(words, start=1)},
        _read_linear(arrays, "opening"),
        _read_linear(arrays, "style"),
        _read_linear(arrays, "talk"),
        _read_forest(arrays, "copy"),
        _read_forest(arrays, "headline"),
    )


def write_line_model(path: Path, model: LineModel) -> None:
    """Write the model as one compressed `.npz`; the same model gives the same arrays."""
    words = sorted(model.words, key=model.words.__getitem__)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    }
    for name, linear in (
        ("opening", model.opening),
        ("style", model.style),
        ("talk", model.talk),
    ):
        arrays[f"{name}_keys"] = linear.keys
        arrays[f"{name}_weights"] = linear.weights
        arrays[f"{name}_intercept"] = np.array(linear.intercept)
    for name, forest in (("copy", model.copy), ("headline", model.headline)):
        arrays |= {
            f"{name}_{field}": _narrowed(np.asarray(value))
            for field, value in forest._asdict().items()
        }
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, allow_pickle=False, **arrays)
    draft.replace(path)


def _narrowed(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return values.astype(np.int32) if values.dtype == np.intp else values


def _headline_of(forest: Forest, rows: Matrix) -> int | None:
    candidates = np.flatnonzero(headline_candidates(rows))
    if not len(candidates):
        return None
    scores = _probabilities(forest_margins(forest, rows[candidates]))
    best = int(np.argmax(scores))
    return int(candidates[best]) if scores[best] >= HEADLINE_SCORE else None


def _probabilities(margins: Floats) -> Floats:
    return np.reciprocal(1.0 + np.exp(-margins)).astype(np.float32)


def _read_linear(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> LinearModel:
    return LinearModel(
        arrays[f"{name}_keys"].astype(np.int64),
        arrays[f"{name}_weights"].astype(np.float32),
        float(arrays[f"{name}_intercept"].item()),
    )


def _read_forest(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Forest:
    return Forest(
        feature=arrays[f"{name}_feature"].astype(np.intp),
        threshold=arrays[f"{name}_threshold"].astype(np.float32),
        left=arrays[f"{name}_left"].astype(np.intp),
        value=arrays[f"{name}_value"].astype(np.float32),
        roots=arrays[f"{name}_roots"].astype(np.intp),
        baseline=float(arrays[f"{name}_baseline"].item()),
        depth=int(arrays[f"{name}_depth"].item()),
    )
