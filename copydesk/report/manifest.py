"""Remember which pages a report has, and the hash of the rows that each was made from.

The manifest is written before the pages, with the new ones marked as pending, and after them: a run
that is killed between the two leaves whole pages, and the next one knows all of them.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from copydesk.report.paths import PageKind, path_of

NAME = "manifest.tsv"
HEADER = "copydesk report 1"
PENDING = "-"


class Entry(NamedTuple):
    """A page: the hash of what it was made from, and of how many parts it consists.

    Where parts are compared one by one, `parts` has the hash of what each was made from; of a
    volume of the search index it has that of its files.
    """

    digest: str
    n_parts: int
    parts: tuple[str, ...] = ()


class Key(NamedTuple):
    """What a page is about."""

    kind: PageKind
    page_id: str


Manifest = Mapping[Key, Entry]


def read_manifest(folder: Path) -> dict[Key, Entry] | None:
    """Return the pages of the report in `folder`, or None if there is no report."""
    header, *lines = _read_lines(folder)
    return dict(map(_parse, lines)) if header.startswith(HEADER) else None


def read_shown(folder: Path) -> str | None:
    """Return what the report in `folder` shows, as given to `write_manifest`, if it is whole."""
    header, *_ = _read_lines(folder)
    return header.partition("\t")[2] or None


def write_manifest(folder: Path, manifest: Manifest, *, shown: str = "") -> None:
    """Replace the manifest of the report in `folder`; `shown` is empty while pages are written."""
    lines = [
        "\t".join((entry.digest, str(entry.n_parts), key.kind, key.page_id, *entry.parts))
        for key, entry in sorted(manifest.items())
    ]
    put(folder / NAME, "\n".join([f"{HEADER}\t{shown}", *lines, ""]))


def check_files(folder: Path, manifest: Manifest) -> dict[Key, Entry]:
    """Return the pages; those are pending of which a file is gone, or a script is not as written.

    Asking for each file takes five times as long as listing them all.
    """
    there = {
        f"{place.removeprefix(str(folder)).lstrip(os.sep).replace(os.sep, '/')}/{name}".lstrip("/")
        for place, _, names in os.walk(folder)
        for name in names
    }
    return {
        key: entry if _is_there(folder, key, entry, there) else Entry(PENDING, entry.n_parts)
        for key, entry in manifest.items()
    }


def _is_there(folder: Path, key: Key, entry: Entry, there: AbstractSet[str]) -> bool:
    if not all(path in there for path in list_paths(key, entry)):
        return False
    return key.kind is not PageKind.SEARCH or entry.parts == (digest_files(folder, key, entry),)


def digest_files(folder: Path, key: Key, entry: Entry) -> str:
    """Return a hash of all files of a page, which are there."""
    whole = hashlib.sha256()
    for path in list_paths(key, entry):
        content = (folder / path).read_bytes()
        whole.update(f"{len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()[:32]


def list_paths(key: Key, entry: Entry) -> Iterator[str]:
    """Yield the paths of the parts of a page."""
    for part in range(1, entry.n_parts + 1):
        yield path_of(key.kind, key.page_id, part=part)


def put(path: Path, text: str) -> None:
    """Write a file aside and rename it, so that its readers find the old one or the new one."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, "utf-8", errors="replace", newline="\n")
    draft.replace(path)


def _read_lines(folder: Path) -> list[str]:
    path = folder / NAME
    return (path.read_text("utf-8").splitlines() if path.is_file() else []) or [""]


def _parse(line: str) -> tuple[Key, Entry]:
    digest, n_parts, kind, page_id, *parts = line.split("\t")
    return Key(PageKind(kind), page_id), Entry(digest, int(n_parts), tuple(parts))
