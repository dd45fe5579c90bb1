"""Behaviour of links: which spans are compared, and what is between them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copydesk.quotations.tagger.links import (
    GAP_STEPS,
    MAX_LINE_GAP,
    MAX_RANK,
    REACH,
    LinkWeights,
    Sides,
    answer_links,
    near_pairs,
    pair_looks,
)

EDGES = st.sets(st.integers(0, 300), max_size=40).map(sorted)


def spans_from(edges):
    return np.array(edges[: len(edges) // 2 * 2], dtype=np.int64).reshape(-1, 2)


def looks_between(asking, asked, line):
    return pair_looks(
        np.array([asking]), np.array([asked]), (np.array([0]), np.array([0])), np.array(line)
    )[0].tolist()


def test_what_is_between_counts_by_side():
    line = [0] * 6 + [1] * 6
    after = looks_between([0, 2], [4, 5], line)
    before = looks_between([4, 5], [0, 2], line)
    n_gaps, n_ranks = len(GAP_STEPS) + 1, MAX_RANK + 1
    assert after == [2 + n_gaps, MAX_LINE_GAP, n_ranks]
    assert before == [2, MAX_LINE_GAP, 0]
    assert looks_between([0, 2], [7, 8], line)[1] == MAX_LINE_GAP + 1


def test_spans_are_ranked_from_the_asking_one_on():
    asked = np.array([[0, 1], [2, 3], [6, 7], [8, 9]])
    pairs = near_pairs(np.array([[4, 5]]), asked)
    looks = pair_looks(np.array([[4, 5]]), asked, pairs, np.zeros(10, dtype=np.int64))
    n_ranks = MAX_RANK + 1
    assert looks[:, 2].tolist() == [1, 0, n_ranks, n_ranks + 1]


@given(EDGES, EDGES)
def test_each_span_is_compared_with_the_nearest_ones_only(asking, asked):
    left, right = spans_from(asking), spans_from(asked)
    pairs = near_pairs(left, right)
    assert len(pairs[0]) <= 2 * REACH * len(left)
    assert len(set(zip(*(side.tolist() for side in pairs), strict=True))) == len(pairs[0])


@given(EDGES, EDGES, st.integers(0, 99))
def test_the_answers_to_a_question_share_one_chance(asking, asked, seed):
    draw = np.random.default_rng(seed)
    tables = [draw.normal(size=(40, 4)), draw.normal(size=(7, 4)), draw.normal(size=(10, 4))]
    rows = [draw.normal(size=4), np.array(0.3), draw.normal(size=4), np.array(-0.2)]
    weights = LinkWeights(*tables, *rows)
    left, right = spans_from(asking), spans_from(asked)
    answers = answer_links(
        weights,
        np.zeros(301, dtype=np.int64),
        asking=Sides(left, draw.normal(size=(len(left), 8))),
        asked=Sides(right, draw.normal(size=(len(right), 8))),
    )
    chances = np.exp(answers.none)
    np.add.at(chances, answers.asking, np.exp(answers.likely))
    assert np.allclose(chances, 1.0)
