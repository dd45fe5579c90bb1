"""Read mail (EML, mbox) and pages that browsers saved as mail (MHTML).

A newsletter or a forwarded article is one page: its HTML, unless its plain text says more. The
headers of MHTML say where and when the page was saved.
"""

import email.policy
import io
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import partial

from copydesk.errors import UnreadableError
from copydesk.lexicons.exports import load_subject_prefix
from copydesk.reading.encodings import UTF_8_MARK, decode
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document, Record, Refused, check_size, hash_bytes
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, read_whole
from copydesk.reading.wrapping import join_flowed
from copydesk.rows import Stage

# A header that only mail and MHTML have, after none or more other headers; prose has no such line.
HEADER = rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*+)"
MAIL_HEADER = (
    rb"(?:MIME-Version|Content-Transfer-Encoding|Message-ID|Received|Return-Path|Delivered-To"
    rb"|Snapshot-Content-Location|Content-Type)[ \t]*:[ \t]*\S"
)
MAIL_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:>?From \S[^\n]*\n)?" + HEADER + rb"*?" + MAIL_HEADER, re.IGNORECASE
)
MBOX_START = re.compile(rb"From \S+[^\n]*\d\d:\d\d[^\n]*\r?\n" + HEADER)
LENGTH_LINE = re.compile(rb"(?P<length>\d{1,12})\s*\n")  # before a mail that Apple Mail saved
TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.IGNORECASE | re.DOTALL)
MAX_NAME_CHARS = 200  # of what is attached
MIN_HTML_SHARE = 0.5  # of the characters of the plain text; less is a frame around nothing
MHTML_TYPES = frozenset({"multipart/related"})


