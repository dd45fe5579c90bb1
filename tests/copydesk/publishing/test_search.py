"""Behaviour of `publishing.search`: which statements are found, by words, people, places, days."""

import csv
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.publishing.search import Search, Term, explain_odd, read_terms, search_sql

FILTERS = ["speaker", "about", "outlet"]
MAY = date(2031, 5, 4)
TABLES = """
CREATE TABLE said AS FROM (VALUES
    ('q1', 'a1', 'Zoë Brandt', 'e1', 'The night boats won’t sail.', 'Quay Post', DATE '2031-05-03'),
    ('q2', 'a1', 'Paul Holm', 'e2', 'Every boat sails at night.', 'Quay Post', DATE '2031-05-04'),
    ('q3', 'a2', NULL, NULL, 'A ferryman was hurt on the night-boat.', 'Tarsel Wire', NULL),
    ('q4', 'a2', 'Zoë Brandt; Paul Holm', 'e1', 'Nobody asked us.', NULL, DATE '2031-05-05')
) AS t (quote_id, article_id, speaker, speaker_entity_id, content, outlet, published_on);
ALTER TABLE said ADD COLUMN role VARCHAR;
ALTER TABLE said ADD COLUMN headline VARCHAR;
CREATE TABLE people AS FROM (VALUES
    ('e1', 'Zoë Brandt', ['Brandt', 'Zoë Lund-Brandt']), ('e2', 'Paul Holm', ['Holm'])
) AS t (entity_id, name, aliases);
CREATE TABLE said_about AS FROM (VALUES ('q2', 'Port Elsa'), ('q4', 'Zoë Brandt'))
    AS t (quote_id, about);
CREATE TABLE passages AS FROM (VALUES
    ('q1', 'Before.', 'passage 1', 'After.'), ('q2', '', 'passage 2', '')
) AS t (quote_id, before, passage, after);
"""


@pytest.fixture(scope="module")
def tables():
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


@pytest.fixture
def find(tables):
    """Return a function that returns the ids of the statements that are found."""
    return lambda **search: [row[-1] for row in tables.sql(search_sql(Search(**search))).fetchall()]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["q4", "q2", "q1", "q3"]),
        ("night", ["q2", "q1", "q3"]),
        ("NIGHT boat", ["q2", "q3"]),
        ('"night boat"', ["q3"]),
        ("boat*", ["q2", "q1", "q3"]),
        ("night -boats", ["q2", "q3"]),
        ('night -"night boat"', ["q2", "q1"]),
        ("won't", ["q1"]),
        ("wont", []),
        ("oat", []),
        ("…", ["q4", "q2", "q1", "q3"]),
    ],
)
def test_words_are_found_whole_whatever_their_capitals_and_marks(find, words, found):
    assert find(words=words) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"speaker": "zoe brandt"}, ["q4", "q1"]),
        ({"speaker": "Lund"}, ["q4", "q1"]),
        ({"speaker": "holm"}, ["q4", "q2"]),
        ({"speaker": "ran"}, []),
        ({"speaker": "O'Brien"}, []),
        ({"about": "elsa"}, ["q2"]),
        ({"outlet": "quay"}, ["q2", "q1"]),
        ({"since": date(2031, 5, 4)}, ["q4", "q2"]),
        ({"until": date(2031, 5, 4)}, ["q2", "q1"]),
        ({"since": date(2031, 5, 4), "until": date(2031, 5, 4)}, ["q2"]),
        ({"words": "night", "speaker": "Holm", "outlet": "Quay Post"}, ["q2"]),
    ],
)
def test_everything_that_is_asked_for_must_be_so(find, search, found):
    assert find(**search) == found


def test_the_page_around_is_shown_on_demand(tables):
    found = tables.sql(search_sql(Search("night", speaker="Holm"), has_context=True))
    assert found.columns[2:7] == ["content", "before", "passage", "after", "outlet"]
    assert [row[3:6] for row in found.fetchall()] == [("", "passage 2", "")]


def test_terms_are_words_phrases_beginnings_and_what_must_not_be():
    assert list(read_terms('night "slow boat" ferr* -strike -"two days" - *')) == [
        Term("night"),
        Term("slow boat"),
        Term("ferr", is_open=True),
        Term("strike", is_wanted=False),
        Term("two days", is_wanted=False),
    ]


