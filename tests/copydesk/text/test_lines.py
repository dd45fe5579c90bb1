"""Behaviour of `text.lines`: lines that show something, and nothing lost between them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.lines import WORD, split_lines

# What scrapes are made of, thrown together: words, line ends and white space of every kind.
PAGES = st.lists(
    st.sampled_from(
        (
            *("Ferries", "stop", ".", "“", "”", "e\u0301", "\u0301", "👩‍✈️", "\0", "\x1f"),
            *("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"),
            *(" ", "\t", "\xa0", "\u200b", "\ufeff", "\u3000", "\u202f", "\u2007"),
        )
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)


def shown(text):
    """Return what a reader sees: no white space, no control or format characters."""
    hidden = {"Cc", "Cf", "Zs", "Zl", "Zp"}
    return "".join(char for char in text if unicodedata.category(char) not in hidden)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n \t\r\n", []),
        ("Ferries stop", ["Ferries stop"]),
        ("  Ferries stop \n\n\tCrews march\t", ["Ferries stop", "Crews march"]),
        ("one\r\ntwo\rthree\vfour\ffive", ["one", "two", "three", "four", "five"]),
        ("one\u2028two\u2029three\x85four", ["one", "two", "three", "four"]),
        ("\xa0Ferries\xa0stop\u200b", ["Ferries\xa0stop"]),
        ("\ufeffFerries", ["Ferries"]),
        ("two  blanks", ["two  blanks"]),
        ("\u202fFerries stop\u202f", ["Ferries stop"]),
        ("Ferries\n\u202f\nstop", ["Ferries", "stop"]),
        ("Ferries\n\x1f\nstop", ["Ferries", "stop"]),
    ],
)
def test_a_page_is_split_into_the_lines_that_show_something(text, lines):
    assert [line.text for line in split_lines(text)] == lines


@given(PAGES)
def test_offsets_of_a_line_slice_it_out_of_the_page(text):
    for line in split_lines(text):
        assert text[line.start : line.end] == line.text


@given(PAGES)
def test_no_visible_character_is_lost(text):
    assert shown("".join(line.text for line in split_lines(text))) == shown(text)


@given(PAGES)
def test_lines_come_in_order_and_only_white_space_between_them(text):
    at = 0
    for line in split_lines(text):
        assert line.start >= at
        assert not shown(text[at : line.start])
        at = line.end
    assert not shown(text[at:])


@given(PAGES)
def test_a_line_has_no_white_space_around_it(text):
    for line in split_lines(text):
        assert line.text == line.text.strip()
        assert line.text


@given(PAGES)
def test_a_line_is_one_line_when_it_is_split_again(text):
    for line in split_lines(text):
        assert [again.text for again in split_lines(line.text)] == [line.text]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nine ferries, one quay.", ["Nine", "ferries", "one", "quay"]),
        ("“No,” she said.", ["No", "she", "said"]),
        ("…", []),
    ],
)
def test_words_are_counted_without_punctuation(text, words):
    assert WORD.findall(text) == words
