"""Behaviour of `copydesk.pipe`: one result for each text, in order, whatever a text does."""

import os
import subprocess
import sys
from itertools import count, islice
from pathlib import Path

import psutil
import pytest

import copydesk

pytestmark = pytest.mark.model
TEXTS = [f"“I saw {n} ferries,” said Paul Holm, the mayor." for n in range(40)]
UNGUARDED = """
import copydesk
texts = ["“I am tired,” said Paul Holm."] * 3
print(len(list(copydesk.pipe(texts, workers=2))))
"""


class Poison(str):
    """A text that ends the process which unpacks it."""

    __slots__ = ()

    def __reduce__(self):
        return os._exit, (3,)


class Broken(str):
    """A text that cannot be read because of a fault of ours."""

    __slots__ = ()

    def __len__(self):
        raise RecursionError


@pytest.fixture
def find_workers():
    """Return a function that finds the workers started since; those of other tests stay warm."""

    def find():
        mine = {process.pid for process in psutil.Process().children(recursive=True)}
        servers = {process.pid for process in psutil.Process().children()}
        return mine - servers

    before = find()
    return lambda: find() - before


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_with_their_quotations(workers):
    pages = list(copydesk.pipe(TEXTS, workers=workers, batch_size=3))
    assert [page.text for page in pages] == TEXTS
    assert all(page.extract is not None for page in pages)
    assert [page.quotes[0].content for page in pages] == [f"I saw {n} ferries," for n in range(40)]
    assert [q for page in pages[:3] for q in page.quotes] == [
        q for text in TEXTS[:3] for q in copydesk.quotes(text)
    ]


def test_the_same_text_twice_has_its_quotations_twice():
    first, second = copydesk.pipe([TEXTS[0]] * 2)
    assert len(first.quotes) == len(second.quotes) == 1


def test_what_cannot_be_read_is_rejected_in_its_place():
    texts = [TEXTS[0], None, float("nan"), bytes(range(32)) * 9, Path("nowhere.txt"), TEXTS[1]]
    found = list(copydesk.pipe(texts, batch_size=2))
    assert [(r.path, r.error) for r in found[1:-1]] == [
        ("#2", "missing"),
        ("#3", "missing"),
        ("#4", "binary"),
        ("nowhere.txt", "not_one_page"),
    ]
    assert [page.text for page in (found[0], found[-1])] == TEXTS[:2]


def test_a_fault_of_ours_costs_one_text_and_is_stated():
    found = list(copydesk.pipe([TEXTS[0], Broken("a"), TEXTS[1]]))
    assert [type(result).__name__ for result in found] == ["Page", "Rejected", "Page"]
    assert (found[1].path, found[1].error) == ("#2", "failed")
    assert found[1].message.startswith("RecursionError in test_batches.py:")


def test_a_page_that_breaks_the_parser_costs_itself_only():
    pages = [copydesk.clean(text) for text in TEXTS[:3]]
    object.__setattr__(pages[1], "segments", None)
    found = list(copydesk.pipe(pages, batch_size=3))
    assert [type(result).__name__ for result in found] == ["Page", "Rejected", "Page"]


def test_a_text_that_ends_its_process_costs_itself_only():
    texts = [*TEXTS[:5], Poison("a"), *TEXTS[5:12], Poison("b")]
    found = list(copydesk.pipe(texts, workers=2, batch_size=3))
    rejected = [(r.path, r.error) for r in found if isinstance(r, copydesk.Rejected)]
    assert rejected == [("#6", "failed"), ("#14", "failed")]
    assert [r.text for r in found if isinstance(r, copydesk.Page)] == TEXTS[:12]


def test_pages_of_read_can_be_piped(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "b.txt").write_text(TEXTS[0])
    rejected, page = copydesk.pipe(copydesk.read(tmp_path), workers=2)
    assert (rejected.path, rejected.error) == ("a.png", "unknown_type")
    assert page.quotes[0].speaker == "Paul Holm"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_texts_reaches_the_caller(workers, find_workers):
    def texts():
        yield from TEXTS[:4]
        message = "no more"
        raise OSError(message)

    found = copydesk.pipe(texts(), workers=workers, batch_size=2)
    with pytest.raises(OSError, match="no more"):
        list(found)
    with pytest.raises(TypeError, match="not int"):
        list(copydesk.pipe([TEXTS[0], 3], workers=workers))
    assert find_workers() == set()


@pytest.mark.parametrize("workers", [1, 2])
def test_endless_texts_are_read_a_few_batches_ahead(workers, find_workers):
    taken = count()
    texts = (TEXTS[next(taken) % 40] for _ in iter(int, 1))
    found = copydesk.pipe(texts, workers=workers, batch_size=2)
    assert [page.text for page in islice(found, 3)] == TEXTS[:3]
    assert next(taken) <= 2 * (2 * workers + 3)
    found.close()
    assert find_workers() == set()


def test_nothing_starts_before_the_first_result_is_asked_for(find_workers):
    copydesk.pipe(TEXTS, workers=2)
    assert find_workers() == set()


def test_a_script_without_a_guard_fails_with_a_sentence(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED)
    command = [sys.executable, str(script)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.count("Traceback") == 2  # the error and its cause, of one process
    assert "leaked" not in ended.stderr
    assert 'below `if __name__ == "__main__":`' in ended.stderr.splitlines()[-1]
    assert ended.stdout == ""
