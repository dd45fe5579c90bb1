"""Behaviour of `report.person`: quotations are cut from the oldest on, and none is lost."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.person import PART_QUOTES, compose_person
from copydesk.report.rows.person import PERSON_HEADS, PERSON_QUOTES, PersonHead, SaidRow
from copydesk.report.rows.source import PageRows

HEAD = PersonHead("Anna Miller", [], 1, 1, 1, 1, None, None, None, None)
SIZES = st.lists(st.integers(0, 900), max_size=4 * PART_QUOTES)


def said(number, n_chars):
    day = date(2031, 1, 1) + timedelta(days=number)
    return SaidRow(
        quote_id=f"q{number}",
        article_id="a",
        headline="Ferries",
        outlet="Harbour Post",
        published_on=day,
        content="&" * n_chars,
        type="direct",
        is_speech=True,
        assertion="said",
        cue=None,
        source=None,
        speaker_reason="a_reason",
        confidence=0.9,
        is_uncertain=False,
        runner_up=None,
    )


def compose(quotes):
    return compose_person(
        PageRows("p", {PERSON_HEADS.name: [HEAD], PERSON_QUOTES.name: quotes[::-1]})
    )


@given(SIZES)
def test_all_quotations_are_on_the_parts_the_newest_first(sizes):
    quotes = [said(number, n_chars) for number, n_chars in enumerate(sizes)]
    parts = compose(quotes)
    assert [row for part in parts for row in part.quotes] == quotes[::-1]
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert all(len(part.quotes) <= 2 * PART_QUOTES for part in parts)


@given(SIZES, st.integers(0, 900))
def test_a_newer_quotation_leaves_the_other_parts_as_they_are(sizes, n_chars):
    quotes = [said(number, each) for number, each in enumerate(sizes)]
    before, after = compose(quotes), compose([*quotes, said(len(quotes), n_chars)])
    if len(before) == len(after):
        assert before[1:] == after[1:]
    else:
        assert [part.quotes for part in before[1:]] == [part.quotes for part in after[2:]]


def test_the_first_part_says_more_than_what_is_left_over():
    first, second = compose([said(number, 9) for number in range(2 * PART_QUOTES + 1)])
    assert (len(first.quotes), len(second.quotes)) == (PART_QUOTES + 1, PART_QUOTES)
