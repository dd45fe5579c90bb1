"""Take bundles in and publish them through Dagster: `python -m pipelines.run PATH …`.

What does the work is imported late, because Dagster takes seconds to load: a signal in that time
ends the command as calmly as later.
"""

import sys
from collections.abc import Sequence

from copydesk.commands.interrupts import Interrupts, explain_stop, ignore_signals


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    with Interrupts() as interrupts:
        try:
            from pipelines.command import run_command  # noqa: PLC0415 - the docstring says why

            return run_command(arguments, interrupts)
        except KeyboardInterrupt as stopped:
            ignore_signals()
            sys.stderr.write(explain_stop(stopped))
            return interrupts.exit_code


if __name__ == "__main__":
    sys.exit(main())