def is_mail(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins with the headers of a mail."""
    return not MBOX_START.match(head) and MAIL_START.match(head) is not None


def is_mbox(head: bytes, _ending: str | None) -> bool:
    """Return whether a file begins as a folder of mails."""
    return MBOX_START.match(head.removeprefix(UTF_8_MARK)) is not None


def read_mail(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the page in one mail, and a refusal for each document that is attached to it."""
    data = read_whole(entry, limits).removeprefix(UTF_8_MARK)
    if stated := LENGTH_LINE.match(data):  # notes of the program follow the mail
        data = data[stated.end() : stated.end() + int(stated["length"])]
    yield from _read_message(data.lstrip(), entry, entry.source_path, limits)


def read_mbox(entry: Entry, limits: Limits) -> Iterator[Document | Record | Refused]:
    """Yield the page in each mail of a folder; one that is too long costs itself alone."""
    for number, data in enumerate(_cut_mbox(entry.stream, limits), start=1):
        path = entry.path_of(number)
        try:
            check_size(len(data), limits)
            yield from _read_message(data, entry, path, limits)
        except UnreadableError as reason:
            yield Refused(path, reason, hash_bytes(data))


def _cut_mbox(stream: io.BufferedReader, limits: Limits) -> Iterator[bytes]:
    """Yield the mails of a folder, each up to a byte more than the limit."""
    lines: list[bytes] = []
    n_bytes, was_empty = 0, True
    while line := stream.readline(limits.page_bytes + 1):
        if was_empty and line.startswith(b"From "):
            if lines:
                yield b"".join(lines)
            lines, n_bytes = [], 0
        elif n_bytes <= limits.page_bytes:
            lines.append(line[1:] if line.startswith(b">From ") else line)
            n_bytes += len(line)
        was_empty = not line.strip()
    if lines:
        yield b"".join(lines)


def _read_message(
    data: bytes, entry: Entry, path: str, limits: Limits
) -> Iterator[Document | Record | Refused]:
    parse = partial(_parse, path=path, media_type=entry.format.media_type, limits=limits)
    yield from call_library(parse, data, kind="a mail", limits=limits)


def _parse(
    data: bytes, *, path: str, media_type: str, limits: Limits
) -> list[Document | Record | Refused]:
    """Return the page in a mail, and a refusal for each document attached to it."""
    message = BytesParser(policy=email.policy.default).parsebytes(data)
    if _is_saved_page(message):
        return [_read_saved(message, path, limits)]
    html = _decode_part(message.get_body(("html",)), limits)
    text = _decode_part(message.get_body(("plain",)), limits)
    files = [part for part in message.iter_attachments() if _is_file(part)]
    attached = [_refuse_part(part, path, number) for number, part in enumerate(files, start=1)]
    if not (html.strip() or text.strip()):
        reason = UnreadableError(Stage.EXTRACT, "no_text", "a mail without a text")
        return [Refused(path, reason, hash_bytes(data)), *attached]
    fields: dict[str, object] = {
        "headline": load_subject_prefix().sub("", _header(message, "Subject")),
        "published_on": _time_of(message),
        "export_metadata": f"From: {_header(message, 'From')}",
    }
    if len(TAGS.sub("", html)) >= MIN_HTML_SHARE * len(text):
        fields["html"] = html
    else:
        fields["text"] = text
    return [Record(path, media_type, "utf-8", fields, data), *attached]


def _is_saved_page(message: Message) -> bool:
    """Return whether a browser wrote this: parts with addresses, and nobody it was sent to."""
    if message.get("Snapshot-Content-Location"):
        return True
    is_related = message.get_content_type() in MHTML_TYPES
    return is_related and any(part.get("Content-Location") for part in message.walk())


def _read_saved(message: EmailMessage, path: str, limits: Limits) -> Document | Refused:
    """Return the page in MHTML with its address and the time when it was saved."""
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    address = _header(message, "Snapshot-Content-Location")
    named = (page for page in pages if address and _header(page, "Content-Location") == address)
    page = next(named, next(iter(pages), None))
    data = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(data, bytes):
        reason = UnreadableError(Stage.EXTRACT, "no_text", "a saved page without its HTML")
        return Refused(path, reason)
    check_size(len(data), limits)
    url = address or _header(page, "Content-Location")
    return Document(
        path,
        "text/html",
        data,
        charset=page.get_content_charset(),
        url=url if url.startswith(("http:", "https:")) else None,
        retrieved_at=_time_of(message) or None,
    )


def _decode_part(part: Message | None, limits: Limits) -> str:
    """Return the text of a part of a mail; "" if there is none."""
    data = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(data, bytes) or not data.strip():
        return ""
    check_size(len(data), limits)
    text = decode(data, declared=part.get_content_charset()).text
    if str(part.get_param("format")).casefold() != "flowed":
        return text
    return join_flowed(text, deletes_space=str(part.get_param("delsp")).casefold() == "yes")


def _is_file(part: Message) -> bool:
    """Return whether a part is a document that a person attached, not a picture in the text."""
    return part.get_content_maintype() == "application" and part.get_filename() is not None


def _refuse_part(part: Message, path: str, number: int) -> Refused:
    """Return why a document is not read; its path ends in its number and name, so it is unique."""
    name = str(part.get_filename()).encode("utf-8", "replace").decode()
    shown = name.replace("#", "").replace("/", "")[:MAX_NAME_CHARS]
    msg = "attached to a mail: save it as a file of its own"
    reason = UnreadableError(Stage.OPEN, "attachment", msg)
    return Refused(f"{path}/{number}-{shown}", reason)


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _time_of(message: Message) -> str:
    """Return when a mail was sent, in ISO 8601; "" where it does not say so."""
    try:
        return parsedate_to_datetime(_header(message, "Date")).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


MAIL = Format(
    media_type="message/rfc822",
    endings=("eml", "mht", "mhtml", "emlx"),
    read=read_mail,
    sniff=is_mail,
    sniffs_first=True,
)
MBOX = Format(
    media_type="application/mbox",
    endings=("mbox",),
    read=read_mbox,
    sniff=is_mbox,
    sniffs_first=True,
)
FORMATS = (MAIL, MBOX)
