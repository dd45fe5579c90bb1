"""Read and write the files of corrections: CSV, one correction on a row, as people edit them.

Sheets write byte order marks, semicolons or tabs, and ends of lines of two characters; all are
read. A cell that a sheet would compute is written with an apostrophe in front, which reading takes
away again.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from filelock import FileLock
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from copydesk.corrections.folder import list_files, read_bytes
from copydesk.corrections.kinds import KINDS, AnyRow, Correction
from copydesk.errors import CorrectionError
from copydesk.storage.files import sync_paths
from copydesk.storage.sheets import (
    Sheet,
    SheetError,
    decode_sheet,
    first_line,
    parse_sheet,
    split_stated,
)

# What sheets compute: a cell that begins so. Marks in front of one are our own, or count as such.
COMPUTED = re.compile(r"'*[=+\-@\t\r]")
MARKED = re.compile(r"'+[=+\-@\t\r]")


RowT_co = TypeVar("RowT_co", bound=Correction, covariant=True)


class Placed(NamedTuple, Generic[RowT_co]):
    """A correction, and where it is written."""

    row: RowT_co
    file: Path
    line: int

    @property
    def place(self) -> str:
        """File and line, as messages show them."""
        return f"{self.file}:{self.line}"


class _Sheet(NamedTuple):
    """A file: its encoding, the kind of its rows, its table, and the text of it."""

    path: Path
    encoding: str
    kind: type[AnyRow]
    table: Sheet
    text: str


def read_corrections(folder: Path) -> list[Placed[AnyRow]]:
    """Return the corrections of a folder, file by file and row by row.

    A row that is there twice is one. Without a folder there are none.

    Raises: CorrectionError: naming file and line, and what is wrong there.
    """
    found: dict[str, Placed[AnyRow]] = {}
    for path in list_files(folder):
        for placed in read_file(path):
            found.setdefault(placed.row.correction_id, placed)
    return list(found.values())


def read_file(path: Path) -> list[Placed[AnyRow]]:
    """Return the corrections of a file in their order.

    Raises: CorrectionError: naming file and line, and what is wrong there.
    """
    sheet = _read_sheet(path)
    return [] if sheet is None else list(_read_rows(sheet))


def append_correction(folder: Path, row: AnyRow) -> Path:
    """Write a correction at the end of the file of its kind, and return that file.

    The file is replaced in one step, and keeps its encoding, its delimiter and its columns.

    Raises: CorrectionError: if what is there cannot be read, or lacks a column of the row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / row.file_name
    with FileLock(folder.parent / f".{folder.name}.lock", fallback_to_soft=False):
        sheet = _read_sheet(path) if path.exists() else None
        if sheet is None:
            text, encoding = write_table(type(row).columns(), [row.cells]), "utf-8"
        else:
            list(_read_rows(sheet))  # a file that cannot be read does not grow
            text, encoding = _extend(sheet, row), sheet.encoding
        draft = path.with_name(f".{path.name}.draft")
        draft.write_bytes(text.encode(encoding))
        sync_paths([draft])
        draft.replace(path)
    return path


