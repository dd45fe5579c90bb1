"""Read a bundle: every file below a folder, page by page, in a fixed order."""

import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

from copydesk.errors import BundleError, UnreadableError
from copydesk.reading.archives import (
    is_system_file,
    printable_path,
    system_file_reason,
    unique_path,
)
from copydesk.reading.file_types import find_named
from copydesk.reading.files import read_file
from copydesk.reading.limits import DEFAULT_LIMITS, Limits
from copydesk.reading.pages import make_rows
from copydesk.reading.places import UNREADABLE, measure, open_file, walk
from copydesk.reading.records import Document, Record, Refused
from copydesk.reading.streams import open_bytes
from copydesk.rows import Bundle, RawArticle, RejectedFile
from copydesk.storage.paths import AnyPath, parse_path
from copydesk.system.allowance import explain_fault
from copydesk.system.damage import is_disk_full
from copydesk.values import Stage

UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")  # a bundle's name is a folder of the lake too
NAME_HASH_CHARS = 8  # enough for the names of one inbox


class BundleFile(NamedTuple):
    """A file of a bundle, and its path inside the bundle with forward slashes."""

    path: AnyPath
    source_path: str


def name_bundle(path: AnyPath) -> str:
    """Return the name of the bundle at `path`: its last part, made safe as the name of a folder.

    A name that is not written in plain letters, digits and punctuation ends in a hash of it, so
    that `été` and `ete` are two bundles.
    """
    stem = path.name
    if not path.is_dir():
        before, dot, ending = stem.rpartition(".")
        while dot and ending and find_named(ending.lower()):
            stem = before
            before, dot, ending = stem.rpartition(".")
    plain = _make_plain(stem)
    return plain if plain and stem.isascii() else mark_name(plain or "bundle", of=stem)


def check_name(text: str) -> str:
    """Return a name that a person gave a bundle, without what the name of a folder should not have.

    Raises: BundleError: if it has no letter and no digit.
    """
    plain = _make_plain(text)
    if not any(character.isalnum() for character in text):
        msg = f"{text}: give the bundle a name of letters and digits"
        raise BundleError(msg)
    return plain if text.isascii() else mark_name(plain or "bundle", of=text)


def mark_name(name: str, *, of: str) -> str:
    """Return a name that a hash of the text `of` keeps apart from others like it."""
    return f"{name}-{hashlib.sha256(printable_path(of).encode()).hexdigest()[:NAME_HASH_CHARS]}"


def _make_plain(text: str) -> str:
    """Return `text` with letters of ASCII only, and without what a folder should not be called."""
    letters = unicodedata.normalize("NFKD", text)
    unmarked = "".join(c for c in letters if not unicodedata.combining(c))
    return UNSAFE_IN_NAMES.sub("-", unmarked).strip("-._")


def list_files(path: AnyPath) -> list[BundleFile]:
    """Return the files of the bundle at `path`, sorted by their path inside it.

    Raises: BundleError: if there is nothing at `path`, or no file in it.
    """
    if path.is_file():
        return [BundleFile(path, printable_path(path.name))]
    if not path.is_dir():
        msg = f"{path}: no such file or folder"
        raise BundleError(msg)
    paths = sorted((printable_path(found.inside), found.path) for found in walk(path))
    if not paths:
        msg = f"{path}: no files in this folder"
        raise BundleError(msg)
    taken: dict[str, int] = {}
    return [BundleFile(file, unique_path(source_path, taken)) for source_path, file in paths]


def locate_bundle(
    bundle: str, *, asked: str | None, recorded: str | None, inbox: AnyPath
) -> AnyPath:
    """Return where to read a bundle: the path asked for, the recorded path, or the inbox.

    A bundle whose recorded path is gone and that has the same last part was moved.

    Raises: BundleError: if the name already belongs to a bundle from another place, whose rows
        would be lost.
    """
    if asked and recorded and asked != recorded and not _was_moved(recorded, asked):
        msg = (
            f'{asked}: "{bundle}" is the name of the bundle from {recorded}; '
            "give this one another with --name"
        )
        raise BundleError(msg)
    found = asked or recorded
    return parse_path(found) if found else inbox / bundle


def _was_moved(recorded: str, asked: str) -> bool:
    before = parse_path(recorded)
    return before.name == parse_path(asked).name and not before.exists()


def measure_bundle(path: AnyPath) -> str:
    """Return a digest of sizes and times, which changes while a bundle is still being written.

    It is empty if there is nothing to read yet.
    """
    try:
        measures = sorted(measure(path))
    except FileNotFoundError:  # nothing there, or it is being moved
        return ""
    except PermissionError:
        measures = [UNREADABLE]
    if not measures:
        return ""
    joined = "\n".join(measures).encode("utf-8", "surrogateescape")
    return hashlib.sha256(joined).hexdigest()[:16]


