"""Behaviour of the columns: what each says of lines that a reader can judge by eye."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.features.clues import CLUE_NAMES
from copydesk.cleaning.features.keys import number_words, opening_keys, style_keys
from copydesk.cleaning.features.matrix import COLUMNS, beside, column, page_matrix
from copydesk.cleaning.features.page import read_page
from copydesk.cleaning.features.scores import SCORE_COLUMNS, score_columns

LINES = st.lists(st.text(min_size=1, max_size=60).filter(str.strip), max_size=20)
SENTENCE = "The harbour office told passengers on Tuesday that it had nobody to open the gates."
OTHER = "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid."


def values(lines, name):
    """Return what one column says of each line."""
    return column(page_matrix(read_page(lines)), name).tolist()


@pytest.mark.parametrize(
    ("name", "line", "value"),
    [
        ("n_words", "Nobody's boat sailed - not one.", 5),
        ("n_chars", "abc", 3),
        ("digit_share", "ab12", 0.5),
        ("upper_share", "ABcd", 0.5),
        ("capital_share", "Port Elsa quay", np.float32(2 / 3)),
        ("ends_sentence", 'He said: "No."', 1),
        ("ends_sentence", "He said (twice.)", 1),
        ("ends_sentence", "Crews tie up the ferries", 0),
        ("ends_ellipsis", "Crews tie up...", 1),
        ("ends_ellipsis", "Crews tie up…", 1),
        ("ends_ellipsis", "Crews tie up.", 0),
        ("ends_colon", "Related:", 1),
        ("starts_symbol", "» More", 1),
        ("starts_symbol", "“No,” he said.", 0),
        ("n_dots", "Well.. so", 1),
        ("clock", "Updated 10:45 on Monday", 1),
        ("clock", "Updated on Monday", 0),
        ("unquoted_person", "I think you know", 2),
        ("unquoted_person", '"I think you know," he said', 0),
        ("lone_i", "i think so", 1),
        ("is_name", "Ida Brandt", 1),
        ("is_name", "Tied up", 0),
    ],
)
def test_a_line_is_measured(name, line, value):
    assert values([line], name) == [value]


@pytest.mark.parametrize(
    ("clue", "line"),
    [
        ("share", "Share on Facebook"),
        ("share", "Copy link"),
        ("comments", "Leave a Reply"),
        ("comments", "12 comments"),
        ("promo", "Sign up for our morning post"),
        ("legal", "© 2026 Elsa Press"),
        ("teaser", "Don’t miss: the ferries of Port Elsa"),
        ("caption", "The quay is seen at dawn"),
        ("credit", "Photo: Ida Brandt"),
        ("byline", "By Ida Brandt"),
        ("date", "Tuesday, March 3"),
        ("date", "3 hours ago"),
        ("link", "www.example.org"),
        ("bullet", "• Fares rise"),
        ("bullet", "3. Fares rise"),
        ("informal", "lol, as if"),
    ],
)
def test_a_clue_is_found(clue, line):
    assert values([line], clue) == [1]


def test_running_copy_gives_no_clue():
    rows = page_matrix(read_page([OTHER]))
    assert [name for name in CLUE_NAMES if column(rows, name)[0]] == []


def test_a_pair_of_words_on_two_lines_is_no_clue():
    assert values(["They wanted to sign", "up to ten crews"], "promo")[0] == 0


def test_repeats_are_counted_and_placed():
    lines = ["Crews tie up", SENTENCE, "crews tie up"]
    assert values(lines, "n_copies") == [2, 1, 2]
    assert values(lines, "has_later_copy") == [1, 0, 0]
    assert values(lines, "has_earlier_copy") == [0, 0, 1]


def test_a_part_of_a_line_that_is_elsewhere_is_seen():
    lines = [SENTENCE, OTHER, "The harbour office told passengers"]
    assert values(lines, "shingles_earlier") == [0, 0, 1]
    assert values(lines, "shingles_later")[0] > 0


def test_the_body_is_the_stretch_of_sentences():
    lines = ["Home", "News", SENTENCE, OTHER, "Share", "Contact"]
    assert values(lines, "block_place") == [-1, -1, 0, 0, 1, 1]
    assert values(lines, "long_before") == [0, 0, 0, 1, 2, 2]
    assert values(lines, "short_run") == [2, 2, 0, 0, 2, 2]
    assert values(lines, "to_previous_long") == [60, 60, 60, 1, 1, 2]


def test_the_long_lines_around_are_described_across_short_ones():
    lines = [SENTENCE, "Home", OTHER]
    n_words = values(lines, "n_words")
    assert values(lines, "n_words_long-1") == [-1, n_words[0], n_words[0]]
    assert values(lines, "n_words_long+1") == [n_words[2], n_words[2], -1]
    assert values(lines, "n_words_long+2") == [-1, -1, -1]


def test_stamps_are_counted_before_and_after():
    lines = [SENTENCE, "3 May 2018 10:45", OTHER, "4 May 2018 09:00", SENTENCE]
    assert values(lines, "dates_so_far") == [0, 1, 1, 2, 2]
    assert values(lines, "dates_to_come") == [2, 1, 1, 0, 0]
    assert values(lines, "stamp_back") == [250, 250, 1, 2, 1]


def test_a_line_without_a_neighbour_has_minus_one():
    found = np.array([1, 2, 3], np.float32)
    assert beside(found, -1).tolist() == [-1, 1, 2]
    assert beside(found, 1).tolist() == [2, 3, -1]


def test_columns_have_names_of_their_own():
    names = [*COLUMNS, *SCORE_COLUMNS]
    assert len(set(names)) == len(names) == 162  # what the shipped weights were trained on


def test_keys_say_how_a_line_opens_and_leave_unknown_words_out():
    page = read_page(["Read more here", "Read unheard"])
    numbered = number_words(page, {"read": 1, "more": 2, "here": 3})
    lines, keys = opening_keys(page, numbered)
    assert np.bincount(lines).tolist() == [10, 3]
    assert len(set(keys[lines == 0])) == 10


def test_style_is_asked_of_long_lines_only():
    words = ["one", "two", "three", "four", "five", "six", "seven", "one"]
    page = read_page([" ".join(words), "one two"])
    numbered = number_words(page, {word: at for at, word in enumerate(dict.fromkeys(words), 1)})
    lines, keys = style_keys(page, numbered)
    assert lines.tolist() == [0] * 7
    assert keys.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_the_topic_is_what_sure_copy_says():
    lines = [SENTENCE, OTHER, "Passengers at the gates", "Bananas from Brazil"]
    page = read_page(lines)
    rows = page_matrix(page)
    scores = np.array([[9, 9, 0], [9, 9, 0], [0, 0, 0], [0, 0, 0]], np.float32)
    shares = score_columns(page, rows, scores)[:, SCORE_COLUMNS.index("topic_share")]
    assert shares[2] > 0.9
    assert shares[3] == 0


@given(LINES)
def test_every_line_has_a_number_in_every_values(lines):
    page = read_page(lines)
    rows = page_matrix(page)
    scores = score_columns(page, rows, np.zeros((len(lines), 3), np.float32))
    assert rows.shape == (len(lines), len(COLUMNS))
    assert scores.shape == (len(lines), len(SCORE_COLUMNS))
    assert np.isfinite(rows).all()
    assert np.isfinite(scores).all()


@given(LINES)
def test_every_word_is_in_its_line(lines):
    page = read_page(lines)
    for i, line in enumerate(page.lines):
        words = page.words[page.word_starts[i] : page.word_starts[i + 1]]
        lowered = line.lower()
        assert all(
            page.vocabulary[w].replace("0", "") in lowered or "0" in page.vocabulary[w]
            for w in words
        )
