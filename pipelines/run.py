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

from assets.declare import BUNDLE_PARTITIONS, CODE_VERSIONS
from copydesk.bundles import BundleError, hash_bundle, locate_bundle, name_bundle
from copydesk.catalogue import origin_of, read_origin
from copydesk.deliveries import find_stale, fingerprint_tables
from copydesk.lake import find_source, open_snapshot
from pipelines.definitions import build_definitions
from pipelines.jobs import ingest, publish
from pipelines.report import write_next_steps, write_report
from pipelines.settings import Settings, load_settings

QUIET_LOGGERS = {"console": {"config": {"log_level": "ERROR"}}}


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
    options = parser.parse_args(arguments)
    settings = load_settings()
    os.environ.setdefault("DAGSTER_HOME", str(settings.dagster_home))
    with dg.DagsterInstance.get() as instance:
        return run_bundles(options.paths, settings, instance, name=options.name)


def run_bundles(
    paths: Sequence[Path],
    settings: Settings,
    instance: dg.DagsterInstance,
    *,
    name: str | None = None,
) -> int:
    """Take the bundles at `paths` in, publish, and report; return the exit code."""
    try:
        wanted = [find_wanted(path, settings, name=name) for path in paths]
    except BundleError as error:
        _say(f"copydesk: {error}")
        return 1
    defs = build_definitions(settings)
    failed = [w.bundle for w in wanted if not ingest_bundle(w, settings, defs, instance)]
    is_published = publish_snapshot(settings, defs, instance)
    for bundle in failed:
        _say(f"copydesk: {bundle}: the run failed; `make dev` shows where")
    made = [w.bundle for w in wanted if w.bundle not in failed]
    if made and is_published:
        report = write_report(settings.catalogue, made)
        sys.stdout.write("\n".join((*report, "", *write_next_steps(settings.catalogue))) + "\n")
    return 0 if is_published and not failed else 1


def find_wanted(path: Path, settings: Settings, *, name: str | None) -> Wanted:
    """Return the bundle at `path` under its own name or the given one.

    Raises: BundleError: if there is nothing to read there, or the name belongs to another bundle.
    """
    bundle = name_bundle(path.resolve() if name is None else Path(name))
    recorded = find_source(settings.lake, bundle)
    asked = str(path.resolve())
    found = locate_bundle(bundle, asked=asked, recorded=recorded, inbox=settings.inbox)
    return Wanted(bundle, found, hash_bundle(found))


def ingest_bundle(
    wanted: Wanted, settings: Settings, defs: dg.Definitions, instance: dg.DagsterInstance
) -> bool:
    """Take one bundle in, from the first table out of date; return whether all went well."""
    fingerprints = fingerprint_tables(wanted.sha256, CODE_VERSIONS)
    snapshot = open_snapshot(settings.lake)
    stale = find_stale(snapshot, wanted.bundle, fingerprints=fingerprints)
    if not stale:
        _say(f"{wanted.bundle}: nothing has changed")
        return True
    _say(f"{wanted.bundle}: making {', '.join(stale)}")
    instance.add_dynamic_partitions(str(BUNDLE_PARTITIONS.name), [wanted.bundle])
    selected = dg.AssetSelection.assets(*stale, "deliveries").required_multi_asset_neighbors()
    reads_files = stale[0] == "raw_articles"
    source = {"read_pages": {"config": {"path": str(wanted.path)}}} if reads_files else {}
    result = defs.resolve_job_def(ingest.name).execute_in_process(
        instance=instance,
        partition_key=wanted.bundle,
        asset_selection=list(selected.resolve(defs.resolve_asset_graph())),
        run_config={"loggers": QUIET_LOGGERS, "ops": source},
        raise_on_error=False,
    )
    return result.success


def publish_snapshot(
    settings: Settings, defs: dg.Definitions, instance: dg.DagsterInstance
) -> bool:
    """Publish what has been delivered, unless that is published already; return whether it is."""
    origin = origin_of(open_snapshot(settings.lake), code_versions=CODE_VERSIONS)
    if origin.snapshot_version < 0:
        return False
    if origin == read_origin(settings.catalogue):
        return True
    _say("publishing")
    result = defs.resolve_job_def(publish.name).execute_in_process(
        instance=instance, run_config={"loggers": QUIET_LOGGERS}, raise_on_error=False
    )
    return result.success


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
