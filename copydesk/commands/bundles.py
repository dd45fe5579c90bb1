"""Take bundles in and publish them; what runs the steps is handed in.

Only what has changed is done again: a bundle with the bytes and the code of its last delivery is
left alone, and the catalogue is rebuilt only when something was delivered.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from copydesk.commands.interrupts import ignore_signals
from copydesk.commands.summary import write_summary
from copydesk.corrections.files import read_corrections
from copydesk.corrections.pages import find_touching, print_corrections
from copydesk.decided import read_decided
from copydesk.entities.id_list import list_problems
from copydesk.errors import BundleError, CopydeskError
from copydesk.extraction.workers import stop_workers
from copydesk.lake.deliveries import find_source, find_stale, fingerprint_tables
from copydesk.lake.hidden import explain_withdrawn, find_hidden
from copydesk.publishing.examine import find_lost, is_altered
from copydesk.publishing.ids import is_list_new_alone
from copydesk.publishing.origin import newest_origin, read_number, read_origin
from copydesk.publishing.versions import bundle_versions, published_versions
from copydesk.reading.bundles import check_name, hash_bundle, locate_bundle, name_bundle
from copydesk.settings import Settings
from copydesk.storage.paths import AnyPath
from copydesk.system.reasons import CONFLICT, EXPECTED, explain_error
from copydesk.system.room import explain_folder, explain_place
from copydesk.tables import BUNDLE_TABLES, RAW_ARTICLES

MAX_PUBLISH_TRIES = 3
RESOLVING = "resolving entities, stories and quotation groups over all bundles, and "


class Wanted(NamedTuple):
    """A bundle to take in: its name, where it is, and the hash of what is in it."""

    bundle: str
    path: AnyPath
    sha256: str


class Engine(Protocol):
    """What runs the steps of a project: Dagster, or this process alone."""

    @property
    def settings(self) -> Settings:
        """Where the data is, and how it is read."""
        ...

    def ingest(self, wanted: Wanted, tables: Sequence[str]) -> str | None:
        """Make `tables` of a bundle and declare it complete; return what went wrong, if anything.

        Raises: KeyboardInterrupt: where a signal ends the run.
        """
        ...

    def publish(self, *, is_resolved: bool = False) -> str | None:
        """Make the tables over all bundles, and the catalogue; return what went wrong.

        Where all is resolved only the catalogue is made.

        Raises: KeyboardInterrupt: where a signal ends the run.
        """
        ...


def run_bundles(
    paths: Sequence[AnyPath],
    engine: Engine,
    *,
    name: str | None = None,
    may_replace: bool = False,
    is_forced: bool = False,
) -> int:
    """Take the bundles at `paths` in, publish, and report; return the exit code.

    A bundle that cannot be read costs one line, and the others are taken in. A forced run makes
    all tables of each bundle again.

    Raises: KeyboardInterrupt: saying what was published, where a signal ends the run.
    """
    catalogue = engine.settings.catalogue
    before = read_number(catalogue)
    try:
        return _run_all(paths, engine, name=name, may_replace=may_replace, is_forced=is_forced)
    except KeyboardInterrupt as stopped:
        ignore_signals()
        stop_workers()
        after = read_number(catalogue)
        outcome = "" if after == before else f"snapshot {after} was published"
        raise KeyboardInterrupt(outcome) from stopped


def _run_all(
    paths: Sequence[AnyPath],
    engine: Engine,
    *,
    name: str | None,
    may_replace: bool,
    is_forced: bool,
) -> int:
    settings = engine.settings
    # Before an hour of work that nobody could read.
    catalogue = settings.catalogue
    problem = explain_folder(catalogue) or explain_place(catalogue, makes_folders=True)
    if problem is not None:
        say(f"copydesk: {problem}")
        return 1
    try:
        settings.lake.check()
        read_decided(settings.decisions)
        for problem in list_problems(settings.id_list):
            say(f"copydesk: {problem}")
    except CopydeskError as error:
        say(f"copydesk: {error}")
        return 1
    wanted = []
    for path in paths:
        try:
            wanted.append(find_wanted(path, settings, name=name, may_replace=may_replace))
        except EXPECTED as error:
            say(f"copydesk: {explain_error(error)}")
    if not wanted:
        return 1
    try:
        made = [each.bundle for each in wanted if ingest_bundle(each, engine, is_forced=is_forced)]
        stop_workers()  # each holds models, and publishing needs memory of its own
        is_published = publish_bundles(engine)
    except EXPECTED as error:  # the records of the lake cannot be read
        say(f"copydesk: {explain_error(error)}")
        return 1
    if made and is_published:
        sys.stdout.writelines(f"{line}\n" for line in write_summary(settings.catalogue, made))
    return 0 if is_published and len(made) == len(paths) else 1


def find_wanted(
    path: AnyPath, settings: Settings, *, name: str | None, may_replace: bool = False
) -> Wanted:
    """Return the bundle at `path` under its own name or the given one.

    Raises:
        BundleError: if there is nothing to read there, or the name belongs to another bundle
            that `may_replace` does not allow to replace, or the bundle was withdrawn.
        LakeError: if the tables cannot be read.
    """
    place = _resolve(path)
    bundle = name_bundle(place) if name is None else check_name(name)
    if find_hidden(settings.lake.withdrawals(), bundle).is_whole:
        raise BundleError(explain_withdrawn(bundle))
    recorded = None if may_replace else find_source(settings.lake, bundle)
    found = locate_bundle(bundle, asked=str(place), recorded=recorded, inbox=settings.inbox)
    return Wanted(bundle, found, hash_bundle(found, limits=settings.limits))


def _resolve(path: AnyPath) -> AnyPath:
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 raises
        message = f"{path}: a link that leads in a circle"
        raise BundleError(message) from error


def ingest_bundle(wanted: Wanted, engine: Engine, *, is_forced: bool = False) -> bool:
    """Take one bundle in, from the first table out of date; return whether all went well.

    All tables are made again where that is forced, or a file is not as it was delivered.
    """
    settings = engine.settings
    pages = settings.lake.relation_sql(RAW_ARTICLES, bundle=wanted.bundle)
    touching = find_touching(read_corrections(settings.decisions.corrections), pages)
    fingerprints = fingerprint_tables(
        wanted.sha256,
        bundle_versions(settings.quotes),
        print_corrections(touching.get(wanted.bundle, ())),
    )
    stale = find_stale(settings.lake.snapshot(), wanted.bundle, fingerprints=fingerprints)
    if is_forced:
        stale = [table.name for table in BUNDLE_TABLES]
    if not stale:
        say(f"{wanted.bundle}: nothing has changed")
        return True
    is_whole = len(stale) == len(BUNDLE_TABLES)
    say(f"{wanted.bundle}: making {'all tables' if is_whole else ', '.join(stale)}")
    failure = engine.ingest(wanted, stale)
    if failure is not None:
        say(f"copydesk: {wanted.bundle}: not taken in: {failure}")
    return failure is None


def publish_bundles(engine: Engine) -> bool:
    """Publish what has been delivered, unless that is published already; return whether it is.

    Another run may publish at the same time: then its commits win, and this one tries again. What
    is delivered meanwhile is the next run's.
    """
    settings = engine.settings
    wanted = settings.lake.snapshot().version
    if wanted < 0:
        return False
    failure = None
    is_lost = _say_lost(settings)
    for n_tries in range(MAX_PUBLISH_TRIES):
        if _is_shown(settings, wanted) and not (is_lost and n_tries == 0):
            return True
        is_resolved = not is_lost and _is_resolved(settings)
        if n_tries == 0:
            say(f"{'' if is_resolved else RESOLVING}publishing")
        failure = engine.publish(is_resolved=is_resolved)
        if failure not in {None, CONFLICT}:
            break
    if failure is None and _is_shown(settings, wanted):
        return True
    say(f"copydesk: not published: {failure or CONFLICT}")
    return False


def _say_lost(settings: Settings) -> bool:
    """Say which file is not as it was published, if one is; return whether it is."""
    if is_altered(settings.catalogue):
        say(f"{settings.catalogue}: is not as it was published; publishing it again")
        return True
    lost = find_lost(settings.lake)
    if lost is not None:
        say(f"{lost}; publishing it again")
    return lost is not None


def _is_shown(settings: Settings, wanted: int) -> bool:
    """Return whether the catalogue is whole, and shows a version of `deliveries` or a newer one."""
    if is_altered(settings.catalogue):
        return False
    shown = read_origin(settings.catalogue)
    newest = newest_origin(settings.lake, settings.decisions, id_list=settings.id_list)
    if shown is None or shown.lake != newest.lake:
        return False
    return shown == newest or wanted <= shown.snapshot_version < newest.snapshot_version


def _is_resolved(settings: Settings) -> bool:
    """Return whether the list of ids of Wikidata is all that is new."""
    versions = published_versions(settings.decisions, id_list=settings.id_list)
    return is_list_new_alone(settings.catalogue, settings.lake.snapshot().version, versions)


def say(line: str) -> None:
    """Write a line to standard error: what a run says beside its report."""
    sys.stderr.write(f"{line}\n")
