"""Cut the exports of Nexis, Factiva and ProQuest into their documents.

All of them are lines: around each document one that no article has, above its text who wrote it,
where and when, below it what a librarian noted. The marks are data (`exports.toml`). A file counts
as an export only if each of its documents has a text and a date or a label above it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from copydesk.lexicons.exports import ExportLines, Service, load_export_lines

# A label of one service in small letters, another's in capitals; Factiva's codes have no colon.
LABEL = re.compile(r"(?P<label>[^\W\d_][\w /-]{1,30}?)\s?:(?:\s+(?P<value>.*))?$")
CODE = re.compile(r"(?P<label>[A-Z]{2,3})(?:\s{1,6}(?P<value>\S.*))?$")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
MAX_DATE_CHARS = 60
MAX_HEADER_LINES = 12  # between the length of a document of Factiva and the line of its rights
MIN_DOCUMENT_CHARS = 200  # of what is between two marks, to miss a text in it
INFO_DATE = re.compile(r"(?P<outlet>[^;]+?)\s*;.*?(?P<date>\d{1,2} \w+ \d{4})")
# What each service writes into its exports; almost no page has one of these.
HINTS = (
    *(b" DOCUMENT", b"End of Document", b"Document ", b"Dokument ", b"DOKUMENT", b"______"),
    *(b" words<", b" W\xc3\xb6rter<", b" mots<"),
)
HINT = re.compile(
    rb"\d (?:of|von|de|di) \d+ DO[CK]U|End of Document|Do[ck]ument [A-Z]{4}[A-Z0-9]*\d"
    rb"|Document \d+ of \d|DO[CK]UMENT \d+|_{20}|>\s*\d[\d.,]* (?:words|W..rter|mots)<"
)

Fields = dict[str, object]


class _Line(NamedTuple):
    """A line without the white space around it, the field of its label, and the label's value."""

    text: str
    field: str | None
    value: str


class Export(NamedTuple):
    """The fields of each document of an export, and the lines that are in none of them.

    A document whose text was not found has no fields.
    """

    documents: list[Fields | None]
    around: list[str]


def split_export(text: str, blocks: Sequence[str] = ()) -> Export | None:
    """Return the documents of an export, None if the text is not one.

    `blocks` are the parts of the text that its markup sets apart; they are documents where no line
    of a service is around each.
    """
    known = load_export_lines()
    lines = text.splitlines()
    for service in known.services:
        if any(_read_document(chunk, service, known) for chunk in _cut(lines, service)):
            return _read_chunks(lines, _cut(lines, service), service, known)
    service = next(each for each in known.services if each.name == "factiva")
    chunks = [block.splitlines() for block in blocks]
    if chunks and all(_is_owned(chunk, service, known) for chunk in chunks):
        return _read_chunks(lines, chunks, service, known)
    return None


def _read_chunks(
    lines: Sequence[str], chunks: Sequence[Sequence[str]], service: Service, known: ExportLines
) -> Export:
    """Return the documents in chunks of lines; those with hardly any text are no documents."""
    around = Counter(filter(None, map(str.strip, lines)))
    documents = []
    for chunk in chunks:
        document = _read_document(chunk, service, known)
        if document or sum(map(len, chunk)) >= MIN_DOCUMENT_CHARS:
            documents.append(document)
            texts = (line.strip() for line in chunk)
            around.subtract(line for line in texts if not known.noise.fullmatch(line))
    return Export(documents, list(around.elements()))


def _is_owned(chunk: Sequence[str], service: Service, known: ExportLines) -> bool:
    """Return whether a block is a document that says when it was written, and who owns it."""
    document = _read_document(chunk, service, known)
    owned = any(known.rights.match(line.strip()) for line in chunk)
    return owned and document is not None and bool(document.get("date"))


def may_be_export(data: bytes) -> bool:
    """Return whether it is worth looking for documents; almost no page is an export."""
    return any(hint in data for hint in HINTS) and HINT.search(data) is not None


def _cut(lines: Sequence[str], service: Service) -> list[list[str]]:
    """Return the lines of each document, without those around them."""
    if service.before:
        starts = [i for i, line in enumerate(lines) if service.before.fullmatch(line.strip())]
        marks = [*starts, len(lines)]
    elif service.after:
        ends = [i for i, line in enumerate(lines) if service.after.fullmatch(line.strip())]
        marks = [-1, *ends, len(lines)] if ends else []
    else:
        return []
    return [list(lines[start + 1 : end]) for start, end in pairwise(marks) if end > start + 1]


