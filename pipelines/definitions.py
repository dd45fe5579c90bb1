"""Everything Dagster knows: assets, checks, jobs, sensors, schedules, resources."""

import inspect
import warnings
from collections.abc import Iterator
from functools import cache

import dagster as dg

from assets import (
    cleaning,
    corrections,
    extraction,
    publishing,
    reading,
    report,
    resolution,
    watching,
)
from copydesk.commands.progress import Progress
from copydesk.settings import Settings
from pipelines.alert_sensor import alert_sensor
from pipelines.jobs import ingest, publish, upkeep, watch
from pipelines.jobs import report as report_job
from pipelines.resources import CHECKOUT, build_resources, load_project_settings
from pipelines.schedules import daily_publish, hourly_report, weekly_upkeep
from pipelines.sensors import delivery_sensor, inbox_sensor, life_sensor, watch_sensor

TABLES = CHECKOUT / "docs" / "tables.md"
CODE = "dagster/code_references"  # where Dagster looks for links
LINKS = dg.CodeReferencesMetadataValue


def build_definitions(settings: Settings, progress: Progress | None = None) -> dg.Definitions:
    """Return the definitions of a project whose data is where `settings` say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # Dagster's version is pinned
        files = _link(reading.inbox_files, inspect.getsourcefile(reading))
        edited = _link(corrections.corrections, inspect.getsourcefile(corrections))
        assets = list(_load_assets())
    return dg.Definitions(
        assets=[files, edited, *assets],
        jobs=[ingest, publish, report_job, watch, upkeep],
        sensors=[inbox_sensor, delivery_sensor, watch_sensor, life_sensor, alert_sensor],
        schedules=[daily_publish, hourly_report, weekly_upkeep],
        resources=build_resources(settings, progress),
        # The parallel part of a run is the parser's worker processes; steps share one process.
        executor=dg.in_process_executor,
    )


def _load_assets() -> Iterator[dg.AssetsDefinition]:
    """Yield the assets of all stations, each with links to the code that makes it and its page."""
    stations = [reading, cleaning, extraction, resolution, publishing, report, watching]
    for asset in dg.with_source_code_references(dg.load_assets_from_modules(stations)):
        if isinstance(asset, dg.AssetsDefinition):
            yield asset.map_asset_specs(_link)


def _link(spec: dg.AssetSpec, code: str | None = None) -> dg.AssetSpec:
    """Return an asset with a link to its section of the page of tables beside that to its code."""
    known = spec.metadata.get(CODE)
    places = list(known.code_references) if isinstance(known, LINKS) else []
    if code is not None:
        places.append(dg.LocalFileCodeReference(file_path=code))
    if line := _find_section(spec.key.path[-1]):
        places.append(dg.LocalFileCodeReference(file_path=str(TABLES), line_number=line))
    return spec.merge_attributes(metadata={CODE: LINKS(code_references=places)})


@cache
def _find_section(name: str) -> int | None:
    """Return the line of docs/tables.md that is headed with the name of a table or view."""
    lines = TABLES.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, start=1) if line == f"### {name}"), None)


@dg.definitions
def defs() -> dg.Definitions:
    """Return what `dagster dev` loads; the environment is read then, not when this is imported."""
    return build_definitions(load_project_settings())
