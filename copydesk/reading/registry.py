"""Declare what a format is, and find all formats that can be read.

Each module in `reading/formats` is one format: its `FORMATS` says by which endings and first bytes
a file of the format is recognised, and which function reads it. The modules are found in that
folder and imported when the first file is read, so a new format needs no change elsewhere.
"""

import io
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain
from typing import NamedTuple, TypeVar

from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, Refused

FORMATS_PACKAGE = "copydesk.reading.formats"  # by name, because its modules import this one

KeyT = TypeVar("KeyT", str, bytes)

Reader = Callable[["Entry", Limits], Iterator[Document | Record | Refused]]
"""Yields the pages of a file in its order; what it raises as `UnreadableError` becomes a row."""

Sniffer = Callable[[bytes, str | None], bool]
"""Says whether a file is of the format, by its first 4,096 bytes and the ending of its name.

The ending is "" for a file without one, and None where no format has it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file that holds pages."""

    media_type: str
    endings: tuple[str, ...]
    """In lower case, without the dot; "" is for files without an ending."""
    read: Reader
    magic: tuple[bytes, ...] = ()
    """First bytes that no text has. They count more than the name, and each file has them."""
    parts: tuple[str, ...] = ()
    """Names of files, each of which shows that a zip file that has it is of the format."""
    sniff: Sniffer | None = None
    """Recognises files that are called something else and have no magic bytes."""
    sniffs_first: bool = False
    """Its sniffer looks for how a file begins, and is asked before those that look further in."""
    trusts_ending: bool = False
    """A file with such an ending is of the format, however its text begins."""

    def __str__(self) -> str:
        """Return how messages name it."""
        return self.media_type


class Entry(NamedTuple):
    """A file to read pages from: its path inside the bundle, its format, its bytes."""

    source_path: str
    format: Format
    stream: io.BufferedReader

    def path_of(self, number: int) -> str:
        """Return the path of a record of the file; the first is 1."""
        return f"{self.source_path}#{number}"


class Registry(NamedTuple):
    """All formats, in the order of their modules' names, and how their files are recognised."""

    formats: tuple[Format, ...]
    by_ending: dict[str, Format]
    by_magic: dict[bytes, Format]
    """The longest magic bytes come first, so that one format's may begin with another's."""
    by_part: dict[str, Format]


@cache
def load_registry() -> Registry:
    """Return the formats of the modules in `reading/formats`.

    Raises: ValueError: if a module has no `FORMATS`, or two formats share an ending or magic bytes.
    """
    folder = import_module(FORMATS_PACKAGE).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(folder))
    found = tuple(chain.from_iterable(map(_formats_of, names)))
    by_magic = _index((magic, each) for each in found for magic in each.magic)
    return Registry(
        found,
        _index((ending, each) for each in found for ending in each.endings),
        {magic: by_magic[magic] for magic in sorted(by_magic, key=len, reverse=True)},
        _index((part, each) for each in found for part in each.parts),
    )


def _formats_of(name: str) -> tuple[Format, ...]:
    module = import_module(f"{FORMATS_PACKAGE}.{name}")
    declared: tuple[Format, ...] = getattr(module, "FORMATS", ())
    if not declared:
        msg = f"{module.__name__}: declare FORMATS"
        raise ValueError(msg)
    return declared


def _index(pairs: Iterable[tuple[KeyT, Format]]) -> dict[KeyT, Format]:
    index: dict[KeyT, Format] = {}
    for key, each in pairs:
        if key in index:
            msg = f"{key!r} belongs to two formats: {index[key]} and {each}"
            raise ValueError(msg)
        index[key] = each
    return index