@given(st.text(max_size=30), st.text(max_size=12))
def test_no_words_break_the_query(words, name):
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        search = Search(words, speaker=name, about=name, outlet=name)
        assert len(connection.sql(search_sql(search)).fetchall()) <= 4


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ({"words": "❤"}, "words '❤' has neither letters nor digits"),
        ({"words": "'"}, 'words "\'" has neither'),
        ({"words": "*"}, "words '*' has neither"),
        ({"words": "boat", "speaker": "--"}, "speaker '--' has neither"),
        ({"outlet": " "}, "outlet ' ' has neither"),
        ({"about": "…"}, "about '…' has neither"),
        ({}, "nothing is looked for; give words"),
        ({"words": ""}, "nothing is looked for; give words"),
        ({"words": " \t"}, "words ' \\t' has neither"),
        ({"words": " ", "speaker": "Holm"}, "words ' ' has neither"),
        *(({"words": "boat", name: ""}, f"{name} '' has neither") for name in FILTERS),
        *(({name: ""}, f"{name} '' has neither") for name in FILTERS),
        *(({name: "\n "}, f"{name} '\\n ' has neither") for name in FILTERS),
        ({"words": "fer*ry"}, "words 'fer*ry': * stands at the end"),
        ({"words": "*ry"}, "words '*ry': * stands at the end"),
        ({"since": date(2031, 5, 4), "until": date(2031, 5, 3)}, "until 2031-05-03 is before"),
    ],
)
def test_a_search_that_would_not_find_what_is_meant_is_refused(search, said):
    assert explain_odd(Search(**search)).startswith(said)


@pytest.mark.parametrize("words", ["boat", "boat ❤", "7", "-strike", "ferr*", "夜", "ferr*, bo*"])
def test_other_searches_are_not_refused(words):
    assert explain_odd(Search(words)) is None


@pytest.mark.parametrize("filters", [{"speaker": "Holm"}, {"outlet": "7"}, {"since": MAY}])
def test_a_filter_needs_no_words(filters):
    assert explain_odd(Search("", **filters)) is None


@given(
    st.sampled_from(["words", *FILTERS]),
    st.text(alphabet=st.characters(exclude_categories=["L", "N"]), max_size=5),
)
def test_what_has_nothing_to_look_for_is_refused_wherever_it_is_given(name, text):
    assert explain_odd(Search(**{name: text})) is not None


@pytest.fixture
def search(tmp_path, page_of, quote_in, publish_rows):
    """Return a function that searches a catalogue with two statements."""
    said = ["The night boats sail.", "Nobody sails."]
    rows = [row for n in range(2) for row in page_of("[Ada]", f"a{n}")]
    publish_rows(tmp_path, [*rows, *(quote_in(f"a{n}", 0, content=said[n]) for n in range(2))])

    def run(*arguments):
        options = ["--data", str(tmp_path), "--format", "csv"]
        return CliRunner().invoke(app, ["search", *arguments, *options])

    return run


@pytest.mark.parametrize("arguments", [("-night",), ("--outlet", "Post", "-night")])
def test_words_may_begin_with_a_dash(search, arguments):
    shown = search(*arguments)
    assert shown.exit_code == 0, shown.output
    assert [row["content"] for row in csv.DictReader(shown.stdout.splitlines())] == [
        "Nobody sails."
    ]


def test_one_letter_after_a_dash_is_no_word(search):
    assert search("-h").exit_code == 2


@pytest.mark.parametrize("words", ["❤", "'", "*", "-*", "fer*ry", " "])
def test_words_that_would_find_everything_end_in_one_line(search, words):
    shown = search(words)
    assert (shown.exit_code, shown.stderr.count("\n")) == (1, 1), shown.output
    assert shown.stderr.startswith("copydesk: search: words ")


@pytest.mark.parametrize("arguments", [("",), ("", "--context"), ("boat", "--speaker", "")])
def test_empty_ends_in_one_line(search, arguments):
    shown = search(*arguments)
    assert (shown.exit_code, shown.stderr.count("\n")) == (1, 1), shown.output
    assert shown.stderr.startswith("copydesk: search: ")
