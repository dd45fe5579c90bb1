"""Let DuckDB read files of an object store through Python, without an extension to download."""

import io
from functools import lru_cache
from typing import Any

from fsspec import AbstractFileSystem

from copydesk.storage.address import split_address
from copydesk.storage.remote import RemoteFile, open_store

SMALL_BYTES = 256 * 1_024  # up to which a file is read whole, once
N_SMALL = 256  # files that stay in memory
N_STATES = 100_000


class StoreFiles(AbstractFileSystem):  # type: ignore[misc] # fsspec has no types
    """The objects of all buckets under one scheme, for reading.

    The files of a lake are written once under names of their own, so what was once read of one
    holds for ever.
    """

    cachable = False

    def __init__(self, scheme: str) -> None:
        """Be what answers for the addresses of a scheme."""
        super().__init__()
        self.protocol = scheme

    def open(self, path: str, mode: str = "rb", **_: object) -> io.RawIOBase | io.BytesIO:
        """Open a file to read it.

        Raises: OSError: if it is not there; or if it is to be written.
        """
        if mode != "rb":
            raise OSError(30, "DuckDB only reads here", path)
        if self._info(path)["size"] <= SMALL_BYTES:
            return io.BytesIO(_read_small(path))
        return _open(path)

    def info(self, path: str, **_: object) -> dict[str, Any]:
        """Return size, kind and time of a file."""
        return self._info(path)

    def _info(self, path: str) -> dict[str, Any]:
        return dict(zip(("name", "size", "type", "mtime"), _describe(path), strict=True))

    def modified(self, path: str) -> Any:  # noqa: ANN401 - as fsspec has it
        """Return when a file was written."""
        return self._info(path)["mtime"]

    def exists(self, path: str, **_: object) -> bool:
        """Return whether a file is there."""
        try:
            self._info(path)
        except FileNotFoundError:
            return False
        return True

    def glob(self, path: str, **_: object) -> list[str]:
        """Return the file itself: our queries name each one."""
        return [path.removeprefix(f"{self.protocol}://")]


def _open(path: str) -> RemoteFile:
    root, key = split_address(path)
    return RemoteFile(open_store(root), key, path)


@lru_cache(maxsize=N_STATES)
def _describe(path: str) -> tuple[str, int, str, Any]:
    found = _open(path)
    return path, found.n_bytes, "file", found.meta["last_modified"]


@lru_cache(maxsize=N_SMALL)
def _read_small(path: str) -> bytes:
    return _open(path).readall()
