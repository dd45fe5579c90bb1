"""Read the CSV that people edit: byte order marks, semicolons or tabs, `sep=` above the header.

A row has the line that it begins on. What is no CSV is refused with a line and a reason, such as
the one on which a quotation mark is opened that nobody closes.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

MAX_CELL_CHARS = 131_072  # the limit of the module csv
DELIMITERS = (",", ";", "\t")
STATED_DELIMITER = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # what Excel writes for itself
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Reader(Protocol):
    """What `csv.reader` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the rows."""
        ...


class SheetError(ValueError):
    """What is no CSV: the line, from 1, and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep both."""
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


class Sheet(NamedTuple):
    """A table: its delimiter, its header in small letters, and its rows that say anything."""

    delimiter: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


def decode_sheet(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding.

    Raises: SheetError: at the first byte that is no text.
    """
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = f"not UTF-8 at byte {error.start}; save it as “CSV UTF-8”"
        raise SheetError(line, reason) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SheetError(line, "a NUL character; this is no CSV")
    return text, encoding


def split_stated(text: str) -> tuple[str, str | None]:
    """Return a text without the line that states its delimiter, and that delimiter, if it has."""
    stated = STATED_DELIMITER.match(text)
    return (text, None) if stated is None else (text[stated.end() :], stated[1])


def first_line(text: str) -> str:
    """Return the line of the header; empty where there is none."""
    return next(iter(split_stated(text)[0].splitlines()), "")


def parse_sheet(
    text: str, is_header: Callable[[Sequence[str]], bool], *, skips_spaces: bool = False
) -> Sheet | None:
    """Return the table of a text, or None where no delimiter gives a header that fits.

    With `skips_spaces`, a quotation mark also opens a cell after a space.

    Raises: SheetError: if a row is no CSV.
    """
    body, stated = split_stated(text)
    first = first_line(text)
    for delimiter in DELIMITERS if stated is None else (stated,):
        cells = next(csv.reader([first], delimiter=delimiter), [])
        header = [cell.strip().lower() for cell in cells]
        if is_header(header):
            read = csv.reader(
                io.StringIO(body, newline=""),
                delimiter=delimiter,
                strict=True,
                skipinitialspace=skips_spaces,
            )
            n_above = 0 if stated is None else 1
            return Sheet(delimiter, header, list(_read_rows(read, n_above=n_above)))
    return None


def _read_rows(read: Reader, *, n_above: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows after the header that say anything, each with the line that it begins on.

    Raises: SheetError: at the line of a row that is no CSV.
    """
    line = n_above + 1
    try:
        for number, cells in enumerate(read):
            _refuse_long(cells)
            if number and any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = n_above + read.line_num + 1
    except csv.Error as error:
        raise SheetError(line, str(error)) from error


def _refuse_long(cells: Sequence[str]) -> None:
    """Refuse what csv refuses by itself, unless something in this process has raised its limit.

    Raises: csv.Error: if a cell is too long.
    """
    if max(map(len, cells), default=0) > MAX_CELL_CHARS:
        msg = f"field larger than field limit ({MAX_CELL_CHARS})"
        raise csv.Error(msg)
