"""Read articles in JSON Lines: one object on each line."""

import json
from collections.abc import Iterator

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import as_utf8, decode
from copydesk.reading.limits import Limits
from copydesk.reading.records import Record, Refused, check_size, hash_bytes, join_fields
from copydesk.reading.registry import Entry, Format
from copydesk.system.memory import MIB
from copydesk.values import Stage

RECORD_TYPE = "application/json"  # of one record, in a file of either kind


def read_lines(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the object on each line that is not empty."""
    stream, recoded = as_utf8(entry.stream)
    number = 0
    while line := stream.readline(limits.page_bytes + 1):
        number += 1
        path = entry.path_of(number)
        try:
            check_size(len(line), limits)
            line = line.strip()
            if line:
                decoded = decode(line)
                yield record_of(parse_json(decoded.text), line, path, recoded or decoded.encoding)
        except UnreadableError as reason:
            yield Refused(path, reason, hash_bytes(line))
            while line and not line.endswith(b"\n") and reason.error == "too_large":
                line = stream.readline(MIB)


def parse_json(text: str) -> object:
    """Return the value of a JSON text; a name that an object has twice counts as in a table.

    Raises: UnreadableError: if it is not JSON, or nested too deeply to parse.
    """
    try:
        return json.loads(text, object_pairs_hook=make_object)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(Stage.PARSE, "not_json", f"not JSON: {error}") from error


def make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of JSON; where a name is repeated, no value of it is lost."""
    made = dict(pairs)
    return made if len(made) == len(pairs) else join_fields(pairs)


def record_of(value: object, data: bytes, source_path: str, encoding: str) -> Record | Refused:
    """Return a JSON value as the record of an article, if it is an object."""
    if isinstance(value, dict):
        return Record(source_path, RECORD_TYPE, encoding, value, data)
    msg = "not a JSON object with the fields of an article"
    if isinstance(value, list):
        msg += ", but a row without the names of its columns: write them too (orient='records')"
    return Refused(
        source_path, UnreadableError(Stage.PARSE, "not_an_article", msg), hash_bytes(data)
    )


JSON_LINES = Format(media_type="application/jsonl", endings=("jsonl", "ndjson"), read=read_lines)
FORMATS = (JSON_LINES,)
