"""Behaviour of `reading.wrapping`: lines are joined only where their widths prove a wrap."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.wrapping import join_wrapped

PARAGRAPHS = [
    "The crews of Port Elsa said on Monday that no ferry would sail until the owners had paid.",
    "They met at noon.",
    "“We have waited for a year,” said Ida Brandt. “We will wait no longer, and nor will they.”",
    "The owners told the harbour office that they had asked a court for an order on the strike.",
    "The court is to hear both sides on Friday, according to its spokesman, who gave no hour.",
]


@pytest.mark.parametrize("width", [40, 60, 72, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_paragraphs_that_were_wrapped_are_whole_again(width, end):
    whole = f"{end}{end}".join(PARAGRAPHS * 2)
    wrapped = f"{end}{end}".join(textwrap.fill(part, width) for part in PARAGRAPHS * 2)
    assert join_wrapped(wrapped.replace("\r\n", "\n").replace("\n", end)) == whole


def test_without_empty_lines_a_line_that_ends_early_ends_a_paragraph():
    joined = join_wrapped("\n".join(textwrap.fill(part, 60) for part in PARAGRAPHS))
    assert PARAGRAPHS[1] in joined.split("\n")
    assert PARAGRAPHS[0] in joined


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n".join(PARAGRAPHS),
        "\n\n".join(PARAGRAPHS),
        "Home\nNews\nHarbour\nFerries stand still for a third day\nBy Ida Brandt\nMay 3, 2031",
        "\n".join(f"Ferry {n} sails at {n} and carries the post" for n in range(20)),
        "The tide came in,\nthe boats went out,\nand nobody in the town\nsaid what it was about",
    ],
)
def test_lines_that_nobody_wrapped_stay(text):
    assert join_wrapped(text) == text


def test_a_word_that_was_cut_at_a_hyphen_stays_one_word():
    text = "\n".join(["the crews of the well-", "known ferry said that"] * 6)
    assert "well-known" in join_wrapped(text) or join_wrapped(text) == text


@given(st.text(alphabet="ab .-\n\r“”", max_size=400))
def test_nothing_but_line_ends_is_changed(text):
    assert "".join(join_wrapped(text).split()) == "".join(text.split())
