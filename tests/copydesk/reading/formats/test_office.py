"""Behaviour of `formats.docx`, `formats.rtf` and `formats.excel`: documents and tables."""

import gzip
import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes
from copydesk.reading.limits import Limits
from copydesk.system.memory import MIB

LINES = ["Ferries stand still", "“We will not sail,” Anna Miller said.", "Crews\tmarch."]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
EXPORT = (
    "1 of 1 DOCUMENTS\n\nThe Echo\n\nMay 4, 2031\n\nCrews march\n\nLENGTH: 9 words\n\n"
    "The crews march.\n\nLANGUAGE: ENGLISH"
)


def pack_zip(files, packing=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def pack_docx(lines=LINES, *, more=""):
    paragraphs = "".join(
        "<w:p><w:r>"
        + "<w:tab/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in line.split("\t"))
        + "</w:r></w:p>"
        for line in lines
    )
    xml = f"<w:document {WORD}><w:body>{paragraphs}{more}</w:body></w:document>"
    return pack_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def pack_odt(lines=LINES):
    paragraphs = "".join(f"<text:p>{line}</text:p>".replace("\t", "<text:tab/>") for line in lines)
    body = f"<office:body><office:text>{paragraphs}</office:text></office:body>"
    xml = f"<office:document-content {OPEN}>{body}</office:document-content>"
    return pack_zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml})


def pack_rtf(lines=LINES):
    escaped = "".join(
        "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in line).replace("\t", "\\tab ")
        + "\\par\n"
        for line in lines
    )
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}{\info{\title Secret}}\f0\fs24 "
    return (head + escaped + "}").encode("ascii")


