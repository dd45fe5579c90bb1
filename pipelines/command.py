"""Take bundles in and publish them through Dagster, as `copydesk run` does in a checkout.

Only what has changed is done again: a bundle whose bytes and code are those of its last delivery
is left alone, and the catalogue is rebuilt only when something was delivered.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from copydesk.publishing.versions import bundle_versions, corpus_versions
from copydesk.commands.interrupts import Interrupts, ignore_signals
from copydesk.entities.overrides import read_overrides
from copydesk.errors import BundleError, CopydeskError, OverrideError, SettingsError
from copydesk.extraction.workers import stop_workers
from copydesk.lake.deliveries import find_source, find_stale, fingerprint_tables
from copydesk.publishing.catalogue import Origin, origin_of, read_number, read_origin
from copydesk.reading.bundles import (
    check_name,
    hash_bundle,
    locate_bundle,
    name_bundle,
)
from copydesk.settings import Settings
from copydesk.tables import RAW_ARTICLES
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest, publish
from pipelines.report import write_next_steps, write_report
from pipelines.resources import DAGSTER_HOME, load_project_settings

MAX_PUBLISH_TRIES = 3
QUIET_LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


DAGSTER_ERRORS = ("DagsterAssetCheckFailedError",)  # what is expected beside our own errors


class Wanted(NamedTuple):
    """A bundle to take in: its name, where it is, and the hash of what is in it."""

    bundle: str
    path: Path
    sha256: str


class Jobs:
    """The jobs of a project, to be run in this process."""

    def __init__(
        self, settings: Settings, instance: dg.DagsterInstance, interrupts: Interrupts
    ) -> None:
        """Build the definitions once, for all runs."""
        self.settings = settings
        self._definitions = build_definitions(settings)
        self._instance = instance
        self._interrupts = interrupts

    def ingest(self, wanted: Wanted, tables: Sequence[str]) -> dg.ExecuteInProcessResult:
        """Make `tables` of a bundle, and declare it complete."""
        self._instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), [wanted.bundle])
        selected = dg.AssetSelection.assets(*tables, "deliveries").required_multi_asset_neighbors()
        place = {"path": str(wanted.path), "may_replace": True}  # it has been checked already
        return self._run(
            ingest.name,
            ops={"read_pages": {"config": place}} if tables[0] == RAW_ARTICLES.name else {},
            partition_key=wanted.bundle,
            asset_selection=list(selected.resolve(self._definitions.resolve_asset_graph())),
        )

    def publish(self) -> dg.ExecuteInProcessResult:
        """Make the tables over all bundles, and the catalogue."""
        return self._run(publish.name, ops={})

    def _run(
        self,
        job: str,
        *,
        ops: Mapping[str, object],
        partition_key: str | None = None,
        asset_selection: Sequence[dg.AssetKey] | None = None,
    ) -> dg.ExecuteInProcessResult:
        """Run a job.

        Raises: KeyboardInterrupt: where a signal has come; Dagster itself calls that a failure.
        """
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            run_config={"loggers": QUIET_LOGGERS, "ops": ops},
            partition_key=partition_key,
            asset_selection=asset_selection,
            raise_on_error=False,
        )
        self._interrupts.check()
        return result


def run_command(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    """Run the command line and return its exit code.

    Raises: KeyboardInterrupt: saying what was published, where a signal ends the run.
    """
    parser = argparse.ArgumentParser(prog="copydesk run")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    try:
        settings = load_project_settings(options.data)
        read_overrides(settings.overrides)
    except (SettingsError, OverrideError) as error:
        _say(f"copydesk: {error}")
        return 1
    os.environ.setdefault("DAGSTER_HOME", str(DAGSTER_HOME))
    before = read_number(settings.catalogue)
    try:
        with dg.DagsterInstance.get() as instance:
            jobs = Jobs(settings, instance, interrupts)
            return run_bundles(options.paths, jobs, name=options.name, may_replace=options.replace)
    except KeyboardInterrupt as stopped:
        ignore_signals()
        stop_workers()
        after = read_number(settings.catalogue)
        outcome = "" if after == before else f"snapshot {after} was published"
        raise KeyboardInterrupt(outcome) from stopped


def run_bundles(
    paths: Sequence[Path], jobs: Jobs, *, name: str | None = None, may_replace: bool = False
) -> int:
    """Take the bundles at `paths` in, publish, and report; return the exit code.

    A bundle that cannot be read costs one line, and the others are taken in.
    """
    settings = jobs.settings
    wanted = []
    for path in paths:
        try:
            wanted.append(find_wanted(path, settings, name=name, may_replace=may_replace))
        except (CopydeskError, OSError) as error:
            _say(f"copydesk: {error}")
    if not wanted:
        return 1
    failed = [w.bundle for w in wanted if not ingest_bundle(w, jobs)]
    is_published = publish_snapshot(jobs)
    for bundle in failed:
        _say(f"copydesk: {bundle}: not taken in; `make dev` shows each step of the run")
    made = [w.bundle for w in wanted if w.bundle not in failed]
    if made and is_published:
        report = write_report(settings.catalogue, made)
        sys.stdout.write("\n".join((*report, "", *write_next_steps(settings.catalogue))) + "\n")
    return 0 if is_published and len(made) == len(paths) else 1


def find_wanted(
    path: Path, settings: Settings, *, name: str | None, may_replace: bool = False
) -> Wanted:
    """Return the bundle at `path` under its own name or the given one.

    Raises: BundleError: if there is nothing to read there, or the name belongs to another bundle
        and `may_replace` does not allow to take its place.
    """
    settings.lake.check()
    place = _resolve(path)
    bundle = name_bundle(place) if name is None else check_name(name)
    recorded = None if may_replace else find_source(settings.lake, bundle)
    found = locate_bundle(bundle, asked=str(place), recorded=recorded, inbox=settings.inbox)
    return Wanted(bundle, found, hash_bundle(found, limits=settings.limits))


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 raises
        message = f"{path}: a link that leads in a circle"
        raise BundleError(message) from error


def ingest_bundle(wanted: Wanted, jobs: Jobs) -> bool:
    """Take one bundle in, from the first table out of date; return whether all went well."""
    settings = jobs.settings
    fingerprints = fingerprint_tables(wanted.sha256, bundle_versions(settings.quotes))
    snapshot = settings.lake.snapshot()
    stale = find_stale(snapshot, wanted.bundle, fingerprints=fingerprints)
    if not stale:
        _say(f"{wanted.bundle}: nothing has changed")
        return True
    _say(f"{wanted.bundle}: making {', '.join(stale)}")
    result = jobs.ingest(wanted, stale)
    if not result.success:
        _say(f"copydesk: {wanted.bundle}: {_first_failure(result)}")
    return result.success


def _first_failure(result: dg.ExecuteInProcessResult) -> str:
    """Return why a run failed: in one line, or with its traceback where it is a fault of ours."""
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            whole = event.step_failure_data.error
            expected = {*_names_below(CopydeskError), *_names_below(OSError), *DAGSTER_ERRORS}
            error = whole
            while error.cls_name not in expected and error.cause is not None:
                error = error.cause
            is_expected = error.cls_name in expected
            return error.message.strip().splitlines()[0] if is_expected else whole.to_string()
    return "no step says why"


def _names_below(kind: type[Exception]) -> Iterator[str]:
    """Yield the names of a kind of error and of all below it; Dagster keeps no more of an error."""
    yield kind.__name__
    for below in kind.__subclasses__():
        yield from _names_below(below)


def publish_snapshot(jobs: Jobs) -> bool:
    """Publish what has been delivered, unless that is published already; return whether it is.

    Another run may publish at the same time: then its commits win, and this one tries again.
    """
    catalogue = jobs.settings.catalogue
    for _ in range(MAX_PUBLISH_TRIES):
        origin = _find_origin(jobs.settings)
        if origin.snapshot_version < 0:
            return False
        if origin == read_origin(catalogue):
            return True
        _say("publishing")
        result = jobs.publish()
        if not result.success:
            _say(f"copydesk: not published: {_first_failure(result)}")
    return _find_origin(jobs.settings) == read_origin(catalogue)


def _find_origin(settings: Settings) -> Origin:
    versions = corpus_versions(settings.overrides)
    return origin_of(settings.lake.snapshot(), code_versions=versions)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
