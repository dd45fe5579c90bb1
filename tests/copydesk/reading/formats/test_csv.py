"""Behaviour of `formats.csv`: the rows of a table of text become pages."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.reading.files import read_entry
from copydesk.reading.formats.csv import EMPTY_CELLS
from copydesk.reading.limits import DEFAULT_LIMITS
from copydesk.reading.registry import Entry, load_registry
from copydesk.reading.streams import open_bytes
from copydesk.system.memory import MIB

SENTENCE = "Crews in Port Elsa march."
FORMATS = load_registry().by_ending
MARKUP = frozenset("<&[")  # of tags, entities and lists, which are read as such


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title,text\nA,one\n", [("a#1", "one")]),
        ("title;text\nA;one, two\n", [("a#1", "one, two")]),
        ("title\ttext\nA\tone; two\n", [("a#1", "one; two")]),
        ("title|text\nA|one\n", [("a#1", "one")]),
        ('title,text\nA,"one\n\ntwo, ""three"""\n', [("a#1", 'one\n\ntwo, "three"')]),
        ("title,text\r\nA,one\r\nB,two", [("a#1", "one"), ("a#2", "two")]),
        ("title,text\rA,one\rB,two\r", [("a#1", "one"), ("a#2", "two")]),
        ("\n\ntitle,text\n\nA,one\n\n\nB,two\n", [("a#1", "one"), ("a#2", "two")]),
        ("\ufefftext,title\none,A\n", [("a#1", "one")]),
        ('"Article Text",TITLE\none,A\n', [("a#1", "one")]),
        ("text\none\n", [("a#1", "one")]),
        ("sep=;\ntitle;text\nA;one, two\n", [("a#1", "one, two")]),
        ("SEP=|\r\ntext|a;b\r\none|A;B\r\n", [("a#1", "one")]),
        ("sep=;\n", [("a", "no_text_field")]),
        ("text;a,b,c\none;A,B,C\n", [("a#1", "one")]),
        ('"a,b,c,d";text\nA;one\n', [("a#1", "one")]),
        ("text,text,TEXT\n,one,two\n", [("a#1", "one")]),
        *(
            (f"body,text\none,{empty}\n", [("a#1", "one")])
            for empty in ("nan", "None", "NULL", "N/A")
        ),
        ("title,text\nA,None of the crews march.\n", [("a#1", "None of the crews march.")]),
        ("title,text\nA,\"['one', 'two']\"\n", [("a#1", "one\ntwo")]),
        ("title,text\nA,[sic] one\n", [("a#1", "[sic] one")]),
        ("title,text,\nA,one,\nB,two,,,\n", [("a#1", "one"), ("a#2", "two")]),
        ("title,text\nA\nB,two\n", [("a#1", "no_text_field"), ("a#2", "two")]),
        ("title,text\nA,one, two, three\nB,two\n", [("a#1", "not_csv"), ("a#2", "two")]),
        ('title,text\nA,one\nB,"two\nC,three\n', [("a#1", "one"), ("a#2", "not_csv")]),
        ('title,text\nA,one\nB,"two', [("a#1", "one"), ("a#2", "not_csv")]),
        ('title,text\nA,"one"', [("a#1", "one")]),
        ("title,text\n", [("a", "empty")]),
        ("title,url\nA,http://a.example\n", [("a", "no_text_field")]),
        ("title,text\nA,o\0ne two three four five\n", [("a#1", "o\ufffdne two three four five")]),
    ],
)
def test_the_rows_of_a_table_are_pages(read, text, found):
    assert read(text, "csv") == found


