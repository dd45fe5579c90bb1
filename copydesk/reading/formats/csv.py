"""Read articles in tables of text, CSV and TSV: one row is one page."""

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import IO, NamedTuple

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.encodings import HEAD_BYTES, as_utf8, find_row_encoding
from copydesk.reading.formats.text import TEXT
from copydesk.reading.limits import Limits
from copydesk.reading.nested import read_spelt
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
SAMPLE_CHARS = 100_000  # by which the dialect of a table is chosen: some twenty articles
SPELT_MARK = re.compile(r"(?<!\\)((?:\\\\)*)\\([\"'])")  # after a backslash that is not one itself
ENDS_INSIDE = "unexpected end of data"  # what the csv module says of a mark that is never closed
NEVER_CLOSED = "a quotation mark is never closed: the rest of the table follows it"


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
            ahead, is_whole = lines.look_ahead()
            dialect = _choose_dialect([header, *ahead], delimiter, is_whole=is_whole)
            rows = dialect.read(chain([header], lines), delimiter)
            columns = next(rows, [])
            check_columns(columns)
            for number, row in enumerate(_read_rows(rows, len(columns)), start=1):
                lines.n_row_chars = 0
                path, spelt = entry.path_of(number), json.dumps(row.cells).encode()
                fields = join_fields(zip(columns, map(_read_cell, row.cells), strict=False))
                record = Record(path, media_type, encoding, fields, spelt)
                yield Refused(path, row.fault, hash_bytes(spelt)) if row.fault else record
    finally:
        text.detach()  # it would close the file


def _read_cell(cell: str) -> object:
    """Return what a cell holds: a list, a text, or None where it says that it is empty."""
    if cell.strip().casefold() in EMPTY_CELLS:
        return None
    return read_spelt(cell)


class _Dialect(NamedTuple):
    """How a table marks the cells that hold its delimiter or the end of a line, if it does."""

    mark: str | None
    spells_backslash: bool = False  # before a mark in a cell, as databases and Spark write it

    def read(self, lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
        """Return the rows of a table; one that is not in this dialect raises `csv.Error`."""
        if self.mark is None:
            return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
        spelt = (SPELT_MARK.sub(r"\1\2\2", line) for line in lines)
        lines = spelt if self.spells_backslash else lines
        return csv.reader(lines, delimiter=delimiter, quotechar=self.mark, strict=True)


def _choose_dialect(sample: Sequence[str], delimiter: str, *, is_whole: bool) -> _Dialect:
    """Return the dialect in which most rows of a sample have the columns that the first one names.

    Of several, it is the most usual one. A table without marks has no row that speaks against it.
    """
    header = sample[0].strip()
    mark = "'" if len(header) > 1 and header[0] == header[-1] == "'" else '"'
    best, most = _Dialect(mark), 0.0
    for dialect in (best, _Dialect(mark, spells_backslash=True), _Dialect(None)):
        unread = mark if dialect.mark is None else None
        share = _share_of_rows(dialect.read(sample, delimiter), unread, is_whole=is_whole)
        if share > most and (dialect.mark is not None or share == 1):
            best, most = dialect, share
    return best


def _share_of_rows(rows: Iterator[list[str]], unread: str | None, *, is_whole: bool) -> float:
    """Return the share of rows that are in the dialect of their reader, and have all columns.

    A cell between marks that are not read as such is in another dialect. The last row of a sample
    may be cut, and one in which the lines end says nothing.
    """
    is_good: list[bool] = []
    columns = next(rows, [])
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            is_good += [] if str(error) == ENDS_INSIDE else [False]
            continue
        is_marked = unread is not None and any(_is_between(cell, unread) for cell in cells)
        has_all = len(cells) >= len(columns) and not any(cells[len(columns) :])
        is_good += [has_all and not is_marked] if cells else []
    judged = is_good if is_whole else is_good[:-1]
    return sum(judged) / len(judged) if judged else 1.0


def _is_between(cell: str, mark: str) -> bool:
    """Return whether a cell is between two marks, and has no other one that is not doubled."""
    is_marked = len(cell) > 1 and cell[0] == cell[-1] == mark
    return is_marked and mark not in cell[1:-1].replace(mark * 2, "")


class _TextLines:
    """The lines of a table, and the number of characters in this row.

    Iterating raises: UnreadableError: if a row is longer than the limit of a page.
    """

    def __init__(self, text: IO[str], limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._ahead: deque[str] = deque()
        self.n_row_chars = 0

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._read_line()
        if not line:
            raise StopIteration
        self.n_row_chars += len(line)
        check_size(self.n_row_chars, self._limits)
        return line

    def look_ahead(self) -> tuple[list[str], bool]:
        """Return the next lines, which are still to come, and whether they are all there are."""
        n_chars = 0
        while n_chars < SAMPLE_CHARS:
            line = self._read_line()
            if not line:
                return list(self._ahead), True
            self._ahead.append(line)
            n_chars += len(line)
        return list(self._ahead), False

    def _read_line(self) -> str:
        return self._text.readline(self._limits.page_bytes + 1)


class _Row(NamedTuple):
    """The cells of a row, and why its text would not be what was written, if so."""

    cells: list[str]
    fault: UnreadableError | None = None


def _read_rows(rows: Iterator[list[str]], n_columns: int) -> Iterator[_Row]:
    """Yield the rows that are not empty; one that is not in the dialect of the table costs itself.

    Other cells than there are columns mean that a delimiter or a mark was not marked as text.
    """
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            is_cut = str(error) == ENDS_INSIDE
            yield _Row([], _refuse_row(NEVER_CLOSED if is_cut else f"not CSV: {error}"))
            continue
        if any(cells[n_columns:]):
            message = f"{len(cells)} cells in a table of {n_columns} columns"
            yield _Row(cells, _refuse_row(message))
        elif cells:
            yield _Row(cells)


def _refuse_row(message: str) -> UnreadableError:
    return UnreadableError(Stage.PARSE, "not_csv", message)


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
