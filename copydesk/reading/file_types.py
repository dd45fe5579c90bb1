"""Say what a file is, going by its name and its first bytes together.

Neither is enough alone: a `.gz` that the downloader has unpacked already is a page, a saved page is
often called `article.php?id=3`, and an article that starts with "PK" is no archive.
"""

import re
from enum import StrEnum

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import HEAD_BYTES, UTF_8_MARK
from copydesk.rows import Stage


class FileType(StrEnum):
    """What the reader of a file must know."""

    TEXT = "text/plain"
    HTML = "text/html"
    JSON = "application/json"
    JSON_LINES = "application/jsonl"
    CSV = "text/csv"
    TSV = "text/tab-separated-values"
    PARQUET = "application/vnd.apache.parquet"
    WARC = "application/warc"
    ZIP = "application/zip"
    TAR = "application/x-tar"
    GZIP = "application/gzip"
    BZIP2 = "application/x-bzip2"
    XZ = "application/x-xz"
    ZSTD = "application/zstd"


COMPRESSIONS = frozenset({FileType.GZIP, FileType.BZIP2, FileType.XZ, FileType.ZSTD})
SUFFIXES = {
    "txt": FileType.TEXT,
    "text": FileType.TEXT,
    "md": FileType.TEXT,
    "html": FileType.HTML,
    "htm": FileType.HTML,
    "xhtml": FileType.HTML,
    "json": FileType.JSON,
    "jsonl": FileType.JSON_LINES,
    "ndjson": FileType.JSON_LINES,
    "csv": FileType.CSV,
    "tsv": FileType.TSV,
    "tab": FileType.TSV,
    "parquet": FileType.PARQUET,
    "warc": FileType.WARC,
    "wet": FileType.WARC,
    "zip": FileType.ZIP,
    "tar": FileType.TAR,
    "gz": FileType.GZIP,
    "bz2": FileType.BZIP2,
    "xz": FileType.XZ,
    "zst": FileType.ZSTD,
    "tgz": FileType.GZIP,
    "tbz2": FileType.BZIP2,
    "txz": FileType.XZ,
    "tzst": FileType.ZSTD,
}
TAR_SUFFIXES = frozenset({"tgz", "tbz2", "txz", "tzst"})
# Signs that no text begins with; "PK" alone would be one.
SIGNATURES = {
    b"PK\x03\x04": FileType.ZIP,
    b"PK\x05\x06": FileType.ZIP,
    b"\x1f\x8b\x08": FileType.GZIP,
    b"BZh": FileType.BZIP2,
    b"\xfd7zXZ\0": FileType.XZ,
    b"\x28\xb5\x2f\xfd": FileType.ZSTD,
    b"PAR1": FileType.PARQUET,
    b"WARC/1.": FileType.WARC,
}
SIGNED_TYPES = frozenset({FileType.ZIP, FileType.PARQUET, FileType.WARC})
BZIP2_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")  # a block, or the end of an empty file
TAR_SIGNATURE = b"ustar"
TAR_SIGNATURE_AT = 257
ENDING = re.compile(r"[a-z0-9]{0,2}[a-z][a-z0-9]{0,7}")
NOT_MARKUP = b"\0\xfe\xff"  # what markup in UTF-16 has more than in ASCII
# Tags that prose may begin with ("<b for bold") must be whole; a comment may be longer than a head.
HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:"
    rb"(?:!doctype\s+html|html|head|body|title|meta|script|style|p|div|article|section|main|h1|h2)\b"
    rb"|(?:b|br|center|font|link|span|table|ul)(?:\s+[\w:-]+=[^<>]*|\s*/?)>"
    rb"|!--(?:(?!-->).)*+\Z)",
    re.IGNORECASE | re.DOTALL,
)
# Behind what a broken server wrote, or a long style sheet.
HTML_INSIDE = re.compile(rb"(?:^|>)[ \t]*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.MULTILINE)
JSON_VALUE_START = re.compile(rb"\[|\{\s*\n")  # no line of JSON Lines ends behind a brace
RECORD_START = re.compile(rb'\{\s*"[^"\\\n]{1,80}"\s*:')


def find_file_type(head: bytes, name: str) -> FileType:
    """Return the type of the file that is called `name` and begins with `head` (4,096 bytes).

    Raises: UnreadableError: if the file is empty, or of no type that we read.
    """
    if not head.strip() and len(head) < HEAD_BYTES:
        raise UnreadableError(Stage.OPEN, "empty", "the file is empty")
    suffix = find_suffix(name)
    named = SUFFIXES.get(suffix) if suffix else FileType.TEXT
    signed = _find_signature(head)
    if named in COMPRESSIONS and signed is None:  # unpacked already by what fetched it
        return find_file_type(head, strip_suffix(name))
    is_html = is_markup(head, is_named=bool(suffix) and named is not None)
    if named is None and not is_html:
        raise UnreadableError(Stage.OPEN, "unknown_type", f"no reader for .{suffix} files")
    if named in SIGNED_TYPES and signed is None and not is_html:
        msg = f"its name says .{suffix}, its content does not"
        raise UnreadableError(Stage.OPEN, "wrong_type", msg)
    return signed or _judge_text(head, named, is_html=is_html)


def is_markup(head: bytes, *, is_named: bool = True) -> bool:
    """Return whether a file begins as HTML or, where its name tells nothing, has its first tag."""
    ascii_head = head.translate(None, NOT_MARKUP)
    if HTML_START.match(ascii_head):
        return True
    return not is_named and HTML_INSIDE.search(ascii_head) is not None


def _judge_text(head: bytes, named: FileType | None, *, is_html: bool) -> FileType:
    """Return the type of a file that begins like a text and is called like `named`."""
    if named in {FileType.TAR, FileType.CSV, FileType.TSV}:  # the oldest tar has no signature
        return named
    if is_html or named is None:
        return FileType.HTML
    start = head.removeprefix(UTF_8_MARK).lstrip()
    is_record = named is FileType.TEXT and RECORD_START.match(start) is not None
    is_value = named is FileType.JSON_LINES and JSON_VALUE_START.match(start) is not None
    return FileType.JSON if is_record or is_value else named


def find_suffix(name: str) -> str:
    """Return the ending of a file's name in lower case, without its dot; "" where it has none.

    What stands behind the last dot of `post.example_ferries` or `May 3. 2031` is no ending.
    """
    last = name.rpartition("/")[2].partition("?")[0]  # page.html?id=3 is a page
    ending = last.rpartition(".")[2].lower() if "." in last.lstrip(".") else ""
    return ending if ENDING.fullmatch(ending) else ""


def strip_suffix(name: str) -> str:
    """Return the name that a compressed file has when it is unpacked."""
    suffix = find_suffix(name)
    if SUFFIXES.get(suffix) not in COMPRESSIONS:
        return name
    stem = name.rpartition(".")[0]
    return f"{stem}.tar" if suffix in TAR_SUFFIXES else stem


def _find_signature(head: bytes) -> FileType | None:
    for signature, file_type in SIGNATURES.items():
        if not head.startswith(signature):
            continue
        if file_type is FileType.BZIP2 and head[4:10] not in BZIP2_BLOCK:
            continue
        return file_type
    if head[TAR_SIGNATURE_AT:].startswith(TAR_SIGNATURE):
        return FileType.TAR
    return None
