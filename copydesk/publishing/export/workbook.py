"""Write rows into an Excel workbook, sheet by sheet, within the limits that Excel has.

A cell holds 32,767 UTF-16 units and a sheet 1,048,576 rows. Longer texts are cut and listed on
a sheet of their own; longer tables continue on a further sheet. Text stays text, whatever it
begins with. Rows are written to disk as they come: memory does not grow with their number.

Sheets are made for reading: columns are as wide as what is in them, long text is wrapped, the
header stays in view and has filters.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from copydesk.errors import ExportError

Value = str | int | float | bool | date | None

MAX_CELL_UNITS = 32_767  # UTF-16 units, as Excel counts
MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_NAME_CHARS = 31
MAX_EXACT_INT = 2**53  # Excel has floats only; beyond this an integer is written as text
FIRST_YEAR = 1900  # Excel has no earlier days; they are written as text
CUT_MARK = "…"
CUT_SHEET = "cut cells"
CUT_COLUMNS = ("sheet", "row", "column", "key", "characters", "kept")
MIN_WIDTH, MAX_WIDTH = 8, 60  # of a column, in characters
SHORT_WIDTH = 32  # of a column with texts shorter than this on average; longer ones are wrapped
DAY_WIDTH = len("2031-05-03")
ID_WIDTH = 12  # of a column of ids, which nobody reads
ID_ENDING = "_id"
FILTER_WIDTH = 3  # of the button beside a name in the header
MAX_WRAPPED_CHARS = 600  # longer text stays on one line: a row of a whole page fills the screen


class CutCell(NamedTuple):
    """A text that a cell cannot hold: where it is, and how much of it was kept."""

    sheet: str
    row: int
    column: str
    key: str
    n_chars: int
    n_kept: int


@dataclass
class Workbook:
    """A workbook that is being written; `n_cut` cells could not hold their text."""

    path: Path
    max_sheet_rows: int = MAX_SHEET_ROWS
    n_cut: int = 0
    _names: set[str] = field(default_factory=set)
    _cut: "_Sheet | None" = None

    def __enter__(self) -> Self:
        """Open the file; nothing is there to read before it is closed."""
        options = {"constant_memory": True, "tmpdir": str(self.path.parent)}
        self._book = xlsxwriter.Workbook(str(self.path), options)
        self._book.use_zip64()
        top = {"valign": "top"}
        self._head = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEDED"})
        self._plain = self._book.add_format(top)
        self._wrapped = self._book.add_format({**top, "text_wrap": True})
        self._day = self._book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the file; after an error too, because that removes the rows kept on disk."""
        if self._cut is not None:
            _fit(self._cut)
        self._book.close()

    def write(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
        """Write a table to the sheet `name`, and on to `name 2`; return its number of rows."""
        n_rows = 0
        sheet = self._add_sheet(name, columns)
        n_sheets = 1
        for values in rows:
            if sheet.n_rows == self.max_sheet_rows:
                n_sheets += 1
                _fit(sheet)
                sheet = self._add_sheet(f"{name} {n_sheets}", columns)
            for cut in self._write_row(sheet, columns, values):
                self._list_cut(cut)
            n_rows += 1
        _fit(sheet)
        return n_rows

    def _add_sheet(self, name: str, columns: Sequence[str]) -> "_Sheet":
        if len(name) > MAX_SHEET_NAME_CHARS or name.lower() in self._names:
            msg = f"{name!r} cannot be the name of a sheet: too long, or there already"
            raise ValueError(msg)
        self._names.add(name.lower())
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for i, column in enumerate(columns):
            sheet.write_string(0, i, column, self._head)
        widths = [len(column) + FILTER_WIDTH for column in columns]
        return _Sheet(sheet, 1, columns, widths, [0 for _ in columns])

    def _write_row(
        self, sheet: "_Sheet", columns: Sequence[str], values: Sequence[Value]
    ) -> Iterator[CutCell]:
        for i, value in enumerate(values):
            text = as_text(value)
            sheet.see(i, value if text is None else text)
            if text is None:
                self._write_value(sheet, i, value)
                continue
            kept = cut_text(text)
            self._write_text(sheet, i, kept)
            if kept != text:
                yield CutCell(
                    sheet=sheet.worksheet.get_name(),
                    row=sheet.n_rows + 1,
                    column=columns[i],
                    key=f"{columns[0]}={values[0]}",
                    n_chars=len(text),
                    n_kept=len(kept) - len(CUT_MARK),
                )
        sheet.n_rows += 1

    def _write_text(self, sheet: "_Sheet", i: int, text: str) -> None:
        is_wrapped = SHORT_WIDTH < len(text) <= MAX_WRAPPED_CHARS
        style = self._wrapped if is_wrapped else self._plain
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes this for markup of its own, unless it has made the markup itself.
            sheet.worksheet.write_rich_string(sheet.n_rows, i, text[:1], style, text[1:], style)
        else:
            sheet.worksheet.write_string(sheet.n_rows, i, text, style)

    def _write_value(self, sheet: "_Sheet", i: int, value: Value) -> None:
        if isinstance(value, bool):
            sheet.worksheet.write_boolean(sheet.n_rows, i, value, self._plain)
        elif isinstance(value, date):
            sheet.worksheet.write_datetime(sheet.n_rows, i, value, self._day)
        elif isinstance(value, int | float):
            sheet.worksheet.write_number(sheet.n_rows, i, value, self._plain)

    def _list_cut(self, cut: CutCell) -> None:
        self.n_cut += 1
        if self._cut is None:
            self._cut = self._add_sheet(CUT_SHEET, CUT_COLUMNS)
        if self._cut.n_rows == self.max_sheet_rows:
            msg = f"{self.path.name}: too many texts do not fit into a cell; take another format"
            raise ExportError(msg)
        for _ in self._write_row(self._cut, CUT_COLUMNS, cut):
            pass


def as_text(value: Value) -> str | None:
    """Return `value` as text, where Excel has no type for it; else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, date) and (isinstance(value, datetime) or value.year < FIRST_YEAR):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > MAX_EXACT_INT:
        return str(value)
    return None


def cut_text(text: str) -> str:
    """Return `text` as far as a cell can hold it, with `…` at the end where it was cut."""
    if 2 * len(text) <= MAX_CELL_UNITS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_UNITS:
        return text
    kept = units[: 2 * (MAX_CELL_UNITS - len(CUT_MARK))]
    return kept.decode("utf-16-le", "ignore") + CUT_MARK  # an unpaired surrogate is dropped


@dataclass
class _Sheet:
    worksheet: Worksheet
    n_rows: int
    columns: Sequence[str]
    widths: list[int]
    n_chars: list[int]

    def see(self, i: int, value: Value) -> None:
        """Widen a column to what is written into it."""
        if value is not None:
            chars = DAY_WIDTH if isinstance(value, date) else len(str(value))
            self.widths[i] = max(self.widths[i], chars + 1)
            self.n_chars[i] += chars


def _fit(sheet: _Sheet) -> None:
    """Give a sheet that is filled its widths, and filters in its header."""
    for i, column in enumerate(sheet.columns):
        is_long = sheet.n_chars[i] > SHORT_WIDTH * sheet.n_rows
        widest = MAX_WIDTH if is_long else SHORT_WIDTH
        if column.endswith(ID_ENDING):
            widest = ID_WIDTH
        sheet.worksheet.set_column(i, i, min(max(MIN_WIDTH, sheet.widths[i]), widest))
    sheet.worksheet.autofilter(0, 0, max(sheet.n_rows - 1, 1), len(sheet.columns) - 1)
