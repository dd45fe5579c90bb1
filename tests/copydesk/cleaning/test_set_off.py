"""Behaviour of `cleaning.set_off`: lines that are set off as speech stay copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.set_off import keep_set_off_speech
from copydesk.values import Label

COPY = "Crews in Port Elsa said on Monday that no ferry would sail until they had been paid."


def kept(*lines, rule=LINE_MODEL):
    """Return which lines between two of running copy are kept, if the model doubts them all."""
    page = ["Ferries stand still", COPY, *lines, COPY]
    sure, doubtful = Decision(Label.BODY, LINE_MODEL, 0.9), Decision(Label.BOILERPLATE, rule, 0.7)
    decisions = [sure, sure, *(doubtful for _ in lines), sure]
    labelling = Labelling(
        page, [None] * len(page), decisions, body=[1, len(page) - 1], tail=len(page)
    )
    found = keep_set_off_speech(labelling).decisions
    return [
        line
        for line, decision in zip(page, found, strict=True)
        if decision.rule == "set_off_speech"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Q: Will you stay?", "A: No."],
        ["HOLM: We will stay here.", "LUND: For how long?", "HOLM: For ever and a day."],
        ["14:05 Mayor Holm: Stay at home tonight."],
        ["Ida Holm (@idaholm): You owe me a chair."],
    ],
)
def test_what_is_set_off_as_speech_is_kept(lines):
    assert kept(*lines)[0] == lines[0]


def test_a_post_is_kept_by_the_signature_below_it():
    post = "Thank you all for coming."
    assert kept(post, "— Ida Holm (@idaholm) May 3, 2031") == [post]


def test_quoted_lines_are_kept_below_the_line_that_introduces_them():
    assert kept("> We stay.") == []
    labelling = Labelling(
        ["Ferries", "Ida Holm replied:", "> We stay.", "> For ever."],
        [None] * 4,
        [Decision(Label.BODY, LINE_MODEL, 0.9)] * 2
        + [Decision(Label.BOILERPLATE, LINE_MODEL, 0.7)] * 2,
        body=[1],
        tail=4,
    )
    assert [each.label for each in keep_set_off_speech(labelling).decisions[2:]] == [
        Label.BODY,
        Label.BODY,
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Related: Ferries sail again.",
        "Harbour Post: Sign up for our letter.",
        "Price: Four crowns a day.",
        "12:50",
        "Share this on Facebook",
    ],
)
def test_other_lines_stay_what_they_are(line):
    assert kept(line) == []


def test_what_a_rule_decides_stays():
    assert kept("Q: Will you stay?", "A: No.", rule="share_bar") == []


@given(st.lists(st.text("QA:.> @Holm—?", min_size=1, max_size=20), max_size=6))
def test_no_line_is_lost_whatever_it_is(lines):
    page = [line for line in lines if line.strip()]
    assert set(kept(*page)) <= set(page)
