"""Everything Dagster knows: assets, checks, jobs, sensors, schedules, resources."""

import warnings
from collections.abc import Iterator

import dagster as dg

from assets import cleaning, extraction, publishing, reading, resolution
from copydesk.commands.progress import Progress
from copydesk.settings import Settings
from pipelines.alert_sensor import alert_sensor
from pipelines.jobs import ingest, publish, upkeep
from pipelines.resources import build_resources, load_project_settings
from pipelines.schedules import daily_publish, weekly_upkeep
from pipelines.sensors import delivery_sensor, inbox_sensor, life_sensor


def build_definitions(settings: Settings, progress: Progress | None = None) -> dg.Definitions:
    """Return the definitions of a project whose data is where `settings` say."""
    return dg.Definitions(
        assets=[reading.inbox_files, *_load_assets()],
        jobs=[ingest, publish, upkeep],
        sensors=[inbox_sensor, delivery_sensor, life_sensor, alert_sensor],
        schedules=[daily_publish, weekly_upkeep],
        resources=build_resources(settings, progress),
        # The parallel part of a run is the parser's worker processes; steps share one process.
        executor=dg.in_process_executor,
    )


def _load_assets() -> Iterator[dg.AssetsDefinition]:
    """Yield the assets of all stations, each with a link to the code that makes it."""
    stations = [reading, cleaning, extraction, resolution, publishing]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # Dagster's version is pinned
        linked = dg.with_source_code_references(dg.load_assets_from_modules(stations))
    yield from (asset for asset in linked if isinstance(asset, dg.AssetsDefinition))


@dg.definitions
def defs() -> dg.Definitions:
    """Return what `dagster dev` loads; the environment is read then, not when this is imported."""
    return build_definitions(load_project_settings())
