"""Decide whether a run is due: not while one is under way, and later after every failed try.

What is wanted has a state: the bytes of a bundle and the code, or the snapshot to publish. A run
carries its state as a tag. While the newest runs carry the wanted state and it is still wanted,
they have failed, and the next one waits twice as long as the last.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

import dagster as dg

from assets.runs import KIND_TAG, PARTITION_TAG

STATE_TAG = "copydesk/state"
TRY_TAG = "copydesk/try"
FIRST_WAIT = 10.0  # seconds; a run that was killed is tried again at once
LONGEST_WAIT = 3_600.0  # seconds; a full disk that is emptied is noticed within the hour
MAX_LOOKBACK = 12  # runs; enough for the longest wait


class Try(NamedTuple):
    """The next run for a state: its key, how many have failed before it, and when it is due."""

    run_key: str
    state: str
    n_failed: int
    due_at: float
    last_run_id: str | None

    @property
    def tags(self) -> dict[str, str]:
        """What the run carries, so that the next try can be planned."""
        return {STATE_TAG: self.state, TRY_TAG: str(self.n_failed + 1)}

    def is_due(self, now: float) -> bool:
        """Return whether its time has come; a clock that was set back makes nobody wait."""
        return not 0 < self.due_at - now <= LONGEST_WAIT


def plan_try(
    instance: dg.DagsterInstance, job_name: str, *, state: str, partition: str | None = None
) -> Try:
    """Return the next run of a job for `state`, of one bundle or over all."""
    tags = {KIND_TAG: job_name}
    if partition is not None:
        tags[PARTITION_TAG] = partition
    records = instance.get_run_records(
        dg.RunsFilter(job_name=job_name, tags=tags), limit=MAX_LOOKBACK
    )
    return _plan(records, key=f"{partition or job_name}:{state}", state=state)


def _plan(records: Sequence[dg.RunRecord], *, key: str, state: str) -> Try:
    before = list(
        takewhile(lambda record: record.dagster_run.tags.get(STATE_TAG) == state, records)
    )
    last_run_id = records[0].dagster_run.run_id if records else None
    # Dagster never launches a key twice: the run before it makes every key new.
    run_key = f"{key}:{len(before) + 1}:{(last_run_id or 'first').partition('-')[0]}"
    went_well = bool(before) and before[0].dagster_run.status is dg.DagsterRunStatus.SUCCESS
    # What went well once may have been lost since: a deleted catalogue is published at once.
    n_failed = len(before) - went_well
    if n_failed == 0:
        return Try(run_key, state, 0, 0.0, last_run_id)
    ended_at = before[0].end_time or before[0].update_timestamp.timestamp()
    wait = min(FIRST_WAIT * 2 ** (n_failed - 1), LONGEST_WAIT)
    return Try(run_key, state, n_failed, ended_at + wait, last_run_id)
