"""Turn bytes into text: by byte order mark, as UTF-8, as declared, or by detection.

Text is changed in a few cases only, each certain and each noted (`Repair`). NUL and unpaired
surrogates, which no table can hold, become U+FFFD. Single bytes of windows-1252 inside UTF-8 are
read as windows-1252. Mojibake is undone line by line, where the original was UTF-8 beyond doubt.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import BinaryIO, NamedTuple

import ftfy
from charset_normalizer import from_bytes
from ftfy.badness import is_bad

from copydesk.errors import UnreadableError
from copydesk.values import Stage

UTF_8_MARK = b"\xef\xbb\xbf"
# UTF-32 first: its mark begins with that of UTF-16.
WIDE_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
HEAD_BYTES = 4_096  # the beginning of a file, which shows its type and encoding
MIN_WIDE_SHARE = 0.3  # of NUL bytes at even or odd offsets; English in UTF-16 has half
CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
MAX_CONTROL_SHARE = 0.01  # text has next to none; a picture read as latin-1 has about 10 %
FIRST_HIGH_BYTE = 0x80
MAX_WESTERN_SHARE = 0.1  # French has 4 %, Russian in windows-1251 has 80 %
SURROGATE = re.compile("[\ud800-\udfff]")
# How `surrogateescape` keeps a byte that is not UTF-8; JSON spells an unpaired surrogate so too.
ESCAPED_BYTE = re.compile("(?<![\ud800-\udbff])[\udc80-\udcff]")
NOT_ASCII = re.compile("[^\0-\x7f]+")
# What English prose has beyond ASCII is not odd by itself, only one right after another.
ODD = re.compile("[^\0-\x7f“”‘’–—…]|[“”‘’–—…]{2}")
MAX_WHOLE_CHARS = 400  # in a shorter text the pattern is tried everywhere
BADNESS_REACH = 8  # characters to each side; ftfy's longest pattern of mojibake has six
SURROGATE_BYTES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
UNKNOWN = "\ufffd"
LEGACY_ENCODINGS = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1256",
    "koi8_r",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
]  # with cp1254 and euc_jp, Turkish is still taken for cp1250 and EUC-JP for euc_kr


# What pages mean when they declare the encodings on the left (WHATWG Encoding Standard).
WIDER_ENCODINGS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Mojibake of quotation marks. The last byte of a closing one has no character in windows-1252: what
# became of it is lost, but its opening partner in the paragraph proves what it was.
OPENED = "(?:â€œ|“)"
CLOSING_LOST = re.compile(
    rf"(?P<quoted>{OPENED}[^\n“”œ]{{1,2000}}?)â€(?:\x9d|\ufffd|(?=[\s.,;:!?)\]—–-]|\Z))"
)
MARKUP = b"<a b='c'>+-\\n\n"


class Repair(StrEnum):
    """What was changed in a text when it was read."""

    NUL = "nul"
    SURROGATE = "surrogate"
    MIXED_BYTES = "mixed_bytes"
    MOJIBAKE = "mojibake"
    ENTITIES = "entities"
    INLINE_TAGS = "inline_tags"
    ESCAPES = "escapes"
    CHARACTERS = "characters"
    LOSSY_MOJIBAKE = "lossy_mojibake"
    UNQUOTED_LINES = "unquoted_lines"
    JOINED_LINES = "joined_lines"
    SPLIT_LINES = "split_lines"
    MARKDOWN = "markdown"


class Decoded(NamedTuple):
    """A text, the encoding it was in, and the repairs made."""

    text: str
    encoding: str
    repairs: tuple[Repair, ...] = ()


def decode(data: bytes, *, declared: str | None = None, is_markup: bool = False) -> Decoded:
    """Return the text of `data`.

    Mojibake in markup is left to whoever reads it: a line of a page is not one of its source.

    Raises: UnreadableError: if the bytes are in no known encoding, or are not text.
    """
    found = next(_read_bytes(data, declared), None)
    if found is None and b"\0" not in data:
        msg = "neither UTF-8 nor another known encoding"
        raise UnreadableError(Stage.DECODE, "undecodable", msg)
    if found is None or _count_controls(found.text) > MAX_CONTROL_SHARE * len(found.text):
        raise UnreadableError(Stage.DECODE, "binary", "control characters: this is not a text")
    text, repairs = (replace_unstorable if is_markup else repair_text)(found.text)
    return Decoded(text, found.encoding, (*found.repairs, *repairs))


def _count_controls(text: str) -> int:
    return sum(1 for _ in CONTROL.finditer(text))


def repair_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return `text` without mojibake and characters that no table can hold, and the repairs made.

    Bytes that are not UTF-8 must be as `surrogateescape` leaves them.
    """
    text, repairs = replace_unstorable(text)
    if not text.isascii() and _may_be_bad(text):
        closed = CLOSING_LOST.sub(_close, text) if CLOSING_LOST.search(text) else text
        if closed != text:
            text, repairs = closed, (*repairs, Repair.LOSSY_MOJIBAKE)
        lines = [_undo_mojibake(line) for line in text.splitlines(keepends=True)]
        if (undone := "".join(lines)) != text:
            return undone, (*repairs, Repair.MOJIBAKE)
    return text, repairs


