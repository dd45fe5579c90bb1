"""When the jobs run: on every new bundle, on every delivery, daily, and weekly for upkeep."""

import json
from pathlib import Path

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from copydesk.errors import BundleError
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import origin_of, read_origin
from copydesk.publishing.versions import corpus_versions
from copydesk.reading.bundles import measure_bundle, name_bundle
from pipelines.jobs import ingest, publish, upkeep

INBOX_SECONDS = 10
DELIVERY_SECONDS = 15
ACTIVE = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


@dg.sensor(
    job=ingest,
    minimum_interval_seconds=INBOX_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def inbox_sensor(
    context: dg.SensorEvaluationContext, inbox: dg.ResourceParam[Path]
) -> dg.SensorResult:
    """Take every new bundle of the inbox, once it has stopped growing."""
    before: dict[str, str] = json.loads(context.cursor or "{}")
    found = {path.name: measure_bundle(path) for path in _list_bundles(inbox)}
    settled = {name: size for name, size in found.items() if size and size == before.get(name)}
    requests, names = [], []
    for file_name, size in sorted(settled.items()):
        path = inbox / file_name
        bundle = _name_or_none(path)
        if bundle is None:
            context.log.warning("%s: no name for a bundle can be made of this", file_name)
            continue
        names.append(bundle)
        requests.append(
            dg.RunRequest(
                run_key=f"{bundle}:{size}",
                partition_key=bundle,
                run_config=dg.RunConfig(
                    ops={"read_pages": {"config": {"path": str(path.resolve())}}}
                ),
            )
        )
    known = set(context.instance.get_dynamic_partitions("bundles"))
    new = sorted(set(names) - known)
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[BUNDLE_PARTITIONS.build_add_request(new)] if new else [],
        cursor=json.dumps(found, sort_keys=True),
    )


@dg.sensor(
    job=publish,
    minimum_interval_seconds=DELIVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def delivery_sensor(
    context: dg.SensorEvaluationContext,
    lake: dg.ResourceParam[Lake],
    catalogue_path: dg.ResourceParam[Path],
    overrides_path: dg.ResourceParam[Path],
) -> dg.RunRequest | dg.SkipReason:
    """Publish when a bundle has been delivered since the last time."""
    origin = origin_of(lake.snapshot(), code_versions=corpus_versions(overrides_path))
    if origin.snapshot_version < 0:
        return dg.SkipReason("nothing delivered yet")
    if origin == read_origin(catalogue_path):
        return dg.SkipReason("everything delivered is published")
    if is_active(context.instance, publish.name):
        return dg.SkipReason("a publish run is under way")
    # One try for each state: a publish run that fails waits for the schedule or for a person.
    return dg.RunRequest(run_key=f"{origin.snapshot_version}:{origin.code}")


@dg.schedule(
    job=publish,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_publish(
    context: dg.ScheduleEvaluationContext,
    lake: dg.ResourceParam[Lake],
    catalogue_path: dg.ResourceParam[Path],
    overrides_path: dg.ResourceParam[Path],
) -> dg.RunRequest | dg.SkipReason:
    """Try once a day to publish what the sensor has not: its run failed, or the code is new.

    Where nothing is new nothing is published: the history shows what has changed, not the days.
    """
    if is_active(context.instance, publish.name):
        return dg.SkipReason("a publish run is under way")
    origin = origin_of(lake.snapshot(), code_versions=corpus_versions(overrides_path))
    if origin == read_origin(catalogue_path):
        return dg.SkipReason("everything delivered is published")
    return dg.RunRequest()


@dg.schedule(
    job=upkeep,
    cron_schedule="0 1-4 * * 0",  # Sunday night, before the daily publish run
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_upkeep(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Compact and vacuum once a week, in the first hour of the night in which no run goes on."""
    for job in (ingest, publish, upkeep):
        if is_active(context.instance, job.name):
            return dg.SkipReason(f"a run of {job.name} is under way")
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())


def is_active(instance: dg.DagsterInstance, job_name: str) -> bool:
    """Return whether a run of a job is queued or under way."""
    wanted = dg.RunsFilter(job_name=job_name, statuses=ACTIVE)
    return bool(instance.get_run_records(wanted, limit=1))


def _list_bundles(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    return [path for path in sorted(inbox.iterdir()) if not path.name.startswith((".", "README"))]


def _name_or_none(path: Path) -> str | None:
    try:
        return name_bundle(path)
    except BundleError:
        return None