@pytest.mark.parametrize(
    ("cell", "byline"),
    [
        ("['Jo Doe', 'Ann Lee']", ["Jo Doe; Ann Lee"]),
        ('["Jo Doe","Ann Lee"]', ["Jo Doe; Ann Lee"]),
        ("""['Jo "JD" O\\'Hara', "Ann d'Or"]""", ["""Jo "JD" O'Hara; Ann d'Or"""]),
        ("['Jo\\xa0Doe']", ["Jo\xa0Doe"]),
        ("['Jo', 7]", ["['Jo', 7]"]),
        ("['Jo' 'Ann']", ["['Jo' 'Ann']"]),
        ("['J\\q']", ["['J\\q']"]),
        ("[]", []),
        ("nan", []),
        ("[" * 100_000, ["[" * 100_000]),
    ],
)
def test_a_list_in_a_cell_is_read_as_python_writes_it(read_rows, cell, byline):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["authors", "text"], [cell, SENTENCE]])
    (row,) = read_rows(file.getvalue().encode(), "a.csv")
    assert [field.value for field in row.given] == byline


@pytest.mark.parametrize(
    ("data", "name"),
    [("title,text\nA,one\n", "a.csv"), ('{"text": "one"}\n', "a.jsonl"), ('{"text": 1}', "a.json")],
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_row_says_in_which_encoding_its_file_was(read_rows, data, name, encoding):
    (row,) = read_rows(data.replace("1}", '"one"}').encode(encoding), name)
    assert (row.text, row.encoding) == ("one", encoding)


def test_a_table_in_a_folder_does_not_close_its_file():
    stream = open_bytes(b"title,text\nA,one\n")
    assert [*read_entry(Entry("a", FORMATS["csv"], stream), DEFAULT_LIMITS)]
    assert not stream.closed


def test_a_table_of_tabs_keeps_its_commas(read):
    assert read("title,x\ttext\nA,b\tone, two\n", "tsv") == [("a#1", "one, two")]


def test_a_table_without_texts_says_which_columns_it_has(read_rows):
    (row,) = read_rows("date,Schlagzeile é,\n1,Ferries\n".encode() + b"\xe9", "a.csv")
    assert "date, Schlagzeile é" in row.message


def test_a_message_with_columns_that_are_not_utf8_can_be_printed(read_rows):
    (row,) = read_rows("øøøø,".encode() + b"\xe9\n1,Ferries\n", "a.csv")
    assert row.error == "no_text_field"
    assert row.message.encode()


def test_single_bytes_of_windows_in_a_table_are_read(read):
    rows = read("title,text\nÅ,Ørsted “stays”\n".encode() + b"B,It\x92s over.\n", "csv")
    assert rows == [("a#1", "Ørsted “stays”"), ("a#2", "It’s over.")]


def test_html_in_a_table_is_read_to_its_end_though_a_byte_is_broken(read):
    data = "title,html\nÅØÅ,".encode() + b"<p>It\x92s over said crews in Port Elsa.</p>\n"
    assert read(data, "csv") == [("a#1", "It’s over said crews in Port Elsa.")]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "gb18030", "cp1251"])
@pytest.mark.parametrize("n_before", range(4))
def test_a_table_is_read_in_the_encoding_of_its_first_rows(read, encoding, n_before):
    sentence = {
        "cp1252": "“We will not sail,” the café’s owner said.",
        "gb18030": "港口的渡轮今天停航了，船员们说。",
        "cp1251": "Паромы стоят у причала третий день подряд, заявили экипажи.",
    }.get(encoding, "“Søgne” stays shut.")
    rows = [("x" * n_before, sentence)] * 200
    text = "".join(f"{title};{text}\n" for title, text in [("title", "text"), *rows])
    assert {text for _, text in read(text.encode(encoding), "csv")} == {sentence}


@pytest.mark.parametrize(
    "row",
    [
        'B,"' + "x" * 2 * MIB + '"\n',
        "B," + "x" * 2 * MIB + "\n",
        'B,"' + "Crews march\n" * 200_000 + '"\n',
        'B,"' + "Crews march\n" * 40_000 + '","' + "Crews march\n" * 60_000 + '"\n',
    ],
)
def test_a_row_over_the_limit_is_refused(read, row):
    found = read(f"title,text\nA,one\n{row}C,two\n", "csv", page_mib=1)
    assert found == [("a#1", "one"), ("a", "too_large")]


