"""Behaviour of the line model: what it keeps of a page, and what it says of odd ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.features.keys import Keys
from copydesk.cleaning.model import (
    LinearModel,
    find_known,
    linear_scores,
    load_line_model,
    read_line_model,
    score_lines,
    write_line_model,
)
from copydesk.lexicons.language import ENGLISH

HEADLINE = "Crews tie up the ferries of Port Elsa and say they will stay on the quay"
STORY = [
    (
        "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid them "
        "what they are owed for the winter."
    ),
    (
        "The harbour office told passengers on Tuesday that it had nobody to open the gates, and "
        "asked them to stay at home until the end of the week."
    ),
    (
        "Shops along the front have begun to run out of bread, milk and newspapers, several of "
        "their owners told the town council."
    ),
]
MENU = ["Home", "News", "Sport", "Weather", "Log in", "Subscribe"]
FOOTER = ["Share on Facebook", "Related articles", "Cookie policy", "Contact us"]

LINES = st.lists(st.text(min_size=1, max_size=60).filter(str.strip), max_size=20)


def test_a_story_is_kept_and_what_is_around_it_is_not():
    lines = [*MENU, HEADLINE, *STORY, *FOOTER]
    kept = [
        line for line, is_copy in zip(lines, score_lines(lines).is_copy, strict=True) if is_copy
    ]
    assert [line for line in kept if line != HEADLINE] == STORY  # headlines are not its business


def test_the_headline_is_named_where_one_is_above_the_story():
    lines = [*MENU, HEADLINE, "By Ida Brandt", *STORY, *FOOTER]
    assert score_lines(lines).headline == lines.index(HEADLINE)


def test_a_page_without_a_line_has_no_scores():
    assert score_lines([]) == ([], [], None)


@pytest.mark.parametrize("line", ["Home", "…", "1", "x" * 20_000, "\u0301"])
def test_a_page_of_one_line_is_scored(line):
    assert len(score_lines([line]).copy_score) == 1


@given(LINES)
def test_every_line_has_a_score_between_0_and_1(lines):
    scores = score_lines(lines)
    assert len(scores.is_copy) == len(scores.copy_score) == len(lines)
    assert all(0 <= score <= 1 for score in scores.copy_score)
    assert scores.headline is None or 0 <= scores.headline < len(lines)


def test_a_model_comes_back_as_it_was_written(tmp_path):
    model = load_line_model(ENGLISH)
    write_line_model(tmp_path / "copy.npz", model)
    again = read_line_model(tmp_path / "copy.npz")
    assert again.words == model.words
    assert np.array_equal(again.opening.keys, model.opening.keys)
    assert np.array_equal(again.style.weights, model.style.weights)
    assert again.copy.depth == model.copy.depth
    assert np.array_equal(again.copy.threshold, model.copy.threshold)


def test_a_line_is_scored_by_the_keys_that_are_known():
    model = LinearModel(np.array([3, 5]), np.array([2, -1], np.float32), intercept=0.5)
    lines, keys = np.array([0, 0, 1, 3]), np.array([3, 4, 9, 5])
    known = find_known(model, Keys(lines, keys))
    assert linear_scores(model, known, n_lines=4).tolist() == [2.5, 0, 0, -0.5]
