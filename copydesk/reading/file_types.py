"""Find out what a file is, by its name and its first bytes together.

Neither is enough alone: a `.gz` that the downloader has unpacked is a page already, a saved page is
often called `article.php?id=3`, and an article that starts with "PK" is not an archive.
"""

import re
from collections.abc import Collection
from enum import StrEnum

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import HEAD_BYTES
from copydesk.reading.registry import Format, load_registry
from copydesk.values import Stage


class Packing(StrEnum):
    """A kind of file that holds other files, or one other file in fewer bytes."""

    ZIP = "application/zip"
    TAR = "application/x-tar"
    GZIP = "application/gzip"
    BZIP2 = "application/x-bzip2"
    XZ = "application/x-xz"
    ZSTD = "application/zstd"


FileType = Format | Packing

COMPRESSIONS = frozenset({Packing.GZIP, Packing.BZIP2, Packing.XZ, Packing.ZSTD})
PACKING_ENDINGS = {
    "zip": Packing.ZIP,
    "wacz": Packing.ZIP,
    "tar": Packing.TAR,
    "gz": Packing.GZIP,
    "bz2": Packing.BZIP2,
    "xz": Packing.XZ,
    "zst": Packing.ZSTD,
    "tgz": Packing.GZIP,
    "tbz2": Packing.BZIP2,
    "txz": Packing.XZ,
    "tzst": Packing.ZSTD,
}
TAR_ENDINGS = frozenset({"tgz", "tbz2", "txz", "tzst"})  # of a tar file that is compressed too
# First bytes that no text has; "PK" alone could begin one.
PACKING_MAGIC = {
    b"PK\x03\x04": Packing.ZIP,
    b"PK\x05\x06": Packing.ZIP,
    b"\x1f\x8b\x08": Packing.GZIP,
    b"BZh": Packing.BZIP2,
    b"\xfd7zXZ\0": Packing.XZ,
    b"\x28\xb5\x2f\xfd": Packing.ZSTD,
}
BZIP2_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")  # a block, or the end of an empty file
TAR_MAGIC = b"ustar"
TAR_MAGIC_AT = 257
# Control characters, or the first byte of a picture: advice for texts does not help there.
NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a]|\A[\x80-\xff]")
ENDING = re.compile(r"[a-z0-9]{0,2}[a-z][a-z0-9]{0,7}")


def find_file_type(head: bytes, name: str) -> FileType:
    """Return the type of the file that is called `name` and begins with `head` (4,096 bytes).

    Raises: UnreadableError: if the file is empty, or of no type that has a reader.
    """
    if not head.strip() and len(head) < HEAD_BYTES:
        raise UnreadableError(Stage.OPEN, "empty", "the file is empty")
    ending = find_ending(name)
    named = find_named(ending)
    by_magic = _find_magic(head)
    if named in COMPRESSIONS and by_magic is None:  # already unpacked by what fetched it
        return find_file_type(head, strip_ending(name))
    sniffed = _sniff(head, None if named is None else ending)
    if named is None:
        if by_magic is Packing.ZIP or isinstance(by_magic, Format):  # office files are zip files
            return by_magic
        if sniffed is None:
            raise explain_unknown(name, head)
        return by_magic or sniffed
    if by_magic is not None:
        return by_magic
    if sniffed is not None and not _trusts_ending(named):
        return sniffed
    if sniffed is None and _needs_magic(named):
        raise explain_wrong(ending)
    return named


def explain_unknown(name: str, head: bytes = b"") -> UnreadableError:
    """Return why a file with an ending that no type has is refused; a text may be called one."""
    msg = f"no reader for .{find_ending(name)} files"
    if head and not NO_TEXT.search(head):
        msg += "; if it is a text, let its name end in .txt"
    return UnreadableError(Stage.OPEN, "unknown_type", msg)


def explain_wrong(ending: str) -> UnreadableError:
    """Return why a file that is not what its ending says is refused."""
    return UnreadableError(
        Stage.OPEN, "wrong_type", f"its name says .{ending}, its content does not"
    )


def find_package(names: Collection[str], name: str) -> Format | None:
    """Return the format of a zip file that has files of these names and is called `name`.

    None is for an archive of other files.

    Raises: UnreadableError: if its ending is that of no type, or of another format.
    """
    by_part = load_registry().by_part
    found = next((by_part[part] for part in by_part if part in names), None)
    ending = find_ending(name)
    named = find_named(ending)
    if found is None and named is None:
        raise explain_unknown(name)
    if found is None and isinstance(named, Format) and (named.parts or named.magic):
        raise explain_wrong(ending)
    return found


def find_named(ending: str) -> FileType | None:
    """Return the type of files with this ending ("" for none), None if no type has it."""
    return PACKING_ENDINGS.get(ending) or load_registry().by_ending.get(ending)


def find_ending(name: str) -> str:
    """Return the ending of a file's name in lower case, without its dot; "" where it has none.

    The text after the last dot of `post.example_ferries` or `May 3. 2031` is not an ending.
    """
    last = name.rpartition("/")[2].partition("?")[0]  # page.html?id=3 is a page
    ending = last.rpartition(".")[2].lower() if "." in last.lstrip(".") else ""
    return ending if ENDING.fullmatch(ending) else ""


def strip_ending(name: str) -> str:
    """Return the name that a compressed file has when it is unpacked."""
    ending = find_ending(name)
    if PACKING_ENDINGS.get(ending) not in COMPRESSIONS:
        return name
    stem = name.rpartition(".")[0]
    return f"{stem}.tar" if ending in TAR_ENDINGS else stem


def _find_magic(head: bytes) -> FileType | None:
    """Return the type whose magic bytes are at the beginning of a file."""
    for magic, packing in PACKING_MAGIC.items():
        if head.startswith(magic) and (packing is not Packing.BZIP2 or head[4:10] in BZIP2_BLOCK):
            return packing
    by_magic = load_registry().by_magic.items()
    found = next((each for magic, each in by_magic if head.startswith(magic)), None)
    if found is None and head[TAR_MAGIC_AT:].startswith(TAR_MAGIC):
        return Packing.TAR
    return found


def _sniff(head: bytes, ending: str | None) -> Format | None:
    """Return the first format that recognises a file by the beginning of its text."""
    sniffing = sorted(load_registry().formats, key=lambda each: not each.sniffs_first)
    return next((each for each in sniffing if each.sniff and each.sniff(head, ending)), None)


def _needs_magic(named: FileType) -> bool:
    """Return whether a file without magic bytes cannot be of this type; the oldest tar has none."""
    if isinstance(named, Format):
        return bool(named.magic or named.parts)
    return named is Packing.ZIP


def _trusts_ending(named: FileType) -> bool:
    """Return whether a file with such an ending is of this type, however its text begins."""
    return named.trusts_ending if isinstance(named, Format) else named is Packing.TAR
