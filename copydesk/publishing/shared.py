"""Keep published catalogues beside the tables of a lake in an object store, for readers elsewhere.

A reader needs no more than the right to list and to get. The newest catalogue is fetched into a
folder of their own; its views read the tables where they are.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from copydesk.errors import LakeError
from copydesk.lake.lake import Lake
from copydesk.storage.files import Stored, copy_to
from copydesk.system.scratch import scratch_beside

CATALOGUES = "catalogues"
ENDING = ".duckdb"
MAX_TRIES = 3  # to fetch what a vacuum removes at the same moment
KEY_CHARS = 16


def share(lake: Lake, draft: Path, number: int) -> None:
    """Put a catalogue that is about to be published where readers of its lake find it.

    Those of a lake on this machine open the catalogue itself.
    """
    if lake.files.is_elsewhere:
        with lake.files.writing(f"{CATALOGUES}/{number:08}{ENDING}") as path:
            path.write_bytes(draft.read_bytes())


def fetch(lake: Lake, cache: Path) -> Path:
    """Return the newest catalogue of a lake, fetched into `cache` unless it is there already.

    Raises:
        LakeError: if nothing was published there.
        StoreError: if the store does not answer.
        OSError: if the folder cannot be written.
    """
    for n_left in reversed(range(MAX_TRIES)):
        newest = next(reversed(_list(lake)), None)
        if newest is None:
            msg = f"{lake}: no catalogue there; `copydesk run` makes one"
            raise LakeError(msg)
        folder = cache / hashlib.sha256(lake.uri.encode()).hexdigest()[:KEY_CHARS]
        path = folder / f"{_number_of(newest)}-{newest.written_at:%Y%m%dT%H%M%S%f}{ENDING}"
        if path.exists():
            return path
        try:
            return _fetch(lake, newest.file, path)
        except FileNotFoundError:
            if n_left == 0:
                raise
    raise AssertionError


def remove_older(lake: Lake, *, before: datetime) -> int:
    """Remove the catalogues of a lake but the newest, unless younger than `before`.

    Whoever has fetched one keeps it.
    """
    older = [each.file for each in _list(lake)[:-1] if each.written_at < before]
    lake.files.remove(older)
    return len(older)


def _list(lake: Lake) -> list[Stored]:
    stored = [each for each in lake.files.walk(CATALOGUES) if each.file.endswith(ENDING)]
    return sorted(stored, key=_number_of)


def _number_of(stored: Stored) -> int:
    return int(stored.file.rpartition("/")[2].removesuffix(ENDING))


def _fetch(lake: Lake, file: str, path: Path) -> Path:
    """Fetch a catalogue beside its place, rename it, and remove those before it."""
    with lake.files.open(file) as stream:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch_beside(path) as folder:
            copy_to(stream, folder / path.name)
            (folder / path.name).replace(path)
    for other in path.parent.glob(f"*{ENDING}"):
        if other != path:
            other.unlink(missing_ok=True)  # an open one stays readable until it is closed
    return path
