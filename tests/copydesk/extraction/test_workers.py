"""Behaviour of `extraction.workers`: the same results in the same order, however many there are."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.extraction.workers import cut_batches, map_batches


@given(st.lists(st.integers()), st.integers(1, 10))
def test_batches_hold_all_items_in_their_order(items, batch_size):
    batches = list(cut_batches(items, batch_size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == batch_size for batch in batches[:-1])
    assert all(batches)


def test_batches_are_cut_as_they_are_asked_for():
    endless = iter(int, 1)
    assert next(cut_batches(endless, 3)) == [0, 0, 0]


@given(st.lists(st.integers()), st.integers(1, 10))
def test_a_function_sees_each_batch_once(items, batch_size):
    found = map_batches(list, items, batch_size=batch_size, n_workers=1)
    assert [item for batch in found for item in batch] == items


def test_one_worker_is_this_process_and_waits_to_be_asked():
    seen = []

    def note(batch):
        seen.append(os.getpid())
        return sum(batch)

    found = map_batches(note, range(6), batch_size=2, n_workers=1)
    assert seen == []
    assert list(found) == [1, 5, 9]
    assert set(seen) == {os.getpid()}


@pytest.mark.model
def test_two_workers_give_what_one_gives():
    results = [
        list(map_batches(sum, range(100), batch_size=3, n_workers=n_workers))
        for n_workers in (1, 2)
    ]
    assert results[0] == results[1]


@pytest.mark.model
def test_an_error_in_a_worker_reaches_the_caller():
    with pytest.raises(TypeError, match="unsupported operand"):
        list(map_batches(sum, [1, 2, "three"], batch_size=2, n_workers=2))
