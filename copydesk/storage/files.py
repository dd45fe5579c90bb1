"""Read, write and list the files below one root, which is a folder or a place in an object store.

Paths are relative to the root, with forward slashes. What differs between the two is here and in
`copydesk.storage.remote`; nobody else asks where a lake is.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol
from uuid import uuid4

from copydesk.storage.address import is_remote, split_address
from copydesk.system.scratch import list_abandoned, scratch_beside, sweep

if TYPE_CHECKING:
    import duckdb

REMOTE = "copydesk.storage.remote:open_remote"  # needs libraries that not everybody has
STAGED = "parts"
FOR_DUCKDB = "copydesk.storage.duck:StoreFiles"


class State(NamedTuple):
    """What changes whenever somebody writes to a file."""

    n_bytes: int
    written_ns: int
    changed_ns: int
    number: int  # of the file on its disk, or of its content in a store


class Stored(NamedTuple):
    """A file as it is stored."""

    file: str
    n_bytes: int
    written_at: datetime
    number: int = 0  # of its content in a store, which changes with it


class Files(Protocol):
    """The files below one root."""

    @property
    def uri(self) -> str:
        """The root: a path, or an address."""
        ...

    @property
    def options(self) -> dict[str, str] | None:
        """What Delta is given to open its tables there, beside the environment."""
        ...

    @property
    def is_elsewhere(self) -> bool:
        """Whether people of other machines read them, who cannot open a catalogue of this one."""
        ...

    def walk(self, folder: str = "") -> list[Stored]:
        """Return everything below a folder, at any depth, by its path; nothing if it is not there.

        Raises: OSError: if it cannot be read.
        """
        ...

    def state(self, file: str) -> State:
        """Return the state of a file.

        Raises: OSError: if it is not there, or cannot be read.
        """
        ...

    def watch(self) -> Callable[[str], State]:
        """Return what gives the states of many files, as `state` does, of one moment."""
        ...

    def exists(self, file: str) -> bool:
        """Return whether a file is there, or a folder with something in it."""
        ...

    def find_missing(self, files: Collection[str]) -> list[str]:
        """Return which of the files are not there; sorted."""
        ...

    def open(self, file: str) -> BinaryIO:
        """Open a file to read it; it can be sought in.

        Raises: OSError: if it is not there, or cannot be read.
        """
        ...

    def write(self, file: str, content: bytes) -> None:
        """Write a file in one step: others see the old one or the new one."""
        ...

    def writing(self, file: str) -> AbstractContextManager[Path]:
        """Give a path of this machine to write a large file to; at the end it is in its place."""
        ...

    def remove(self, files: Iterable[str]) -> None:
        """Remove files; those that are not there are none to remove."""
        ...

    def move(self, file: str, target: str) -> None:
        """Move a file, or a folder with all that is in it, if it is there."""
        ...

    def sync(self, files: Iterable[str]) -> None:
        """Return once files and the names of their folders are there past a power failure."""
        ...

    def staging(self) -> AbstractContextManager[str]:
        """Give the full path or address of a folder for files that do not outlive the block."""
        ...

    def check(self) -> None:
        """Refuse a place in which two writers could each take their commit for the only one.

        Raises: StoreError: saying what it lacks.
        """
        ...

    def explain(self, error: OSError) -> Exception:
        """Return what an error of the system means: a damaged file, or a store that is silent."""
        ...

    def list_abandoned(self) -> list[Path]:
        """Return what dead processes have left below the root."""
        ...

    def sweep(self) -> None:
        """Remove what dead processes have left below the root."""
        ...


@lru_cache(maxsize=64)
def open_files(uri: str) -> Files:
    """Return the files below a path or an address.

    Raises: StoreError: if nothing installed here can open the address.
    """
    if not is_remote(uri):
        return LocalFiles(uri)
    opened: Files = resolve_name(REMOTE)(uri)
    _schemes.add(split_address(uri)[0].partition(":")[0])
    return opened


def open_stores_of(paths: Iterable[str]) -> None:
    """Open the store of each path that is an address.

    Raises: StoreError: if nothing installed here can open it.
    """
    for root in {split_address(path)[0] for path in paths if is_remote(path)}:
        open_files(root)


def exists_at(path: str) -> bool:
    """Return whether there is a file at a full path or address."""
    folder, _, name = path.rpartition("/")
    return open_files(folder).exists(name)


def reach_stores(connection: "duckdb.DuckDBPyConnection") -> None:
    """Let a connection read from the stores that this process has opened.

    It gets a file system of ours for each scheme, so that DuckDB asks for no extension.
    """
    for scheme in _schemes:
        if not connection.filesystem_is_registered(scheme):
            connection.register_filesystem(resolve_name(FOR_DUCKDB)(scheme))


_schemes: set[str] = set()


class LocalFiles:
    """The files below a folder of this machine."""

    options: dict[str, str] | None = None
    is_elsewhere = False

    def __init__(self, uri: str) -> None:
        """Take a folder, which need not be there yet."""
        self.uri = uri
        self._root = Path(uri)

    def walk(self, folder: str = "") -> list[Stored]:
        """Return everything below a folder, by its path; what vanishes meanwhile is left out."""
        start = f"{folder}/" if folder else ""
        return sorted(_walk(os.fspath(self._root / folder), start))

    def state(self, file: str) -> State:
        """Return size, times and number of a file."""
        found = os.stat(f"{self.uri}/{file}")  # noqa: PTH116 - half the time of Path.stat, on tens of thousands
        return State(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def watch(self) -> Callable[[str], State]:
        """Return what gives the states of files; each is asked for when it is needed."""
        return self.state

    def exists(self, file: str) -> bool:
        """Return whether a file or folder is there."""
        return (self._root / file).exists()

    def find_missing(self, files: Collection[str]) -> list[str]:
        """Return which of the files are not there; sorted."""
        isfile = os.path.isfile  # two fifths of the time of Path.is_file
        return sorted(file for file in set(files) if not isfile(f"{self.uri}/{file}"))

    def open(self, file: str) -> BinaryIO:
        """Open a file to read it."""
        return (self._root / file).open("rb")

    def write(self, file: str, content: bytes) -> None:
        """Write a file beside its place, and rename it into it."""
        path = self._root / file
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            draft.write_bytes(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def writing(self, file: str) -> Iterator[Path]:
        """Give the path of the file itself."""
        path = self._root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path

    def remove(self, files: Iterable[str]) -> None:
        """Remove files, those that are there."""
        for file in files:
            (self._root / file).unlink(missing_ok=True)

    def move(self, file: str, target: str) -> None:
        """Move a file or a folder."""
        source, place = self._root / file, self._root / target
        if source.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            source.rename(place)

    def sync(self, files: Iterable[str]) -> None:
        """Return once files, where they are there, are on disk with the names of their folders."""
        sync_paths(path for path in (self._root / file for file in files) if path.exists())

    @contextmanager
    def staging(self) -> Iterator[str]:
        """Give a folder that this process owns.

        It is renamed before it is removed, so that whoever is late writes nothing more.
        """
        with scratch_beside(self._root / STAGED) as owned:
            folder = owned / STAGED
            folder.mkdir()
            try:
                yield str(folder)
            finally:
                folder.rename(owned / "closed")

    def check(self) -> None:
        """Accept any folder: a file system makes a file for one writer only."""

    def explain(self, error: OSError) -> Exception:
        """Return the error as it is: that of a file system names the file and the reason."""
        return error

    def list_abandoned(self) -> list[Path]:
        """Return the folders that dead processes have left."""
        return list_abandoned(self._root)

    def sweep(self) -> None:
        """Remove the folders that dead processes have left."""
        sweep(self._root)


def sync_paths(paths: Iterable[Path]) -> None:
    """Return once these files and the names of their folders are on disk, past a power failure."""
    files = set(paths)
    folders = {folder for file in files for folder in (file.parent, file.parent.parent)}
    for path in sorted(files) + sorted(folders):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def copy_to(source: BinaryIO, path: Path) -> None:
    """Write what is left of a stream to a path of this machine."""
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, 2**20)


def _walk(folder: str, start: str) -> Iterator[Stored]:
    """Yield the files below a folder; a lake has many: no `Path` is made."""
    with suppress(FileNotFoundError, NotADirectoryError):
        for entry in os.scandir(folder):
            if entry.is_dir():
                yield from _walk(entry.path, f"{start}{entry.name}/")
                continue
            with suppress(FileNotFoundError):
                found = entry.stat()
                written_at = datetime.fromtimestamp(found.st_mtime, UTC)
                yield Stored(f"{start}{entry.name}", found.st_size, written_at)
