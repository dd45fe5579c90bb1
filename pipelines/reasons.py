"""Say in one line why a run failed."""

from collections.abc import Iterator
from functools import lru_cache

import dagster as dg

from copydesk.errors import CopydeskError

FAILED_CHECK = "DagsterAssetCheckFailedError"
OTHER_ERRORS = ("CommitFailedError", FAILED_CHECK)  # expected, beside our own
NO_REASON = "no step says why; `make dev` shows each step of the run"
MAX_KEPT = 256  # reasons of runs, a few hundred bytes each


def explain_failure(result: dg.ExecuteInProcessResult) -> str:
    """Return why a run failed: in one line, or with its traceback where it is a fault of ours."""
    return next(map(explain_step, filter(_is_failure, result.all_events)), NO_REASON)


def explain_run(instance: dg.DagsterInstance, run_id: str) -> str:
    """Return the last line of why a run that has ended failed."""
    return _explain_ended(_ById(instance, run_id)).strip().splitlines()[-1]


def explain_step(event: dg.DagsterEvent) -> str:
    """Return why a step failed: in one line, or with its traceback where it is a fault of ours."""
    failure = event.step_failure_data
    if failure.user_failure_data is not None and failure.user_failure_data.description:
        return failure.user_failure_data.description
    if failure.error is None:
        return NO_REASON
    expected = {*_names_below(CopydeskError), *_names_below(OSError), *OTHER_ERRORS}
    error = failure.error
    while error.cls_name not in expected and error.cause is not None:
        error = error.cause
    if error.cls_name not in expected:
        return failure.error.to_string()
    lines = [line.strip() for line in error.message.strip().splitlines()]
    # Dagster names the checks that failed on the lines after the first.
    line = " ".join(lines) if error.cls_name == FAILED_CHECK else lines[0]
    return line.partition(": ")[2] or line  # after the name of the class


class _ById:
    """A run, which stays the same for the cache as long as its id does."""

    def __init__(self, instance: dg.DagsterInstance, run_id: str) -> None:
        self.instance = instance
        self.run_id = run_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.run_id == self.run_id

    def __hash__(self) -> int:
        return hash(self.run_id)


@lru_cache(maxsize=MAX_KEPT)
def _explain_ended(run: _ById) -> str:
    kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    entries = run.instance.all_logs(run.run_id, of_type=kinds)
    events = [entry.dagster_event for entry in entries if entry.dagster_event is not None]
    for event in filter(_is_failure, events):
        return explain_step(event)
    return next((event.message for event in events if event.message), NO_REASON)


def _is_failure(event: dg.DagsterEvent) -> bool:
    return bool(event.is_step_failure)


def _names_below(kind: type[Exception]) -> Iterator[str]:
    """Yield the names of a kind of error and of all below it; Dagster keeps no more of an error."""
    yield kind.__name__
    for below in kind.__subclasses__():
        yield from _names_below(below)
