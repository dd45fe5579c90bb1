"""Behaviour of word pieces and windows: nothing lost, nothing read twice, offsets slice back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.quotations.tagger.pieces import (
    CLOSE,
    CLOSING,
    INSIDE,
    OPENING,
    OUTSIDE,
    UNCLOSED,
    UNKNOWN,
    cut_pieces,
    cut_windows,
)
from copydesk.text.quote_marks import find_quoted

STORY = "“We sail,” Ana Petrel said. “At dawn.”\nShe left.\n\nThe “Gannet” followed."


def pieces_of(text):
    return cut_pieces(text, find_quoted(text))


def texts_of(text):
    pieces = pieces_of(text)
    return [text[s:e] for s, e in zip(pieces.starts, pieces.ends, strict=True)]


def test_pieces_slice_back_and_every_line_ends_with_a_separator():
    assert "".join(texts_of(STORY)) == "".join(STORY.split())
    pieces = pieces_of(STORY)
    assert pieces.line[pieces.ids == CLOSE].tolist() == [0, 1, 2]
    assert pieces.ids[-1] == CLOSE


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("“We sail,” she said.", "“", OPENING),
        ("“We sail,” she said.", "sail", INSIDE),
        ("“We sail,” she said.", "”", CLOSING),
        ("“We sail,” she said.", "said", OUTSIDE),
        ("She said: “We sail at dawn", "dawn", UNCLOSED),
        ("''We sail,'' she said.", "sail", INSIDE),
        ("«We sail», she said.", "sail", INSIDE),
    ],
)
def test_a_piece_knows_where_it_stands_towards_the_marks(text, word, place):
    pieces = pieces_of(text)
    assert pieces.places[texts_of(text).index(word)] == place


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("“We sail,” she said.", '"We sail," she said.'),
        ("''We sail,'' she said.", '"We sail," she said.'),
        ("It’s late", "It's late"),
    ],
)
def test_marks_of_all_kinds_are_the_same_piece(left, right):
    assert pieces_of(left).ids.tolist() == pieces_of(right).ids.tolist()


@pytest.mark.parametrize(("word", "shape"), [("gulls", 0), ("Gulls", 1), ("NATO", 2), ("A", 1)])
def test_capitals_are_kept(word, shape):
    assert pieces_of(word).shapes[0] == shape


def test_names_of_special_pieces_are_words_like_others():
    pieces = pieces_of("[SEP] and [CLS]")
    assert (pieces.ids == CLOSE).sum() == 1


@given(st.text(max_size=300))
def test_any_text_can_be_cut(text):
    pieces = pieces_of(text)
    assert (pieces.starts <= pieces.ends).all()
    assert (pieces.ends <= len(text)).all()
    assert (np.diff(pieces.starts) >= 0).all()
    assert (np.diff(pieces.line) >= 0).all()
    assert pieces.is_word.sum() >= (pieces.ids == CLOSE).sum()
    if len(pieces.ids):
        assert pieces.is_word[0]


def test_lone_halves_of_characters_are_read_as_a_question_mark():
    assert pieces_of("a \ud800 b").ids.tolist() == pieces_of("a ? b").ids.tolist()


def test_a_word_beyond_measure_is_one_unknown_piece():
    assert pieces_of("a" * 100_000).ids.tolist() == [UNKNOWN, CLOSE]


@given(
    st.lists(st.integers(1, 80), max_size=20), st.integers(0, 10), st.none() | st.integers(1, 60)
)
def test_windows_judge_every_piece_once(lengths, context, first):
    text = "\n".join("word " * length for length in lengths)
    pieces = pieces_of(text)
    windows = cut_windows(pieces, max_pieces=64, context=context, first=first)
    judged = [i for window in windows for i in range(window.core_start, window.core_end)]
    assert judged == list(range(len(pieces.ids)))
    for window in windows:
        assert window.start <= window.core_start < window.core_end <= window.end
        assert window.end - window.start <= 62


def test_windows_end_with_lines_and_in_long_lines_with_sentences():
    sentence = "The boats came home late . "
    text = f"{sentence}\n{sentence * 12}"
    pieces = pieces_of(text)
    windows = cut_windows(pieces, max_pieces=40, context=4)
    ends = [texts_of(text)[window.core_end - 2 : window.core_end] for window in windows]
    assert len(windows) > 2
    assert all("." in end for end in ends)
