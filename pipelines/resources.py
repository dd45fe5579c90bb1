"""What assets, sensors and schedules ask for: the settings, and where a run says how far it is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock
from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from copydesk.commands.progress import Progress
from copydesk.settings import Settings, load_settings
from pipelines.lives import hold_lock

CHECKOUT = Path(__file__).resolve().parent.parent
DAGSTER_HOME = CHECKOUT / ".dagster"
SETUP_LOCK = "setup.lock"


def load_project_settings(data: Path | None = None) -> Settings:
    """Return the settings of this process, with the data in the checkout unless stated otherwise.

    Raises: SettingsError: naming every variable whose value means nothing.
    """
    return load_settings(data=data, default_data=CHECKOUT / "data")


@contextmanager
def open_instance() -> Iterator[dg.DagsterInstance]:
    """Open the Dagster instance of this project, in `DAGSTER_HOME` or the checkout.

    A new one sets up its databases, which two processes must not do at the same time.
    """
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(DAGSTER_HOME)))
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / SETUP_LOCK, fallback_to_soft=False):
        instance = dg.DagsterInstance.get()
        instance.get_run_records(limit=1)
    with instance:
        yield instance


class ProjectSettings(dg.ConfigurableResource[Settings]):
    """Where the data of this project is, and how much of it is read and kept (docs/settings.md)."""

    def create_resource(self, context: dg.InitResourceContext) -> Settings:
        """Return the settings; a run that asks for them shows from then on that it is alive."""
        if context.instance is not None and context.run is not None:
            hold_lock(context.instance, context.run.run_id)
        return Settings(**{name: getattr(self, name) for name in Settings.model_fields})


def build_resources(settings: Settings, progress: Progress | None = None) -> dict[str, object]:
    """Return the resources of a project; the UI shows each setting with its value and meaning."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    shown = {
        name: str(value) if isinstance(value, Path) else value for name, value in values.items()
    }

    @dg.resource(description="Where a run says how far it is: the terminal, or the log of the run.")
    def open_progress(_context: dg.InitResourceContext) -> Progress:
        return progress or Progress()

    return {"settings": _described()(**shown), "progress": open_progress}


def _described() -> type[ProjectSettings]:
    """Return the resource with a field for each setting."""
    return create_model(  # type: ignore[call-overload, no-any-return] # the fields are data
        ProjectSettings.__name__,
        __base__=ProjectSettings,
        __doc__=ProjectSettings.__doc__,
        **dict(_declare_fields()),
    )


def _declare_fields() -> Iterator[tuple[str, tuple[object, FieldInfo]]]:
    for name, setting in Settings.model_fields.items():
        kind = str if setting.annotation is Path else setting.annotation
        yield name, (kind, Field(description=setting.description))
