"""Read the pages in what a browser recorded of its requests (HAR), with address and time."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import UTF_8_MARK, decode
from copydesk.reading.formats.json_lines import parse_json
from copydesk.reading.formats.warc import Origin, check_status, make_page
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Refused, check_size
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import read_whole
from copydesk.values import Stage

START = re.compile(rb"\{\s*\"log\"\s*:\s*\{")


def is_har(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as a log of requests."""
    return START.match(head.removeprefix(UTF_8_MARK).lstrip()) is not None


def read_har(entry: Entry, limits: Limits) -> Iterator[Document | Refused]:
    """Yield the pages that servers answered with.

    Raises: UnreadableError: if the file is no such log.
    """
    value = parse_json(decode(read_whole(entry, limits)).text)
    requests = _inside(_inside(value, "log"), "entries")
    if not isinstance(requests, list):
        msg = "not a log of requests: no log.entries in it"
        raise UnreadableError(Stage.PARSE, "not_json", msg)
    for number, request in enumerate(requests, start=1):
        path = entry.path_of(number)
        try:
            yield _read_answer(request, path, limits)
        except UnreadableError as reason:
            yield Refused(path, reason)


def _read_answer(request: object, path: str, limits: Limits) -> Document:
    """Return the page in an answer.

    Raises: UnreadableError: if there is none.
    """
    answer = _inside(request, "response")
    content = _inside(answer, "content")
    status = _inside(answer, "status")
    check_status(str(200 if status is None else status))
    stated = str(_inside(content, "mimeType") or "")
    text = _inside(content, "text")
    if not isinstance(text, str) or not text:
        msg = "the answer was not recorded: save the log with its contents"
        raise UnreadableError(Stage.PARSE, "not_a_page", msg)
    check_size(len(text), limits)
    data = _read_base64(text) if _inside(content, "encoding") == "base64" else None
    url, time = _inside(_inside(request, "request"), "url"), _inside(request, "startedDateTime")
    origin = Origin(path, str(url) if url else None, str(time) if time else None)
    if data is not None:
        return make_page(data, stated, origin)
    page = make_page(text.encode("utf-8", "replace"), stated, origin)
    return page._replace(charset="utf-8")  # a text has lost the encoding that the server states


def _read_base64(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        msg = f"a content that is not base64: {error}"
        raise UnreadableError(Stage.UNPACK, "corrupt", msg) from error


def _inside(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


HAR = Format(
    media_type="application/har+json",
    endings=("har",),
    read=read_har,
    sniff=is_har,
    sniffs_first=True,
)
FORMATS = (HAR,)
