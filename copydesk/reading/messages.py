"""Read the parts of a mail: their bytes, their headers, and the pages of one that a browser saved.

A browser saves a page as mail (MHTML) with a part for each frame in it. A frame belongs where the
page shows it; a part that nothing shows is a page of its own.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from html import escape, unescape

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import decode
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Refused, check_size
from copydesk.values import Stage

MHTML_TYPES = frozenset({"multipart/related"})
MAX_FRAMES = 3  # pages inside each other
FRAME = re.compile(
    r"""(?P<tag><i?frame\b[^<>]*?\s)src\s*=\s*(?P<quote>["']?)(?P<address>[^"'\s<>]+)(?P=quote)""",
    re.IGNORECASE,
)
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
WORDS_LINE = re.compile(rb"\S{1,60}(?:\s+\S{1,60})*")  # what mailing lists write below a text


def header_of(message: Message, name: str) -> str:
    """Return a header of a message on one line; "" if it has none of this name."""
    return " ".join(str(message.get(name, "")).split())


def time_of(message: Message) -> str:
    """Return when a mail was sent, in ISO 8601; "" where it does not say so."""
    try:
        return parsedate_to_datetime(header_of(message, "Date")).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def payload_of(part: Message) -> bytes:
    """Return the bytes of a part, decoded.

    Raises: UnreadableError: if it is to be base64, and is not.
    """
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        raw = part.get_payload(decode=False)
        return _decode_base64(str(raw).encode("ascii", "replace"))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _decode_base64(raw: bytes) -> bytes:
    """Return what base64 spells, with lines of words that were added below it."""
    lines = [line.strip() for line in raw.splitlines()]
    end = next((i for i, line in enumerate(lines) if not BASE64_LINE.fullmatch(line)), len(lines))
    added = [line for line in lines[end:] if line]
    chunks = [chunk for chunk in re.split(rb"=+", b"".join(lines[:end])) if chunk]
    is_damaged = any(len(chunk) % 4 == 1 for chunk in chunks)  # no number of bytes is spelt so
    if is_damaged or (added and not (chunks and all(map(WORDS_LINE.fullmatch, added)))):
        raise UnreadableError(
            Stage.UNPACK, "corrupt", "a part that is not base64, as it says it is"
        )
    data = b"".join(b64decode(chunk + b"=" * (-len(chunk) % 4)) for chunk in chunks)
    return b"\n".join([data, *added]) if added else data


def is_saved_page(message: Message) -> bool:
    """Return whether a browser wrote this: parts with addresses, and nobody it was sent to."""
    if message.get("Snapshot-Content-Location"):
        return True
    is_related = message.get_content_type() in MHTML_TYPES
    return is_related and any(part.get("Content-Location") for part in message.walk())


def read_saved(message: EmailMessage, path: str, limits: Limits) -> list[Document | Refused]:
    """Return the page in MHTML with its frames, and each part that is a page beside it.

    Raises: UnreadableError: if a part is damaged, or too long.
    """
    parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
    address = header_of(message, "Snapshot-Content-Location")
    named = (part for part in parts if address and header_of(part, "Content-Location") == address)
    main = next(named, next(iter(parts), None))
    if main is None:
        reason = UnreadableError(Stage.EXTRACT, "no_text", "a saved page without its HTML")
        return [Refused(path, reason)]
    others = {name: part for part in parts if part is not main for name in _names_of(part)}
    saved_at = time_of(message) or None
    left = [part for part in parts if part is not main]
    pages: list[Document | Refused] = []
    for part in [main, *left]:
        if part is not main and part not in left:
            continue  # a frame of one before it
        data = payload_of(part)
        charset = part.get_content_charset()
        frames = [each for each in left if each is not part]
        if others and FRAME.search(data.decode("latin-1")):
            html, used = _fill_frames(decode(data, declared=charset).text, others, MAX_FRAMES)
            if used:
                data, charset = html.encode("utf-8", "replace"), "utf-8"
                left = [each for each in frames if each not in used]
        check_size(len(data), limits)
        url = (address if part is main else "") or header_of(part, "Content-Location")
        page = Document(
            path if part is main else f"{path}#{len(pages) + 1}",
            "text/html",
            data,
            charset=charset,
            url=url if url.startswith(("http:", "https:")) else None,
            retrieved_at=saved_at,
        )
        pages.append(page)
    return pages


def _names_of(part: Message) -> list[str]:
    """Return how a page may refer to a part: by its id or its address."""
    content_id = header_of(part, "Content-ID").strip("<>")
    return [f"cid:{content_id}"] * bool(content_id) + [header_of(part, "Content-Location")]


def _fill_frames(html: str, parts: Mapping[str, Message], depth: int) -> tuple[str, list[Message]]:
    """Return a page with its frames written into it, and the parts that they are."""
    used: list[Message] = []

    def fill(frame: re.Match[str]) -> str:
        part = parts.get(unescape(frame["address"]))
        if part is None or part in used or not depth:
            return frame.group()
        used.append(part)
        inner = decode(payload_of(part), declared=part.get_content_charset()).text
        inner, more = _fill_frames(inner, parts, depth - 1)
        used.extend(more)
        return f'{frame["tag"]}srcdoc="{escape(inner)}"'

    return FRAME.sub(fill, html), used
