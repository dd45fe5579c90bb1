"""Start the jobs by the clock: publish daily, write pages hourly, keep the lake small weekly."""

import dagster as dg

from copydesk.publishing.origin import newest_origin, read_origin
from copydesk.report.site import is_fresh
from copydesk.settings import Settings
from pipelines.jobs import ingest, is_active, publish, report, upkeep


@dg.schedule(
    job=publish,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Publishes once a day what the sensor has not: its run failed, or the code is new.",
)
def daily_publish(
    context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Try once a day to publish what the sensor has not: its run failed, or the code is new.

    Where nothing is new nothing is published: the history shows what has changed, not the days.
    """
    if is_active(context.instance, publish.name):
        return dg.SkipReason("a publish run is under way")
    newest = newest_origin(settings.lake, settings.decisions, id_list=settings.id_list)
    if newest == read_origin(settings.catalogue):
        return dg.SkipReason("everything delivered is published")
    return dg.RunRequest()


@dg.schedule(
    job=report,
    cron_schedule="50 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Writes pages of what was published in the last hour, where COPYDESK_REPORT says.",
)
def hourly_report(
    context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Write pages once an hour, however many bundles were published in it, and only if asked to."""
    if not settings.report:
        return dg.SkipReason("no pages are asked for: COPYDESK_REPORT names no folder")
    for job in (publish, report):
        if is_active(context.instance, job.name):
            return dg.SkipReason(f"a run of {job.name} is under way")
    if not settings.catalogue.is_file():
        return dg.SkipReason("nothing published yet")
    if is_fresh(settings.catalogue, settings.report_folder):
        return dg.SkipReason("the pages show everything that is published")
    return dg.RunRequest()


@dg.schedule(
    job=upkeep,
    cron_schedule="0 1-4 * * 0",  # Sunday night, before the daily publish run
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Packs small bundles together and removes what nobody needs, once a week.",
)
def weekly_upkeep(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Compact and vacuum once a week, in the first hour of the night without a run under way."""
    for job in (ingest, publish, upkeep):
        if is_active(context.instance, job.name):
            return dg.SkipReason(f"a run of {job.name} is under way")
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())
