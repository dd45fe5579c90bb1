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
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import AnyRow
from copydesk.lake.deliveries import fingerprint_tables
from copydesk.lake.hidden import find_hidden
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Withdrawal
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import hash_bundle, mark_name, measure_bundle, name_bundle
from copydesk.reading.limits import Limits
from copydesk.rows import content_id
from copydesk.storage.paths import AnyPath, list_folder, parse_path
from pipelines.delivered import KEPT, LAST_TABLE, Delivered, open_delivered

NOTES = ".inbox.json"
README = "README"
MAX_HASH_SECONDS = 10.0  # of a tick, after which the rest waits for the next one


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

    def open_delivered(self) -> Delivered:
        """Return what is delivered now."""
        return open_delivered(self.lake, self.notes.with_name(KEPT))

    def print_tables(self, note: Note, delivered: Delivered) -> dict[str, str]:
        """Return the fingerprints that the tables of a bundle have when they are up to date."""
        corrected = delivered.print_corrections(self.corrections).get(note.bundle)
        return fingerprint_tables(note.sha256, self.versions, corrected)

    def compare(self, delivered: Delivered) -> list[Found]:
        """Compare each bundle with its delivery, and note what was seen and hashed."""
        paths = {path.name: path for path in self._list()}
        before = self._read_notes()
        withdrawals = self.lake.withdrawals()
        corrected = delivered.print_corrections(self.corrections)
        names = self._name_all(paths, before, delivered)
        stop_at = time.monotonic() + MAX_HASH_SECONDS
        found, notes = [], {}
        for name, path in paths.items():
            noted = before.get(name)
            measure = measure_bundle(path)
            is_settled = noted is not None and noted.measure == measure
            sha256 = noted.sha256 if noted is not None and is_settled else ""
            note = Note(names[name], measure, sha256)
            if not measure:
                found.append(Found(path, note, Standing.EMPTY))
            elif not is_settled:
                found.append(Found(path, note, Standing.GROWING))
            else:
                note = self._hash(path, note, delivered, stop_at=stop_at)
                wanted = _print_last(
                    note.sha256, _freeze(self.versions), _freeze(corrected.get(note.bundle, {}))
                )
                standing = _judge(note, delivered, withdrawals, wanted)
                found.append(Found(path, note, standing))
            notes[name] = note
        self._write_notes(notes, before)
        return found

    def owner_of(self, found: Found, delivered: Delivered) -> str | None:
        """Return where else the bundle of this name was read from, if it is not this one."""
        if found.note.bundle not in delivered.prints:
            return None
        recorded = delivered.sources.get(found.note.bundle)
        return None if recorded is None or self._is_here(recorded, found.path) else recorded

    def _list(self) -> list[AnyPath]:
        """Return what was dropped: not hidden files, nor the file README."""
        return [
            path
            for path in list_folder(self.folder)
            if not path.name.startswith(".") and not _is_readme(path)
        ]

    def _hash(self, path: AnyPath, note: Note, delivered: Delivered, *, stop_at: float) -> Note:
        """Return the note with the hash of a bundle that is compared with its delivery."""
        if note.sha256 or note.bundle not in delivered.prints or time.monotonic() > stop_at:
            return note
        return note._replace(sha256=hash_bundle(path, limits=self.limits))

    def _name_all(
        self, paths: Mapping[str, AnyPath], before: Mapping[str, Note], delivered: Delivered
    ) -> dict[str, str]:
        """Return the bundle of each file: the one it has been, or a name that is free."""
        names = {name: before[name].bundle for name in paths if name in before}
        new = {name: path for name, path in paths.items() if name not in names}
        sources = delivered.sources if new else {}
        bundles = {source: bundle for bundle, source in sources.items()}
        taken = set(names.values())
        for name, path in new.items():
            known = bundles.get(str(path.resolve()))
            names[name] = known or self._choose_name(path, sources, taken)
            taken.add(names[name])
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


def _is_readme(path: AnyPath) -> bool:
    return path.name.startswith(README) and path.stem == README and path.is_file()


def _judge(
    note: Note,
    delivered: Delivered,
    withdrawals: Sequence[Withdrawal],
    wanted: str,
) -> Standing:
    """Compare a bundle that has not changed since the last look with its delivery.

    `wanted` is the fingerprint that its last table has when all of them are up to date.
    """
    recorded = delivered.prints.get(note.bundle)
    if recorded is None:
        is_withdrawn = withdrawals and find_hidden(withdrawals, note.bundle).is_whole
        return Standing.WITHDRAWN if is_withdrawn else Standing.DIFFERENT
    if not note.sha256:
        return Standing.UNHASHED
    return Standing.DELIVERED if recorded == wanted else Standing.DIFFERENT


def _freeze(versions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(versions.items()))


@lru_cache(maxsize=1_000_000)
def _print_last(
    sha256: str, versions: tuple[tuple[str, str], ...], corrected: tuple[tuple[str, str], ...]
) -> str:
    """Return the fingerprint that the last table of a bundle has with this code."""
    return fingerprint_tables(sha256, dict(versions), dict(corrected))[LAST_TABLE]
