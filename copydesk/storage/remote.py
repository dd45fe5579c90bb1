"""Read, write and list the files of an object store, with the credentials of the environment.

obstore and delta-rs are built on one library, so both read the same variables, take the same
addresses and try again alike. What is written is there for everybody once the store has said so.
"""

import hashlib
import io
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, from_url

from copydesk.errors import StaleError, StoreError
from copydesk.storage.address import check_address, split_address
from copydesk.storage.files import STAGED, State, Stored
from copydesk.system.scratch import find_scratch

REQUEST_SECONDS = 30  # for one request, of at most a block
CONNECT_SECONDS = 5
MAX_RETRIES = 8
LIST_TRIES = 3
OPEN_TRIES = 5  # of a small file that others replace meanwhile
RETRY_SECONDS = 120  # after which a request is given up
BLOCK_BYTES = 4 * 2**20  # that a stream reads ahead
FEW = 8  # files that are asked for one by one; more are listed
ABANDONED_AFTER = timedelta(days=7)  # longer than a run takes
MAX_MESSAGE_CHARS = 200  # stores answer with pages


def open_remote(uri: str) -> "RemoteFiles":
    """Return the files below an address.

    Raises: StoreError: if the address names no place, or the environment does not say how to ask.
    """
    return RemoteFiles(check_address(uri))


@lru_cache(maxsize=64)
def open_store(root: str) -> ObjectStore:
    """Return the bucket at an address.

    Raises: StoreError: if the environment does not say how to reach it.
    """
    options: Any = {
        "timeout": timedelta(seconds=REQUEST_SECONDS),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "allow_http": True,  # where the environment names such an endpoint; delta-rs asks again
    }
    retries: Any = {
        "max_retries": MAX_RETRIES,
        "retry_timeout": timedelta(seconds=RETRY_SECONDS),
    }
    try:
        return from_url(root, client_options=options, retry_config=retries)
    except (BaseError, ValueError) as error:
        msg = f"{root}: {_first_line(error)}"
        raise StoreError(msg) from error


class RemoteFiles:
    """The files below an address."""

    is_elsewhere = True

    def __init__(self, uri: str) -> None:
        """Take an address; nothing is asked of the store yet."""
        root, self._path = split_address(uri)
        self.uri = uri
        self._store = open_store(root)

    @property
    def options(self) -> dict[str, str] | None:
        """What Delta is given: the patience of this module; keys it finds by itself."""
        return {
            "timeout": f"{REQUEST_SECONDS}s",
            "connect_timeout": f"{CONNECT_SECONDS}s",
            "max_retries": str(MAX_RETRIES),
            "retry_timeout": f"{RETRY_SECONDS}s",
        }

    def walk(self, folder: str = "") -> list[Stored]:
        """Return everything below a folder, by its path."""
        return sorted(
            Stored(file, meta["size"], meta["last_modified"], _number_of(meta))
            for file, meta in self._list(folder)
        )

    def state(self, file: str) -> State:
        """Return size, time and content hash of a file."""
        with os_errors(self.path_of(file)):
            return _state_of(self._store.head(self._key(file)))

    def watch(self) -> Callable[[str], State]:
        """Return what gives the states of files from one listing, and asks for newer ones."""
        listed: dict[str, State] = {}

        def find(file: str) -> State:
            if not listed:
                listed.update((name, _state_of(meta)) for name, meta in self._list(""))
            return listed.get(file) or self.state(file)

        return find

    def exists(self, file: str) -> bool:
        """Return whether a file is there, or something below it."""
        if file and self._is_file(file):
            return True
        return next(self._list(file), None) is not None

    def find_missing(self, files: Collection[str]) -> list[str]:
        """Return which of the files are not there; sorted."""
        wanted = set(files)
        if len(wanted) > FEW:
            return sorted(wanted.difference(file for file, _ in self._list("")))
        return sorted(file for file in wanted if not self._is_file(file))

    def open(self, file: str) -> BinaryIO:
        """Open a file to read it in blocks; a small one is read at once, and stays as it was."""
        for n_left in reversed(range(OPEN_TRIES)):
            raw = RemoteFile(self._store, self._key(file), self.path_of(file))
            if raw.n_bytes > BLOCK_BYTES:
                return cast("BinaryIO", io.BufferedReader(raw, BLOCK_BYTES))
            content = bytearray(raw.n_bytes)
            try:
                raw.readinto(content)
            except StaleError:
                if n_left == 0:
                    raise
            else:
                break
        return io.BytesIO(content)

    def write(self, file: str, content: bytes) -> None:
        """Write a file: a store shows a put whole or not at all."""
        with os_errors(self.path_of(file)):
            self._store.put(self._key(file), content)

    @contextmanager
    def writing(self, file: str) -> Iterator[Path]:
        """Give a temporary file, which is put in its place at the end."""
        with tempfile.TemporaryDirectory(dir=find_scratch()) as folder:
            path = Path(folder) / "file"
            yield path
            with os_errors(self.path_of(file)):
                self._store.put(self._key(file), path)

    def remove(self, files: Iterable[str]) -> None:
        """Remove files, those that are there."""
        for file in files:
            with suppress(FileNotFoundError), os_errors(self.path_of(file)):
                self._store.delete(self._key(file))

    def move(self, file: str, target: str) -> None:
        """Move a file, or one by one what is below it."""
        moved = [file] if self._is_file(file) else [found for found, _ in self._list(file)]
        for each in moved:
            place = self._key(target + each.removeprefix(file))
            with os_errors(self.path_of(each)):
                self._store.rename(self._key(each), place)

    def sync(self, files: Iterable[str]) -> None:
        """Return at once: what a store has taken is kept."""

    @contextmanager
    def staging(self) -> Iterator[str]:
        """Give an address of its own; what somebody late writes there goes with `sweep`."""
        folder = f"{STAGED}/{uuid4().hex}"
        self.write(f"{folder}/open", b"")
        try:
            yield self.path_of(folder)
        finally:
            self.remove([file for file, _ in self._list(folder)])

    def check(self) -> None:
        """Refuse a store that takes two files of one name where the second must be refused.

        Raises: StoreError: saying so; commits of two writers would replace each other there.
        """
        probe = self._key(f".probe-{uuid4().hex}")
        try:
            self._store.put(probe, b"1", mode="create")
            self._store.put(probe, b"2", mode="create")
        except AlreadyExistsError:
            return
        except (BaseError, OSError, NotImplementedError) as error:
            msg = f"{self.uri}: cannot be written to ({_first_line(error)})"
            raise StoreError(msg) from error
        finally:
            with suppress(BaseError, OSError):
                self._store.delete(probe)
        msg = (
            f"{self.uri}: its store does not know conditional puts (If-None-Match), without which "
            "two writers replace each other's commits; docs/storage.md lists stores that do"
        )
        raise StoreError(msg)

    def explain(self, error: OSError) -> Exception:
        """Return the error of a store that does not answer: Delta has no other for it."""
        return explain_silence(self.uri, error)

    def list_abandoned(self) -> list[Path]:
        """Return nothing: temporary files are in folders of this machine."""
        return []

    def sweep(self) -> None:
        """Remove what runs have staged and left: nothing says whether they live, so it is old."""
        before = datetime.now(tz=UTC) - ABANDONED_AFTER
        self.remove([each.file for each in self.walk(STAGED) if each.written_at < before])

    def path_of(self, file: str) -> str:
        """Return the whole address of a file."""
        return f"{self.uri}/{file}" if file else self.uri

    def _key(self, file: str) -> str:
        return "/".join(part for part in (self._path, file) if part)

    def _list(self, folder: str) -> Iterator[tuple[str, Any]]:
        """Yield the files below a folder with what the store says of them.

        The answer is read whole before, because obstore does not ask again where it ends too soon.
        """
        start = f"{self._path}/" if self._path else ""
        for n_left in reversed(range(LIST_TRIES)):
            try:
                metas = list(chain.from_iterable(self._store.list(self._key(folder) or None)))
            except (BaseError, OSError) as error:
                if n_left == 0:
                    raise explain_silence(self.path_of(folder), error) from error
            else:
                yield from ((meta["path"].removeprefix(start), meta) for meta in metas)
                return

    def _is_file(self, file: str) -> bool:
        with suppress(FileNotFoundError):
            self.state(file)
            return True
        return False