def replace_unstorable(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return `text` without characters that no table can hold, and the repairs made.

    Bytes that are not UTF-8 must be as `surrogateescape` leaves them.
    """
    repairs = []
    if not _is_encodable(text):
        if ESCAPED_BYTE.search(text):
            text = ESCAPED_BYTE.sub(_read_western, text)
            repairs.append(Repair.MIXED_BYTES)
        if SURROGATE.search(text):
            # JSON spells characters beyond U+FFFF as two surrogates; one alone means nothing.
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if UNKNOWN in text:
                repairs.append(Repair.SURROGATE)
    if "\0" in text:
        text = text.replace("\0", UNKNOWN)
        repairs.append(Repair.NUL)
    return text, tuple(repairs)


def _is_encodable(text: str) -> bool:
    """Return whether a text has no surrogates; a hundred times as fast as a pattern."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _may_be_bad(text: str) -> bool:
    """Return whether ftfy may find mojibake in a text; it never does in ASCII alone.

    Its pattern is tried around other characters only: over a whole page it took as long as all
    else that is done with it.
    """
    if ODD.search(text) is None:
        return False
    if len(text) <= MAX_WHOLE_CHARS:
        return is_bad(text)
    spans = (match.span() for match in NOT_ASCII.finditer(text))
    return any(is_bad(text[max(0, s - BADNESS_REACH) : e + BADNESS_REACH]) for s, e in spans)


def as_utf8(stream: io.BufferedReader) -> tuple[io.BufferedReader, str | None]:
    """Return text bytes that can be cut into lines, without a mark, and their first encoding.

    Only encodings with line ends of more than one byte (UTF-16, UTF-32) become UTF-8. All others
    stay as they are, with None as their encoding, and are decoded record by record.
    """
    head = stream.peek(HEAD_BYTES)
    if head.startswith(UTF_8_MARK):
        stream.read(len(UTF_8_MARK))
        return stream, None
    encoding = _find_wide(head)
    return (io.BufferedReader(_Recoded(stream, encoding)) if encoding else stream), encoding


def find_row_encoding(head: bytes) -> str:
    """Return the encoding of a table of text, from its first bytes."""
    head = head[: head.rfind(b"\n") + 1] or head  # the last character may be cut
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "utf-8" if _is_mostly_utf8(head) else decode(head).encoding
    return "utf-8"


class _Recoded(io.RawIOBase):
    """Bytes in a wide encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # of Buffer
        while not self._ready:
            data = self._stream.read(len(buffer))
            self._ready = self._decoder.decode(data, final=not data).encode()
            if not data:
                break
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _read_bytes(data: bytes, declared: str | None) -> Iterator[Decoded]:
    """Yield the ways to decode `data`, the most certain first."""
    wide = _find_wide(data[:HEAD_BYTES])
    if wide is not None:
        text = data.decode(wide, "replace")
        yield Decoded(text, wide, (Repair.SURROGATE,) if UNKNOWN in text else ())
        return
    certain = ["utf-8-sig" if data.startswith(UTF_8_MARK) else "utf-8"]
    yield from _read_as(data, [*certain, *_widen(declared)])
    if _is_mostly_utf8(data):
        whole = SURROGATE_BYTES.sub(UNKNOWN.encode(), data.removeprefix(UTF_8_MARK))
        yield Decoded(whole.decode("utf-8", "surrogateescape"), "utf-8")
    yield from _read_as(data, _guess_encodings(data))


def _widen(declared: str | None) -> list[str]:
    """Return what a page may mean by the encoding that it declares, the likelier first.

    The list is empty if ASCII is something else in that encoding, as in UTF-16: the declaration
    itself could not have been read.
    """
    try:
        name = codecs.lookup(declared or "").name
        is_likely = MARKUP.decode(name) == MARKUP.decode()
    except (LookupError, UnicodeError, ValueError):
        return []
    return [WIDER_ENCODINGS.get(name, name), name] if is_likely else []


def _read_as(data: bytes, encodings: Iterable[str]) -> Iterator[Decoded]:
    """Yield the texts of `data` in those of the encodings that accept all its bytes."""
    for encoding in encodings:
        with suppress(UnicodeError, LookupError):
            yield Decoded(data.decode(encoding), encoding)


def _guess_encodings(data: bytes) -> Iterator[str]:
    # English pages that are not UTF-8 are windows-1252; other languages have many more high bytes.
    if sum(byte >= FIRST_HIGH_BYTE for byte in data) <= MAX_WESTERN_SHARE * len(data):
        yield "cp1252"
    best = from_bytes(data, cp_isolation=LEGACY_ENCODINGS).best()
    if best is not None:
        yield best.encoding


def _find_wide(head: bytes) -> str | None:
    """Return UTF-16 or UTF-32 if a mark, or a NUL in every second byte, shows it."""
    marked = next((name for mark, name in WIDE_MARKS.items() if head.startswith(mark)), None)
    if marked is not None:
        return marked
    even, odd = head[::2], head[1::2]
    if even.count(0) > MIN_WIDE_SHARE * len(head) and not odd.count(0):
        return "utf-16-be"
    if odd.count(0) > MIN_WIDE_SHARE * len(head) and not even.count(0):
        return "utf-16-le"
    return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether more characters beyond ASCII are whole in UTF-8 than broken."""
    text = data.decode("utf-8", "replace")
    n_broken = text.count(UNKNOWN)
    n_high = sum(byte >= FIRST_HIGH_BYTE for byte in data)
    return n_high - n_broken > n_broken and "\0" not in text


def _undo_mojibake(line: str) -> str:
    """Return a line as it was before its UTF-8 was decoded as something else, if that is certain.

    It is certain if all its characters lead back to bytes that are UTF-8 and nothing odd is left
    (the rules of ftfy 6 are made not to change a correct text).
    """
    if not is_bad(line):
        return line
    fixed = ftfy.fix_encoding(line)
    return line if UNKNOWN in fixed or is_bad(fixed) else fixed


def _close(lost: re.Match[str]) -> str:
    """Return a quotation whose closing mark was lost with that mark."""
    return f"{lost['quoted']}”"


def _read_western(escaped: re.Match[str]) -> str:
    """Return a byte that is not UTF-8 decoded as windows-1252."""
    return bytes([ord(escaped.group()) - ord("\udc00")]).decode("cp1252", "replace")
