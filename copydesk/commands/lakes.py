"""Find the tables that a catalogue was built from, and build one of an older snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from copydesk.commands.open import say_what_is_wrong
from copydesk.commands.project import CommandError
from copydesk.lake.history import find_publication
from copydesk.lake.lake import Lake
from copydesk.publishing.catalogue import build_catalogue
from copydesk.publishing.ids import read_ids
from copydesk.publishing.origin import find_origin
from copydesk.system.damage import say_unreadable


@contextmanager
def build_past(catalogue: Path, as_of: str) -> Iterator[Path]:
    """Give a catalogue of an older snapshot, which is there for as long as it is needed.

    Raises: SnapshotError: where there is no such snapshot, or not any more.
    """
    lake = find_lake(catalogue)
    publication = find_publication(lake.history(), as_of)
    with build_catalogue(lake, publication, ids=read_ids(catalogue)) as path:
        yield path


def find_lake(catalogue: Path) -> Lake:
    """Return the tables that a catalogue was built from."""
    with say_what_is_wrong(catalogue), duckdb.connect(str(catalogue), read_only=True) as opened:
        origin = find_origin(opened)
    if origin is None:
        reason = "does not say which tables it was built from"
        raise CommandError(say_unreadable(catalogue, reason))
    return Lake(origin.lake)


def find_lake_of(data: Path) -> Lake:
    """Return the tables of a data folder, which may be elsewhere."""
    from copydesk.settings import load_settings  # noqa: PLC0415 - 0.2 s; `sql --as-of` needs none

    lake = load_settings(data=data).lake
    if not lake.files.exists(""):
        message = f"{lake}: no tables there yet; `copydesk run` writes them"
        raise CommandError(message)
    return lake
