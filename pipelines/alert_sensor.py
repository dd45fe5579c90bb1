"""Report failed runs, and a catalogue that is not published for long."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import dagster as dg

from assets.freshness import CATALOGUE_KEY, CHECK, Freshness, judge_freshness
from assets.runs import PARTITION_TAG, is_own
from copydesk.settings import Settings
from pipelines.alerts import Alert, send_alert
from pipelines.reasons import explain_run
from pipelines.tries import MAX_LOOKBACK, TRY_TAG

ALERT_SECONDS = 30
MAX_ALERTS = 20  # of a tick


@dg.sensor(
    minimum_interval_seconds=ALERT_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports failed runs, and a catalogue that is not published for long.",
)
def alert_sensor(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Report failed runs, and once a day whether the catalogue was published lately.

    Of a run that is tried again and again only the first dozen failures are worth a report.
    """
    alerts, now = settings.alerts, datetime.now(tz=UTC)
    origin = context.code_location_origin
    location = None if origin is None else origin.location_name
    seen = _Seen(**json.loads(context.cursor)) if context.cursor else _Seen(now.isoformat())
    checks = []
    try:
        for failed in _list_failed(context.instance, after=datetime.fromisoformat(seen.failed_at)):
            run = failed.dagster_run
            is_new = is_own(run, location) and int(run.tags.get(TRY_TAG, 1)) <= MAX_LOOKBACK
            if alerts and is_new:
                send_alert(alerts, _describe_failed(context.instance, failed))
            seen = seen._replace(failed_at=failed.update_timestamp.isoformat())
        freshness = judge_freshness(settings.lake, now=now, fresh_days=settings.fresh_days)
        if freshness is not None and seen.day != now.date().isoformat():
            if alerts and not freshness.is_fresh:
                send_alert(alerts, _describe_late(freshness, now))
            checks.append(_evaluate(freshness))
            seen = seen._replace(day=now.date().isoformat())
        said = "everything is reported" if alerts else "COPYDESK_ALERTS names nowhere to report to"
    except OSError as error:
        said = f"could not report to {alerts}, next try soon: {error}"
    cursor = json.dumps(seen._asdict())
    return dg.SensorResult(skip_reason=said, cursor=cursor, asset_events=checks)


class _Seen(NamedTuple):
    """Up to when failed runs are reported, and the last day on which freshness was judged."""

    failed_at: str
    day: str = ""


def _list_failed(instance: dg.DagsterInstance, *, after: datetime) -> Sequence[dg.RunRecord]:
    """Return the runs that failed after a time, oldest first."""
    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=after)
    return instance.get_run_records(
        wanted, limit=MAX_ALERTS, order_by="update_timestamp", ascending=True
    )


def _describe_failed(instance: dg.DagsterInstance, failed: dg.RunRecord) -> Alert:
    run = failed.dagster_run
    bundle = run.tags.get(PARTITION_TAG, "")
    reason = explain_run(instance, run.run_id)
    return Alert(
        kind="run_failed",
        text=f"copydesk: {run.job_name} {bundle}".strip() + f" failed: {reason}",
        at=failed.update_timestamp.isoformat(timespec="seconds"),
        job=run.job_name,
        bundle=bundle,
        run_id=run.run_id,
    )


def _describe_late(freshness: Freshness, now: datetime) -> Alert:
    n_days = (now - freshness.published_at).days
    return Alert(
        kind="not_published",
        text=f"copydesk: nothing was published for {n_days} days; is anything delivered?",
        at=now.isoformat(timespec="seconds"),
    )


def _evaluate(freshness: Freshness) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=CATALOGUE_KEY,
        check_name=CHECK,
        passed=freshness.is_fresh,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=freshness.metadata,
    )
