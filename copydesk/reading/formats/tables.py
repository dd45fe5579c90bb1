"""Read articles in tables, a row each: CSV, TSV and Parquet."""

import csv
import io
import json
import re
from ast import literal_eval
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import UnreadableError
from copydesk.lexicons.load import load_field_names, plain_name
from copydesk.reading.archives import Entry, Refused, seekable
from copydesk.reading.encodings import (
    HEAD_BYTES,
    as_utf8,
    decode,
    find_row_encoding,
)
from copydesk.reading.file_types import FileType
from copydesk.reading.limits import Budget, Limits
from copydesk.reading.records import Record, check_size, hash_bytes, join_fields, numbered
from copydesk.rows import Stage

ROW_BYTES = 512  # what a row of Parquet costs at least; a million empty ones take no place there
DELIMITERS = {FileType.CSV: ",;\t|", FileType.TSV: "\t"}
DELIMITER_LINE = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)  # Excel writes it before the header
EMPTY_CELLS = frozenset({"nan", "none", "null", "n/a"})  # as pandas and databases write nothing
# A list of strings as Python writes it, with those escapes only that cannot fail.
ESCAPE = r"""\\(?:['"\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4})"""
UNQUOTABLE = r"\\\r\n\0\ud800-\udfff"
STRING = rf"""(?:'(?:[^'{UNQUOTABLE}]|{ESCAPE})*+'|"(?:[^"{UNQUOTABLE}]|{ESCAPE})*+")"""
LIST_CELL = re.compile(rf"\[(?:{STRING}(?:, {STRING})*+)?\]")


def read_rows(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of a table of text; its first line that is not blank names the columns."""
    stream, recoded = as_utf8(entry.stream)
    row_encoding = find_row_encoding(stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    text = io.TextIOWrapper(stream, row_encoding, errors="surrogateescape", newline="")
    lines = _TextLines(text, limits)
    csv.field_size_limit(limits.page_bytes)
    try:
        with _csv_error_as_reason():
            header, delimiter = _read_header(lines, entry.file_type)
            rows = csv.reader(chain([header], lines), delimiter=delimiter)
            columns = next(rows, [])
            _check_columns(columns)
            for number, cells in enumerate(filter(None, rows), start=1):
                lines.n_row_chars = 0
                fault = _find_fault(cells, columns, is_cut=lines.is_at_end)
                path, spelt = numbered(entry, number), json.dumps(cells).encode()
                fields = join_fields(zip(columns, map(_read_cell, cells), strict=False))
                record = Record(path, entry.file_type, recoded or row_encoding, fields, spelt)
                yield Refused(path, fault, hash_bytes(spelt)) if fault else record
    finally:
        text.detach()  # it would close the file


def _read_cell(cell: str) -> object:
    """Return what a cell holds: nothing, where a word says so, a list or a text."""
    if cell.strip().casefold() in EMPTY_CELLS:
        return None
    return literal_eval(cell) if LIST_CELL.fullmatch(cell) else cell


class _TextLines:
    """The lines of a table, how many characters of them are in this row, and whether all are read.

    Iterating raises: UnreadableError: if a row is longer than a page may be.
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

    csv asks for a line more than there are only where a quotation mark is open.
    """
    if is_cut:
        msg = "a quotation mark is not closed: the rest of the table stands behind it"
    elif any(cells[len(columns) :]):
        msg = f"{len(cells)} cells in a table of {len(columns)} columns"
    else:
        return None
    return UnreadableError(Stage.PARSE, "not_csv", msg)


def _read_header(lines: Iterator[str], file_type: FileType) -> tuple[str, str]:
    """Return the line that names the columns, and the sign between them.

    That is the sign which Excel states, or the most frequent of those that give a column of texts.
    """
    filled = (line for line in lines if line.strip())
    header = next(filled, "")
    if stated := DELIMITER_LINE.fullmatch(header):
        return next(filled, ""), stated.group(1)
    signs = sorted(DELIMITERS[file_type], key=header.count, reverse=True)
    fitting = (sign for sign in signs if _has_text(next(csv.reader([header], delimiter=sign), [])))
    return header, next(fitting, signs[0])


def _check_columns(columns: list[str]) -> None:
    """Refuse a table without a column of texts.

    Raises: UnreadableError: that names the columns it has.
    """
    if not _has_text(columns):
        listed = ", ".join(columns)[:200]
        msg = f"no column with a text (copydesk/lexicons/fields.toml) among {listed}"
        raise UnreadableError(Stage.PARSE, "no_text_field", msg)


def _has_text(columns: list[str]) -> bool:
    names = load_field_names()
    return not {plain_name(column) for column in columns}.isdisjoint(
        (*names["text"], *names["html"])
    )


@contextmanager
def _csv_error_as_reason() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise UnreadableError(Stage.PARSE, "not_csv", f"not CSV: {error}") from error


def read_parquet(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of a Parquet file; columns that no field is called after are not read."""
    names = {name for names in load_field_names().values() for name in names}
    with seekable(entry.stream) as file, _arrow_error_as_reason():
        table = pq.ParquetFile(file)
        columns = table.schema_arrow.names
        _check_columns(columns)
        budget = Budget(limits, file.seek(0, io.SEEK_END))
        budget.spend(table.metadata.num_rows * ROW_BYTES)
        for i in range(table.num_row_groups):
            budget.spend(table.metadata.row_group(i).total_byte_size)
        read = [column for column in columns if plain_name(column) in names]
        rows = table.iter_batches(1, columns=read)  # a row is a page of 10 to 1,000 kB
        for number, row in enumerate(rows, start=1):
            path = numbered(entry, number)
            try:
                with _arrow_error_as_reason():
                    check_size(row.nbytes, limits)
                    (values,) = row.to_pylist()
                    fields = {name: _plain_value(value) for name, value in values.items()}
                spelt = json.dumps(fields, default=str).encode()
            except UnreadableError as reason:
                yield Refused(path, reason)
            else:
                yield Record(path, entry.file_type, "utf-8", fields, spelt)


def _plain_value(value: object) -> object:
    """Return a value as JSON would have it: times in ISO 8601, bytes as text."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, list):
        return [_plain_value(part) for part in value]
    return decode(value).text if isinstance(value, bytes) and value else value


@contextmanager
def _arrow_error_as_reason() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(Stage.PARSE, "not_parquet", f"not Parquet: {message}") from error
