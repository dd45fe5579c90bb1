"""Behaviour of `entities.id_list`: rows are read, and a bad one keeps its place and its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.entities.id_list import MAX_SHOWN, Listed, list_problems, read_id, read_list
from copydesk.errors import ListError
from copydesk.values import EntityLabel

HEADER = "name,qid,kind,description\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a list."""

    def write_file(text):
        path = tmp_path / "wikidata.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (f"{HEADER}Ida Brandt,Q12,person,pilot\n", (2, "Ida Brandt", "person", "Q12", "pilot")),
        ("qid,name\nQ12,Ida Brandt\n", (2, "Ida Brandt", None, "Q12", None)),
        ("\ufeffName,QID\r\n Ida  Brandt , Q12 \r\n", (2, "Ida Brandt", None, "Q12", None)),
        (
            "name,qid\nHolm,http://www.wikidata.org/entity/Q7\n",
            (2, "Holm", None, "Q7", None),
        ),
        (
            "name,qid\nHolm,https://www.wikidata.org/wiki/Q7\n",
            (2, "Holm", None, "Q7", None),
        ),
        ("name,qid\nHolm,q7\n", (2, "Holm", None, "Q7", None)),
        ("name,qid\nHolm,wd:Q7\n", (2, "Holm", None, "Q7", None)),
        (f'{HEADER}\n\n"Ferry, The",Q9,ORG,\n', (4, "Ferry, The", "org", "Q9", None)),
        (f"{HEADER}Holm,Q7\n", (2, "Holm", None, "Q7", None)),
        ("name;qid\nHolm;Q7\n", (2, "Holm", None, "Q7", None)),
        ("sep=;\nname;qid\nHolm;Q7\n", (3, "Holm", None, "Q7", None)),
        ("name\tqid\nHolm\tQ7\n", (2, "Holm", None, "Q7", None)),
        ("name,qid\nHolm,Q7\n".encode("utf-16"), (2, "Holm", None, "Q7", None)),
        ("name,qid\nHolm,Q7,\n", (2, "Holm", None, "Q7", None)),
        ('name,qid\n"Holm\nPort",Q7\n', (2, "Holm Port", None, "Q7", None)),
    ],
)
def test_a_row_is_an_id_for_a_name(write, text, row):
    assert read_list(write(text)) == [Listed(*row)]


PREFIXES = [
    "", "wd:", "WD:", "wikidata.org/wiki/", "www.wikidata.org/entity/", "//www.wikidata.org/wiki/",
    *(
        f"{scheme}://{host}wikidata.org/{path}"
        for scheme in ("http", "https", "HTTPS")
        for host in ("", "www.", "m.", "www.m.")
        for path in ("wiki/", "entity/", "wiki/Special:EntityData/", "wiki/Item:")
    ),
]  # fmt: skip


@given(
    st.sampled_from(PREFIXES),
    st.sampled_from("qQ"),
    st.integers(1, 999_999_999_999),
    st.sampled_from(["", "/", "#sitelinks", "?uselang=en", "/?uselang=en#P31", "#P31?x", ".json"]),
    st.sampled_from([("", ""), (" ", " "), ("<", ">")]),
)
def test_what_is_clearly_one_id_is_it(prefix, letter, number, after, around):
    written = f"{around[0]}{prefix}{letter}{number}{after if '/' in prefix else ''}{around[1]}"
    assert read_id(written) == f"Q{number}"


