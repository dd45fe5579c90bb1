"""Behaviour of `text.arrays`: the steps on arrays that several parts share."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.arrays import MIX, UNMIX, pack, scramble, spread, sum_spans, unpack

INTS = st.integers(0, 2**31 - 1)
SIZES = st.lists(st.integers(0, 5), max_size=10)


@given(st.lists(st.tuples(INTS, INTS)))
def test_packed_columns_sort_like_the_columns_and_come_back(rows):
    high, low = (np.array([row[i] for row in rows], np.int32) for i in (0, 1))
    packed = pack(high, low)
    assert [tuple(map(int, row)) for row in zip(*unpack(np.sort(packed)), strict=True)] == sorted(
        rows
    )


@given(SIZES)
def test_spans_are_spread_into_their_places(sizes):
    begins = np.arange(len(sizes)) * 10
    expected = [begin + i for begin, size in zip(begins, sizes, strict=True) for i in range(size)]
    assert spread(begins, np.array(sizes, np.int64)).tolist() == expected


@given(SIZES)
def test_the_sum_of_a_span_is_the_sum_of_its_members(sizes):
    ends = np.cumsum(np.array(sizes, np.int64))
    begins = ends - np.array(sizes, np.int64)
    weights = np.arange(sum(sizes))
    expected = [sum(range(b, e)) for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]
    assert sum_spans(weights, begins, ends).tolist() == expected


def test_mixing_is_undone_by_its_inverse():
    assert (np.array([MIX]) * UNMIX).tolist() == [1]


@given(st.sets(INTS, min_size=1))
def test_scrambled_numbers_stay_apart(numbers):
    assert len(set(scramble(np.array(sorted(numbers))).tolist())) == len(numbers)
