"""Start the jobs on what differs from what is delivered and published, and end dead runs."""

import time
from collections.abc import Iterator, Sequence

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from assets.publishing import publish_catalogue
from assets.runs import PARTITION_TAG
from copydesk.corrections.files import read_corrections
from copydesk.errors import CorrectionError
from copydesk.lake.deliveries import find_stale
from copydesk.publishing.examine import find_lost, is_altered
from copydesk.publishing.ids import is_list_new_alone
from copydesk.publishing.origin import read_origin
from copydesk.publishing.versions import published_versions
from copydesk.settings import Settings
from copydesk.steps import STEPS_PER_BUNDLE
from copydesk.tables import RAW_ARTICLES
from copydesk.watching.follow import is_followed, name_shown
from pipelines.delivered import KEPT, Delivered, open_delivered
from pipelines.inbox import NOTES, Found, Inbox, Standing
from pipelines.jobs import (
    ingest,
    is_active,
    list_partitions_under_way,
    publish,
    watch,
)
from pipelines.lives import end_dead_runs
from pipelines.reasons import explain_run
from pipelines.tries import Try, plan_try

LIFE_SECONDS = 10
INBOX_SECONDS = 5
DELIVERY_SECONDS = 5
WATCH_SECONDS = 30
MAX_QUEUED = 20  # runs of `ingest`; the queue starts two at a time
MAX_PLAN_SECONDS = 10.0  # of a tick, after which the rest waits for the next one
MAX_SHOWN = 5  # of the bundles that wait, in the line that says why
MAX_REASON_CHARS = 120
BUNDLES_NAME = str(BUNDLE_PARTITIONS.name)