@pytest.mark.parametrize(
    "written",
    [
        "", "Q", "Q0", "Q01", "P31", "QQ7", "Q7 Q8", "Q7,Q8", "Q1.5", "wd:P31", "wdt:Q7", "7",
        "https://wikidata.org.elsewhere.example/wiki/Q7", "https://elsewhere.example/wiki/Q7",
        "https://www.wikidata.org/wiki/Property:P31", "https://www.wikidata.org/wiki/",
        "https://www.wikidata.org/wiki/Q7/Q8", "ftp://www.wikidata.org/wiki/Q7", "Q7 (pilot)",
        "Lexeme:L7", "https://www.wikidata.org/wiki/Talk:Q7", f"Q{'1' * 13}",
    ],
)  # fmt: skip
def test_what_may_be_another_id_is_refused(written):
    assert read_id(written) is None


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",Q12,,", "no name"),
        ("Holm,12,,", "qid '12' is no id such as Q42"),
        ("Holm,,,", "qid '' is no id such as Q42"),
        ("Holm,Q0,,", "qid 'Q0' is no id such as Q42"),
        ("Holm,P31,,", "qid 'P31' is no id such as Q42"),
        ("Holm,https://elsewhere.example/Q7,,", "qid 'https://elsewhere.example/Q7' is no id"),
        ("Holm,Q7,ship,", "kind 'ship' is not one of person, organisation, place, EVENT"),
        ("Holm,Q7,date,", "kind 'date' is not one of"),
        ("Holm, Ida,Q7,,", "5 cells, 4 are wanted (a name with a comma needs quotes)"),
        (f"{'H' * 1_001},Q7,,", "a cell of over 1,000 characters"),
    ],
)
def test_a_bad_row_has_a_reason_and_costs_no_other(write, row, problem):
    path = write(f"{HEADER}{row}\nIda Brandt,Q12,,\n")
    bad, good = read_list(path)
    assert (bad.line, good) == (2, Listed(3, "Ida Brandt", None, "Q12", None))
    assert bad.problem.startswith(problem)
    assert list(list_problems(path)) == [f"{path}:2: {bad.problem}; the row is left out"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,kind\n", r":1: the columns must be name and qid, and may be kind and description"),
        ("name,qid,knid\n", r":1: the columns must be .* not name, qid, knid"),
        ("name,qid,name\n", r":1: the columns must be"),
        (b"name,qid\nD\xfcrer,Q5580\n", r": not UTF-8 at byte 10"),
        (f"name,qid\n{'x' * 140_000},Q1\n", r":2: field larger than field limit"),
        ('name,qid\nIda,Q1\n"Holm,Q7\nElsa,Q9\n', r":3: unexpected end of data"),
        ("\nname,qid\n", r":1: the columns must be .* not an empty line"),
        ("name,qid\nHolm\0,Q7\n", r":2: a NUL character"),
    ],
)
def test_what_is_no_list_is_refused_in_a_line(write, text, message):
    with pytest.raises(ListError, match=message):
        read_list(write(text))


def test_of_many_bad_rows_the_first_are_shown(write):
    path = write("name,qid\n" + "Q7,Holm\n" * 500)
    *shown, others = list_problems(path)
    assert len(shown) == MAX_SHOWN
    assert others.startswith(f"{path}: 490 more rows are left out")


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(ListError, match="cannot be read"):
        read_list(tmp_path)


def test_without_a_file_there_are_no_rows(tmp_path):
    assert read_list(tmp_path / "none.csv") == read_list(None) == []


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("person", {"PERSON"}),
        ("organisation", {"ORG", "NORP"}),
        ("place", {"GPE", "LOC", "FAC"}),
        ("work_of_art", {"WORK_OF_ART"}),
    ],
)
def test_a_kind_says_what_an_entity_may_be(kind, labels):
    assert {label.value for label in Listed(2, "Holm", kind, "Q7", None).labels} == labels


def test_without_a_kind_an_entity_may_be_anything():
    assert EntityLabel.ORG in Listed(2, "Holm", None, "Q7", None).labels


@given(st.text(max_size=200))
def test_whatever_is_below_the_header_is_rows_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("list") / "wikidata.csv"
    path.write_bytes(f"{HEADER}{text}".encode("utf-8", "surrogatepass"))
    try:
        rows = read_list(path)
    except ListError:
        return
    assert all(row.problem or (row.name and row.wikidata_id) for row in rows)
    assert len({row.line for row in rows}) == len(rows)
