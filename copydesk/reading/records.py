"""What a reader yields: a page as bytes, a page as the fields of an export, or a refusal.

The checks that readers share are here too.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.limits import Limits
from copydesk.values import LeftOut, Stage

MAX_LISTED_CHARS = 200  # of the columns that a message names

ItemT = TypeVar("ItemT")


class Document(NamedTuple):
    """One page as bytes, and what the web archive around it says.

    `left_out` counts what its reader left out of it, here and in a `Record`.
    """

    source_path: str
    media_type: str
    data: bytes
    charset: str | None = None
    url: str | None = None
    retrieved_at: str | None = None
    left_out: Sequence[LeftOut] = ()


class Record(NamedTuple):
    """One page as the fields of an export, and the bytes that spell them."""

    source_path: str
    media_type: str
    encoding: str
    fields: Mapping[str, object]
    data: bytes
    left_out: Sequence[LeftOut] = ()


class Refused(NamedTuple):
    """A file, or a record of one, that cannot be read, and why."""

    source_path: str
    reason: UnreadableError
    raw_sha256: str | None = None


def count_lines(reason: str, lines: Iterable[str]) -> list[LeftOut]:
    """Return how many lines are left out for a reason, and their characters; none if none are."""
    sizes = [len(line) for line in lines if line]
    return [LeftOut(reason, len(sizes), sum(sizes))] if sizes else []


def say_if_empty(items: Iterable[ItemT], source_path: str) -> Iterator[ItemT | Refused]:
    """Yield `items`, or one refusal that says that there are none."""
    n = 0
    for n, item in enumerate(items, start=1):  # noqa: B007 -- counts them
        yield item
    if n == 0:
        yield Refused(source_path, UnreadableError(Stage.PARSE, "empty", "no page is in it"))


def join_fields(items: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return fields by their names; where a name is repeated, the first with a value counts.

    The others are kept under that name with a number.
    """
    fields: dict[str, object] = {}
    n_names: Counter[str] = Counter()
    for name, value in items:
        first = fields.get(name)
        if not first:
            fields[name] = value
        elif value and value != first:
            n_names[name] += 1
            fields[f"{name}#{n_names[name] + 1}"] = value
    return fields


def has_text_column(columns: Iterable[str]) -> bool:
    """Return whether one of these columns is known to hold a text or HTML."""
    return _has_field(columns, "text", "html")


def check_columns(columns: Sequence[str]) -> None:
    """Refuse a table without a column of texts.

    Raises: UnreadableError: that names the columns it has.
    """
    if not has_text_column(columns):
        raise explain_no_text(columns)


def explain_no_text(names: Sequence[str]) -> UnreadableError:
    """Return why a record or a table with these fields is no page, and what would help."""
    listed = ", ".join(names)[:MAX_LISTED_CHARS] or "no fields"
    msg = f"no field with a text (copydesk/lexicons/fields.toml) among {listed}"
    if _has_field(names, "url"):
        msg += "; it lists addresses: fetch their pages and deliver those"
    return UnreadableError(Stage.PARSE, "no_text_field", msg)


def _has_field(names: Iterable[str], *fields: str) -> bool:
    known = load_field_names()
    return not {plain_name(name) for name in names}.isdisjoint(
        name for field in fields for name in known[field]
    )


def check_size(n_bytes: int, limits: Limits) -> None:
    """Refuse a page that is longer than the limit.

    Raises: UnreadableError: that names the limit.
    """
    if n_bytes > limits.page_bytes:
        msg = f"a page of more than {limits.page_mib} MiB (COPYDESK_MAX_PAGE_MIB)"
        raise UnreadableError(Stage.PARSE, "too_large", msg)


def hash_bytes(data: bytes) -> str:
    """Return the `raw_sha256` of `data`."""
    return hashlib.sha256(data).hexdigest()
