"""Behaviour of `system.allowance`: what takes too much ends, with a reason."""

import pickle
import re
import signal
import subprocess
import sys

import pytest

from copydesk.errors import BundleError, UnreadableError
from copydesk.system.allowance import Allowance, Fault, OverTimeError, attempt, within
from copydesk.values import Stage

if sys.platform == "win32":
    pytest.skip("no such limits", allow_module_level=True)

import resource

PLENTY = Allowance(600, 4_096, "MAX_SECONDS", "MAX_MIB")
LITTLE = Allowance(1, 64, "MAX_SECONDS", "MAX_MIB")


def spin(_item):
    while True:
        pass


def carry_on(item):
    """Go on after any exception, as parsers do that must not fail."""
    try:
        spin(item)
    except Exception:  # noqa: BLE001 - that is the point
        spin(item)


def backtrack(_item):
    return re.match("(?:a|a)*b", "a" * 40)


def fail(_item):
    return {}["key"]


@pytest.mark.parametrize("endless", [spin, carry_on, backtrack])
def test_what_takes_too_long_ends(endless):
    found = attempt(endless, None, LITTLE)
    assert found == Fault("failed", "it takes more than 1 CPU seconds (MAX_SECONDS)")


# In a process of its own: what this one has freed lies in its heap and costs it nothing more.
HOARD = """
import resource
import threading

from copydesk.system.allowance import Allowance, attempt

LITTLE = Allowance(600, 64, mib_setting="MAX_MIB")
hoard = lambda mib: len(bytearray(mib * 2**20))
"""


def run_alone(code):
    found = subprocess.run(
        [sys.executable, "-c", HOARD + code], capture_output=True, text=True, check=True
    )
    return found.stdout.splitlines()


def test_what_takes_too_much_memory_ends():
    code = """
print(attempt(hoard, 1, LITTLE))
print(attempt(hoard, 256, LITTLE).message)
"""
    assert run_alone(code) == [
        "1048576",
        "it takes more memory than 64 MiB (MAX_MIB)",
    ]


def test_memory_that_a_process_has_freed_and_kept_counts_as_had():
    code = """
held = [bytearray(100_000) for _ in range(4_000)]
last = bytearray(100_000)
del held
print(attempt(hoard, 256, LITTLE))
"""
    assert run_alone(code) == ["268435456"]


def test_a_process_that_may_take_less_already_is_held_to_that():
    code = """
most = 2**30
resource.setrlimit(resource.RLIMIT_DATA, (most, most))
print(attempt(hoard, 1, Allowance(600, 4_096)))
print(attempt(hoard, 2_048, Allowance(600, 4_096)).error)
print(resource.getrlimit(resource.RLIMIT_DATA) == (most, most))
"""
    assert run_alone(code) == ["1048576", "too_large", "True"]


def test_in_another_thread_nothing_is_limited():
    code = """
thread = threading.Thread(target=lambda: print(attempt(hoard, 256, LITTLE)))
thread.start()
thread.join()
"""
    assert run_alone(code) == ["268435456"]


def test_a_fault_says_where_it_is():
    found = attempt(fail, None, PLENTY)
    assert found.error == "failed"
    assert re.fullmatch(r"KeyError in test_allowance\.py:\d+: 'key'", found.message)


def test_our_own_errors_are_left_to_the_caller():
    def refuse(_item):
        raise BundleError

    with pytest.raises(BundleError):
        attempt(refuse, None, PLENTY)


def test_afterwards_all_is_as_before():
    before = signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_DATA)
    for do in (spin, fail, len):
        attempt(do, "item", LITTLE)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    assert before == (signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_DATA))


def test_a_limit_inside_another_one_leaves_the_outer_memory_limit():
    with within(PLENTY):
        outer = resource.getrlimit(resource.RLIMIT_DATA)
        with pytest.raises(OverTimeError), within(LITTLE):
            spin(None)
        assert resource.getrlimit(resource.RLIMIT_DATA) == outer


def test_a_reason_comes_back_whole_from_another_process():
    reason = UnreadableError(Stage.PARSE, "empty", "no page is in it")
    again = pickle.loads(pickle.dumps(reason))  # noqa: S301 - our own
    assert (again.stage, again.error, again.message) == ("parse", "empty", "no page is in it")
    assert str(again) == "no page is in it"