def _read_document(chunk: Sequence[str], service: Service, known: ExportLines) -> Fields | None:
    """Return the fields of a document, None if these lines are not one."""
    lines = [_read_line(line, service, known) for line in chunk]
    lines = [line for line in lines if not known.noise.fullmatch(line.text)]
    readers = {"factiva": _read_factiva, "proquest": _read_proquest}
    fields = readers.get(service.name, _read_nexis)(lines, service, known)
    if fields is None or not str(fields.get("text") or "").strip():
        return None
    notes = fields.get("export_metadata", [])
    said = "\n".join(map(_spell, fields.values()))
    rest = [line.text for line in lines if line.text not in said and _is_unsaid(line, said)]
    fields["export_metadata"] = [*(notes if isinstance(notes, list) else [notes]), *rest]
    byline = fields.get("byline")
    if isinstance(byline, str):
        fields["byline"] = known.byline_prefix.sub("", byline, count=1)
    return fields


def _spell(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _is_unsaid(line: _Line, said: str) -> bool:
    """Return whether the value of a line with a label is in no field; it may be inside one."""
    return not line.value or line.value not in said


def _read_line(line: str, service: Service, known: ExportLines) -> _Line:
    text = line.strip()
    patterns = (CODE, LABEL) if service.name == "factiva" else (LABEL,)
    for match in filter(None, (pattern.match(text) for pattern in patterns)):
        field = known.field_of.get(match["label"].casefold())
        if field is not None:
            return _Line(text, field, (match["value"] or "").strip())
    return _Line(text, None, "")


def _read_nexis(lines: Sequence[_Line], service: Service, known: ExportLines) -> Fields | None:
    """Return the fields of a document with its publication and date above, and labels below them.

    The headline is above the publication (Nexis Uni) or below the date (before).
    """
    dated = next((i for i, line in enumerate(lines) if _is_date(line)), None)
    if dated is None:
        return None
    above = [
        line.text
        for line in lines[:dated]
        if line.text and not line.field and not known.rights.match(line.text)
    ]
    fields: Fields = {"date": lines[dated].text, "publication": above[-1] if above else None}
    at = dated + 1
    notes: list[str] = []
    begun = _find_body(lines, service)
    if begun is not None:  # all lines above it are about the document
        lines = [line for n, line in enumerate(lines) if n >= begun or line.text]
        begun = _find_body(lines, service)
        at = next(n for n, line in enumerate(lines) if line.text == fields["date"]) + 1
    while at < (begun or len(lines)) and lines[at].text and not _is_header(lines[at], known):
        notes.append(lines[at].text)  # the edition, right below the date
        at += 1
    if service.name == "nexis_uni":
        fields["headline"] = above[-2] if len(above) > 1 else None
    else:
        at, headline = _read_block(lines, at, known)
        fields["headline"] = headline or (notes.pop() if notes else None)
    at = _read_labels(lines, at, fields, notes, (service, known))
    end = _find_end(lines, at, service, known)
    fields["text"] = _join(lines[at:end])
    fields["export_metadata"] = [*notes, *(line.text for line in lines[end:] if line.text)]
    return fields


def _find_body(lines: Sequence[_Line], service: Service) -> int | None:
    """Return where the line is that a service writes above each text, None if it writes none."""
    if service.name != "nexis_uni" or service.body is None:
        return None
    body = service.body
    return next((i for i, line in enumerate(lines) if body.fullmatch(line.text)), None)


def _read_block(lines: Sequence[_Line], at: int, known: ExportLines) -> tuple[int, str]:
    """Return the place after the next lines without an empty one between them, and their text."""
    while at < len(lines) and not lines[at].text:
        at += 1
    block = []
    while at < len(lines) and lines[at].text and not _is_header(lines[at], known):
        block.append(lines[at].text)
        at += 1
    return at, " ".join(block)


def _read_labels(
    lines: Sequence[_Line],
    at: int,
    fields: Fields,
    notes: list[str],
    marks: tuple[Service, ExportLines],
) -> int:
    """Read labelled lines into `fields` and `notes`; return where the text begins."""
    service, known = marks
    open_field: str | None = None
    is_apart = False  # whether there are empty lines around each label, as in wrapped text
    while at < len(lines):
        line = lines[at]
        is_body = service.body is not None and service.body.fullmatch(line.text) is not None
        if is_body or (line.field == "text" and not line.value):
            return at + 1
        if line.field is None and line.text and not known.rights.match(line.text):
            if not (open_field and is_apart and lines[at - 1].text):
                return at
            if open_field in fields:
                fields[str(open_field)] = f"{fields[str(open_field)]} {line.text}"
            else:
                notes.append(line.text)
        elif line.field in {None, "other"}:
            open_field = line.field
            is_apart = at > 0 and not lines[at - 1].text
            notes += [line.text] if line.text else []
        else:
            open_field = line.field
            is_apart = at > 0 and not lines[at - 1].text
            fields.setdefault(str(line.field), line.value)
        at += 1
    return at


def _find_end(lines: Sequence[_Line], at: int, service: Service, known: ExportLines) -> int:
    """Return where the text of a document ends: before the labels of what is about it.

    A paragraph may begin like a label ("Note: …"); the labels at the end are in capitals, or
    nothing but labels follows.
    """
    for i in range(at, len(lines)):
        if service.end is not None and service.end.fullmatch(lines[i].text):
            return i
        if lines[i].field not in {"other", "url"}:
            continue
        is_last = all(_is_header(line, known) for line in lines[i:] if line.text)
        if lines[i].text.partition(":")[0].isupper() or is_last:
            return i
    end = len(lines)
    while end > at and (not lines[end - 1].text or known.rights.match(lines[end - 1].text)):
        end -= 1
    return end


def _read_factiva(lines: Sequence[_Line], _: Service, known: ExportLines) -> Fields | None:
    """Return the fields of a document with its length above date, publication, code and rights."""
    if any(line.field == "headline" and CODE.match(line.text) for line in lines):
        return _read_codes(lines)
    counted = next((i for i, line in enumerate(lines) if known.length.fullmatch(line.text)), None)
    if counted is None:
        return None
    above = [line.text for line in lines[:counted] if line.text]
    fields: Fields = {"length": lines[counted].text}
    if len(above) > 1 and (known.byline_prefix.match(above[-1]) or _is_name(above[-1])):
        fields["byline"] = above.pop()
    fields["headline"] = above[-1] if above else None
    at = counted + 1
    ahead = [i for i, line in enumerate(lines[at:], at) if line.text][:MAX_HEADER_LINES]
    owned = next((i for i in ahead if known.rights.match(lines[i].text)), None)
    end = at if owned is None else owned + 1
    while owned is None and end < len(lines) and lines[end].text:
        end += 1
    header = [line.text for line in lines[at:end] if line.text]
    at = end
    dated = next((i for i, line in enumerate(header) if YEAR.search(line)), None)
    if dated is not None:
        fields["date"] = header[dated]
        named = (line for line in header[dated + 1 :] if not re.fullmatch(r"[\d:.\s]+\w*", line))
        fields["publication"] = next(named, None)
    used = {fields.get("date"), fields.get("publication")}
    fields["section"] = above[-2] if len(above) > 1 else None
    fields["text"] = _join(lines[at:])
    fields["export_metadata"] = [line for line in header if line not in used]
    return fields


def _read_codes(lines: Sequence[_Line]) -> Fields:
    """Return the fields of a document of Factiva that has a code of two letters before each."""
    fields: dict[str, list[str]] = {}
    field = "export_metadata"
    for line in lines:
        is_code = line.field is not None and CODE.match(line.text) is not None
        if is_code and line.field:
            field = "export_metadata" if line.field == "other" else line.field
        kept = line.value if is_code and field != "export_metadata" else line.text
        fields.setdefault(field, []).append(kept)
    return {
        name: "\n".join(parts).strip() if name == "text" else " ".join(filter(None, parts))
        for name, parts in fields.items()
    }


def _read_proquest(lines: Sequence[_Line], _: Service, known: ExportLines) -> Fields | None:
    """Return the fields of a document whose text has a label like everything else."""
    started = next((i for i, line in enumerate(lines) if line.field == "text"), None)
    if started is None:
        return None
    after = range(started + 1, len(lines))
    end = next((i for i in after if lines[i].field not in {None, "text"}), len(lines))
    fields: Fields = {"text": "\n".join([lines[started].value, _join(lines[started + 1 : end])])}
    first = next((line for line in lines if line.text), None)
    if first is not None and first.field is None:
        fields["headline"] = first.text
    notes = []
    for line in [*lines[:started], *lines[end:]]:
        if line.field in {None, "other"}:
            notes += [line.text] if line.text and line is not first else []
        elif line.field != "text":
            fields.setdefault(str(line.field), line.value)
        info = INFO_DATE.search(line.value) if line.field == "other" else None
        if info:
            fields.setdefault("publication", info["outlet"])
            fields.setdefault("date", info["date"])
    fields["export_metadata"] = [n for n in notes if not known.rights.match(n)]
    return fields


def _is_header(line: _Line, known: ExportLines) -> bool:
    return line.field is not None or known.rights.match(line.text) is not None


def _is_date(line: _Line) -> bool:
    """Return whether a line is a date in any language: a year, a day, and few other words."""
    if line.field or len(line.text) > MAX_DATE_CHARS or not YEAR.search(line.text):
        return False
    words = re.findall(r"\w+", line.text)
    numbers = [word for word in words if word[0].isdecimal()]
    return len(numbers) > 1 and len(words) - len(numbers) <= 6  # noqa: PLR2004 - "Thursday, 8th of May, 6:40 PM GMT"


def _is_name(text: str) -> bool:
    words = text.split()
    return 1 < len(words) <= 5 and all(word[0].isupper() for word in words)  # noqa: PLR2004 - names


def _join(lines: Sequence[_Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n")
