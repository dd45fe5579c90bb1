"""Behaviour of the fit of confidence: shares come out as shares, and what counts as right."""

import numpy as np
import pytest

from copydesk.quotations.tagger.labels import Role
from copydesk.quotations.tagger.tagger import Linked, Reading, Tagged
from copydesk.training.quotes.confidence import fit_logistic, judge
from copydesk.training.quotes.examples import Quotation, WordSpan

CUE = WordSpan(20, 21)


def spans(*pairs):
    return Tagged(np.array(pairs, dtype=np.int64).reshape(-1, 2), np.ones(len(pairs)))


def reading(contents, source):
    tagged = {
        Role.CONTENT: spans(*contents),
        Role.CUE: spans(CUE),
        Role.SOURCE: spans(*([source] if source else [])),
    }
    linked = Linked(tuple(range(len(contents))), 0, 0 if source else None, ())
    return Reading(np.zeros((30, 2), dtype=np.int64), tagged, [linked])


def test_a_share_of_right_ones_comes_out_as_that_share():
    evidence = np.repeat([[0.0], [1.0]], 500, axis=0)
    answers = np.arange(1000) % 5 < np.repeat([1, 4], 500)
    weights = fit_logistic(evidence, answers)
    chances = 1 / (1 + np.exp(-(weights[0] + evidence[:, 0] * weights[1])))
    assert chances[0] == pytest.approx(0.2, abs=0.01)
    assert chances[-1] == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(
    ("contents", "source", "is_right"),
    [
        ([(0, 8)], (21, 23), True),
        ([(0, 4)], (22, 23), True),
        ([(5, 17)], (21, 23), False),
        ([(0, 8)], (24, 26), False),
        ([(0, 8)], None, False),
        ([(0, 3), (4, 8)], (21, 23), True),
    ],
    ids=["same", "part", "mostly other words", "other source", "no source", "two parts"],
)
def test_a_quotation_is_right_if_half_its_words_and_its_source_are(contents, source, is_right):
    gold = Quotation((WordSpan(0, 8),), CUE, WordSpan(21, 23))
    assert judge(reading(contents, source), [gold]) == [is_right]


def test_without_a_source_in_gold_none_is_right():
    gold = Quotation((WordSpan(0, 8),), CUE, None)
    assert judge(reading([(0, 8)], None), [gold]) == [True]
    assert judge(reading([(0, 8)], (21, 23)), [gold]) == [False]
    assert judge(reading([(0, 8)], None), []) == [False]
