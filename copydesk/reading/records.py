"""Say what a page is before it is read: bytes, or the fields of an export."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from copydesk.errors import UnreadableError
from copydesk.reading.archives import Entry
from copydesk.reading.file_types import FileType
from copydesk.reading.limits import Limits
from copydesk.rows import Stage


class Document(NamedTuple):
    """One page as bytes, and what the web archive around it says."""

    source_path: str
    media_type: FileType
    data: bytes
    charset: str | None = None
    url: str | None = None
    retrieved_at: str | None = None


class Record(NamedTuple):
    """One page as the fields of an export, and the bytes that spell them."""

    source_path: str
    media_type: FileType
    encoding: str
    fields: Mapping[str, object]
    data: bytes


def join_fields(items: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return fields by their names; of those that come again, the first that holds something."""
    fields: dict[str, object] = {}
    for name, value in items:
        if not fields.get(name):
            fields[name] = value
    return fields


def check_size(n_bytes: int, limits: Limits) -> None:
    """Refuse what is longer than a page may be.

    Raises: UnreadableError: that says how long that is.
    """
    if n_bytes > limits.page_bytes:
        msg = f"a page of more than {limits.page_mib} MiB (COPYDESK_MAX_PAGE_MIB)"
        raise UnreadableError(Stage.PARSE, "too_large", msg)


def numbered(entry: Entry, number: int) -> str:
    """Return the path of a record of a file; the first is 1."""
    return f"{entry.source_path}#{number}"


def hash_bytes(data: bytes) -> str:
    """Return what `raw_sha256` says of `data`."""
    return hashlib.sha256(data).hexdigest()
