"""Read mail (EML, mbox) and pages that browsers saved as mail (MHTML).

A newsletter or a forwarded article is one page: its HTML, unless its plain text says more. All
texts in a mail are joined; a mail or a page that is attached is a page of its own.
"""

import email.policy
import io
import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from functools import partial
from html import escape
from itertools import chain, pairwise
from typing import NamedTuple

from copydesk.errors import UnreadableError
from copydesk.lexicons.exports import load_subject_prefix
from copydesk.reading.encodings import UTF_8_MARK, decode
from copydesk.reading.limits import Limits
from copydesk.reading.messages import header_of, is_saved_page, payload_of, read_saved, time_of
from copydesk.reading.records import (
    Document,
    Record,
    Refused,
    check_size,
    count_lines,
    hash_bytes,
)
from copydesk.reading.registry import Entry, Format
from copydesk.reading.whole import call_library, read_whole
from copydesk.reading.wrapping import join_flowed
from copydesk.values import Stage

# A header that only mail and MHTML have, after none or more other headers; prose has no such line.
HEADER = rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*+)"
MAIL_HEADER = (
    rb"(?:MIME-Version|Content-Transfer-Encoding|Message-ID|Received|Return-Path|Delivered-To"
    rb"|Snapshot-Content-Location|Content-Type)[ \t]*:[ \t]*\S"
)
MAIL_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:>?From \S[^\n]*\n)?" + HEADER + rb"*?" + MAIL_HEADER, re.IGNORECASE
)
ENVELOPE = re.compile(rb"From \S")
HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:")
MBOX_START = re.compile(rb"From \S+[^\n]*\d\d:\d\d[^\n]*\r?\n" + HEADER)
LENGTH_LINE = re.compile(rb"(?P<length>\d{1,12})\s*\n")  # before a mail that Apple Mail saved
TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.IGNORECASE | re.DOTALL)
MAX_NAME_CHARS = 200  # of what is attached
MIN_HTML_SHARE = 0.5  # of the characters of the plain text; less is a frame around nothing
MAX_MAILS = 6  # inside each other
BODY_TYPES = frozenset({"text/plain", "text/html"})
PAGE_ENDINGS = {"html": "text/html", "htm": "text/html", "xhtml": "text/html", "txt": "text/plain"}
PICTURES = frozenset({"image", "audio", "video"})


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
    """Yield the mails of a folder, each up to a byte more than the limit.

    A paragraph may begin with "From" too: below the line that begins a mail is a header.
    """
    lines: list[bytes] = []
    n_bytes, was_empty = 0, True
    read = iter(partial(stream.readline, limits.page_bytes + 1), b"")
    for line, following in pairwise(chain(read, [b""])):
        if was_empty and ENVELOPE.match(line) and HEADER_LINE.match(following):
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
    """Return the page in a mail, and a page or a refusal for each document attached to it."""
    message = BytesParser(policy=email.policy.default).parsebytes(data)
    if is_saved_page(message):
        return [*read_saved(message, path, limits)]
    return _read_mail(message, _Place(path, media_type, data, limits))


class _Place(NamedTuple):
    """Where a mail is, what its pages are called, and how many mails it is inside."""

    path: str
    media_type: str
    data: bytes
    limits: Limits
    depth: int = 0


def _read_mail(message: EmailMessage, place: _Place) -> list[Document | Record | Refused]:
    parts = _Parts([], [], [])
    _sort_parts(message, parts, place.limits)
    attached = [
        page
        for number, part in enumerate(parts.files, start=1)
        for page in _read_file(part, _name_file(place.path, part, number), place)
    ]
    damaged = [
        Refused(f"{place.path}/part-{number}", fault)
        for number, fault in enumerate(parts.faults, start=1)
    ]
    if not parts.bodies:
        if damaged or any(not isinstance(page, Refused) for page in attached):
            return [*damaged, *attached]
        reason = UnreadableError(Stage.EXTRACT, "no_text", "a mail without a text")
        return [Refused(place.path, reason, hash_bytes(place.data)), *attached]
    fields: dict[str, object] = {
        "headline": load_subject_prefix().sub("", header_of(message, "Subject")),
        "published_on": time_of(message),
        "export_metadata": f"From: {header_of(message, 'From')}",
        **_join_bodies(parts.bodies),
    }
    left_out = count_lines("other_part", [line for body in parts.bodies for line in body.unread])
    page = Record(place.path, place.media_type, "utf-8", fields, place.data, left_out)
    return [page, *damaged, *attached]


class _Body(NamedTuple):
    """A part of a mail that is its text, and the lines of another form of it that are not read."""

    text: str
    is_html: bool
    unread: Sequence[str] = ()


class _Parts(NamedTuple):
    """The parts of a mail: its texts, what is attached to it, and what is damaged."""

    bodies: list[_Body]
    files: list[MIMEPart]
    faults: list[UnreadableError]


