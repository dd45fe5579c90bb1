"""The jobs: take one bundle in, publish what has come in, and keep the lake small."""

import dagster as dg

from assets.runs import KIND_TAG, PARTITION_TAG
from assets.upkeep import make_all_again, pack_bundles, remove_old_runs, remove_unneeded

INGESTED = ("reading", "cleaning", "extraction", "delivery")
PUBLISHED = ("resolution", "publishing")
SHOWN = ("report",)
WATCHED = ("watching",)
LAUNCHED = [  # a process works for them, or should
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
ACTIVE = [dg.DagsterRunStatus.QUEUED, *LAUNCHED]

ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.groups(*INGESTED),
    tags={KIND_TAG: "ingest"},
    description="Take one bundle in: read it, clean it, extract names and quotations.",
)

publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.groups(*PUBLISHED),
    tags={KIND_TAG: "publish"},
    description="Resolve entities, stories and quotation groups over all bundles, and publish.",
)

report = dg.define_asset_job(
    "report",
    selection=dg.AssetSelection.groups(*SHOWN),
    tags={KIND_TAG: "report"},
    description="Write pages of what is published; no publication waits for it.",
)


watch = dg.define_asset_job(
    "watch",
    selection=dg.AssetSelection.groups(*WATCHED),
    tags={KIND_TAG: "watch"},
    description="Follow what people watch: a feed and a table; no publication waits for it.",
)


@dg.job(tags={KIND_TAG: "upkeep", "dagster/max_retries": 2})
def upkeep() -> None:
    """Pack small bundles, remove what nobody needs, and make the tables over all bundles again."""
    make_all_again(remove_old_runs(remove_unneeded(pack_bundles())))


def is_active(instance: dg.DagsterInstance, job_name: str) -> bool:
    """Return whether a run of a job is queued or under way."""
    wanted = dg.RunsFilter(job_name=job_name, tags={KIND_TAG: job_name}, statuses=ACTIVE)
    return bool(instance.get_run_records(wanted, limit=1))


def list_partitions_under_way(instance: dg.DagsterInstance, job_name: str) -> set[str]:
    """Return the partitions with a run of a job that is queued or under way."""
    wanted = dg.RunsFilter(job_name=job_name, tags={KIND_TAG: job_name}, statuses=ACTIVE)
    records = instance.get_run_records(wanted)
    tags = (record.dagster_run.tags for record in records)
    return {each[PARTITION_TAG] for each in tags if PARTITION_TAG in each}
