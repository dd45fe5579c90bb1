"""Behaviour of `publishing.export.workbook`: text stays text, and what is too long is listed."""

import re
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.publishing.export.workbook import MAX_CELL_UNITS, Workbook, cut_text

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(path):
    """Return the cells of each sheet as (type, value), as Excel takes them."""
    with zipfile.ZipFile(path) as book:
        names = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SPACE}sheet")  # noqa: S314 - a file of our own
        return {
            sheet.get("name"): [
                [cell_of(cell) for cell in row]
                for row in ET.fromstring(  # noqa: S314 - a file of our own
                    book.read(f"xl/worksheets/sheet{sheet.get(RELATION)[3:]}.xml")
                ).iter(f"{SPACE}row")
            ]
            for sheet in names
        }


def cell_of(cell):
    if cell.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{SPACE}t"))
        return "text", ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    assert cell.find(f"{SPACE}f") is None
    return cell.get("t", "n"), cell.findtext(f"{SPACE}v")


def write(path, columns, rows, **options):
    with Workbook(path, **options) as book:
        book.write("quotes", columns, rows)
    return book.n_cut


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=SUM(A1:A9)", ("text", "=SUM(A1:A9)")),
        ("+1", ("text", "+1")),
        ("@home", ("text", "@home")),
        ("007", ("text", "007")),
        ("https://news.example/", ("text", "https://news.example/")),
        ("", ("text", "")),
        (" two  spaces ", ("text", " two  spaces ")),
        ("one\ntwo\r\nthree\t", ("text", "one\ntwo\r\nthree\t")),
        ("bell \x07", ("text", "bell \x07")),
        ("_x0041_ is no A", ("text", "_x0041_ is no A")),
        ("<r><t>no markup</t></r>", ("text", "<r><t>no markup</t></r>")),
        ("<r></r>", ("text", "<r></r>")),
        ("a < b & c", ("text", "a < b & c")),
        ("🚢\uffff", ("text", "🚢\uffff")),
        (7, ("n", "7")),
        (0.25, ("n", "0.25")),
        (True, ("b", "1")),
        (date(2031, 5, 3), ("n", "47971")),
        (date(1815, 6, 18), ("text", "1815-06-18")),
        (datetime(2031, 5, 3, 1, tzinfo=UTC), ("text", "2031-05-03T01:00:00+00:00")),
        (2**60, ("text", str(2**60))),
        (float("nan"), ("text", "nan")),
    ],
)
def test_a_value_stays_what_it_is(tmp_path, value, expected):
    path = tmp_path / "a.xlsx"
    assert write(path, ["value"], [(value,)]) == 0
    assert read(path)["quotes"][1] == [expected]


def test_null_is_an_empty_cell(tmp_path):
    write(tmp_path / "a.xlsx", ["a", "b"], [(None, "x")])
    assert read(tmp_path / "a.xlsx")["quotes"][1:] == [[("text", "x")]]


def test_a_text_that_is_too_long_is_cut_and_listed(tmp_path):
    path = tmp_path / "a.xlsx"
    fits, long = "a" * MAX_CELL_UNITS, "🚢" * 20_000
    n_cut = write(path, ["page", "text"], [("p1", fits), ("p2", long)])
    sheets = read(path)
    kept = "🚢" * ((MAX_CELL_UNITS - 1) // 2)
    assert n_cut == 1
    assert [row[1][1] for row in sheets["quotes"][1:]] == [fits, f"{kept}…"]
    assert [cell[1] for cell in sheets["cut cells"][1]] == [
        "quotes", "3", "text", "page=p2", "20000", str(len(kept)),
    ]  # fmt: skip


def test_a_table_that_is_too_long_continues_on_another_sheet(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, ["n"], [(n,) for n in range(5)], max_sheet_rows=3)
    found = {name: [row[0][1] for row in rows] for name, rows in read(path).items()}
    assert found == {
        "quotes": ["n", "0", "1"],
        "quotes 2": ["n", "2", "3"],
        "quotes 3": ["n", "4"],
    }


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 40_000))
def test_what_is_kept_of_a_text_fits_and_begins_it(text, n):
    whole = text * (n // max(1, len(text)))
    kept = cut_text(whole)
    assert len(kept.encode("utf-16-le")) <= 2 * MAX_CELL_UNITS
    assert kept == whole or whole.startswith(kept.removesuffix("…"))


def test_a_name_that_no_sheet_can_have_is_refused(tmp_path):
    with Workbook(tmp_path / "a.xlsx") as book:
        book.write("quotes", ["a"], [])
        with pytest.raises(ValueError, match="cannot be the name of a sheet"):
            book.write("Quotes", ["a"], [])
        with pytest.raises(ValueError, match="cannot be the name of a sheet"):
            book.write("q" * 32, ["a"], [])


def sheet_of(path):
    """Return the first sheet of a workbook as XML, and the formats that its cells point to."""
    with zipfile.ZipFile(path) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - a file of our own
        styles = ET.fromstring(book.read("xl/styles.xml"))  # noqa: S314 - a file of our own
    return sheet, list(styles.find(f"{SPACE}cellXfs"))


def test_columns_are_as_wide_as_what_is_in_them(tmp_path):
    path = tmp_path / "a.xlsx"
    long = "No islander should be made to choose. " * 9
    rows = [("Ada", long, "a" * 32, 7), ("Zoe Zimmermann", long, "b" * 32, None)]
    write(path, ["speaker", "content", "quote_id", "n"], rows)
    sheet, _ = sheet_of(path)
    widths = [round(float(column.get("width"))) for column in sheet.iter(f"{SPACE}col")]
    assert widths == [16, 61, 13, 9]


def test_long_text_is_wrapped_but_not_a_whole_page(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, ["a", "b", "c"], [("short", "words " * 40, "words " * 400)])
    sheet, styles = sheet_of(path)
    cells = list(sheet.iter(f"{SPACE}c"))[3:]
    aligned = [styles[int(cell.get("s"))].find(f"{SPACE}alignment") for cell in cells]
    assert [found.get("wrapText") for found in aligned] == [None, "1", None]


def test_the_header_stays_in_view_and_has_filters(tmp_path):
    path = tmp_path / "a.xlsx"
    write(path, ["a", "b"], [(1, 2), (3, 4)])
    sheet, _ = sheet_of(path)
    assert sheet.find(f"{SPACE}autoFilter").get("ref") == "A1:B3"
    assert next(sheet.iter(f"{SPACE}pane")).get("topLeftCell") == "A2"
