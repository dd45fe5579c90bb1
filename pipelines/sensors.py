"""Start the jobs on what has come in: every new bundle, and every delivery."""

import json
from pathlib import Path

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from copydesk.errors import BundleError
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import origin_of, read_origin
from copydesk.publishing.versions import corpus_versions
from copydesk.reading.bundles import measure_bundle, name_bundle
from pipelines.jobs import ingest, is_active, publish

INBOX_SECONDS = 10
DELIVERY_SECONDS = 15


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
            context.log.warning(
                "%s: not taken in: the name of a bundle needs letters or digits", file_name
            )
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


def _list_bundles(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    return [path for path in sorted(inbox.iterdir()) if not path.name.startswith((".", "README"))]


def _name_or_none(path: Path) -> str | None:
    try:
        return name_bundle(path)
    except BundleError:
        return None
