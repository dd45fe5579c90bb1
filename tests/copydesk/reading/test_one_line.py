"""Behaviour of `reading.one_line`: the edges of a text on one line are lines again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.one_line import split_one_line

COPY = (
    "The crews of Port Elsa said on Monday that no ferry would sail until the owners had paid. "
    "“We have waited for a year,” said Ida Brandt. “We will wait no longer, and nor will they.” "
    "The owners told the harbour office that they had asked a court for an order on the strike. "
    "The court is to hear both sides on Friday, according to its spokesman, who gave no hour."
)
TITLE = "Ferries stand still for a third day"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{TITLE} By Ida Brandt {COPY}" + " x" * 40, [TITLE, "By Ida Brandt"]),
        (
            f"{TITLE} By Ida Brandt and Per Holm PORT ELSA (AP) — {COPY}",
            [TITLE, "By Ida Brandt and Per Holm"],
        ),
        (
            f"{TITLE} By Ida Brandt {COPY} Sign up now. © 2031 Harbour Post. All rights reserved.",
            [TITLE, "By Ida Brandt"],
        ),
    ],
)
def test_headline_and_byline_are_lines_of_their_own(text, lines):
    split = split_one_line(text)
    assert split.split("\n")[:2] == lines
    assert split.replace("\n", " ") == text


def test_short_sentences_at_the_end_are_lines_of_their_own():
    text = f"{TITLE} By Ida Brandt {COPY} Sign up for our newsletter. © 2031 Harbour Post."
    assert split_one_line(text).split("\n")[-2:] == [
        "Sign up for our newsletter.",
        "© 2031 Harbour Post.",
    ]


@pytest.mark.parametrize("text", ["", TITLE, f"{TITLE}\n{COPY}", COPY, f"{COPY}\n{COPY}"])
def test_other_texts_stay(text):
    assert split_one_line(text) == text


@given(st.text(alphabet="Ab. By“”\n", min_size=400, max_size=600))
def test_only_spaces_become_line_ends(text):
    split = split_one_line(text)
    assert len(split) == len(text)
    assert all(
        one == other or (one, other) == (" ", "\n") for one, other in zip(text, split, strict=True)
    )
