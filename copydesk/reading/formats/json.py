"""Read articles in JSON: one object, an array of them, or objects one after the other."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from json import JSONDecoder

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.encodings import UTF_8_MARK, Decoded, decode
from copydesk.reading.formats.json_lines import (
    JSON_LINES,
    RECORD_TYPE,
    make_object,
    parse_json,
    read_lines,
    record_of,
)
from copydesk.reading.limits import Limits
from copydesk.reading.nested import has_text
from copydesk.reading.records import Record, Refused, has_text_column
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.system.memory import MIB
from copydesk.values import Stage

VALUE_START = re.compile(r"[^\s,]")
ARRAY_START = re.compile(rb"\[|\{\s*\n")  # in JSON Lines, no line ends after an opening brace
NOT_ASCII = b"\0\xfe\xff"  # bytes that JSON in UTF-16 has and in ASCII has not
OBJECT_START = re.compile(rb'(?:\[\s*)?\{\s*"[^"\\\n]{1,80}"\s*:')


def is_json(head: bytes, ending: str | None) -> bool:
    """Return whether a file begins as objects, or a file of JSON Lines as one value."""
    start = head.removeprefix(UTF_8_MARK).translate(None, NOT_ASCII).lstrip()
    if ending in JSON_LINES.endings:
        return ARRAY_START.match(start) is not None
    return OBJECT_START.match(start) is not None


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
    listed = _join_rows(value) or value if isinstance(value, list) else _list_inside(value)
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
            value, end = JSONDecoder(object_pairs_hook=make_object).raw_decode(
                decoded.text, start.start()
            )
            spelt = json.dumps(value).encode()
        except (ValueError, RecursionError):
            if number == 1:
                raise reason from None
            yield Refused(entry.path_of(number), reason)
            return
        yield record_of(value, spelt, entry.path_of(number), decoded.encoding)


def _list_inside(value: object, *, depth: int = 2) -> list[object] | None:
    """Return the articles that an object holds beside counts and status, if it does.

    They may be in several lists, under any name, and inside an object of a known name, at most
    `depth` objects deep. A list without an article counts only if nothing else is there.
    """
    if not isinstance(value, dict) or not depth:
        return None
    if (table := _read_table(value)) is not None:
        return table
    if has_text(value):
        return None
    found = [_articles_in(plain_name(name), item, depth) for name, item in value.items()]
    lists = [items for items in found if items is not None]
    full = [items for items in lists if any(map(_is_article, items))]
    if full:
        return list(chain.from_iterable(full))
    return lists[0] if lists else _list_by_key(value)


def _articles_in(name: str, item: object, depth: int) -> list[object] | None:
    """Return the articles that a field of an object holds; None if it is no list of any."""
    names = load_field_names()
    is_known = name in names["articles"]
    if isinstance(item, list):
        is_listed = is_known and (name not in names["text"] or _are_articles(item))
        return item if is_listed or any(map(_is_article, item)) else None
    if isinstance(item, dict) and is_known:
        return [item] if has_text(item) else _list_inside(item, depth=depth - 1)
    return None


def _is_article(item: object) -> bool:
    return isinstance(item, dict) and has_text(item)


def _are_articles(items: list[object]) -> bool:
    """Return whether a list holds articles, and not the parts of one: each has a headline."""
    names = load_field_names()["headline"]
    return bool(items) and all(
        isinstance(item, dict) and not {plain_name(key) for key in item}.isdisjoint(names)
        for item in items
    )


def _list_by_key(value: Mapping[str, object]) -> list[object] | None:
    """Return the articles of an object that has one, or a list of them, under each key.

    The keys are numbers (the orient `index` of pandas), addresses, or outlets (fundus).
    """
    listed = [item if isinstance(item, list) else [item] for item in value.values()]
    items = list(chain.from_iterable(listed))
    return items if items and all(isinstance(i, dict) and has_text(i) for i in items) else None


def _read_table(value: Mapping[str, object]) -> list[object] | None:
    """Return the rows of a table that pandas wrote in the orient `split` or `columns`."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        return _join_rows([columns, *data])
    cells_of = {name: cells for name, cells in value.items() if isinstance(cells, dict)}
    first = next(iter(cells_of.values()), {})
    if not (has_text_column(value) and first and len(cells_of) == len(value)):
        return None
    if not all(key.isdecimal() for key in first) or any(
        cells.keys() != first.keys() for cells in cells_of.values()
    ):
        return None
    return [{name: cells[key] for name, cells in cells_of.items()} for key in first]


def _join_rows(rows: list[object]) -> list[object] | None:
    """Return the rows of a list of lists as objects, if the first one names a column of texts."""
    names, *others = rows or [None]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    if not has_text_column(names):
        return None
    return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in others]


def _is_value(text: str) -> bool:
    try:
        parse_json(text)
    except UnreadableError:
        return False
    return True


JSON = Format(media_type=RECORD_TYPE, endings=("json", "jsonld"), read=read_json, sniff=is_json)
FORMATS = (JSON,)
