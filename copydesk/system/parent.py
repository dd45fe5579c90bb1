"""End a process when the one that started it ends, however that ends.

The workers of `concurrent.futures` wait for work through a pipe that they hold open themselves, so
those of a parent that was killed would wait for ever.
"""

import multiprocessing
import os
import threading


def follow_parent() -> None:
    """Make this process, which `multiprocessing` started, end when its parent ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # a batch may be under way, and nobody waits for it
