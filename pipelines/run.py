"""Take bundles in and publish them, from the command line: `python -m pipelines.run PATH …`.

Only what has changed is done again: a bundle whose bytes and code are those of its last delivery
is left alone, and the catalogue is rebuilt only when something was delivered.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from assets.declare import BUNDLE_PARTITIONS
from copydesk.entities.overrides import read_overrides
from copydesk.errors import BundleError, LakeError, OverrideError
from copydesk.lake.deliveries import find_source, find_stale, fingerprint_tables
from copydesk.publishing.catalogue import Origin, origin_of, read_origin
from copydesk.publishing.versions import bundle_versions, corpus_versions
from copydesk.reading.bundles import (
    check_name,
    hash_bundle,
    locate_bundle,
    name_bundle,
)
from copydesk.settings import Settings
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest, publish
from pipelines.report import write_next_steps, write_report
from pipelines.resources import DAGSTER_HOME, load_project_settings

MAX_PUBLISH_TRIES = 3
QUIET_LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


class Wanted(NamedTuple):
    """A bundle that somebody asked for: its name, where it is, and the hash of what is in it."""

    bundle: str
    path: Path
    sha256: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="copydesk run")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--replace", action="store_true")
    options = parser.parse_args(arguments)
    settings = load_project_settings()
    os.environ.setdefault("DAGSTER_HOME", str(DAGSTER_HOME))
    with dg.DagsterInstance.get() as instance:
        return run_bundles(
            options.paths,
            settings,
            instance,
            name=options.name,
            may_replace=options.replace,
        )


def run_bundles(
    paths: Sequence[Path],
    settings: Settings,
    instance: dg.DagsterInstance,
    *,
    name: str | None = None,
    may_replace: bool = False,
) -> int:
    """Take the bundles at `paths` in, publish, and report; return the exit code.

    A bundle that cannot be read is told in one line, and the others go on.
    """
    try:
        read_overrides(settings.overrides)
    except OverrideError as error:
        _say(f"copydesk: {error}")
        return 1
    wanted = []
    for path in paths:
        try:
            wanted.append(find_wanted(path, settings, name=name, may_replace=may_replace))
        except (BundleError, LakeError, OSError, RuntimeError, ValueError) as error:
            _say(f"copydesk: {error}")
    if not wanted:
        return 1
    defs = build_definitions(settings)
    failed = [w.bundle for w in wanted if not ingest_bundle(w, settings, defs, instance)]
    is_published = publish_snapshot(settings, defs, instance)
    for bundle in failed:
        _say(f"copydesk: {bundle}: not taken in; `make dev` shows where")
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
    place = path.resolve()
    bundle = name_bundle(place) if name is None else check_name(name)
    recorded = None if may_replace else find_source(settings.lake, bundle)
    found = locate_bundle(bundle, asked=str(place), recorded=recorded, inbox=settings.inbox)
    return Wanted(bundle, found, hash_bundle(found, limits=settings.limits))


def ingest_bundle(
    wanted: Wanted, settings: Settings, defs: dg.Definitions, instance: dg.DagsterInstance
) -> bool:
    """Take one bundle in, from the first table out of date; return whether all went well."""
    fingerprints = fingerprint_tables(wanted.sha256, bundle_versions(settings.quotes))
    snapshot = settings.lake.snapshot()
    stale = find_stale(snapshot, wanted.bundle, fingerprints=fingerprints)
    if not stale:
        _say(f"{wanted.bundle}: nothing has changed")
        return True
    _say(f"{wanted.bundle}: making {', '.join(stale)}")
    instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), [wanted.bundle])
    selected = dg.AssetSelection.assets(*stale, "deliveries").required_multi_asset_neighbors()
    reads_files = stale[0] == "raw_articles"
    place = {"path": str(wanted.path), "may_replace": True}  # it has been checked already
    source = {"read_pages": {"config": place}} if reads_files else {}
    result = defs.resolve_job_def(ingest.name).execute_in_process(
        instance=instance,
        partition_key=wanted.bundle,
        asset_selection=list(selected.resolve(defs.resolve_asset_graph())),
        run_config={"loggers": QUIET_LOGGERS, "ops": source},
        raise_on_error=False,
    )
    if not result.success:
        _say(f"copydesk: {wanted.bundle}: {_first_failure(result)}")
    return result.success


def _first_failure(result: dg.ExecuteInProcessResult) -> str:
    """Return in one line why a run failed: the message of the error behind all others."""
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            while error.cause is not None:
                error = error.cause
            return error.message.strip().splitlines()[0]
    return "no step says why"


def publish_snapshot(
    settings: Settings, defs: dg.Definitions, instance: dg.DagsterInstance
) -> bool:
    """Publish what has been delivered, unless that is published already; return whether it is.

    Another run may publish at the same time: then its commits win, and this one tries again.
    """
    for _ in range(MAX_PUBLISH_TRIES):
        origin = _find_origin(settings)
        if origin.snapshot_version < 0:
            return False
        if origin == read_origin(settings.catalogue):
            return True
        _say("publishing")
        defs.resolve_job_def(publish.name).execute_in_process(
            instance=instance, run_config={"loggers": QUIET_LOGGERS}, raise_on_error=False
        )
    return _find_origin(settings) == read_origin(settings.catalogue)


def _find_origin(settings: Settings) -> Origin:
    versions = corpus_versions(settings.overrides)
    return origin_of(settings.lake.snapshot(), code_versions=versions)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