def hash_bundle(path: AnyPath, *, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return a hash of the paths and bytes of the bundle's files, and of any raised limits.

    Raises: BundleError: if there is no bundle at `path`.
    """
    whole = _start_hash(limits)
    for file in list_files(path):
        try:
            with open_file(file.path, path) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            digest = UNREADABLE
        whole.update(_hash_line(file, digest))
    return whole.hexdigest()


def _start_hash(limits: Limits) -> "hashlib._Hash":
    """Return a hash that changes with the limits, because higher ones may let more be read."""
    return hashlib.sha256(b"" if limits == DEFAULT_LIMITS else repr(limits).encode())


def _hash_line(file: BundleFile, digest: str) -> bytes:
    return f"{file.source_path}\x1f{digest}\n".encode()


def read_bundle(
    path: AnyPath, *, bundle: str, limits: Limits = DEFAULT_LIMITS
) -> Iterator[RawArticle | RejectedFile | Bundle]:
    """Yield the pages of the bundle at `path` and what could not be read; its `Bundle` comes last.

    Only one page is held at a time, however many a file has.

    Raises: BundleError: if there is no bundle at `path`, or it changes while it is read.
    """
    files = list_files(path)
    whole = _start_hash(limits)
    n_articles = n_rejected = 0
    for file in files:
        for item in _read_file(file, path, limits, whole):
            for row in make_rows(item, bundle=bundle, allowance=limits.page_allowance):
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


def read_pages(
    path: AnyPath, *, bundle: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[RawArticle | RejectedFile]:
    """Yield the pages in a file or a folder of any kind, and what could not be read.

    Raises: BundleError: if there is nothing at `path`, or it changes while it is read.
    """
    rows = read_bundle(path, bundle=bundle, limits=limits)
    yield from (row for row in rows if not isinstance(row, Bundle))


def read_bytes(
    data: bytes, *, source_path: str, bundle: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[RawArticle | RejectedFile]:
    """Yield the pages in the bytes of one file that is called `source_path`."""
    items = read_file(
        open_bytes(data), source_path, name=source_path, n_bytes=len(data), limits=limits
    )
    for item in items:
        yield from make_rows(item, bundle=bundle, allowance=limits.page_allowance)


def _read_file(
    file: BundleFile, root: AnyPath, limits: Limits, whole: "hashlib._Hash"
) -> Iterator[Document | Record | Refused]:
    """Yield the pages of one file, and add its bytes to the hash of the bundle."""
    try:
        stream, before, digest = _open_hashed(file.path, root)
    except OSError as error:
        whole.update(_hash_line(file, UNREADABLE))
        reason = UnreadableError(Stage.OPEN, "unreadable", error.strerror or str(error))
        yield Refused(file.source_path, reason)
        return
    with stream:
        for item in _read_stream(stream, file, before.st_size, limits):
            if isinstance(item, Refused) and item.source_path == file.source_path:
                yield item._replace(raw_sha256=digest)
            else:
                yield item
        after = os.fstat(stream.fileno())  # of the open file: the path may be gone by now
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        msg = f"{file.path}: changed while it was read; run again when it is complete"
        raise BundleError(msg)
    whole.update(_hash_line(file, digest))


class _Hashed(NamedTuple):
    """An open file of a bundle, its state when it was opened, and the hash of its bytes."""

    stream: io.BufferedReader
    state: os.stat_result
    digest: str


def _open_hashed(path: AnyPath, root: AnyPath) -> _Hashed:
    """Open a file of the bundle at `root`, and hash it.

    Raises: OSError: if it cannot be opened or read.
    """
    with ExitStack() as opened:
        stream = opened.enter_context(open_file(path, root))
        state = os.fstat(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        opened.pop_all()  # the caller closes it
    return _Hashed(stream, state, digest)


def _read_stream(
    stream: io.BufferedReader, file: BundleFile, n_bytes: int, limits: Limits
) -> Iterator[Document | Record | Refused]:
    """Yield the pages in the bytes of a file, unless a system made it."""
    path, name = file.source_path, file.path.name
    if is_system_file(path):
        yield Refused(path, system_file_reason())
        return
    try:
        yield from read_file(stream, path, name=name, n_bytes=n_bytes, limits=limits)
    except OSError as error:
        if is_disk_full(error):
            raise
        reason = error.strerror or str(error)
        yield Refused(path, UnreadableError(Stage.OPEN, "unreadable", reason))
    except Exception as error:  # noqa: BLE001 - a file costs itself alone, whatever the fault
        yield Refused(path, UnreadableError(Stage.PARSE, *explain_fault(error)))
