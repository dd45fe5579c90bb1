"""Behaviour of `extraction.workers`: the same results in the same order, however many there are."""

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.errors import LakeError
from copydesk.extraction.workers import BATCHES_AHEAD, Workers, cut_batches, map_batches


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


class Pool:
    """A pool in this process; some items end the worker that reads them, and others go with it."""

    def __init__(self, poison=(), lost=(), *, n_workers=2):
        self.n_workers = n_workers
        self.poison = set(poison)
        self.lost = set(lost)  # once, with a worker that somebody else's item ended
        self.batches = []

    def submit(self, function, batch):
        self.batches.append(list(batch))
        future = Future()
        if self.poison.intersection(batch) or self.lost.intersection(batch):
            self.lost.difference_update(batch)
            future.set_exception(BrokenProcessPool("gone"))
        else:
            future.set_result(function(batch))
        return future

    def stop(self):
        pass


def map_on(pool, items, *, function=list, batch_size=4):
    return map_batches(
        function,
        items,
        batch_size=batch_size,
        n_workers=1,
        give_up=lambda item, _error: [-item],
        workers=pool,
    )


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(1, n)), st.sets(st.integers(1, n)))
    ),
    st.integers(1, 10),
    st.integers(1, 3),
)
def test_what_ends_workers_is_put_aside_in_its_place(items, batch_size, n_workers):
    n, poison, lost = items
    pool = Pool(poison, lost - poison, n_workers=n_workers)
    found = [
        item for batch in map_on(pool, range(1, n + 1), batch_size=batch_size) for item in batch
    ]
    assert [abs(item) for item in found] == list(range(1, n + 1))
    assert {-item for item in found if item < 0} == poison


def test_workers_that_come_later_are_used():
    pool = Pool(n_workers=1)
    found = map_on(pool, range(1, 101))
    next(found)
    assert len(pool.batches) == BATCHES_AHEAD + 1
    pool.n_workers = 5
    next(found)
    assert len(pool.batches) == 1 + 5 * BATCHES_AHEAD + 1


def test_what_is_wrong_with_the_machine_puts_no_item_aside():
    def read(_batch):
        raise LakeError

    class Thrown(Pool):
        def submit(self, function, batch):
            future = Future()
            try:
                future.set_result(function(batch))
            except LakeError as error:
                future.set_exception(error)
            return future

    with pytest.raises(LakeError):
        list(map_on(Thrown(), range(1, 9), function=read))


def end_process(_batch):
    os._exit(1)


def test_a_pool_that_loses_a_process_while_others_start_is_ended():
    for n_submitted in range(12):
        workers = Workers(3, ())
        lost = workers.submit(end_process, ["a"])
        others = [workers.submit(list, ["b"]) for _ in range(n_submitted)]
        for each in (lost, *others):
            with suppress(BrokenProcessPool):
                each.result()
        workers.stop()
        assert workers.submit(list, ["c"]).result() == ["c"]
        workers.stop()
