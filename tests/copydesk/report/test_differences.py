"""Behaviour of `copydesk.report.differences`: reads what `quote_groups` writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.differences import read_difference


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ("", []),
        ("won't stop", [("same", "won't stop")]),
        (
            "won't [-stop-] {+rest+} until",
            [
                ("same", "won't "),
                ("without", "stop"),
                ("same", " "),
                ("added", "rest"),
                ("same", " until"),
            ],
        ),
        ("[-a-]{+b+}", [("without", "a"), ("added", "b")]),
        ("[-open", [("same", "[-open")]),
    ],
)
def test_words_of_both_versions_are_told_apart(difference, expected):
    assert read_difference(difference) == expected


@given(st.text(alphabet="ab -+[]{}\n", max_size=40))
def test_no_word_is_lost(text):
    found = "".join(wording.text for wording in read_difference(text))
    marks = str.maketrans("", "", "-+[]{}")
    assert found.translate(marks) == text.translate(marks)
