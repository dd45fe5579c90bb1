"""Notice that a run is to end: Ctrl-C, SIGTERM, or a terminal that has closed.

Two habits of Dagster are in the way. It replaces the handlers of others while it runs, and does not
say afterwards which signal came: so each signal is also noted in a pipe. And it starts processes
that answer Ctrl-C with a traceback: so the main thread, whose mask they inherit, blocks what a
terminal sends to all processes, and another thread waits for it.
"""

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing import resource_tracker
from types import FrameType, TracebackType
from typing import Any, Self

from copydesk.extraction.workers import stop_workers

ENDING = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
FROM_TERMINAL = tuple(number for number in ENDING if number != signal.SIGTERM)
SIGNAL_EXIT = 128  # a shell's exit code for a command that a signal ended is this and its number
_Handler = Callable[[int, FrameType | None], Any] | int | None


class Interrupts:
    """The signals that have come since the run began; each raises KeyboardInterrupt.

    Without `with` nothing is watched, and no signal counts.
    """

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._pipe: tuple[int, int] | None = None
        self._received: signal.Signals | None = None
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        """Watch from here on; a signal that is ignored, as after `nohup`, stays ignored."""
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        wanted = [n for n in ENDING if signal.getsignal(n) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, _interrupt) for number in wanted}
        if hasattr(signal, "pthread_sigmask"):  # not on Windows
            _block([number for number in wanted if number in FROM_TERMINAL])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop watching."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, FROM_TERMINAL)
        signal.set_wakeup_fd(-1)
        for end in self._pipe or ():
            os.close(end)
        self._pipe = None

    @property
    def received(self) -> signal.Signals | None:
        """The first signal that has come, if any."""
        if self._pipe is not None and self._received is None:
            try:
                noted = os.read(self._pipe[0], 64)
            except BlockingIOError:
                return None
            ending = [signal.Signals(number) for number in noted if number in ENDING]
            self._received = ending[0] if ending else None
        return self._received

    @property
    def exit_code(self) -> int:
        """What a command that was ended returns to its shell."""
        return SIGNAL_EXIT + (self.received or signal.SIGINT)

    def check(self) -> None:
        """Raise KeyboardInterrupt if a signal has come that somebody else has caught."""
        if self.received is not None:
            raise KeyboardInterrupt


def ignore_signals() -> None:
    """Let what is under way end in peace: the run is ending already."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def explain_stop(stopped: KeyboardInterrupt) -> str:
    """Return the line for a person: what was published, as `stopped` says, and what to do."""
    outcome = str(stopped) or "nothing was published"
    line = f"copydesk: stopped; {outcome}. Run the same command again to continue.\n"
    return f"\n{line}" if sys.stderr.isatty() else line  # a terminal shows ^C on its last line


def _block(numbers: Sequence[signal.Signals]) -> None:
    """Keep signals from this thread and from the processes that it starts."""
    # The tracker ignores Ctrl-C and SIGTERM by itself, but not SIGHUP, and unblocks Ctrl-C here.
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    threading.Thread(target=_pass_on, args=(numbers,), daemon=True).start()


def _pass_on(blocked: Sequence[signal.Signals]) -> None:
    """Wait for signals in the place of the main thread, and interrupt it."""
    while True:
        number = signal.sigwait(blocked)
        _thread.interrupt_main(signal.Signals(number))
        stop_workers()  # the main thread may be waiting for one of them


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
