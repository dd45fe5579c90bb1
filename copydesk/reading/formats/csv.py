"""Read articles in tables of text, CSV and TSV: one row is one page."""

import csv
import io
import json
import re
from ast import literal_eval
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import IO

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.encodings import HEAD_BYTES, as_utf8, find_row_encoding
from copydesk.reading.formats.text import TEXT
from copydesk.reading.limits import Limits
from copydesk.reading.records import (
    Record,
    Refused,
    check_columns,
    check_size,
    has_text_column,
    hash_bytes,
    join_fields,
)
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.values import Stage

CSV_DELIMITERS = ",;\t|"
TSV_DELIMITERS = "\t"
DELIMITER_LINE = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)  # Excel writes it before the header
EMPTY_CELLS = frozenset({"nan", "none", "null", "n/a"})  # as pandas and databases write nothing
# A list of strings as Python writes it, limited to the escapes that cannot fail.
ESCAPE = r"""\\(?:['"\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4})"""
UNQUOTABLE = r"\\\r\n\0\ud800-\udfff"
STRING = rf"""(?:'(?:[^'{UNQUOTABLE}]|{ESCAPE})*+'|"(?:[^"{UNQUOTABLE}]|{ESCAPE})*+")"""
LIST_CELL = re.compile(rf"\[(?:{STRING}(?:, ?{STRING})*+)?\]")


def is_table(head: bytes, ending: str | None, *, delimiters: str) -> bool:
    """Return whether a text file begins with the names of columns, as what Excel calls text does.

    One of them must be a text, and another a field of articles too.
    """
    if ending not in TEXT.endings:
        return False
    stream, _ = as_utf8(open_bytes(head))
    first, _, rest = stream.read().decode("utf-8", "replace").lstrip().partition("\n")
    known = {name for names in load_field_names().values() for name in names}
    for delimiter in delimiters:
        columns = first.split(delimiter)
        n_known = sum(plain_name(column) in known for column in columns)
        if rest.strip() and len(columns) > 1 and n_known > 1 and has_text_column(columns):
            return True
    return False


def read_rows(entry: Entry, limits: Limits, *, delimiters: str) -> Iterator[Record | Refused]:
    """Yield the rows of a table of text; its first line that is not empty names the columns."""
    stream, recoded = as_utf8(entry.stream)
    row_encoding = find_row_encoding(stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    text = io.TextIOWrapper(stream, row_encoding, errors="surrogateescape", newline="")
    lines = _TextLines(text, limits)
    csv.field_size_limit(limits.page_bytes)
    media_type, encoding = entry.format.media_type, recoded or row_encoding
    try:
        with _csv_error_as_reason():
            header, delimiter = _read_header(lines, delimiters)
            rows = csv.reader(chain([header], lines), delimiter=delimiter)
            columns = next(rows, [])
            check_columns(columns)
            for number, cells in enumerate(filter(None, rows), start=1):
                lines.n_row_chars = 0
                fault = _find_fault(cells, columns, is_cut=lines.is_at_end)
                path, spelt = entry.path_of(number), json.dumps(cells).encode()
                fields = join_fields(zip(columns, map(_read_cell, cells), strict=False))
                record = Record(path, media_type, encoding, fields, spelt)
                yield Refused(path, fault, hash_bytes(spelt)) if fault else record
    finally:
        text.detach()  # it would close the file


def _read_cell(cell: str) -> object:
    """Return what a cell holds: a list, a text, or None where it says that it is empty."""
    if cell.strip().casefold() in EMPTY_CELLS:
        return None
    return literal_eval(cell) if LIST_CELL.fullmatch(cell) else cell


class _TextLines:
    """The lines of a table, the number of characters in this row, and whether all lines are read.

    Iterating raises: UnreadableError: if a row is longer than the limit of a page.
    """

    def __init__(self, text: IO[str], limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self.n_row_chars = 0
        self.is_at_end = False

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limits.page_bytes + 1)
        if not line:
            self.is_at_end = True
            raise StopIteration
        self.n_row_chars += len(line)
        check_size(self.n_row_chars, self._limits)
        return line


def _find_fault(cells: list[str], columns: list[str], *, is_cut: bool) -> UnreadableError | None:
    """Return why the text of a row would not be what was written, if so.

    The csv module asks for another line at the end of a table only inside an open quotation mark.
    """
    if is_cut:
        msg = "a quotation mark is never closed: the rest of the table follows it"
    elif any(cells[len(columns) :]):
        msg = f"{len(cells)} cells in a table of {len(columns)} columns"
    else:
        return None
    return UnreadableError(Stage.PARSE, "not_csv", msg)


def _read_header(lines: Iterator[str], delimiters: str) -> tuple[str, str]:
    """Return the line that names the columns, and the delimiter between them.

    The delimiter is the one that Excel states, or the most frequent of those that give a column of
    texts.
    """
    filled = (line for line in lines if line.strip())
    header = next(filled, "")
    if stated := DELIMITER_LINE.fullmatch(header):
        return next(filled, ""), stated.group(1)
    by_count = sorted(delimiters, key=header.count, reverse=True)
    fitting = (each for each in by_count if has_text_column(_split_header(header, each)))
    return header, next(fitting, by_count[0])


def _split_header(header: str, delimiter: str) -> list[str]:
    return next(csv.reader([header], delimiter=delimiter), [])


@contextmanager
def _csv_error_as_reason() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise UnreadableError(Stage.PARSE, "not_csv", f"not CSV: {error}") from error


CSV = Format(
    media_type="text/csv",
    endings=("csv",),
    read=partial(read_rows, delimiters=CSV_DELIMITERS),
    sniff=partial(is_table, delimiters=CSV_DELIMITERS),
    sniffs_first=True,
    trusts_ending=True,
)
TSV = Format(
    media_type="text/tab-separated-values",
    endings=("tsv", "tab"),
    read=partial(read_rows, delimiters=TSV_DELIMITERS),
    trusts_ending=True,
)
FORMATS = (CSV, TSV)
