"""Tie programs to the process that starts them, so that none of them outlives it.

A process that is killed cannot end what it has started; the system can do so for it.
"""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

PROGRAM = "setpriv"  # of util-linux, which every Linux has; elsewhere nothing is tied


def tie(command: Sequence[str | Path], *, end: signal.Signals = signal.SIGTERM) -> list[str | Path]:
    """Return a command that does the same, and gets the signal `end` when its parent ends.

    Its process is the one of `command`. Start it from the main thread: what counts as its parent is
    the thread that starts it.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return list(command)
    return [program, "--pdeathsig", end.name.removeprefix("SIG"), *command]
