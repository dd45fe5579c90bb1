"""Fit how sure the quotation tagger may be, on articles that it was not trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotations.tagger.labels import Role
from copydesk.quotations.tagger.tagger import N_EVIDENCE, Reading, read_tagger_model, read_text
from copydesk.text.quote_marks import find_quoted
from copydesk.training.quotes.examples import GoldRow, Quotation, make_example

N_STEPS = 30
STRENGTH = 1.0  # of the pull towards 0
MIN_SHARE = 0.5  # of the words of the shorter content: then two contents are the same quotation

Doubles = npt.NDArray[np.float64]


def fit_confidence(
    models: Path, rows: Sequence[GoldRow], *, language: Language = ENGLISH
) -> Doubles:
    """Return an intercept and the weight of each piece of evidence."""
    model = read_tagger_model(models, language=language)
    evidence: list[Sequence[float]] = []
    is_right: list[bool] = []
    for row in rows:
        example = make_example(row, language=language)
        reading = read_text(row["text"], find_quoted(row["text"]), model)
        evidence += [linked.evidence for linked in reading.linked]
        is_right += judge(reading, example.quotations)
    return fit_logistic(np.array(evidence).reshape(-1, N_EVIDENCE), np.array(is_right))


def judge(reading: Reading, gold: Sequence[Quotation]) -> list[bool]:
    """Return which quotations have a partner in gold, with a source that overlaps its source."""
    words = [(set(_words(q.content)), set(_words([q.source] if q.source else []))) for q in gold]
    verdicts = []
    for linked in reading.linked:
        said = set(_words(reading.tagged[Role.CONTENT].spans[list(linked.contents)]))
        source = set[int]()
        if linked.source is not None:
            source = set(_words(reading.tagged[Role.SOURCE].spans[[linked.source]]))
        best = max(words, key=lambda pair: len(said & pair[0]), default=(set[int](), set[int]()))
        is_same = len(said & best[0]) >= MIN_SHARE * min(len(said), len(best[0]) or 1)
        is_attributed = bool(source & best[1]) if best[1] else not source
        verdicts.append(is_same and bool(best[0]) and is_attributed)
    return verdicts


def _words(spans: Sequence[Sequence[int]] | npt.NDArray[np.int64]) -> list[int]:
    return [word for start, end in spans for word in range(start, end)]


def fit_logistic(columns: Doubles, answers: npt.NDArray[np.bool_]) -> Doubles:
    """Return the weights of a logistic regression, the intercept first (Newton's method)."""
    table = np.hstack([np.ones((len(columns), 1)), columns])
    pull = STRENGTH * np.eye(table.shape[1])
    pull[0, 0] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(N_STEPS):
        chances = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (chances - answers) + pull @ weights
        bend = (table * (chances * (1 - chances))[:, None]).T @ table + pull
        weights -= np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope)
    return weights
