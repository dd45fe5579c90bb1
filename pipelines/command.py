"""Take bundles in through Dagster, as `copydesk run` does in a checkout: the UI shows each run."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from assets.publishing import publish_catalogue
from copydesk.commands.bundles import Wanted, run_bundles, say
from copydesk.commands.interrupts import Interrupts
from copydesk.commands.progress import Progress
from copydesk.commands.summary import write_next_steps
from copydesk.errors import SettingsError
from copydesk.settings import Settings
from copydesk.storage.paths import parse_path
from copydesk.tables import RAW_ARTICLES
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest, publish
from pipelines.reasons import explain_failure
from pipelines.resources import load_project_settings, open_instance

STARTED_BY_TAG = "copydesk/started_by"
QUIET_LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


def run_command(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    """Run the command line and return its exit code.

    Raises: KeyboardInterrupt: saying what was published, where a signal ends the run.
    """
    parser = argparse.ArgumentParser(prog="copydesk run")
    parser.add_argument("paths", nargs="+", type=parse_path)
    parser.add_argument("--name")
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    try:
        settings = load_project_settings(options.data)
    except SettingsError as error:
        say(f"copydesk: {error}")
        return 1
    # Dagster sends standard error to a file during a step; a copy still leads to the terminal.
    with (
        open_instance() as instance,
        os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8") as screen,
    ):
        engine = DagsterEngine(settings, instance, interrupts, Progress(screen))
        code = run_bundles(
            options.paths,
            engine,
            name=options.name,
            may_replace=options.replace,
            is_forced=options.force,
        )
    if code == 0:
        lines = ("", *write_next_steps(settings.catalogue))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return code


class DagsterEngine:
    """The jobs of a project, run in this process."""

    def __init__(
        self,
        settings: Settings,
        instance: dg.DagsterInstance,
        interrupts: Interrupts,
        progress: Progress,
    ) -> None:
        """Build the definitions once, for all runs."""
        self.settings = settings
        self._definitions = build_definitions(settings, progress)
        self._instance = instance
        self._interrupts = interrupts

    def ingest(self, wanted: Wanted, tables: Sequence[str]) -> str | None:
        """Make `tables` of a bundle and declare it complete; return what went wrong."""
        self._instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), [wanted.bundle])
        selected = dg.AssetSelection.assets(*tables, "deliveries").required_multi_asset_neighbors()
        place = {"path": str(wanted.path), "may_replace": True}  # it has been checked already
        return self._run(
            ingest.name,
            ops={"read_pages": {"config": place}} if RAW_ARTICLES.name in tables else {},
            partition_key=wanted.bundle,
            asset_selection=list(selected.resolve(self._definitions.resolve_asset_graph())),
        )

    def publish(self, *, is_resolved: bool = False) -> str | None:
        """Make the tables over all bundles, and the catalogue; return what went wrong."""
        selected = sorted(publish_catalogue.keys) if is_resolved else None
        return self._run(publish.name, ops={}, asset_selection=selected)

    def _run(
        self,
        job: str,
        *,
        ops: Mapping[str, object],
        partition_key: str | None = None,
        asset_selection: Sequence[dg.AssetKey] | None = None,
    ) -> str | None:
        """Run a job and return what went wrong.

        Raises: KeyboardInterrupt: where a signal has come; Dagster itself calls that a failure.
        """
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            run_config={"loggers": QUIET_LOGGERS, "ops": ops},
            partition_key=partition_key,
            asset_selection=asset_selection,
            tags={STARTED_BY_TAG: "copydesk run"},
            raise_on_error=False,
        )
        self._interrupts.check()
        return None if result.success else explain_failure(result)
