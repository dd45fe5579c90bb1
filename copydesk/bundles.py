"""Read a bundle: every file below a folder, page by page, in a fixed order."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from copydesk.model import Bundle, RawArticle, RejectedFile
from copydesk.pages import read_pages

UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")  # a bundle's name is a folder of the lake too


class BundleError(Exception):
    """A bundle that cannot be read at all, with a message for a person."""


class BundleFile(NamedTuple):
    """A file of a bundle, and its path inside the bundle with forward slashes."""

    path: Path
    source_path: str


def name_bundle(path: Path) -> str:
    """Return the name of the bundle at `path`: its last part, safe as a name of folders.

    Raises: BundleError: where nothing of the name is left.
    """
    stem = path.name if path.is_dir() else path.name.split(".")[0]
    name = UNSAFE_IN_NAMES.sub("-", stem).strip("-._")
    if not name:
        msg = f"{path}: give the bundle a name of letters and digits"
        raise BundleError(msg)
    return name


def list_files(path: Path) -> list[BundleFile]:
    """Return the files of the bundle at `path`, sorted by their path inside it.

    Raises: BundleError: if there is nothing at `path`, or no file in it.
    """
    if path.is_file():
        return [BundleFile(path, _printable(path.name))]
    if not path.is_dir():
        msg = f"{path}: no such file or folder"
        raise BundleError(msg)
    found = [
        BundleFile(file, _printable(file.relative_to(path).as_posix()))
        for file in path.rglob("*")
        if not file.is_dir()
    ]
    if not found:
        msg = f"{path}: no files in this folder"
        raise BundleError(msg)
    return sorted(found, key=lambda file: file.source_path)


def _printable(source_path: str) -> str:
    """Return a path with bytes that are not UTF-8 spelt out, as tables hold UTF-8 only."""
    return source_path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def locate_bundle(bundle: str, *, asked: str | None, recorded: str | None, inbox: Path) -> Path:
    """Return where to read a bundle: where it is asked for, was read before, or in the inbox.

    Raises: BundleError: if the name already belongs to a bundle from another place, whose rows
        would be lost.
    """
    if asked and recorded and asked != recorded and Path(recorded).exists():
        msg = f'{asked}: "{bundle}" is the name of the bundle {recorded}; give this one another'
        raise BundleError(msg)
    found = asked or recorded
    return Path(found) if found else inbox / bundle


def measure_bundle(path: Path) -> str:
    """Return a short text that changes while a bundle is still being written: sizes and times."""
    if not path.exists():
        return ""
    files = list_files(path) if path.is_file() or any(path.iterdir()) else []
    whole = hashlib.sha256()
    for file in files:
        state = file.path.lstat()  # of a link itself: where it leads may not be there
        whole.update(f"{file.source_path}\x1f{state.st_size}\x1f{state.st_mtime_ns}\n".encode())
    return whole.hexdigest()[:16]


def hash_bundle(path: Path) -> str:
    """Return a hash over the paths and bytes of the bundle's files.

    Raises: BundleError: if there is no bundle at `path`.
    """
    whole = hashlib.sha256()
    for file in list_files(path):
        data = _read_bytes(file.path)
        digest = "unreadable" if isinstance(data, OSError) else hashlib.sha256(data).hexdigest()
        whole.update(f"{file.source_path}\x1f{digest}\n".encode())
    return whole.hexdigest()


def read_bundle(path: Path, *, bundle: str) -> Iterator[RawArticle | RejectedFile | Bundle]:
    """Yield the pages of the bundle at `path` and what could not be read; its `Bundle` comes last.

    Raises: BundleError: if there is no bundle at `path`.
    """
    files = list_files(path)
    n_articles = n_rejected = 0
    for file in files:
        for row in _read_file(file, bundle):
            n_articles += isinstance(row, RawArticle)
            n_rejected += isinstance(row, RejectedFile)
            yield row
    yield Bundle(
        bundle=bundle,
        source_uri=str(path.resolve()),
        sha256=hash_bundle(path),
        n_files=len(files),
        n_articles=n_articles,
        n_rejected=n_rejected,
    )


def _read_file(file: BundleFile, bundle: str) -> Iterator[RawArticle | RejectedFile]:
    data = _read_bytes(file.path)
    if isinstance(data, OSError):
        message = data.strerror or str(data)
        yield RejectedFile(bundle, file.source_path, "open", "unreadable", message, None)
        return
    yield from read_pages(data, source_path=file.source_path, bundle=bundle)


def _read_bytes(path: Path) -> bytes | OSError:
    try:
        return path.read_bytes()
    except OSError as error:
        return error
