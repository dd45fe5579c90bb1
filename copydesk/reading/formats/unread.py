"""Recognise files that have text and no reader, and say what would help."""

from collections.abc import Iterator

from copydesk.errors import UnreadableError
from copydesk.reading.limits import Limits
from copydesk.reading.records import Document
from copydesk.reading.registry import Entry, Format
from copydesk.values import Stage

ADVICE = {
    "application/epub+zip": "a book: deliver its chapters as .html or .txt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "slides: save them as .txt or .pdf"
    ),
    "application/x-webarchive": "a page that Safari saved: save it as its source (.html)",
    "application/x-iwork": "a document of Apple's Pages or Numbers: export it as .docx or .xlsx",
    "application/vnd.sqlite3": "a database: export its table as .csv or .parquet",
    "application/x-feather": "a table of Arrow: write it as .parquet",
    "application/x-pickle": "an object of Python, which could run code: write it as .parquet",
    "application/x-excel-binary": "a binary workbook of Excel: save it as .xlsx",
}


def refuse(entry: Entry, _: Limits) -> Iterator[Document]:
    """Yield nothing.

    Raises: UnreadableError: that says what would help.
    """
    yield from ()
    raise UnreadableError(Stage.OPEN, "unknown_type", ADVICE[entry.format.media_type])


EPUB, SLIDES, WEBARCHIVE, IWORK, SQLITE, FEATHER, PICKLE, XLSB = ADVICE
FORMATS = (
    Format(media_type=EPUB, endings=("epub",), read=refuse, parts=("META-INF/container.xml",)),
    Format(media_type=SLIDES, endings=("pptx",), read=refuse, parts=("ppt/presentation.xml",)),
    Format(media_type=WEBARCHIVE, endings=("webarchive",), read=refuse, magic=(b"bplist00",)),
    Format(media_type=IWORK, endings=("numbers",), read=refuse, parts=("Index/Document.iwa",)),
    Format(media_type=SQLITE, endings=("sqlite", "db"), read=refuse, magic=(b"SQLite format 3\0",)),
    Format(
        media_type=FEATHER,
        endings=("feather", "arrow"),
        read=refuse,
        magic=(b"ARROW1\0\0", b"FEA1"),
    ),
    Format(media_type=PICKLE, endings=("pkl", "pickle"), read=refuse),
    Format(media_type=XLSB, endings=("xlsb",), read=refuse, parts=("xl/workbook.bin",)),
)
