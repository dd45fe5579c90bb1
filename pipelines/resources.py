"""The places and numbers that assets, sensors and schedules ask for, from the settings."""

from pathlib import Path

from copydesk.commands.progress import Progress
from copydesk.settings import Settings, load_settings
from pipelines.io_managers import BundleTables, CorpusTables

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
        "lake": settings.lake,
        "inbox": settings.inbox,
        "limits": settings.limits,
        "catalogue_path": settings.catalogue,
        "overrides_path": settings.overrides,
        "n_workers": settings.workers,
        "retention": settings.retention,
        "quote_method": settings.quotes,
        "progress": progress or Progress(),
    }
