"""Behaviour of `publishing.export.xlsx`: what Excel cannot hold is told, and text stays text."""

import re
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.publishing.export.xlsx import MAX_CELL_UNITS, Workbook, cut_text

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(path):
    """Return the cells of each sheet as (type, value), as Excel takes them."""
    with zipfile.ZipFile(path) as book:
        names = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SPACE}sheet")  # noqa: S314
        return {
            sheet.get("name"): [
                [cell_of(cell) for cell in row]
                for row in ET.fromstring(  # noqa: S314
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
        (" two  blanks ", ("text", " two  blanks ")),
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


def test_a_table_that_is_too_long_goes_on_on_another_sheet(tmp_path):
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