class RemoteFile(io.RawIOBase):
    """An object that is read where it is needed, each read one request, all of one version."""

    def __init__(self, store: ObjectStore, key: str, uri: str) -> None:
        """Ask how large the object is.

        Raises:
            FileNotFoundError: if it is not there.
            StoreError: if the store does not answer.
        """
        self._store, self._key, self._uri = store, key, uri
        with os_errors(uri):
            self.meta: Any = store.head(key)
        self.n_bytes = int(self.meta["size"])
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place counted from the beginning, from here or from the end."""
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.n_bytes}
        self._at = starts[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever has a buffer
        """Fill a buffer as far as there is something; one request.

        Raises:
            FileNotFoundError: if it is gone.
            StaleError: if it was replaced since it was opened.
            StoreError: if the store does not answer.
        """
        n = max(0, min(len(buffer), self.n_bytes - self._at))
        if n:
            buffer[:n] = memoryview(self._get(n))
            self._at += n
        return n

    def _get(self, n: int) -> Any:  # noqa: ANN401 - a buffer of obstore
        """Return `n` bytes from here on."""
        options: Any = {"range": (self._at, self._at + n), "if_match": self.meta["e_tag"]}
        with os_errors(self._uri):
            try:
                return self._store.get(self._key, options=options).bytes()
            except BaseError as error:
                # A store may look at the range before it looks at the version.
                if self._is_stale():
                    msg = f"{self._uri}: changed while it was read; run again"
                    raise StaleError(msg) from error
                raise

    def _is_stale(self) -> bool:
        with suppress(BaseError):
            return bool(self._store.head(self._key)["e_tag"] != self.meta["e_tag"])
        return False


@contextmanager
def os_errors(uri: str) -> Iterator[None]:
    """Tell a file that is not there from a store that does not answer: only the first is damage.

    Raises:
        FileNotFoundError: if the store says so.
        StoreError: naming the address and the first line of the answer, never a key.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(2, "No such file", uri) from error
    except (BaseError, OSError) as error:
        raise explain_silence(uri, error) from error


def explain_silence(uri: str, error: BaseException) -> StoreError:
    """Return the error of a store that does not do what it was asked."""
    return StoreError(f"{uri}: the store does not answer ({_first_line(error)}); run again")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:MAX_MESSAGE_CHARS]


def _state_of(meta: Any) -> State:  # noqa: ANN401 - a dictionary of obstore
    written_at: datetime = meta["last_modified"]
    written_ns = round(written_at.timestamp() * 1_000) * 1_000_000
    return State(int(meta["size"]), written_ns, 0, _number_of(meta))


def _number_of(meta: Any) -> int:  # noqa: ANN401 - a dictionary of obstore
    tag = hashlib.sha256(str(meta["e_tag"]).encode()).digest()
    return int.from_bytes(tag[:6], "big")
