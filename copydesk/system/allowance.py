"""Let a piece of work take only so much processor time and memory, and say why it failed."""

import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn, TypeVar

from copydesk.errors import CopydeskError
from copydesk.system.memory import MIB, limited_memory

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

REMOTE_PLACE = re.compile(r'File "(.+)", line (\d+)')


class Allowance(NamedTuple):
    """What a piece of work may take beyond what its process has, and which settings say so.

    The sizes of files, pages and copy are limited first: an allowance is the last resort, and
    processor time differs from machine to machine.
    """

    seconds: int
    mib: int
    seconds_setting: str = ""
    mib_setting: str = ""


class OverTimeError(BaseException):
    """A piece of work that takes more processor time than it is allowed.

    It is no Exception: libraries that go on after any exception would go on after this one.
    """


class Fault(NamedTuple):
    """Why an item has no result: a code, and a sentence."""

    error: str
    message: str


@contextmanager
def within(allowance: Allowance) -> Iterator[None]:
    """Let the code of this block take only what is allowed, in the process that it runs in.

    Memory that is refused is a MemoryError, or what a library makes of it. Only the first thread of
    a process can be interrupted; both limits need Linux or another Unix.

    Raises: OverTimeError: as soon as Python code runs, or a regular expression is matched.
    """
    is_limited = sys.platform != "win32" and (threading.current_thread() is threading.main_thread())
    if not is_limited:
        yield
        return
    handler = signal.signal(signal.SIGPROF, _interrupt)
    with limited_memory(allowance.mib * MIB):
        signal.setitimer(signal.ITIMER_PROF, allowance.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, handler)


def attempt(
    function: Callable[[ItemT], ResultT], item: ItemT, allowance: Allowance
) -> ResultT | Fault:
    """Return `function(item)`, or why the item fails by itself.

    Raises: CopydeskError: which says itself what is wrong, be it with the item or the machine.
    """
    try:
        with within(allowance):
            return function(item)
    except CopydeskError:
        raise
    except (Exception, OverTimeError) as error:  # noqa: BLE001 - an item costs itself alone
        return explain_fault(error, allowance)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise OverTimeError


def explain_fault(error: BaseException, allowance: Allowance | None = None) -> Fault:
    """Return why an item failed by itself; a fault of ours says where it is."""
    if isinstance(error, MemoryError):
        most = "" if allowance is None else f" than {allowance.mib:,} MiB"
        return Fault("too_large", f"it takes more memory{most}{_name(allowance, 'mib_setting')}")
    most = "" if allowance is None else f"more than {allowance.seconds:,} CPU seconds"
    setting = _name(allowance, "seconds_setting")
    if isinstance(error, OverTimeError):
        return Fault("failed", f"it takes {most or 'too long'}{setting}")
    if isinstance(error, BrokenProcessPool):
        longer = most and f" or takes {most}{setting}"
        return Fault("failed", f"it ends the process that reads it{longer}")
    cause = error.__cause__ if type(error.__cause__).__name__ == "_RemoteTraceback" else None
    place = _place_in(str(cause)) if cause else _place_of(error)
    return Fault("failed", f"{type(error).__name__} in {place}: {error}")


def _name(allowance: Allowance | None, setting: str) -> str:
    """Return which setting raises a limit, where the allowance says so."""
    name = "" if allowance is None else getattr(allowance, setting)
    return f" ({name})" if name else ""


def _place_of(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _place_in(remote: str) -> str:
    """Return the last place that the traceback of a worker names, as it comes in text."""
    *_, (path, line) = REMOTE_PLACE.findall(remote) or [("a worker", "")]
    return f"{Path(path).name}:{line}" if line else path