def test_many_rows_may_be_more_than_the_limit_together(read):
    text = "title,text\n" + f"A,{'x' * 400_000}\n" * 5
    assert len(read(text, "csv", page_mib=1)) == 5


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=2), max_size=5))
@example([["Crews", "NONE"], ["march", "C:\\new\\n"]])
def test_what_was_written_as_csv_is_read(read, rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["title", "text"], *rows])
    found = [text for _, text in read(file.getvalue().encode("utf-8", "replace"), "csv")]
    assert len(found) >= len(rows)
    for (_, text), read_text in zip(rows, found, strict=False):
        if text.strip().casefold() in EMPTY_CELLS:
            assert read_text == "no_text_field"
        elif text.strip() and text.isascii() and text.isprintable() and not MARKUP & set(text):
            assert read_text == text


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl"])
@given(data=st.binary(max_size=200))
def test_any_bytes_in_a_table_give_rows(read, name, data):
    assert read(data, name)
    assert read(b"title,text\nA,one\n" + data, name)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_a_table_that_is_called_a_text_is_known_by_its_columns(read_rows, encoding, delimiter):
    rows = [["Headline", "Date", "Article"], ["A march", "3 May 2031", "Crews march."]]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    (row,) = read_rows(data, "a.txt")
    assert (row.source_path, row.text, row.media_type) == ("a.txt#1", "Crews march.", "text/csv")


@pytest.mark.parametrize(
    "text", ["Article, by Ida\nCrews march.", "Title\nText\nCrews march.", "title,text", "text"]
)
def test_a_text_that_begins_with_a_word_for_a_column_stays_a_text(read_rows, text):
    (row,) = read_rows(text.encode(), "a.txt")
    assert (row.media_type, row.text) == ("text/plain", text)


def write_cell(text, dialect):
    """Return a text as a program writes it into a cell."""
    if dialect == "none":
        return " ".join(text.replace("\t", " ").split("\n"))
    mark = "'" if dialect == "single" else '"'
    spelt = "\\" + mark if dialect == "backslash" else mark * 2
    return f"{mark}{text.replace(mark, spelt)}{mark}"


PARTS = (
    "crews march",
    '"we will"',
    "“we will not”",
    "she said",
    ", ",
    "\n",
    "it is the owners' day",
    ".",
)


@given(
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6), min_size=3, max_size=8),
    st.sampled_from(["standard", "backslash", "single", "none"]),
    st.sampled_from(["\t", ",", ";"]),
)
def test_the_cells_of_a_table_are_what_its_program_wrote(texts, dialect, delimiter):
    if dialect == "none":
        delimiter = "\t"
    said = [" ".join(["Anna Miller", *parts, "on Monday."]) for parts in texts]
    said[:2] = ['"We sail," she said, "and sing."', "It is 'the end', she said."]
    rows = [["title", "day", "text"], *(["A", "2031-05-03", text] for text in said)]
    table = "\n".join(delimiter.join(write_cell(cell, dialect) for cell in row) for row in rows)
    found = [
        item.fields["text"]
        for item in read_entry(
            Entry("a", FORMATS["csv"], open_bytes(table.encode())), DEFAULT_LIMITS
        )
    ]
    assert [" ".join(text.split()) for text in found] == [" ".join(text.split()) for text in said]


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_a_row_with_a_mark_that_is_not_written_as_one_costs_itself_alone(read, name):
    delimiter = "," if name == "csv" else "\t"
    good = f'2031-05-03{delimiter}"{SENTENCE}"\n'
    bad = f'2031-05-04{delimiter}"He said "no" and left."\n'
    found = read(f"day{delimiter}text\n{good * 3}{bad}{good}", name)
    assert [text for _, text in found] == [*[SENTENCE] * 3, "not_csv", SENTENCE]
