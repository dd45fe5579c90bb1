"""Behaviour of label paths: what may follow what, and how likely each label is."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.quotations.tagger.labels import (
    LABELS,
    Role,
    Transitions,
    best_paths,
    possible_transitions,
    sum_paths,
)

LENGTHS = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(sorted)


def drawn(seed, lengths):
    draw = np.random.default_rng(seed)
    barred = possible_transitions()
    tables = (table + draw.normal(size=table.shape).astype(np.float32) for table in barred)
    scores = draw.normal(size=(len(lengths), max(lengths), len(LABELS))).astype(np.float32)
    return scores, np.array(sorted(lengths, reverse=True)), Transitions(*tables)


def all_paths(scores, transitions):
    """Every path through one line and its score."""
    found = {}
    for path in product(range(len(LABELS)), repeat=len(scores)):
        total = transitions.first[path[0]] + transitions.last[path[-1]]
        total += sum(scores[i][label] for i, label in enumerate(path))
        total += sum(transitions.between[a][b] for a, b in pairwise(path))
        found[path] = float(total)
    return found


def label(part, role=Role.CONTENT):
    return LABELS.index((None, "O") if part == "O" else (role, part))


@pytest.mark.parametrize(
    ("path", "is_possible"),
    [
        ("O", True),
        ("S", True),
        ("BE", True),
        ("BIIE", True),
        ("SS", True),
        ("EB", False),
        ("OBEOS", True),
        ("B", False),
        ("I", False),
        ("OE", False),
        ("BO", False),
        ("BS", False),
        ("BIO", False),
    ],
)
def test_a_span_begins_before_it_continues_and_ends_before_the_line_does(path, is_possible):
    tables = possible_transitions()
    labels = [label(part) for part in path]
    total = tables.first[labels[0]] + tables.last[labels[-1]]
    total += sum(tables.between[a][b] for a, b in pairwise(labels))
    assert (total == 0) == is_possible


def test_a_span_keeps_its_role():
    between = possible_transitions().between
    assert between[label("B"), label("E", Role.CUE)] < 0
    assert between[label("E"), label("B", Role.CUE)] == 0


@pytest.mark.parametrize("seed", range(5))
def test_sums_and_best_path_are_those_of_all_paths_written_out(seed):
    lengths = [4, 2, 1]
    scores, lengths, transitions = drawn(seed, lengths)
    sums = sum_paths(scores, lengths, transitions)
    best = best_paths(scores, lengths, transitions)
    for line, length in enumerate(lengths):
        paths = all_paths(scores[line, :length], transitions)
        weights = np.exp(np.array(list(paths.values())))
        assert sums.log_totals[line] == pytest.approx(np.log(weights.sum()), abs=1e-4)
        assert tuple(best[line, :length]) == max(paths, key=paths.__getitem__)
        for i in range(length):
            is_outside = np.array([path[i] == 0 for path in paths])
            share = weights[is_outside].sum() / weights.sum()
            assert sums.labels[line, i, 0] == pytest.approx(share, abs=1e-6)


@given(st.integers(0, 10_000), LENGTHS)
def test_every_word_has_one_label_and_padding_none(seed, lengths):
    scores, lengths, transitions = drawn(seed, lengths)
    sums = sum_paths(scores, lengths, transitions)
    for line, length in enumerate(lengths):
        assert sums.labels[line, :length].sum(axis=1) == pytest.approx(1.0)
        assert not sums.labels[line, length:].any()
    assert sums.steps.sum() == pytest.approx(sum(lengths) - len(lengths))


def test_a_very_long_line_neither_overflows_nor_vanishes():
    scores, lengths, transitions = drawn(0, [5000])
    sums = sum_paths(scores * 20, lengths, transitions)
    assert np.isfinite(sums.log_totals).all()
    assert sums.labels.sum(axis=2) == pytest.approx(1.0)