def pack_xlsx(rows, *, title="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pack_xls(rows):
    """Return a workbook of Excel 95, whose cells are labels, in the file system of old Office."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    globals_ = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0))
    sheet_at = len(globals_) + 4 + 7 + len("Sheet") + 4
    globals_ += record(0x0085, struct.pack("<IHB", sheet_at, 0, 5) + b"Sheet") + record(0x000A, b"")
    cells = b"".join(
        record(0x0204, struct.pack("<HHHH", y, x, 0, len(cell)) + cell.encode())
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
    )
    book = globals_ + record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0)) + cells
    book = (book + record(0x000A, b"")).ljust(4_096, b"\0")  # shorter streams are kept elsewhere

    def entry(name, kind, child, start, size):
        spelt = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBiii", len(spelt), kind, 1, -1, -1, child)
        return spelt.ljust(64, b"\0") + links + bytes(36) + struct.pack("<iII", start, size, 0)

    directory = entry("Root Entry", 5, 1, -2, 0) + entry("Book", 2, -1, 2, len(book))
    n_sectors = len(book) // 512
    table = [-3, -2, *range(3, n_sectors + 2), -2]  # the table itself, the directory, the book
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IiIIiIiI", 1, 1, 0, 4_096, -2, 0, -2, 0)
    head += struct.pack("<109i", 0, *[-1] * 108)
    table += [-1] * (128 - len(table))
    return head + struct.pack("<128i", *table) + directory.ljust(512, b"\0") + book


DOCUMENTS = {"docx": pack_docx(), "odt": pack_odt(), "rtf": pack_rtf()}
TABLE = pack_xlsx(
    [
        ["Our clippings"],
        [],
        ["Headline", "Date", "Newspaper", "Article Text"],
        ["Crews march", date(2031, 5, 3), "Post", "Crews\n\nmarch."],
        ["Ferries stop", "4 May 2031", None, "Ferries stop."],
        [None, None, None, None],
    ]
)


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("name", ["a.{}", "a.txt", "a", "a.xlsx", "a.doc", "a.bak"])
def test_a_document_is_read_without_its_codes_whatever_it_is_called(read_rows, kind, name):
    (row,) = read_rows(DOCUMENTS[kind], name.format(kind))
    assert row.text.splitlines() == LINES


def test_office_files_in_archives_are_read(read_rows):
    files = {"a.docx": pack_docx(), "b.xlsx": TABLE, "c.rtf": pack_rtf(), "d": pack_odt()}
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        outer = pack_zip({"inner.zip": pack_zip(files, packing)})
        for name, data in (("a.zip", outer), ("a.zip.gz", gzip.compress(outer))):
            rows = read_rows(data, name)
            assert [row.source_path.split("inner.zip/")[1] for row in rows] == [
                "a.docx",
                "b.xlsx#1",
                "b.xlsx#2",
                "c.rtf",
                "d",
            ]
            assert rows[0].text.splitlines() == LINES


@pytest.mark.parametrize("pack", [pack_docx, pack_odt, pack_rtf])
def test_an_export_in_a_document_is_cut_into_its_documents(read_rows, pack):
    (row,) = read_rows(pack(EXPORT.splitlines()), "a")
    given = {field.name: field.value for field in row.given}
    assert (row.source_path, row.text) == ("a#1", "The crews march.")
    assert (given["outlet"], given["headline"]) == ("The Echo", "Crews march")
    assert given["notes"] == "LANGUAGE: ENGLISH"


def test_what_word_keeps_twice_or_struck_out_is_read_once_or_not(read_rows):
    more = (
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><w:t>box</w:t></mc:Choice>'
        "<mc:Fallback><w:t>box</w:t></mc:Fallback></mc:AlternateContent>"
        "<w:r><w:instrText>HYPERLINK</w:instrText><w:t>, end</w:t></w:r></w:p>"
    )
    (row,) = read_rows(pack_docx(more=more), "a.docx")
    assert row.text.splitlines()[-1] == "box, end"


def test_a_link_in_rich_text_shows_its_words(read_rows):
    link = r'{\field{\*\fldinst{HYPERLINK "https://post.example"}}{\fldrslt{the crews}}} march.'
    (row,) = read_rows(b"{\\rtf1\\ansi See " + link.encode() + b"\\par}", "a.rtf")
    assert row.text.strip() == "See the crews march."


def test_a_sheet_is_a_table_and_its_first_lines_may_be_a_title(read_rows):
    for name in ("a.xlsx", "a.docx", "a", "a.xls"):
        first, second = read_rows(TABLE, name)
        assert (first.source_path, first.text) == (f"{name}#1", "Crews\n\nmarch.")
        given = {field.name: field.value for field in first.given}
        assert given == {
            "headline": "Crews march",
            "outlet": "Post",
            "published_on": "2031-05-03",
        }
        assert second.text == "Ferries stop."


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a", "a.doc"])
def test_a_sheet_of_an_old_workbook_is_a_table(read_rows, name):
    rows = read_rows(pack_xls([["Title", "Text"], ["A march", "Crews march."]]), name)
    assert [(row.source_path, row.text) for row in rows] == [(f"{name}#1", "Crews march.")]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.docx", pack_zip({"a.txt": "Crews march."}), "wrong_type"),
        ("a.docx", pack_zip({"word/document.xml": "<w:document"}), "corrupt"),
        ("a.docx", pack_docx([" "]), "no_text"),
        ("a.docx", pack_zip({"word/document.xml": bytes(3 * MIB)}), "too_large"),
        ("a.odt", pack_zip({"content.xml": "<office/>"}), "unknown_type"),
        ("a.rtf", rb"{\rtf1 }", "no_text"),
        ("a.rtf", rb"{\rtf1\uc Crews}", "corrupt"),
        ("a.xlsx", pack_xlsx([["id", "name"], [7, "Ida"]]), "no_text_field"),
        ("a.xlsx", pack_zip({"xl/workbook.xml": "<workbook/>"}), "corrupt"),
        ("a.xls", OLE + bytes(512), "unknown_type"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "unknown_type",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "corrupt"),
        ("a.epub", pack_zip({"META-INF/container.xml": "<c/>"}), "unknown_type"),
        ("a.jar", pack_zip({"a.txt": "Crews march."}), "unknown_type"),
    ],
)
def test_what_cannot_be_read_of_an_office_file_is_a_row(name, data, error):
    (row,) = read_bytes(data, source_path=name, limits=Limits(json_mib=2))
    assert row.error == error
    assert row.message


def test_a_table_that_unpacks_to_too_much_is_refused():
    bomb = pack_zip({"xl/workbook.xml": "<workbook/>", "xl/media/a.bin": bytes(80 * MIB)})
    (row,) = read_bytes(bomb, source_path="a.xlsx", limits=Limits(ratio=1))
    assert row.error == "too_large"


def test_entities_of_a_document_are_not_expanded():
    xml = (
        '<!DOCTYPE d [<!ENTITY a "march"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<w:document {WORD}><w:p><w:t>Crews &a;&f;.</w:t></w:p></w:document>"
    )
    (row,) = read_bytes(pack_zip({"word/document.xml": xml}), source_path="a.docx")
    assert "root" not in row.text


NOTE = "The owners said in spring that they would pay."


def word_part(root, *texts):
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    return f"<w:{root} {WORD}>{body}</w:{root}>"


BOX = "<w:txbxContent><w:p><w:r><w:t>A box</w:t></w:r></w:p></w:txbxContent>"


def pack_word(**parts):
    paragraphs = (
        "<w:p><w:r><w:t>Crews march</w:t></w:r><w:r><w:footnoteReference/></w:r>"
        f"<mc:AlternateContent xmlns:mc='m'><mc:Choice>{BOX}</mc:Choice>"
        f"<mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent>"
        "<w:r><w:t> on the quay.</w:t></w:r></w:p>"
    )
    xml = f"<w:document {WORD}><w:body>{paragraphs}</w:body></w:document>"
    files = {f"word/{name}.xml": text for name, text in parts.items()}
    return pack_zip({"word/document.xml": xml, **files})


def test_notes_and_boxes_of_a_word_document_are_read_below_its_paragraphs(read_rows):
    data = pack_word(
        footnotes=word_part("footnotes", "", NOTE), endnotes=word_part("endnotes", "End")
    )
    (row,) = read_rows(data, "a.docx")
    assert row.text.splitlines() == ["Crews march on the quay.", "A box", "End", NOTE]
    assert row.left_out == []


def test_what_is_beside_the_text_of_a_word_document_is_counted(read_rows):
    data = pack_word(
        header1=word_part("hdr", "The Harbour Post"),
        footer2=word_part("ftr", "Page 1"),
        comments=word_part("comments", "Check this"),
    )
    (row,) = read_rows(data, "a.docx")
    assert [tuple(each) for each in row.left_out] == [
        ("annotation", 1, 10),
        ("running_head", 2, 22),
    ]


def test_notes_and_boxes_of_an_open_document_are_read_below_its_paragraphs(read_rows):
    body = (
        "<text:p>Crews march<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        f"<text:p>{NOTE}</text:p></text:note-body></text:note> on the"
        "<office:annotation><text:p>Check this</text:p></office:annotation> quay"
        "<draw:text-box xmlns:draw='d'><text:p>A box</text:p></draw:text-box>.</text:p>"
        "<text:p>They wait.</text:p>"
    )
    xml = (
        f"<office:document-content {OPEN}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    (row,) = read_rows(pack_zip({"content.xml": xml}), "a.odt")
    assert row.text.splitlines() == ["Crews march on the quay.", "A box", "They wait.", NOTE]
    assert [tuple(each) for each in row.left_out] == [("annotation", 1, 10)]


@pytest.mark.parametrize(
    ("group", "below", "left_out"),
    [
        (r"{\footnote\plain {\super\chftn} %s}", [NOTE], []),
        (r"{\*\footnote\ftnalt %s}", [NOTE], []),
        (r"{\shp{\*\shpinst\shpleft0{\shptxt %s\par}}}", [NOTE], []),
        (r"{\header %s\par}", [], [("running_head", 1, len(NOTE))]),
        (r"{\footerf %s}", [], [("running_head", 1, len(NOTE))]),
        (r"{\*\annotation{\*\atnref 1} %s}", [], [("annotation", 1, len(NOTE))]),
        (r"{\footnote S\'f8gne \u8220? \{a\} %s}", ["Søgne “ {a} " + NOTE], []),
    ],
)
def test_what_is_beside_a_rich_text_is_read_below_it_or_counted(read_rows, group, below, left_out):
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}\f0 "
    rtf = f"{head}Crews march{group % NOTE} on the quay.\\par They wait.\\par}}"
    (row,) = read_rows(rtf.encode(), "a.rtf")
    lines = [line.strip() for line in row.text.splitlines() if line.strip()]
    assert lines == ["Crews march on the quay.", "They wait.", *below]
    assert [tuple(each) for each in row.left_out] == left_out


def test_a_group_of_rich_text_that_is_not_closed_costs_nothing(read_rows):
    (row,) = read_rows(rb"{\rtf1 Crews march.\par {\footnote They wait.\par", "a.rtf")
    assert row.text.startswith("Crews march.")


def pack_book(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_sheet_without_a_column_of_texts_is_a_refusal_beside_the_others(read_rows):
    data = pack_book(
        ("Notes", [["who", "what"], ["Ida", "calls"]]),
        ("Empty", []),
        ("May", [["Our clippings"], ["Title", "Text"], ["A march", "Crews march."]]),
        ("June", [["Title", "Text"], ["A rest", "Crews rest."]]),
        ("a#b", [["Figures"], [7, 8]]),
    )
    rows = read_rows(data, "a.xlsx")
    found = [(row.source_path, getattr(row, "text", None) or row.error) for row in rows]
    assert found == [
        ("a.xlsx/1-Notes", "no_text_field"),
        ("a.xlsx#1", "Crews march."),
        ("a.xlsx#2", "Crews rest."),
        ("a.xlsx/5-ab", "no_text_field"),
    ]
    assert "who, what" in rows[0].message
    assert [tuple(each) for each in rows[1].left_out] == [("above_table", 1, 13)]
    assert rows[2].left_out == []


WHOLE = [*DOCUMENTS.values(), TABLE, pack_xls([["Text"], ["Crews march."]])]


@given(st.sampled_from(WHOLE), st.integers(0, 6_000), st.binary(min_size=1, max_size=12))
def test_a_damaged_office_file_is_a_row(data, at, more):
    damaged = data[:at] + more + data[at + len(more) :]
    assert list(read_bytes(damaged, source_path="a"))


@pytest.mark.parametrize("name", ["word/afchunk.htm", "word/afchunk1.mht", "word/a.txt"])
@pytest.mark.parametrize("more", [b"", b"\xff\x00"])
def test_a_page_inside_a_document_is_counted(read_rows, name, more):
    archive = zipfile.ZipFile(io.BytesIO(pack_docx()))
    files = {each: archive.read(each) for each in archive.namelist()}
    chunk = b"<p>Crews march.</p><p>Owners wait.</p>" + more
    (row,) = read_rows(pack_zip({**files, name: chunk}), "a.docx")
    assert row.text.splitlines() == LINES
    assert [(each.reason, each.n_lines) for each in row.left_out] == [
        ("other_part", 2 + bool(more))
    ]
