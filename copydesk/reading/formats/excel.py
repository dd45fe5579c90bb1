"""Read articles in Excel files (XLSX, XLS): one row of a sheet with a column of texts is one page.

Both libraries are written in Python, so that a file that unpacks to more than it should runs into
the limits of memory and time here, and not in a library that ends the process.
"""

import json
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from importlib import import_module
from itertools import islice
from typing import NamedTuple

from copydesk.errors import UnreadableError
from copydesk.reading.limits import Budget, Limits
from copydesk.reading.records import (
    Record,
    Refused,
    check_columns,
    check_size,
    count_lines,
    explain_no_text,
    has_text_column,
    join_fields,
)
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import open_bytes
from copydesk.reading.whole import CHUNK_BYTES, call_library, read_whole
from copydesk.values import Stage

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS_AT_ONCE = 1_000  # parsed within one allowance
MAX_HEADER_ROWS = 10  # a title, an empty line, and then the columns
# What the older files of Office and Outlook hold, by a name inside, and what would help.
OLE_ADVICE = {
    "EncryptedPackage": "it needs a password: save it without one",
    "WordDocument": "a document of Word 97 to 2003: save it as .docx",
    "__substg1.0": "a message of Outlook: save it as .eml",
    "PowerPoint": "slides: save them as text",
}
BOOKS = ("Workbook", "Book")
Cells = Sequence[object]


class Sheet(NamedTuple):
    """A sheet, and its rows as they are read."""

    name: str
    rows: Iterator[Cells]


def read_xlsx(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of all sheets that have a column of texts."""
    data = read_whole(entry, limits)
    _check_unpacked(data, limits)
    sheets = call_library(_open_xlsx, data, kind="an Excel file", limits=limits)
    yield from _read_sheets(entry, sheets, limits)


def read_ole(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of an Excel 97 file; other files of that kind are refused with advice."""
    data = read_whole(entry, limits)
    if not any(_names(name) in data for name in BOOKS):
        found = (advice for name, advice in OLE_ADVICE.items() if _names(name) in data)
        message = next(found, "a file of an old Office program: save it as .docx or .xlsx")
        raise UnreadableError(Stage.OPEN, "unknown_type", message)
    sheets = call_library(_open_xls, data, kind="an Excel file", limits=limits)
    yield from _read_sheets(entry, sheets, limits)


def _names(name: str) -> bytes:
    """Return a name as the directory of the file spells it."""
    return name.encode("utf-16-le")


def _check_unpacked(data: bytes, limits: Limits) -> None:
    """Unpack a file once, and count: what it states may be wrong.

    Raises: UnreadableError: if it unpacks to more than the limits allow, or is damaged.
    """
    budget = Budget(limits, len(data))
    call_library(lambda packed: _unpack(packed, budget), data, kind="a zip file", limits=limits)


def _unpack(data: bytes, budget: Budget) -> None:
    with zipfile.ZipFile(open_bytes(data)) as archive:
        for info in archive.infolist():
            with archive.open(info) as packed:
                while part := packed.read(CHUNK_BYTES):
                    budget.spend(len(part))


def _open_xlsx(data: bytes) -> list[Sheet]:
    with warnings.catch_warnings():  # of styles and charts that it does not know
        warnings.simplefilter("ignore")
        book = import_module("openpyxl").load_workbook(
            open_bytes(data), read_only=True, data_only=True, keep_links=False
        )
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file states may be wrong
        return [Sheet(str(sheet.title), sheet.iter_rows(values_only=True)) for sheet in sheets]


def _open_xls(data: bytes) -> list[Sheet]:
    xlrd = import_module("xlrd")
    book = xlrd.open_workbook(file_contents=data, logfile=open_log(), on_demand=True)
    return [
        Sheet(str(name), _rows_of(xlrd, book, number))
        for number, name in enumerate(book.sheet_names())
    ]


def open_log() -> "_Silence":
    """Return a file that keeps nothing, for the notes that xlrd prints."""
    return _Silence()


class _Silence:
    def write(self, _text: str) -> int:
        return 0


def _rows_of(xlrd: object, book: object, number: int) -> Iterator[Cells]:
    sheet = book.sheet_by_index(number)  # type: ignore[attr-defined] # xlrd has no types
    to_time = xlrd.xldate_as_datetime  # type: ignore[attr-defined] # xlrd has no types
    date_type = xlrd.XL_CELL_DATE  # type: ignore[attr-defined] # xlrd has no types
    mode = book.datemode  # type: ignore[attr-defined] # xlrd has no types
    for cells in sheet.get_rows():
        yield [to_time(c.value, mode) if c.ctype == date_type else c.value for c in cells]


def _read_sheets(
    entry: Entry, sheets: Sequence[Sheet], limits: Limits
) -> Iterator[Record | Refused]:
    """Yield the rows of all sheets, numbered through, and a refusal for a sheet without texts.

    Raises: UnreadableError: if no sheet has a column of texts.
    """
    number = 0
    refused: list[Refused] = []
    columns_seen: list[str] = []
    has_table = False
    for place, sheet in enumerate(sheets, start=1):
        rows = _read_rows(sheet.rows, limits)
        above: list[str] = []
        columns = _find_columns(islice(rows, MAX_HEADER_ROWS), above)
        if not has_text_column(columns):
            columns_seen += columns
            name = sheet.name.replace("#", "").replace("/", "")
            if columns:
                path = f"{entry.source_path}/{place}-{name}"
                refused.append(Refused(path, explain_no_text(columns)))
            continue
        has_table = True
        yield from refused
        refused.clear()
        left_out = count_lines("above_table", above)
        for cells in rows:
            fields = join_fields(zip(columns, map(_plain_cell, cells), strict=False))
            if not any(fields.values()):
                continue
            number += 1
            spelt = json.dumps(fields).encode()
            path = entry.path_of(number)
            try:
                check_size(len(spelt), limits)
            except UnreadableError as reason:
                yield Refused(path, reason)
            else:
                media_type = entry.format.media_type
                yield Record(path, media_type, "utf-8", fields, spelt, left_out)
                left_out = []
    if not has_table:
        check_columns(columns_seen)
    yield from refused


def _find_columns(rows: Iterator[Cells], above: list[str]) -> list[str]:
    """Return the first row that names a column of texts, the first one with values if none does.

    What the rows before it say is added to `above`; of `rows`, those after it are left.
    """
    first: list[str] = []
    for cells in rows:
        names = [str(cell) if cell is not None else "" for cell in cells]
        if has_text_column(names):
            return names
        above.extend(filter(None, [" | ".join(filter(None, names))]))
        first = first or list(filter(None, names))
    return first


def _read_rows(rows: Iterator[Cells], limits: Limits) -> Iterator[Cells]:
    while found := call_library(_take_rows, rows, kind="an Excel file", limits=limits):
        yield from found


def _take_rows(rows: Iterator[Cells]) -> list[Cells]:
    return list(islice(rows, ROWS_AT_ONCE))


def _plain_cell(value: object) -> object:
    """Return what a cell holds as text, number or None; times are in ISO 8601."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float) else None


XLSX = Format(
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    endings=("xlsx", "xlsm"),
    read=read_xlsx,
    parts=("xl/workbook.xml",),
)
OLE = Format(
    media_type="application/vnd.ms-excel",
    endings=("xls", "doc", "msg"),
    read=read_ole,
    magic=(OLE_MAGIC,),
)
FORMATS = (XLSX, OLE)