def write_table(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    delimiter: str = ",",
    end: str = "\n",
    has_header: bool = True,
) -> str:
    """Return rows as CSV whose cells no sheet computes."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    if has_header:
        writer.writerow(columns)
    writer.writerows([_mark(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue()


def _mark(cell: str) -> str:
    return f"'{cell}" if COMPUTED.match(cell) else cell


def _unmark(cell: str) -> str:
    return cell[1:] if MARKED.match(cell) else cell


def _extend(sheet: _Sheet, row: AnyRow) -> str:
    missing = [name for name, cell in row.cells.items() if cell and name not in sheet.table.header]
    if missing:
        msg = f"{sheet.path}:1: has no column {missing[0]}; add it, and correct again"
        raise CorrectionError(msg)
    end = "\r\n" if "\r\n" in sheet.text else "\n"
    ended = sheet.text if sheet.text.endswith("\n") else f"{sheet.text}{end}"
    added = write_table(
        sheet.table.header, [row.cells], delimiter=sheet.table.delimiter, end=end, has_header=False
    )
    return ended + added


def _read_sheet(path: Path) -> _Sheet | None:
    """Return what is in a file, or None where nothing is.

    Raises: CorrectionError: naming file and line, and what is wrong there.
    """
    try:
        text, encoding = decode_sheet(read_bytes(path))
    except SheetError as error:
        msg = f"{path}:{error.line}: {error.reason}"
        raise CorrectionError(msg) from error
    if not split_stated(text)[0].strip():
        return None
    try:
        sheet = parse_sheet(text, lambda header: _kind_of(header) is not None)
    except SheetError as error:
        msg = f"{path}:{error.line}: not CSV: {error.reason}"
        raise CorrectionError(msg) from error
    kind = None if sheet is None else _kind_of(sheet.header)
    if sheet is None or kind is None:
        raise CorrectionError(_explain_header(path, first_line(text)))
    _refuse_more(path, sheet)
    return _Sheet(path, encoding, kind, sheet, text)


def _refuse_more(path: Path, sheet: Sheet) -> None:
    """Refuse a row with cells beside its columns.

    Raises: CorrectionError: naming its line.
    """
    n_columns = len(sheet.header)
    for at, cells in sheet.rows:
        if len(cells) > n_columns and any(cells[n_columns:]):
            msg = (
                f"{path}:{at}: {len(cells)} cells, {n_columns} are wanted (a text with "
                f"{sheet.delimiter!r} needs quotes)"
            )
            raise CorrectionError(msg)


def _kind_of(header: Sequence[str]) -> type[AnyRow] | None:
    """Return the kind whose columns a header has, or None where it fits none."""
    names = {name for name in header if name}
    fitting = [kind for kind in KINDS if kind.required <= names <= set(kind.columns())]
    return fitting[0] if len(fitting) == 1 and len(names) == len([*filter(None, header)]) else None


def _explain_header(path: Path, header: str) -> str:
    """Return what is wrong with a header: which kind it is closest to, and what that takes."""
    listed = [name.strip().strip('"').lower() for name in re.split(r"[,;\t]", header)]
    twice = next((name for name in listed if name and listed.count(name) > 1), None)
    if twice is not None:
        return f"{path}:1: column {twice!r} is there twice; leave one of them"
    names = set(listed)
    closest = max(KINDS, key=lambda kind: (len(names & set(kind.columns())), -len(kind.columns())))
    columns = ",".join(closest.columns())
    odd = sorted(names - set(closest.columns()))
    missing = sorted(closest.required - names)
    if not names & set(closest.columns()):
        return f"{path}:1: no header of corrections, such as {columns}"
    what = f"no column is called {odd[0]!r}" if odd else f"there is no column {missing or columns}"
    return f"{path}:1: {what}; {closest.file_name} has {columns}"


def _read_rows(sheet: _Sheet) -> Iterator[Placed[AnyRow]]:
    for line, cells in sheet.table.rows:
        columns = zip(sheet.table.header, map(_unmark, cells), strict=False)
        said = {name: cell for name, cell in columns if name and cell}
        try:
            row = sheet.kind.model_validate(said)
        except ValidationError as error:
            msg = f"{sheet.path}:{line}: {explain_row(error)}"
            raise CorrectionError(msg) from error
        yield Placed(row, sheet.path, line)


def explain_row(error: ValidationError) -> str:
    """Return in a sentence what is wrong with the cells of a row."""
    return "; ".join(_explain_cell(each) for each in error.errors())


def _explain_cell(wrong: ErrorDetails) -> str:
    column = str(wrong["loc"][0]) if wrong["loc"] else ""
    if wrong["type"] == "missing":
        return f"no {column}"
    if wrong["type"] == "enum":
        allowed = str(wrong["ctx"]["expected"]).replace("'", "")
        return f"{column} {wrong['input']!r} is not one of {allowed}"
    message = wrong["msg"].removeprefix("Value error, ")
    return f"{column}: {message[:1].lower()}{message[1:]}" if column else message
