"""Behaviour of `corrections.files`: whatever a sheet writes is read, and a bad row is named."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.corrections.files import (
    append_correction,
    read_corrections,
    read_file,
    write_table,
)
from copydesk.corrections.folder import hash_corrections
from copydesk.corrections.kinds import (
    KINDS,
    ArticleRow,
    EntityAction,
    EntityRow,
    LineAction,
    LineRow,
    OutletRow,
    QuoteRow,
)
from copydesk.errors import CorrectionError
from copydesk.values import Label

SIGNED = {"author": "ib", "date": "2031-05-03"}
LINES = "article,action,line,author,date\n"
ROW = "a1,remove,Sign up,ib,2031-05-03\n"
CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("='+-@\"',;\t"), min_size=1
).filter(lambda text: text.strip())


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of corrections."""

    def write_file(content, name="some.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.mark.parametrize(
    "content",
    [
        LINES + ROW,
        "\ufeff" + LINES + ROW,
        (LINES + ROW).replace(",", ";"),
        "sep=;\r\n" + (LINES + ROW).replace(",", ";"),
        (LINES + ROW).replace(",", "\t").encode("utf-16"),
        (LINES + ROW).replace("\n", "\r\n"),
        "Line , ACTION, article,Date,author,note\nSign up,remove,a1,2031-05-03,ib\n\n,,,,,\n",
        LINES + '"a1","remove","Sign up","ib","2031-05-03"',
    ],
)
def test_what_a_sheet_writes_is_read(write, content):
    (placed,) = read_file(write(content))
    assert placed.row == LineRow(article="a1", action="remove", line="Sign up", **SIGNED)
    assert placed.row.wanted is Label.BOILERPLATE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            LINES + "a1,keep,x,ib,2031-05-03\n",
            ":2: action 'keep' is not one of",
        ),
        (LINES + "a1,remove,x,,2031-05-03\n", ":2: no author"),
        (LINES + "a1,remove,x,ib,03/05/31\n", ":2: date: '03/05/31' is not a day as 2031-05-03"),
        (LINES + "a1,remove,x,ib,1735689600\n", "is not a day as 2031-05-03"),
        (LINES + ",remove,x,ib,2031-05-03\n", ":2: no article: fill in article, raw_sha256 or url"),
        (LINES + "a1,relabel,x,ib,2031-05-03\n", ":2: relabel needs a label"),
        (LINES + ROW + "\n" + "a1,remove,x,ib,2031-05-03,zz\n", ":4: 6 cells, 5 are wanted"),
        (LINES + '"a1,remove,x,ib,2031-05-03\n', ":2: not CSV"),
        (LINES + "a1,remove," + "x" * 200_000 + ",ib,2031-05-03\n", ":2: not CSV: field larger"),
        ("artikel,action,line\n", ":1: no column is called 'artikel'; lines.csv has article,"),
        ("article,action\n", ":1: "),
        ("one,two\n1,2\n", ":1: no header of corrections"),
        ("action,name,into,author,date\nmerge,Brandt,,ib,2031-05-03\n", ":2: merge needs `into`"),
        (
            "action,name,into,author,date\nmerge,Brandt,BRANDT ,ib,2031-05-03\n",
            ":2: merges 'Brandt' into itself",
        ),
        ("action,name,Name,author,date\ndrop,A,A,ib,2031-05-03\n", "'name' is there twice"),
        ("outlet,name,country,author,date\nx,y,GBR,ib,2031-05-03\n", ":2: country: "),
        (LINES.encode() + b"a1,remove,\xff,ib,2031-05-03\n", ":2: not UTF-8 at byte"),
        (LINES + "a1,remove,\0,ib,2031-05-03\n", ":2: a NUL character"),
        (b"\xff\xfe" + "abc".encode("utf-16-le")[:-1], "save it as"),
    ],
)
def test_what_cannot_be_understood_is_named_in_one_line(write, content, message):
    path = write(content)
    with pytest.raises(CorrectionError) as caught:
        read_file(path)
    assert str(caught.value).startswith(f"{path}:")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_each_header_fits_one_kind(write, kind):
    columns = sorted(kind.required | {"author", "date"})
    assert read_file(write(",".join(columns) + "\n")) == []
    assert read_file(write(",".join(kind.columns()) + "\n")) == []


def test_any_file_of_the_folder_is_read_once(write, tmp_path):
    write(LINES + ROW + ROW, "b.csv")
    write(LINES + ROW, "a.CSV")
    write("article,outlet,author,date\na1,Post,ib,2031-05-03\n", "c.csv")
    write("not read", ".~lock.b.csv")
    write("not read", "~$b.csv")
    write("not read", "notes.txt")
    assert [placed.row.kind_of for placed in read_corrections(tmp_path)] == ["line", "article"]
    assert read_corrections(tmp_path / "none") == []
    assert hash_corrections(tmp_path / "none") is None


def test_a_file_keeps_how_it_is_written(write, tmp_path):
    old = "\ufeffline;action;article;author;date\r\nOne;remove;a1;ib;2031-05-03"
    path = write(old, "lines.csv")
    append_correction(tmp_path, LineRow(article="a1", action="restore", line="a;b", **SIGNED))
    assert path.read_bytes().decode("utf-8") == (f'{old}\r\n"a;b";restore;a1;ib;2031-05-03\r\n')
    assert len(read_file(path)) == 2


def test_a_row_that_needs_another_column_is_not_cut(write, tmp_path):
    path = write(LINES + ROW, "lines.csv")
    row = LineRow(article="a1", action="remove", line="x", label="promo", **SIGNED)
    with pytest.raises(CorrectionError, match="has no column label; add it"):
        append_correction(tmp_path, row)
    assert path.read_text() == LINES + ROW


def test_a_file_that_cannot_be_read_does_not_grow(write, tmp_path):
    path = write(LINES + "a1,keep,x,ib,2031-05-03\n", "lines.csv")
    with pytest.raises(CorrectionError, match=":2: action"):
        append_correction(tmp_path, LineRow(article="a1", action="remove", line="x", **SIGNED))
    assert path.read_text().count("\n") == 2


@given(CELLS, CELLS, st.none() | CELLS)
def test_a_row_comes_back_as_it_was_written(tmp_path_factory, line, note, url):
    folder = tmp_path_factory.mktemp("corrections")
    row = LineRow(article="a1", url=url, action=LineAction.REMOVE, line=line, note=note, **SIGNED)
    path = append_correction(folder, row)
    append_correction(folder, row.model_copy(update={"line": "other"}))
    first, second = read_file(path)
    assert (first.row, first.row.correction_id) == (row, row.correction_id)
    assert second.row.line == "other"


@given(CELLS)
def test_no_sheet_computes_a_cell(cell):
    written = next(csv.reader([write_table(["note"], [{"note": cell}], has_header=False)]))
    assert not written[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    "row",
    [
        QuoteRow(article="a", action="change", content="x", speaker="Ida", **SIGNED),
        ArticleRow(url="u", published_on=date(2031, 5, 2), **SIGNED),
        ArticleRow(url="u", published_on="none", outlet="none", **SIGNED),
        EntityRow(action=EntityAction.MERGE, name="I. Brandt", into="Ida Brandt", **SIGNED),
        OutletRow(outlet="post.example", name="The Post", country="NO", kind="newspaper", **SIGNED),
    ],
)
def test_every_kind_is_written_and_read(tmp_path, row):
    path = append_correction(tmp_path, row)
    (placed,) = read_file(path)
    assert placed.row == row
    assert path.name == row.file_name
    assert row.describe()
