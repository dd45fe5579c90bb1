"""Give a place in an object store the few methods of a path that reading a bundle needs.

`Path` cannot hold an address: it makes one slash of two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from copydesk.storage.address import is_remote, split_address
from copydesk.storage.files import Stored, open_files


@dataclass(frozen=True, order=True, slots=True)
class StorePath:
    """A file, or a folder of files, in an object store."""

    uri: str

    def __str__(self) -> str:
        """Return the address."""
        return self.uri

    def __truediv__(self, name: str) -> "StorePath":
        """Return the place of this name below this one."""
        return StorePath(f"{self.uri}/{name}")

    @property
    def name(self) -> str:
        """The last part."""
        return PurePosixPath(split_address(self.uri)[1]).name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def parent(self) -> "StorePath":
        """The place that this one is in."""
        return StorePath(self.uri.rpartition("/")[0])

    def absolute(self) -> "StorePath":
        """Return the address, which is one for every machine."""
        return self

    def resolve(self) -> "StorePath":
        """Return the address: a store has no links."""
        return self

    def is_file(self) -> bool:
        """Return whether there is a file of this name."""
        return not open_files(self.parent.uri).find_missing([self.name])

    def is_dir(self) -> bool:
        """Return whether there are files below."""
        return bool(self.walk())

    def exists(self) -> bool:
        """Return whether there is a file, or files below."""
        return open_files(self.parent.uri).exists(self.name)

    def walk(self) -> list[Stored]:
        """Return all files below, by their paths relative to this place."""
        return open_files(self.uri).walk()

    def iterdir(self) -> Iterator["StorePath"]:
        """Yield the files and folders in this place."""
        for name in sorted({stored.file.partition("/")[0] for stored in self.walk()}):
            yield self / name


AnyPath = Path | StorePath
"""A path of this machine, or a place in a store."""


def list_folder(path: AnyPath) -> list[AnyPath]:
    """Return what is in a folder, by name; nothing if it is not one."""
    found: Iterator[AnyPath] = path.iterdir() if path.is_dir() else iter(())
    return sorted(found, key=lambda each: each.name)


def parse_path(text: str) -> AnyPath:
    """Return the place that a person or a record names."""
    return StorePath(text.rstrip("/")) if is_remote(text) else Path(text)
