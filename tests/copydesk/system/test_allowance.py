"""Behaviour of `system.allowance`: what takes too much ends, with a reason."""

import pickle
import re
import signal
import subprocess
import sys
import threading

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


def hoard(n_bytes):
    return len(bytearray(n_bytes))


def fail(_item):
    return {}["key"]


@pytest.mark.parametrize("endless", [spin, carry_on, backtrack])
def test_what_takes_too_long_ends(endless):
    found = attempt(endless, None, LITTLE)
    assert found == Fault("failed", "it takes more than 1 CPU seconds (MAX_SECONDS)")


def test_what_takes_too_much_memory_ends():
    assert attempt(hoard, 2**20, LITTLE) == 2**20
    found = attempt(hoard, 2**28, LITTLE)
    assert found == Fault("too_large", "it takes more memory than 64 MiB (MAX_MIB)")


READ_UNDER = """
import resource

most = {mib} * 2**20
resource.setrlimit(resource.RLIMIT_DATA, (most, most))

from copydesk.system.allowance import Allowance, attempt

hoard = lambda n_bytes: len(bytearray(n_bytes))
print(attempt(hoard, 2**20, Allowance(600, 4_096)))
print(attempt(hoard, 2**31, Allowance(600, 4_096)))
print(resource.getrlimit(resource.RLIMIT_DATA) == (most, most))
"""


def test_a_process_that_may_take_less_already_is_held_to_that():
    found = subprocess.run(
        [sys.executable, "-c", READ_UNDER.format(mib=1_024)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken, refused, is_as_before = found.stdout.splitlines()
    assert taken == "1048576"
    assert "too_large" in refused
    assert is_as_before == "True"


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


def test_in_another_thread_nothing_is_limited():
    found = []

    def work():
        found.append(attempt(hoard, 2**28, LITTLE))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [2**28]


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
