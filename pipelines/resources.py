"""The places and numbers that assets, sensors and schedules ask for, from the settings."""

from pathlib import Path

import dagster as dg

from copydesk.commands.progress import Progress
from copydesk.lake.lake import Lake
from copydesk.settings import Settings, load_settings
from pipelines.io_managers import BundleTables, CorpusTables
from pipelines.lives import hold_lock

CHECKOUT = Path(__file__).resolve().parent.parent
DAGSTER_HOME = CHECKOUT / ".dagster"


def load_project_settings(data: Path | None = None) -> Settings:
    """Return the settings of this process, with the data in the checkout unless stated otherwise.

    Raises: SettingsError: naming every variable whose value means nothing.
    """
    return load_settings(data=data, default_data=CHECKOUT / "data")


def build_resources(settings: Settings, progress: Progress | None = None) -> dict[str, object]:
    """Return the resources of a project whose data is where `settings` say."""
    return {
        "bundle_tables": BundleTables(settings.lake),
        "corpus_tables": CorpusTables(settings.lake),
        "lake": _open_lake(settings.lake),
        "inbox": settings.inbox,
        "limits": settings.limits,
        "catalogue_path": settings.catalogue,
        "overrides_path": settings.overrides,
        "n_workers": settings.workers,
        "retention": settings.retention,
        "keep_run_days": settings.keep_run_days,
        "fresh_days": settings.fresh_days,
        "alerts": settings.alerts,
        "quote_method": settings.quotes,
        "progress": progress or Progress(),
    }


def _open_lake(lake: Lake) -> dg.ResourceDefinition:
    """Return the lake as a resource; a run that opens it shows from then on that it is alive."""

    @dg.resource(description="The Delta tables.")
    def opened(context: dg.InitResourceContext) -> Lake:
        if context.instance is not None and context.run is not None:
            hold_lock(context.instance, context.run.run_id)
        return lake

    return opened