@dg.sensor(
    job=ingest,
    minimum_interval_seconds=INBOX_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes in every bundle of the inbox that differs from its delivery.",
)
def inbox_sensor(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Take in every bundle of the inbox that differs from its delivery, once it stops growing."""
    notes = settings.data / NOTES
    try:
        corrections = tuple(read_corrections(settings.decisions.corrections))
    except CorrectionError as error:  # what is taken in would lack what people have decided
        return dg.SensorResult(skip_reason=str(error))
    look = Inbox(
        settings.inbox, notes, settings.lake, settings.quotes, settings.limits, corrections
    )
    delivered = look.open_delivered()
    if delivered.n_unread:
        return dg.SensorResult(skip_reason=_explain_unread(delivered))
    found = look.compare(delivered)
    stop_at = time.monotonic() + MAX_PLAN_SECONDS
    different = [each for each in found if each.standing is Standing.DIFFERENT]
    under_way = list_partitions_under_way(context.instance, ingest.name) if different else set()
    waiting = [f"{each.path.name}: {each.standing}" for each in found if _is_unclear(each)]
    requests: list[dg.RunRequest] = []
    for each in different:
        if each.note.bundle in under_way:
            continue
        if len(under_way) + len(requests) >= MAX_QUEUED or time.monotonic() > stop_at:
            break
        owner = look.owner_of(each, delivered)
        if owner is not None:
            waiting.append(f"{each.path.name}: {each.note.bundle} was read from {owner}")
            continue
        state = each.state(look.print_tables(each.note, delivered))
        planned = plan_try(context.instance, ingest.name, state=state, partition=each.note.bundle)
        if planned.is_due(time.time()):
            requests.append(_request_ingest(each, look, delivered, planned))
        else:
            waiting.append(f"{each.path.name}: {_explain_wait(context.instance, planned)}")
    new = sorted(
        str(request.partition_key)
        for request in requests
        # Each is asked for by itself: there may be many thousands of others.
        if not context.instance.has_dynamic_partition(BUNDLES_NAME, str(request.partition_key))
    )
    return dg.SensorResult(
        run_requests=requests,
        skip_reason=None if requests else _summarize(found, waiting, n_under_way=len(under_way)),
        dynamic_partitions_requests=[BUNDLE_PARTITIONS.build_add_request(new)] if new else [],
    )


@dg.sensor(
    job=publish,
    minimum_interval_seconds=DELIVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Publishes when the catalogue does not show what is delivered and decided.",
)
def delivery_sensor(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Publish when the catalogue does not show what is delivered and decided."""
    delivered = open_delivered(settings.lake, settings.data / KEPT)
    if delivered.version < 0:
        return dg.SkipReason("nothing delivered yet")
    if delivered.n_unread:
        return dg.SkipReason(_explain_unread(delivered))
    versions = published_versions(settings.decisions, id_list=settings.id_list)
    shown = read_origin(settings.catalogue)
    # Of what is certainly newer the origin is needed only when a run is due.
    is_as_shown = (
        shown is not None
        and shown.snapshot_version == delivered.version
        and shown == delivered.origin(versions)
    )
    if is_as_shown and not is_altered(settings.catalogue):
        return dg.SkipReason("everything delivered is published")
    state = f"{delivered.version}:{delivered.origin(versions).code}"
    planned = _plan_run(context.instance, publish.name, state=state)
    if isinstance(planned, dg.SkipReason):
        return planned
    is_new_alone = is_list_new_alone(settings.catalogue, delivered.version, versions)
    is_resolved = is_new_alone and find_lost(settings.lake) is None
    return dg.RunRequest(
        run_key=planned.run_key,
        tags=planned.tags,
        asset_selection=sorted(publish_catalogue.keys) if is_resolved else None,
    )


@dg.sensor(
    job=watch,
    minimum_interval_seconds=WATCH_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Follows what people watch, where data/watches.toml says what that is.",
)
def watch_sensor(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Bring the feed and the table of the watch-list to what is published."""
    files = settings.watching
    if not files.watches.is_file():
        return dg.SkipReason(f"nothing is watched: there is no {files.watches}")
    if not settings.catalogue.is_file():
        return dg.SkipReason("nothing published yet")
    if is_followed(settings.catalogue, files):
        return dg.SkipReason("the feed shows everything that is published")
    state = name_shown(settings.catalogue, files.watches)
    planned = _plan_run(context.instance, watch.name, state=state)
    if isinstance(planned, dg.SkipReason):
        return planned
    return dg.RunRequest(run_key=planned.run_key, tags=planned.tags)


@dg.sensor(
    minimum_interval_seconds=LIFE_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends the runs whose process is gone, so that they are tried again.",
)
def life_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """End the runs whose process is gone: nothing waits for them then, and they are tried again."""
    origin = context.code_location_origin
    location = None if origin is None else origin.location_name
    dead = end_dead_runs(context.instance, location=location)
    if not dead:
        return dg.SkipReason("every run under way is alive")
    names = ", ".join(f"{run.job_name} {run.tags.get(PARTITION_TAG, '')}".strip() for run in dead)
    return dg.SkipReason(f"ended, because the process is gone: {names}")


def _request_ingest(each: Found, look: Inbox, delivered: Delivered, planned: Try) -> dg.RunRequest:
    """Return the run that makes the tables of a bundle that are out of date."""
    made = list(_find_due(each, look, delivered))
    place = {"path": str(each.path.resolve()), "may_replace": True}  # it has been checked
    return dg.RunRequest(
        run_key=planned.run_key,
        partition_key=each.note.bundle,
        tags=planned.tags,
        asset_selection=[dg.AssetKey(name) for name in made],
        run_config={"ops": {"read_pages": {"config": place}} if RAW_ARTICLES.name in made else {}},
    )


def _find_due(each: Found, look: Inbox, delivered: Delivered) -> Iterator[str]:
    """Yield the tables to make: those out of date, and what their steps make beside them."""
    bundle, sha256 = each.note.bundle, each.note.sha256
    prints = look.print_tables(each.note, delivered)
    stale = find_stale(delivered.snapshot_of(bundle), bundle, fingerprints=prints)
    for tables in STEPS_PER_BUNDLE:
        names = [table.name for table in tables]
        if not sha256 or not set(names).isdisjoint(stale):
            yield from names
    yield "deliveries"


def _explain_unread(delivered: Delivered) -> str:
    n_read = len(delivered.rows)
    n_files = n_read + delivered.n_unread
    return f"reading what is delivered: {n_read:,} of {n_files:,} bundles are read"


def _is_unclear(each: Found) -> bool:
    return each.standing not in {Standing.DELIVERED, Standing.DIFFERENT}


def _plan_run(instance: dg.DagsterInstance, job_name: str, *, state: str) -> Try | dg.SkipReason:
    """Return the next run of a job for `state`, or why none starts now."""
    if is_active(instance, job_name):
        return dg.SkipReason(f"a {job_name} run is under way")
    planned = plan_try(instance, job_name, state=state)
    return (
        planned if planned.is_due(time.time()) else dg.SkipReason(_explain_wait(instance, planned))
    )


def _explain_wait(instance: dg.DagsterInstance, planned: Try) -> str:
    """Return in words why a run is not due yet: how often it failed, why, and when it is next."""
    times = "once" if planned.n_failed == 1 else f"{planned.n_failed} times"
    clock = time.strftime("%H:%M:%S UTC", time.gmtime(planned.due_at))
    reason = "" if planned.last_run_id is None else explain_run(instance, planned.last_run_id)
    return f"failed {times}: {reason[:MAX_REASON_CHARS]}; next try at {clock}"


def _summarize(found: Sequence[Found], waiting: Sequence[str], *, n_under_way: int) -> str:
    n_delivered = sum(each.standing is Standing.DELIVERED for each in found)
    parts = [f"{n_delivered:,} of {len(found):,} bundles are delivered"]
    if n_under_way:
        parts.append(f"{n_under_way:,} under way")
    parts += waiting[:MAX_SHOWN]
    if len(waiting) > MAX_SHOWN:
        parts.append(f"{len(waiting) - MAX_SHOWN:,} more wait")
    return "; ".join(parts)
