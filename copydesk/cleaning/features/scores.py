"""Say what a trained model's word scores mean for a line, together with those around it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from copydesk.cleaning.features.columns import Expression, Expressions, express
from copydesk.cleaning.features.keys import STYLE_WORDS
from copydesk.cleaning.features.matrix import BESIDE, beside, column
from copydesk.cleaning.features.page import Page
from copydesk.cleaning.features.place import LONG_BESIDE, find_long_lines, nth_long
from copydesk.text.arrays import Doubles, Matrix, Numbers

WORD_SCORES = ("opening", "style", "talk")
WEIGHTY = "weighty"  # the opening score, where lines count by their words
TOPIC = "topic_share"  # counts by words too
MEANS = (*WORD_SCORES, WEIGHTY, TOPIC)
SPANS = ("back_6", "ahead_6", "so_far", "to_come", "around_2", "page")
MAX_WEIGHT = 60  # words; a line of more counts no more
MAX_LOGIT = 9


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of the lines of a page, their means over spans of lines, and its long lines."""

    scores: Mapping[str, Doubles]
    means: Mapping[tuple[str, str], Doubles]
    long_lines: Mapping[int, Numbers]


def _score(name: str) -> Expression[Scored]:
    return lambda page: page.scores[name]


def _mean(name: str, span: str) -> Expression[Scored]:
    return lambda page: page.means[name, span]


def _beside(name: str, offset: int) -> Expression[Scored]:
    return lambda page: beside(page.scores[name].astype(np.float32), offset)


def _of_long(name: str, offset: int) -> Expression[Scored]:
    return lambda page: nth_long(page.scores[name], page.long_lines[offset])


_SCORES: Expressions[Scored] = {
    **{name: _score(name) for name in WORD_SCORES},
    **{f"opening[{offset:+d}]": _beside("opening", offset) for offset in BESIDE},
    **{f"{name}_{span}": _mean(name, span) for name in (*WORD_SCORES, WEIGHTY) for span in SPANS},
    TOPIC: _score(TOPIC),
    **{f"{TOPIC}_{span}": _mean(TOPIC, span) for span in ("around_2", "back_6", "ahead_6")},
    **{
        f"{name}_long{offset:+d}": _of_long(name, offset)
        for name in (*WORD_SCORES, TOPIC)
        for offset in LONG_BESIDE
    },
}
SCORE_COLUMNS = tuple(_SCORES)


def score_columns(page: Page, rows: Matrix, scores: Matrix) -> Matrix:
    """Return what the word scores (opening, style, talk) say of each line and the lines around it.

    Means run over the six lines back and ahead, from the page's start, to its end, over five lines,
    and over the whole page. The topic of the page is the content of the lines whose scores leave no
    doubt that they are copy.
    """
    if not len(scores):
        return np.zeros((0, len(SCORE_COLUMNS)), dtype=np.float32)
    by_name = dict(zip(WORD_SCORES, scores.T.astype(np.float64), strict=True))
    by_name[TOPIC] = _topic_shares(page, rows, scores)
    scored = Scored(
        scores=by_name,
        means=_average(by_name, column(rows, "n_words")),
        long_lines=find_long_lines(column(rows, "is_long") > 0),
    )
    return np.array(list(express(_SCORES, scored).values())).T


def _average(scores: Mapping[str, Doubles], n_words: Matrix) -> dict[tuple[str, str], Doubles]:
    """Return the weighted mean of each of `MEANS` over each of `SPANS`."""
    n = len(n_words)
    words = np.minimum(n_words, MAX_WEIGHT).astype(np.float64)
    is_styled = (n_words >= STYLE_WORDS).astype(np.float64)
    weights = np.stack([np.ones(n), is_styled, is_styled, words, words])
    counted = [*(scores[name] for name in WORD_SCORES), scores["opening"]]
    values = np.stack([*counted, np.maximum(scores[TOPIC], 0)]) * weights
    sums = np.cumsum(np.hstack([np.zeros((10, 1)), np.vstack([values, weights])]), axis=1)
    means: dict[tuple[str, str], Doubles] = {}
    for span, (begins, ends) in zip(SPANS, _bound_spans(n), strict=True):
        total = sums[:, ends] - sums[:, begins]
        of_span = total[: len(MEANS)] / np.maximum(total[len(MEANS) :], 1e-6)
        means |= {(name, span): of_span[i] for i, name in enumerate(MEANS)}
    return means


def _bound_spans(n: int) -> list[tuple[Numbers, Numbers]]:
    """Return where each of `SPANS` begins and ends for each of `n` lines."""
    at = np.arange(n)
    start, end = np.zeros(n, dtype=np.int64), np.full(n, n)
    return [
        (np.maximum(at - 6, 0), at + 1),
        (at, np.minimum(at + 7, n)),
        (start, at + 1),
        (at, end),
        (np.maximum(at - 2, 0), np.minimum(at + 3, n)),
        (start, end),
    ]


def _topic_shares(page: Page, rows: Matrix, scores: Matrix) -> Doubles:
    """Return the share of each line's content that sure copy elsewhere on the page has."""
    n = len(page.lines)
    is_sentence = column(rows, "is_sentence") > 0
    logits = np.clip(scores[:, :2].sum(axis=1), -MAX_LOGIT, MAX_LOGIT)
    sure = is_sentence / (1.0 + np.exp(-logits.astype(np.float64)))
    lines, words = page.content
    said = np.bincount(words, weights=sure[lines], minlength=len(page.vocabulary))
    elsewhere = np.minimum(said[words] - sure[lines], 1.0)
    count = np.bincount(lines, minlength=n)
    share = np.bincount(lines, weights=elsewhere, minlength=n) / np.maximum(1, count)
    return np.where(count > 0, share, -1.0)
