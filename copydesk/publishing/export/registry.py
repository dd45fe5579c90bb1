"""Declare what an export format is, and find all formats that can be written.

Each module in `export/formats` is one format, declared as `FORMAT`. The modules are found in that
folder and imported when an export is asked for, so a new format needs no change elsewhere.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from copydesk.errors import ExportError
from copydesk.publishing.export import formats
from copydesk.publishing.export.datasets import Source, Written


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a format has written; `n_cut` texts did not fit into a cell."""

    tables: list[Written]
    n_cut: int = 0


Writer = Callable[[Source, Path], Outcome]
"""Writes the datasets of a source into a folder that is empty."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A kind of files that an export can be."""

    name: str
    """What `--format` takes."""
    how_to_read: str
    """A sentence or two for the README of an export."""
    write: Writer
    has_said: bool = False
    """Whether `said` is written where no tables are named; `quotes` has all its columns."""
    has_joined_quotes: bool = True
    """Whether `quotes` has columns of the article, the speaker and the story as well."""


@cache
def load_formats() -> Mapping[str, ExportFormat]:
    """Return the formats of the modules in `export/formats`, by name.

    Raises: ValueError: if a module has no `FORMAT`, or two formats share a name.
    """
    found: dict[str, ExportFormat] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(formats.__path__)):
        module = import_module(f"{formats.__name__}.{name}")
        declared: ExportFormat | None = getattr(module, "FORMAT", None)
        if declared is None:
            msg = f"{module.__name__}: declare FORMAT"
            raise ValueError(msg)
        if declared.name in found:
            msg = f"{declared.name!r} is the name of two formats"
            raise ValueError(msg)
        found[declared.name] = declared
    return found


def find_format(name: str) -> ExportFormat:
    """Return the format of that name.

    Raises: ExportError: naming the formats that there are.
    """
    known = load_formats()
    if name not in known:
        msg = f"no format {name}; there are {', '.join(known)}"
        raise ExportError(msg)
    return known[name]
