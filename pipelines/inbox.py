"""Compare the inbox with what is delivered.

A bundle is the same as delivered when its bytes and the code are: that is what its fingerprint in
`deliveries` says. Hashing bytes takes long, so the hash of each bundle is kept in a file beside the
inbox with the sizes and times that it had then; it is hashed again only when they change. The file
can be deleted at any time. It also keeps the name under which each file was taken.
"""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import AnyRow
from copydesk.corrections.pages import Touching, find_touching, print_corrections
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.hidden import find_hidden
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import hash_bundle, mark_name, measure_bundle, name_bundle
from copydesk.reading.limits import Limits
from copydesk.rows import content_id
from copydesk.storage.paths import AnyPath, list_folder, parse_path
from copydesk.tables import BUNDLE_TABLES, BUNDLES, RAW_ARTICLES

NOTES = ".inbox.json"
README = "README"
MAX_HASH_SECONDS = 10.0  # of a tick, after which the rest waits for the next one
LAST_TABLE = BUNDLE_TABLES[-1].name  # its fingerprint contains those of all tables before it


class Standing(StrEnum):
    """How a bundle of the inbox compares with its delivery."""

    DELIVERED = "delivered"
    DIFFERENT = "different"
    GROWING = "still being written"
    EMPTY = "nothing in it"
    UNHASHED = "not compared yet"
    WITHDRAWN = "withdrawn"


class Note(NamedTuple):
    """What is known of a file or folder of the inbox."""

    bundle: str
    measure: str
    sha256: str = ""
    """Hash of the bytes that had this measure; empty where it was not needed yet."""


class Found(NamedTuple):
    """A file or folder of the inbox, and how it compares with its delivery."""

    path: AnyPath
    note: Note
    standing: Standing

    def state(self, prints: Mapping[str, str]) -> str:
        """Return what changes whenever the bundle should be taken in again."""
        return content_id(self.note.measure, *(f"{k}={v}" for k, v in sorted(prints.items())))


