"""Read articles in JSON: one object, an array of them, or one on each line."""

import json
import re
from collections.abc import Iterator
from json import JSONDecoder

from copydesk.errors import UnreadableError
from copydesk.lexicons.load import load_field_names, plain_name
from copydesk.reading.archives import Entry, Refused, open_bytes
from copydesk.reading.encodings import Decoded, as_utf8, decode
from copydesk.reading.file_types import FileType
from copydesk.reading.limits import MIB, Limits
from copydesk.reading.records import Record, check_size, hash_bytes, numbered
from copydesk.rows import Stage

JSON_START = re.compile(r"[^\s,]")


def read_json(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object in a file, or the items of its array, or of a list inside the object.

    A JSON value cannot be cut without reading it: what is larger than the limit is refused.
    """
    data = entry.stream.read(limits.json_mib * MIB + 1)
    if len(data) > limits.json_mib * MIB:
        msg = (
            f"a JSON value of more than {limits.json_mib} MiB (COPYDESK_MAX_JSON_MIB): "
            "write it as JSON Lines"
        )
        raise UnreadableError(Stage.PARSE, "too_large", msg)
    decoded = decode(data)
    try:
        value = _parse_json(decoded.text)
    except UnreadableError as reason:
        if _is_json(decoded.text.strip().partition("\n")[0]):  # called .json by mistake
            yield from read_lines(entry._replace(stream=open_bytes(data)), limits)
        else:
            yield from _read_values(entry, decoded, reason)
        return
    listed = value if isinstance(value, list) else _list_inside(value)
    if listed is None:
        yield _record_of(value, data, entry.source_path, decoded.encoding)
        return
    for number, item in enumerate(listed, start=1):
        spelt = json.dumps(item).encode()
        yield _record_of(item, spelt, numbered(entry, number), decoded.encoding)


def _read_values(
    entry: Entry, decoded: Decoded, reason: UnreadableError
) -> Iterator[Record | Refused]:
    """Yield JSON objects that stand one behind the other, up to where they end for `reason`.

    Raises: UnreadableError: the `reason`, if not even one can be read.
    """
    number = end = 0
    while start := JSON_START.search(decoded.text, end):
        number += 1
        try:
            value, end = JSONDecoder().raw_decode(decoded.text, start.start())
            spelt = json.dumps(value).encode()
        except (ValueError, RecursionError):
            if number == 1:
                raise reason from None
            yield Refused(numbered(entry, number), reason)
            return
        yield _record_of(value, spelt, numbered(entry, number), decoded.encoding)


def _list_inside(value: object, *, depth: int = 2) -> list[object] | None:
    """Return the list of articles that an object holds beside counts and status, if it does.

    It may stand in an object of such a name too, `depth` objects deep at most.
    """
    if not isinstance(value, dict) or not depth:
        return None
    fields = {plain_name(name): item for name, item in value.items()}
    names = load_field_names()
    if any(_is_text(fields.get(name)) for name in (*names["text"], *names["html"])):
        return None
    inside = [fields[name] for name in names["articles"] if name in fields]
    lists = [item for item in inside if isinstance(item, list)]
    deeper = (_list_inside(item, depth=depth - 1) for item in inside)
    return next((found for found in (*lists, *deeper) if found is not None), None)


def _is_text(value: object) -> bool:
    """Return whether a field holds a text, or paragraphs, and not objects that may be articles."""
    parts = value if isinstance(value, list) else [value]
    return any(isinstance(part, str) and part for part in parts)


def read_lines(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object on each line that is not blank."""
    stream, recoded = as_utf8(entry.stream)
    number = 0
    while line := stream.readline(limits.page_bytes + 1):
        number += 1
        path = numbered(entry, number)
        try:
            check_size(len(line), limits)
            line = line.strip()
            if line:
                decoded = decode(line)
                yield _record_of(_parse_json(decoded.text), line, path, recoded or decoded.encoding)
        except UnreadableError as reason:
            yield Refused(path, reason, hash_bytes(line))
            while line and not line.endswith(b"\n") and reason.error == "too_large":
                line = stream.readline(MIB)


def _parse_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(Stage.PARSE, "not_json", f"not JSON: {error}") from error


def _is_json(text: str) -> bool:
    try:
        _parse_json(text)
    except UnreadableError:
        return False
    return True


def _record_of(value: object, data: bytes, source_path: str, encoding: str) -> Record | Refused:
    if isinstance(value, dict):
        return Record(source_path, FileType.JSON, encoding, value, data)
    msg = "not a JSON object with the fields of an article"
    return Refused(
        source_path, UnreadableError(Stage.PARSE, "not_an_article", msg), hash_bytes(data)
    )
