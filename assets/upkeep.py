"""Keep the lake and the history of runs small: the steps of the job `upkeep`."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from assets.runs import PARTITION_TAG, is_own, name_location
from copydesk import corpus_steps
from copydesk.errors import CopydeskError
from copydesk.lake.compaction import compact
from copydesk.lake.vacuum import plan_vacuum, vacuum
from copydesk.publishing.catalogue import remove_drafts
from copydesk.publishing.origin import read_number
from copydesk.publishing.shared import remove_older
from copydesk.settings import Settings

PAGE = 500  # runs that are read at once
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dg.op(out=dg.Out(dg.Nothing))
def pack_bundles(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Pack small bundles together, so that queries open few files."""
    packed = compact(settings.lake)
    context.add_output_metadata(
        {
            "n_packs": len(packed),
            "n_bundles": sum(len(packing.bundles) for packing in packed),
            "n_files_before": sum(packing.n_files for packing in packed),
            "n_bytes_before": sum(packing.n_bytes for packing in packed),
        }
    )


@dg.op(ins={"packed": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def remove_unneeded(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Remove the files that no kept snapshot, reader or run needs."""
    now = datetime.now(tz=UTC)
    shown = read_number(settings.catalogue)
    plan = plan_vacuum(settings.lake, retention=settings.retention, now=now, shown=shown)
    vacuum(settings.lake, plan)
    since = settings.retention.grace_start(now)
    remove_drafts(settings.catalogue, before=since)
    remove_older(settings.lake, before=since)
    context.add_output_metadata(
        {
            "n_files_removed": len(plan.files),
            "n_bytes_removed": plan.n_bytes,
            "n_snapshots_kept": len(plan.kept),
            "n_snapshots_given_up": len(plan.given_up),
        }
    )


@dg.op(ins={"vacuumed": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def remove_old_runs(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Remove the events and logs of old runs, which Dagster itself keeps for ever."""
    before = datetime.now(tz=UTC) - timedelta(days=settings.keep_run_days)
    location = name_location(context.run)
    old = list(find_old_runs(context.instance, before=before, location=location))
    for run_id in old:
        context.instance.delete_run(run_id)
        shutil.rmtree(Path(context.instance.storage_directory()) / run_id, ignore_errors=True)
    context.add_output_metadata({"n_runs_removed": len(old)})


@dg.op(ins={"cleared": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def make_all_again(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Make the tables over all bundles from all of them, and say how many rows were others.

    Publications bring these tables forward as differences, which must make the same rows.
    """
    try:
        differing = corpus_steps.compare_with_whole(settings.lake, decisions=settings.decisions)
    except CopydeskError as error:
        context.add_output_metadata({"not_compared": str(error)})
        context.log.warning("not compared with a run over everything: %s", error)
        return
    if differing is None:
        context.add_output_metadata({"not_compared": "a publication is due"})
        return
    context.add_output_metadata({f"{name}_rows_that_differ": n for name, n in differing.items()})
    for name, n_rows in differing.items():
        if n_rows:
            context.log.warning("%s: %s rows differ from a run over everything", name, n_rows)


def find_old_runs(
    instance: dg.DagsterInstance, *, before: datetime, location: str | None = None
) -> Iterator[str]:
    """Yield the runs of a code location that were created before a time.

    The newest run of each kind that went well stays: it shows when a bundle was taken in, or
    when the catalogue was published, and how.
    """
    shown = set()
    for record in _list_ended(instance):
        run = record.dagster_run
        if not is_own(run, location):
            continue
        kind = (run.job_name, run.tags.get(PARTITION_TAG), run.asset_selection)
        if run.status is dg.DagsterRunStatus.SUCCESS and kind not in shown:
            shown.add(kind)
        elif record.create_timestamp < before:
            yield run.run_id


def _list_ended(instance: dg.DagsterInstance) -> Iterator[dg.RunRecord]:
    """Yield the runs that have ended, newest first."""
    cursor = None
    while True:
        found = instance.get_run_records(dg.RunsFilter(statuses=ENDED), limit=PAGE, cursor=cursor)
        yield from found
        if len(found) < PAGE:
            return
        cursor = found[-1].dagster_run.run_id
