"""Which runs of a Dagster instance are of this project: a team's has those of others too."""

import dagster as dg

KIND_TAG = "copydesk/kind"  # each job's runs carry it; dagster.yaml limits how many run at once
PARTITION_TAG = "dagster/partition"


def is_own(run: dg.DagsterRun, location: str | None) -> bool:
    """Return whether a run is of the code location `location`, or of any where that is `None`.

    A run that no code location started was started by a command, and carries the tag of its job.
    """
    if location is None:
        return True
    origin = run.remote_job_origin
    return KIND_TAG in run.tags if origin is None else origin.location_name == location


def name_location(run: dg.DagsterRun) -> str | None:
    """Return the code location of a run, `None` for one that a command started."""
    origin = run.remote_job_origin
    return None if origin is None else origin.location_name
