"""Say what a catalogue was built from; while that stays the same there is nothing to publish."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from copydesk.corrections.folder import DecisionFiles
from copydesk.lake.history import find_publication
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import Publication
from copydesk.publishing.versions import published_versions
from copydesk.publishing.view import load_views
from copydesk.rows import content_id

ORIGIN_MEANING = "What this file was built from: one row."
ORIGIN_COLUMNS = {
    "number": ("BIGINT", "number of the snapshot, as `copydesk snapshots` lists it"),
    "published_at": ("TIMESTAMPTZ", "when it was published"),
    "lake": ("VARCHAR", "folder of the Delta tables"),
    "snapshot_version": ("BIGINT", "Delta version of `deliveries`, which lists the files"),
    "code": ("VARCHAR", "hash of the code versions, the views and the files read"),
    "whole_since": ("BIGINT", "number of the snapshot at which all stored rows were last made"),
    "way": ("VARCHAR", "whether all stored rows were made or what changed, and why"),
    "versions": ("VARCHAR[]", "code version of each table, as `table=version`"),
}
ORIGIN = "SELECT lake, snapshot_version, code FROM origin"


class Origin(NamedTuple):
    """What a catalogue was built from; while it stays the same there is nothing to publish."""

    lake: str
    snapshot_version: int
    code: str


def newest_origin(lake: Lake, decisions: DecisionFiles, *, id_list: Path | None) -> Origin:
    """Return the origin that a catalogue has if it is built now, of what is delivered and decided.

    `id_list` has the ids of Wikidata that the user provides, if there is such a file.
    """
    versions = published_versions(decisions, id_list=id_list)
    return origin_of(lake.snapshot(), code_versions=versions)


def origin_of(snapshot: Snapshot, *, code_versions: Mapping[str, str]) -> Origin:
    """Return the origin that a catalogue of `snapshot` has with this code and these views."""
    files = (file for part in snapshot.deliveries for file in part.files)
    return origin_of_files(snapshot.lake, snapshot.version, files, code_versions=code_versions)


def origin_of_files(
    lake: Lake, version: int, files: Iterable[str], *, code_versions: Mapping[str, str]
) -> Origin:
    """Return the origin of a catalogue of a version of the deliveries, which lists these files."""
    code = [f"{name}={version}" for name, version in sorted(code_versions.items())]
    views = [view.sql for view in load_views()]
    # The files distinguish one lake from another with the same versions in the same place.
    return Origin(lake.uri, version, content_id(*code, *views, *sorted(files)))


def read_origin(path: Path) -> Origin | None:
    """Return what the catalogue at `path` was built from, or None if it cannot be read.

    A file that is broken, or that is open for writing, is replaced by the next one.
    """
    row = _read_row(path, ORIGIN)
    return None if row is None else Origin(*row)


def find_origin(connection: duckdb.DuckDBPyConnection) -> Origin | None:
    """Return what an open catalogue was built from, or None if it does not say so."""
    row = connection.execute(ORIGIN).fetchone()
    return None if row is None else Origin(*row)


def read_number(path: Path) -> int | None:
    """Return which snapshot the catalogue at `path` shows, or None if it cannot be read."""
    row = _read_row(path, "SELECT number FROM origin")
    return None if row is None else int(row[0])


def find_shown(lake: Lake, path: Path) -> Publication:
    """Return the publication that the catalogue at `path` shows.

    Raises: SnapshotError: if the history does not have it, or its files are gone.
    """
    return find_publication(lake.history(), str(read_number(path)))


def read_way(path: Path) -> str | None:
    """Return how the stored rows of the catalogue at `path` were made, and why that way."""
    row = _read_row(path, "SELECT way FROM origin")
    return None if row is None else str(row[0])


def _read_row(path: Path, query: str) -> tuple[Any, ...] | None:
    if not path.exists():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query).fetchone()
    except duckdb.Error:
        return None
