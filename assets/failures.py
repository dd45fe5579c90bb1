"""Show an expected error as the reason of a failed step, instead of as a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from copydesk.system.reasons import EXPECTED, explain_error, store_errors


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a person can do something about into a failure with one line.

    Raises: dagster.Failure: saying what is wrong and what to do. Another try of the same step would
        fail in the same way: the sensors try the run again, later and later.
    """
    try:
        with store_errors():
            yield
    except EXPECTED as error:
        raise dg.Failure(description=explain_error(error), allow_retries=False) from error
