"""Behaviour of `quotations.assertion`: what was denied, supposed or asked was not said."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.assertion import judge_assertion
from copydesk.quotations.find import find_quotes
from copydesk.quotations.methods import QuoteMethod
from copydesk.quotations.quotation import Quotation
from copydesk.values import Assertion, QuoteType, Span

SAID, DENIED, POSSIBLE, ASKED = Assertion
MARKS = re.compile(r"[\[\]{}]")


def judge(parse, marked, kind=QuoteType.INDIRECT):
    """Return what a quotation asserts, whose text has its [cue] and its {content} marked."""
    text = MARKS.sub("", marked)
    places = {}
    for mark in MARKS.finditer(marked):
        before = MARKS.sub("", marked[: mark.start()])
        places[mark.group()] = len(before)
    content = Span(places["{"], places["}"])
    quotation = Quotation((content,), kind, Span(places["["], places["]"]), None, "tagger")
    return judge_assertion(quotation, parse(text), text=text, language=ENGLISH)


@pytest.mark.model
@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Ida Holm [said] {that the pier was safe}.", SAID),
        ("Ida Holm [would only say] {that the pier was safe}.", SAID),
        ("Without waiting for a vote, Ida Holm [said] {that the pier was safe}.", SAID),
        ("Without hesitation, Ida Holm [said] {that the pier was safe}.", SAID),
        ("Ida Holm [announced], without a vote, {that the pier was safe}.", SAID),
        ("Ida Holm [left without saying] {that the pier was safe}.", DENIED),
        ("Ida Holm could be heard [saying] {that the pier was safe}.", SAID),
        ("The pier will close for good, Holm joked before [adding] {that it was safe}.", SAID),
        ("Ida Holm may leave after [saying] {that the pier was safe}.", SAID),
        ("Ida Holm [did not hesitate to say] {that the pier was safe}.", SAID),
        ("Ida Holm [went on to say] {that the pier was safe}.", SAID),
        ("Ida Holm [had to admit] {that the pier was old}.", SAID),
        ("Ida Holm [liked to say] {that the pier was old}.", SAID),
        ("Ida Holm [would like to say] {that the pier was old}.", POSSIBLE),
        ("The owners [have to admit] {that the pier is old}.", SAID),
        ("The owners [have to declare] {whatever they are given}.", POSSIBLE),
        ("An owner [has to announce] {that the pier is closed}.", POSSIBLE),
        ("Ida Holm [not only said] {that the pier was old}.", SAID),
        ("The owners [can confirm] {that the pier is sold}.", SAID),
        ("No 4 Harbour Row [said] {that the pier was safe}.", SAID),
        ("The board [said] {it would not pay}.", SAID),
        ("Ida Holm [did not say] {who would pay}.", DENIED),
        ("Ida Holm [never said] {that the pier was safe}.", DENIED),
        ("Ida Holm [wouldn't confirm] {that talks had begun}.", DENIED),
        ("Ida Holm [declined to say] {whether she would go}.", DENIED),
        ("Ida Holm [stopped short of saying] {that he lied}.", DENIED),
        ("Ida Holm [has yet to say] {that she will go}.", DENIED),
        ("Ida Holm [hasn't yet said] {whether she will go}.", DENIED),
        ("Ida Holm [hasn’t yet decided to say] {who will pay}.", DENIED),
        ("The crews would have to meet and the mayor [agree] {to what may be theft}.", POSSIBLE),
        ("Nobody [told] the crews {that the pier was shut}.", DENIED),
        ("No official [has said] {that the pier is safe}.", DENIED),
        ("Neither Holm nor Lund [said] {that the pier was old}.", DENIED),
        ("Paul Lund [denied] {that he had seen the letter}.", DENIED),
        ("The plan, [described] by Ida Holm {as a danger}, was sold.", SAID),
        ("Paul Lund [denies telling] the board {that the pier was safe}.", DENIED),
        ("Paul Lund [did not deny saying] {that the pier was safe}.", SAID),
        ("Ida Holm [said] {nothing}.", DENIED),
        ("Paul Lund [did not deny] {that he was there}.", POSSIBLE),
        ("Ida Holm [could say] {that the work is off}.", POSSIBLE),
        ("Paul Lund [might have said] {that it was over}.", POSSIBLE),
        ("If Ida Holm [says] {that the plan is dead}, we stop.", POSSIBLE),
        ("Ida Holm [will argue] {that the plan is sound}.", POSSIBLE),
        ("Ida Holm [is expected to say] {that she will go}.", POSSIBLE),
        ("Ida Holm [plans to tell] the board {that it is late}.", POSSIBLE),
        ("A reporter [asked] {whether she would go}.", ASKED),
        ("Ida Holm [wondered] {why nobody came}.", ASKED),
        ("Ida Holm [has questioned] {the strength of the pier}.", ASKED),
        ("The owners [were quick to question] {the wisdom of the sale}.", ASKED),
        ("Did Ida Holm [tell] them {that the pier was shut}?", ASKED),
    ],
)
def test_the_cue_decides_what_is_asserted(parse, marked, expected):
    assert judge(parse, marked) is expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("“{Is that fair?}” Ida Holm [asked].", SAID),
        ("“{No comment,}” Ida Holm [said].", SAID),
        ("“{I never said so,}” Ida Holm [said].", SAID),
        ("“{That is untrue,}” Paul Lund [denied].", SAID),
        ("Ida Holm [will say]: “{We stay on the island.}”", SAID),
        ("Ida Holm [never said]: “{We stay on the island.}”", DENIED),
    ],
)
def test_words_between_marks_were_uttered(parse, marked, expected):
    assert judge(parse, marked, QuoteType.DIRECT) is expected


@pytest.mark.model
def test_a_quotation_without_a_cue_was_said(parse):
    text = "“We stay.”"
    bare = Quotation((Span(1, 9),), QuoteType.DIRECT, None, None, "marks")
    assert judge_assertion(bare, parse(text), text=text, language=ENGLISH) is SAID


@pytest.mark.model
def test_what_is_found_is_judged(parse):
    text = "Ida Holm refused to say whether the pier was safe."
    found = find_quotes(parse(text), text, QuoteMethod.TAGGER)
    assert {quotation.assertion for quotation in found} == {DENIED}


@pytest.mark.model
def test_what_a_method_knows_of_a_question_is_kept(parse):
    text = "Why?"

    bare = Quotation((Span(0, 4),), QuoteType.DIRECT, None, None, "layout_question")
    asked = replace(bare, assertion=ASKED)
    method = SimpleNamespace(find_quotations=lambda *_, **__: [asked])
    assert [each.assertion for each in find_quotes(parse(text), text, method)] == [ASKED]