@dataclass(frozen=True, slots=True)
class Inbox:
    """The folder into which bundles are dropped, and how they are read."""

    folder: AnyPath
    notes: Path  # a file of this machine
    lake: Lake
    method: QuoteMethod
    limits: Limits
    corrections: tuple[Placed[AnyRow], ...] = ()

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the code that makes the tables of a bundle."""
        return bundle_versions(self.method)

    def print_tables(self, note: Note) -> dict[str, str]:
        """Return the fingerprints that the tables of a bundle have when they are up to date."""
        touching = open_delivered(self.lake).find_touching(self.corrections)
        corrected = print_corrections(touching.get(note.bundle, ()))
        return fingerprint_tables(note.sha256, self.versions, corrected)

    def compare(self) -> list[Found]:
        """Compare each bundle with its delivery, and note what was seen and hashed."""
        paths = self._list()
        before = self._read_notes()
        delivered = open_delivered(self.lake)
        names = self._name_all(paths, before, delivered)
        stop_at = time.monotonic() + MAX_HASH_SECONDS
        found = []
        for path in paths:
            noted = before.get(path.name)
            measure = measure_bundle(path)
            is_settled = noted is not None and noted.measure == measure
            sha256 = noted.sha256 if noted is not None and is_settled else ""
            note = Note(names[path.name], measure, sha256)
            if not measure:
                found.append(Found(path, note, Standing.EMPTY))
            elif not is_settled:
                found.append(Found(path, note, Standing.GROWING))
            else:
                found.append(self._judge(path, note, delivered, stop_at=stop_at))
        self._write_notes({each.path.name: each.note for each in found}, before)
        return found

    def owner_of(self, found: Found) -> str | None:
        """Return where else the bundle of this name was read from, if it is not this one."""
        recorded = open_delivered(self.lake).sources.get(found.note.bundle)
        return None if recorded is None or self._is_here(recorded, found.path) else recorded

    def _list(self) -> list[AnyPath]:
        """Return what was dropped: not hidden files, nor the file README."""
        return [
            path
            for path in list_folder(self.folder)
            if not path.name.startswith(".") and not (path.stem == README and path.is_file())
        ]

    def _judge(self, path: AnyPath, note: Note, delivered: "Delivered", *, stop_at: float) -> Found:
        """Compare a bundle that has not changed since the last look."""
        if note.bundle not in delivered.prints:
            if find_hidden(self.lake.withdrawals(), note.bundle).is_whole:
                return Found(path, note, Standing.WITHDRAWN)
            return Found(path, note, Standing.DIFFERENT)
        if not note.sha256:
            if time.monotonic() > stop_at:
                return Found(path, note, Standing.UNHASHED)
            note = note._replace(sha256=hash_bundle(path, limits=self.limits))
        wanted = self.print_tables(note)[LAST_TABLE]
        is_same = delivered.prints[note.bundle] == wanted
        return Found(path, note, Standing.DELIVERED if is_same else Standing.DIFFERENT)

    def _name_all(
        self, paths: Sequence[AnyPath], before: Mapping[str, Note], delivered: "Delivered"
    ) -> dict[str, str]:
        """Return the bundle of each file: the one it has been, or a name that is free."""
        names = {path.name: before[path.name].bundle for path in paths if path.name in before}
        new = [path for path in paths if path.name not in names]
        sources = delivered.sources if new else {}
        bundles = {source: bundle for bundle, source in sources.items()}
        for path in new:
            names[path.name] = bundles.get(str(path.resolve())) or self._choose_name(
                path, sources, names.values()
            )
        return names

    def _choose_name(
        self, path: AnyPath, sources: Mapping[str, str], taken: Collection[str]
    ) -> str:
        name = name_bundle(path)
        source = sources.get(name)
        is_free = source is None or self._is_here(source, path)
        return name if is_free and name not in taken else mark_name(name, of=path.name)

    def _is_here(self, source: str, path: AnyPath) -> bool:
        """Return whether a bundle was read from `path`, perhaps before the data folder moved."""
        recorded = parse_path(source)
        if recorded == path.resolve():
            return True
        place = (recorded.parent.name, recorded.name)
        return place == (self.folder.name, path.name) and not recorded.exists()

    def _read_notes(self) -> dict[str, Note]:
        """Return what was noted at the last look, or nothing where that cannot be read."""
        try:
            noted = json.loads(self.notes.read_bytes())
            notes = {name: Note(*map(str, parts)) for name, parts in noted["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
        if noted.get("limits") != repr(self.limits):  # the hash of a bundle contains them
            return {name: note._replace(sha256="") for name, note in notes.items()}
        return notes

    def _write_notes(self, notes: Mapping[str, Note], before: Mapping[str, Note]) -> None:
        if notes == before:
            return
        draft = self.notes.with_name(f"{self.notes.name}.draft")
        draft.write_text(json.dumps({"limits": repr(self.limits), "files": notes}), "utf-8")
        draft.replace(self.notes)


class Delivered:
    """One snapshot of the lake; what is read of it stays in memory."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        self.snapshot = snapshot
        self._touching: (
            tuple[tuple[Placed[AnyRow], ...], Mapping[str, Sequence[Touching]]] | None
        ) = None

    @cached_property
    def prints(self) -> Mapping[str, str]:
        """The fingerprint of the last table of each bundle, which says what it was made from."""
        return {
            part.bundle: part.fingerprint
            for part in self.snapshot.deliveries
            if part.table_name == LAST_TABLE
        }

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Where each bundle was read from."""
        rows = BUNDLES.to_rows(self.snapshot.read(BUNDLES))
        return {row.bundle: row.source_uri for row in rows}

    def find_touching(
        self, corrections: tuple[Placed[AnyRow], ...]
    ) -> Mapping[str, Sequence[Touching]]:
        """Return the corrections that each bundle takes up; found once for the same ones."""
        if self._touching is None or self._touching[0] != corrections:
            pages = self.snapshot.relation_sql(RAW_ARTICLES)
            self._touching = (corrections, find_touching(corrections, pages))
        return self._touching[1]


def open_delivered(lake: Lake) -> Delivered:
    """Return the newest snapshot of a lake, read again only when something was delivered."""
    delta = lake.open(DELIVERIES)
    if delta is None:
        return Delivered(lake.snapshot())
    return _open_version(lake, str(delta.metadata().id), delta.version())


@lru_cache(maxsize=2)
def _open_version(lake: Lake, _table_id: str, _version: int) -> Delivered:
    return Delivered(lake.snapshot())
