"""Everything Dagster knows: assets, checks, jobs, sensors, schedules, resources."""

import dagster as dg

from assets import checks, cleaning, extraction, publishing, reading, resolution
from pipelines.io_managers import BundleTables, CorpusTables
from pipelines.jobs import ingest, publish, upkeep
from pipelines.progress import show_progress
from pipelines.sensors import daily_publish, delivery_sensor, inbox_sensor, weekly_upkeep
from pipelines.settings import Settings, load_settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Return the definitions of a project whose data is where `settings` say."""
    return dg.Definitions(
        assets=[
            reading.inbox_files,
            *dg.load_assets_from_modules([reading, cleaning, extraction, resolution, publishing]),
        ],
        asset_checks=checks.CHECKS,
        jobs=[ingest, publish, upkeep],
        sensors=[inbox_sensor, delivery_sensor],
        schedules=[daily_publish, weekly_upkeep],
        resources={
            "bundle_tables": BundleTables(settings.lake),
            "corpus_tables": CorpusTables(settings.lake),
            "lake": settings.lake,
            "inbox": settings.inbox,
            "limits": settings.limits,
            "catalogue_path": settings.catalogue,
            "overrides_path": settings.overrides,
            "n_workers": settings.n_workers,
            "retention": settings.retention,
            "quote_method": settings.quote_method,
            "progress": show_progress,
        },
        # The parallel part of a run is the parser's worker processes; steps share one process.
        executor=dg.in_process_executor,
    )


defs = build_definitions(load_settings())
