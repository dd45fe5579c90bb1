"""Keep the lake small: the two steps of the job `upkeep`."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from copydesk.lake.compaction import compact
from copydesk.lake.lake import Lake
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.publishing.catalogue import read_number, remove_drafts


@dg.op(out=dg.Out(dg.Nothing))
def pack_bundles(context: dg.OpExecutionContext, lake: dg.ResourceParam[Lake]) -> None:
    """Pack small bundles together, so that queries open few files."""
    packed = compact(lake)
    context.add_output_metadata(
        {
            "n_packs": len(packed),
            "n_bundles": sum(len(packing.bundles) for packing in packed),
            "n_files_before": sum(packing.n_files for packing in packed),
            "n_bytes_before": sum(packing.n_bytes for packing in packed),
        }
    )


@dg.op(ins={"packed": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def remove_unneeded(
    context: dg.OpExecutionContext,
    lake: dg.ResourceParam[Lake],
    catalogue_path: dg.ResourceParam[Path],
    retention: dg.ResourceParam[Retention],
) -> None:
    """Remove the files that no kept snapshot, reader or run needs."""
    now = datetime.now(tz=UTC)
    plan = plan_vacuum(lake, retention=retention, now=now, shown=read_number(catalogue_path))
    vacuum(lake, plan)
    remove_drafts(catalogue_path, before=retention.grace_start(now))
    context.add_output_metadata(
        {
            "n_files_removed": len(plan.files),
            "n_bytes_removed": plan.n_bytes,
            "n_snapshots_kept": len(plan.kept),
            "n_snapshots_given_up": len(plan.given_up),
        }
    )
