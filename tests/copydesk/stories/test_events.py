"""Behaviour of `stories.events`: one event has the same people, place and day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.stories.days import Day, without_year
from copydesk.stories.events import find_same_events, judge_reports
from copydesk.stories.reports import Report, compose_lead
from copydesk.values import StoryRule

FRIDAY = date(2024, 5, 3)
PEOPLE = frozenset(["ada", "ben", "cyd"])
PLACES = frozenset(["hollin", "brell"])
APRIL_4 = without_year("--04-04")


def dated(day):
    return Day(day, None, day.weekday())


def yearless(value, weekday=None):
    return Day(None, without_year(value), weekday)


def spoken(weekday):
    return Day(None, None, weekday)


def quote_nothing(_ids):
    return {}


def report(day, dates=(), people=PEOPLE):
    return Report(day, people, people, PLACES, PLACES, frozenset(dates))


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (report(dated(FRIDAY)), report(dated(FRIDAY)), StoryRule.SAME_PEOPLE_PLACES_DAY),
        (
            report(yearless("--05-01", 2), [APRIL_4]),
            report(spoken(2), [APRIL_4]),
            StoryRule.SAME_PEOPLE_PLACES_WEEKDAY,
        ),
        (report(yearless("--05-01", 2)), report(spoken(2)), None),
        (report(yearless("--09-01", 2), [APRIL_4]), report(spoken(2), [APRIL_4]), None),
        (report(spoken(2), [APRIL_4]), report(spoken(2), [APRIL_4]), None),
        (
            report(yearless("--05-01", 2), [APRIL_4], frozenset(["ada", "ben"])),
            report(spoken(2), [APRIL_4]),
            None,
        ),
    ],
)
def test_where_only_the_weekday_is_stated_more_must_agree(one, other, rule):
    assert judge_reports(one, other, share_words=False) is rule
    found = list(find_same_events({"a": one, "b": other}, quote_nothing))
    assert found == ([("a", "b", rule)] if rule else [])


def test_a_lead_is_headline_deck_and_first_paragraphs():
    body = "\n\n".join(["first " * 3, "second", "third", "fourth"])
    assert compose_lead("Talks", None, body) == "Talks\nfirst first first second third"


DAYS = st.builds(dated, st.dates(date(2020, 1, 1), date(2030, 1, 1))) | st.builds(
    Day,
    st.none(),
    st.dates(date(2000, 1, 1), date(2000, 12, 31)),
    st.none() | st.integers(0, 6),
)


@given(st.dictionaries(st.sampled_from("abcdef"), DAYS))
def test_every_pair_that_agrees_is_found(days):
    reports = {name: report(day, [APRIL_4]) for name, day in days.items()}
    found = {(one, other) for one, other, _ in find_same_events(reports, quote_nothing)}
    assert found == {
        (one, other)
        for one in reports
        for other in reports
        if one < other and judge_reports(reports[one], reports[other], share_words=False)
    }
