"""Read articles in JSON: one object, an array of them, or objects one after the other."""

import json
import re
from collections.abc import Iterator
from json import JSONDecoder

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.encodings import UTF_8_MARK, Decoded, decode
from copydesk.reading.formats.json_lines import (
    JSON_LINES,
    RECORD_TYPE,
    parse_json,
    read_lines,
    record_of,
)
from copydesk.reading.formats.text import TEXT
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.rows import Stage
from copydesk.system.allowance import MIB

VALUE_START = re.compile(r"[^\s,]")
ARRAY_START = re.compile(rb"\[|\{\s*\n")  # in JSON Lines, no line ends after an opening brace
OBJECT_START = re.compile(rb'\{\s*"[^"\\\n]{1,80}"\s*:')


def is_json(head: bytes, ending: str | None) -> bool:
    """Return whether a text file begins as an object, or a file of JSON Lines as one value."""
    start = head.removeprefix(UTF_8_MARK).lstrip()
    if ending in TEXT.endings:
        return OBJECT_START.match(start) is not None
    return ending in JSON_LINES.endings and ARRAY_START.match(start) is not None


def read_json(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object in a file, or the items of its array, or of a list inside the object.

    A JSON value cannot be cut without reading it: a file over the limit is refused.
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
        value = parse_json(decoded.text)
    except UnreadableError as reason:
        if _is_value(decoded.text.strip().partition("\n")[0]):  # JSON Lines called .json
            yield from read_lines(entry._replace(stream=open_bytes(data)), limits)
        else:
            yield from _read_values(entry, decoded, reason)
        return
    listed = value if isinstance(value, list) else _list_inside(value)
    if listed is None:
        yield record_of(value, data, entry.source_path, decoded.encoding)
        return
    for number, item in enumerate(listed, start=1):
        spelt = json.dumps(item).encode()
        yield record_of(item, spelt, entry.path_of(number), decoded.encoding)


def _read_values(
    entry: Entry, decoded: Decoded, reason: UnreadableError
) -> Iterator[Record | Refused]:
    """Yield JSON objects that follow each other, up to the first that cannot be read.

    Raises: UnreadableError: the `reason`, if not even one can be read.
    """
    number = end = 0
    while start := VALUE_START.search(decoded.text, end):
        number += 1
        try:
            value, end = JSONDecoder().raw_decode(decoded.text, start.start())
            spelt = json.dumps(value).encode()
        except (ValueError, RecursionError):
            if number == 1:
                raise reason from None
            yield Refused(entry.path_of(number), reason)
            return
        yield record_of(value, spelt, entry.path_of(number), decoded.encoding)


def _list_inside(value: object, *, depth: int = 2) -> list[object] | None:
    """Return the list of articles that an object holds beside counts and status, if it does.

    The list may be inside an object of such a name too, at most `depth` objects deep.
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


def _is_value(text: str) -> bool:
    try:
        parse_json(text)
    except UnreadableError:
        return False
    return True


JSON = Format(media_type=RECORD_TYPE, endings=("json",), read=read_json, sniff=is_json)
FORMATS = (JSON,)