def _sort_parts(part: MIMEPart, parts: _Parts, limits: Limits) -> None:
    """Sort a part of a mail, or all parts inside it; of the forms of one text, one is read."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        forms = _Parts([], parts.files, parts.faults)
        for each in part.iter_parts():
            _sort_parts(each, forms, limits)
        parts.bodies.extend(_choose_form(forms.bodies))
    elif part.is_multipart() and not kind.startswith("message/"):
        for each in part.iter_parts():
            _sort_parts(each, parts, limits)
    elif kind in BODY_TYPES and not part.is_attachment() and part.get_filename() is None:
        try:
            text = _decode_part(part, limits)
        except UnreadableError as fault:
            parts.faults.append(fault)
            return
        if text.strip():
            parts.bodies.append(_Body(text, kind == "text/html"))
    elif part.get_content_maintype() == "multipart":  # without a part
        msg = "its parts are not between the lines that it states"
        parts.faults.append(UnreadableError(Stage.UNPACK, "corrupt", msg))
    elif part.get_content_maintype() not in PICTURES:
        parts.files.append(part)


def _choose_form(forms: Sequence[_Body]) -> list[_Body]:
    """Return the form of a text that is read: its HTML, unless the plain text says much more."""
    html = [form for form in forms if form.is_html]
    plain = [form for form in forms if not form.is_html]
    n_html = sum(len(TAGS.sub("", form.text)) for form in html)
    if html and n_html >= MIN_HTML_SHARE * sum(len(form.text) for form in plain):
        return html
    unread = [line for form in html for line in TAGS.sub("\n", form.text).splitlines()]
    return [*(form._replace(unread=unread if form is plain[0] else ()) for form in plain)]


def _join_bodies(bodies: Sequence[_Body]) -> dict[str, object]:
    """Return the texts of a mail as one field; one that another has in it is left out."""
    keys = [re.sub(r"[\W_]+", "", TAGS.sub(" ", body.text)) for body in bodies]
    kept = [
        body
        for i, body in enumerate(bodies)
        if not any(
            keys[i] in key and (keys[i] != key or j < i) for j, key in enumerate(keys) if j != i
        )
    ]
    if not any(body.is_html for body in kept):
        return {
            "text": "\n\n".join(
                body.text.strip("\r\n") if len(kept) > 1 else body.text for body in kept
            )
        }
    return {"html": "\n".join(body.text if body.is_html else _as_html(body.text) for body in kept)}


def _as_html(text: str) -> str:
    lines = (f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return f"<div>{''.join(lines)}</div>"


def _read_file(part: MIMEPart, path: str, place: _Place) -> list[Document | Record | Refused]:
    """Return the pages of a mail or a page that is attached, or why another file is not read."""
    if part.get_content_type() == "message/rfc822":
        if place.depth == MAX_MAILS:
            reason = UnreadableError(Stage.UNPACK, "too_deep", f"more than {MAX_MAILS} mails deep")
            return [Refused(path, reason)]
        inside = (each for each in part.iter_parts() if isinstance(each, EmailMessage))
        deeper = place._replace(path=path, depth=place.depth + 1)
        return [page for each in inside for page in _read_mail(each, deeper)]
    ending = str(part.get_filename() or "").rpartition(".")[2].lower()
    media_type = PAGE_ENDINGS.get(ending) or part.get_content_type()
    if media_type not in BODY_TYPES:
        msg = "attached to a mail: save it as a file of its own"
        return [Refused(path, UnreadableError(Stage.OPEN, "attachment", msg))]
    try:
        data = payload_of(part)
        check_size(len(data), place.limits)
    except UnreadableError as reason:
        return [Refused(path, reason)]
    return [Document(path, media_type, data, charset=part.get_content_charset())]


def _decode_part(part: MIMEPart, limits: Limits) -> str:
    """Return the text of a part of a mail.

    Raises: UnreadableError: if it is damaged, or over the limit of a page.
    """
    data = payload_of(part)
    check_size(len(data), limits)
    text = decode(data, declared=part.get_content_charset()).text if data.strip() else ""
    if str(part.get_param("format")).casefold() != "flowed":
        return text
    return join_flowed(text, deletes_space=str(part.get_param("delsp")).casefold() == "yes")


def _name_file(path: str, part: MIMEPart, number: int) -> str:
    """Return the path of what is attached; it ends in its number and name, so it is unique."""
    inside = next(part.iter_parts(), None) if part.get_content_maintype() == "message" else None
    subject = header_of(inside, "Subject") if inside is not None else ""
    name = str(part.get_filename() or subject or "part").encode("utf-8", "replace").decode()
    shown = name.replace("#", "").replace("/", "")[:MAX_NAME_CHARS]
    return f"{path}/{number}-{shown}"


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
