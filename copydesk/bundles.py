"""Read a bundle: every file below a folder, page by page, in a fixed order."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from copydesk.model import Bundle, RawArticle, RejectedFile
from copydesk.pages import SUFFIXES, read_pages

NAME_ENDINGS = frozenset({*SUFFIXES, "gz", "bz2", "xz", "zst", "zip", "tar", "tgz", "warc"})
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
    stem = path.name
    while not path.is_dir() and stem.rpartition(".")[2].lower() in NAME_ENDINGS and "." in stem:
        stem = stem.rpartition(".")[0]
    return check_name(stem)


def check_name(text: str) -> str:
    """Return `text` with all signs replaced that a folder of the lake should not have.

    Raises: BundleError: where nothing of it is left.
    """
    name = UNSAFE_IN_NAMES.sub("-", text).strip("-._")
    if not name:
        msg = f"{text}: give the bundle a name of letters and digits"
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
        if file.is_symlink() or not file.is_dir()
    ]
    if not found:
        msg = f"{path}: no files in this folder"
        raise BundleError(msg)
    return sorted(found, key=lambda file: file.source_path)


def _printable(source_path: str) -> str:
    """Return a path as tables can hold it: bytes that are not UTF-8 are spelt out.

    A `#` is too, because it stands before the number of a record.
    """
    text = source_path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("#", "%23")


def locate_bundle(bundle: str, *, asked: str | None, recorded: str | None, inbox: Path) -> Path:
    """Return where to read a bundle: where it is asked for, was read before, or in the inbox.

    Raises: BundleError: if the name already belongs to a bundle from another place, whose rows
        would be lost.
    """
    if asked and recorded and asked != recorded:
        msg = (
            f'{asked}: "{bundle}" is the name of the bundle from {recorded}; '
            "give this one another with --name"
        )
        raise BundleError(msg)
    found = asked or recorded
    return Path(found) if found else inbox / bundle


def measure_bundle(path: Path) -> str:
    """Return a short text that changes while a bundle is still being written: sizes and times.

    It is empty where there is nothing to read yet.
    """
    whole = hashlib.sha256()
    try:
        for file in list_files(path):
            state = file.path.lstat()  # of a link itself: where it leads may not be there
            line = f"{file.source_path}\x1f{state.st_size}\x1f{state.st_mtime_ns}\n"
            whole.update(line.encode())
    except (BundleError, FileNotFoundError):  # nothing there, or just being moved
        return ""
    return whole.hexdigest()[:16]


def hash_bundle(path: Path) -> str:
    """Return a hash over the paths and bytes of the bundle's files.

    Raises: BundleError: if there is no bundle at `path`.
    """
    whole = hashlib.sha256()
    for file in list_files(path):
        whole.update(_hash_line(file, _read_bytes(file.path)))
    return whole.hexdigest()


def _hash_line(file: BundleFile, data: bytes | OSError) -> bytes:
    digest = "unreadable" if isinstance(data, OSError) else hashlib.sha256(data).hexdigest()
    return f"{file.source_path}\x1f{digest}\n".encode()


def read_bundle(path: Path, *, bundle: str) -> Iterator[RawArticle | RejectedFile | Bundle]:
    """Yield the pages of the bundle at `path` and what could not be read; its `Bundle` comes last.

    Raises: BundleError: if there is no bundle at `path`.
    """
    files = list_files(path)
    whole = hashlib.sha256()  # over the bytes that the rows are made of, not over a second read
    n_articles = n_rejected = 0
    for file in files:
        data = _read_bytes(file.path)
        whole.update(_hash_line(file, data))
        for row in _read_file(file, data, bundle):
            n_articles += isinstance(row, RawArticle)
            n_rejected += isinstance(row, RejectedFile)
            yield row
    yield Bundle(
        bundle=bundle,
        source_uri=str(path.resolve()),
        sha256=whole.hexdigest(),
        n_files=len(files),
        n_articles=n_articles,
        n_rejected=n_rejected,
    )


def _read_file(
    file: BundleFile, data: bytes | OSError, bundle: str
) -> Iterator[RawArticle | RejectedFile]:
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
