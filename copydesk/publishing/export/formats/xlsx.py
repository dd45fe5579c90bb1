"""Write one Excel workbook, a sheet for each table, with what people read first in front."""

from pathlib import Path

from xlsxwriter.exceptions import XlsxFileError

from copydesk.errors import ExportError
from copydesk.publishing.export.datasets import Source, Written, written_as
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import flat, stream_rows
from copydesk.publishing.export.workbook import Workbook

BOOK = "copydesk.xlsx"
ABOUT = "about"
ABOUT_COLUMNS = ("table", "column", "meaning")


def write_xlsx(source: Source, folder: Path) -> Outcome:
    """Write a sheet for each dataset, and a last one that says what the columns mean.

    Raises: ExportError: if the workbook cannot be written.
    """
    path = folder / BOOK
    try:
        with Workbook(path) as book:
            written = _write(source, book)
    except XlsxFileError as error:
        msg = f"{path.name}: cannot be written: {error}"
        raise ExportError(msg) from error
    return Outcome(written, book.n_cut)


def _write(source: Source, book: Workbook) -> list[Written]:
    written = []
    for dataset in source.datasets:
        names = [column.name for column in dataset.columns]
        n_rows = book.write(dataset.name, names, stream_rows(source, dataset, flat))
        written.append(written_as(dataset, files=[BOOK], n_rows=n_rows))
    meanings = [
        (d.name, c.name, c.meaning or d.meaning) for d in source.datasets for c in d.columns
    ]
    book.write(ABOUT, ABOUT_COLUMNS, meanings)
    return written


FORMAT = ExportFormat(
    name="xlsx",
    how_to_read=(
        "A sheet for each table, further ones (`quotes 2`) where a sheet is full; `about` says "
        "what each column means. Lists and spans are JSON."
    ),
    write=write_xlsx,
    has_said=True,
)
