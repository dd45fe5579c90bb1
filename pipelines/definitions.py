"""Everything Dagster knows: assets, checks, jobs, sensors, schedules, resources."""

import dagster as dg

from assets import checks, cleaning, extraction, publishing, reading, resolution
from pipelines.io_managers import BundleTables, CorpusTables
from pipelines.jobs import ingest, publish
from pipelines.progress import show_progress
from pipelines.settings import load_settings
from pipelines.triggers import daily_publish, delivery_sensor, inbox_sensor

settings = load_settings()

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([reading, cleaning, extraction, resolution, publishing]),
    asset_checks=checks.CHECKS,
    jobs=[ingest, publish],
    sensors=[inbox_sensor, delivery_sensor],
    schedules=[daily_publish],
    resources={
        "bundle_tables": BundleTables(lake=settings.lake),
        "corpus_tables": CorpusTables(lake=settings.lake),
        "lake": settings.lake,
        "inbox": settings.inbox,
        "catalogue_path": settings.catalogue,
        "n_workers": settings.n_workers,
        "progress": show_progress,
    },
    # Bundles run side by side; inside one run the parallel part is the parser's worker processes.
    executor=dg.in_process_executor,
)
