"""Behaviour of `stories.events`: one event has the same people, place and day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.rows import StoryRule
from copydesk.stories.events import (
    Agreement,
    Day,
    Report,
    compare_days,
    compose_lead,
    find_day,
    find_same_events,
    judge_reports,
    without_year,
)

WEDNESDAY = date(2024, 5, 1)
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
    ("lead", "published_on", "dateline", "day"),
    [
        ("Talks ended on Friday.", FRIDAY, None, dated(FRIDAY)),
        ("Talks ended on Wednesday.", FRIDAY, None, dated(WEDNESDAY)),
        ("Talks ended yesterday.", FRIDAY, None, dated(date(2024, 5, 2))),
        ("Talks ended today.", FRIDAY, None, dated(FRIDAY)),
        ("Talks ended on May 1, on Thursday it rained.", FRIDAY, None, dated(WEDNESDAY)),
        ("Since the floods of 7 October, on Friday", FRIDAY, None, dated(FRIDAY)),
        ("Talks until Friday failed.", FRIDAY, None, None),
        ("Black Friday is a success.", FRIDAY, None, None),
        ("Two by two on Fridays they dance.", FRIDAY, None, None),
        ("An interview with the mayor.", FRIDAY, None, None),
        ("Talks ended.", FRIDAY, "--05-01", dated(WEDNESDAY)),
        ("Talks ended on Friday.", None, "--05-03", yearless("--05-03", 4)),
        ("Talks ended.", None, "--05-03", yearless("--05-03")),
        ("Talks ended on Friday.", None, None, spoken(4)),
        ("Since the floods of 7 October 2023", None, None, None),
        ("Leap day on Thursday.", date(2024, 3, 1), "--02-29", dated(date(2024, 2, 29))),
    ],
)
def test_the_day_of_the_news_is_the_first_that_the_lead_tells(lead, published_on, dateline, day):
    told = without_year(dateline) if dateline else None
    assert find_day(lead, published_on=published_on, dateline=told) == day


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (dated(FRIDAY), dated(FRIDAY), Agreement.DAY),
        (dated(FRIDAY), dated(date(2024, 5, 10)), None),
        (dated(WEDNESDAY), yearless("--05-01"), Agreement.DAY),
        (dated(WEDNESDAY), yearless("--05-02", 2), Agreement.DAY),
        (dated(WEDNESDAY), yearless("--05-08", 2), None),
        (dated(date(2023, 5, 1)), yearless("--05-01", 2), None),
        (dated(date(2023, 12, 31)), yearless("--01-01", 6), Agreement.DAY),
        (dated(date(2023, 2, 28)), yearless("--02-29", 1), None),
        (yearless("--05-01", 2), yearless("--05-02", 2), Agreement.DAY),
        (yearless("--05-01", 2), yearless("--05-08", 2), None),
        (yearless("--05-01"), yearless("--05-02"), None),
        (yearless("--05-01", 2), spoken(2), Agreement.WEEKDAY),
        (dated(WEDNESDAY), spoken(2), Agreement.WEEKDAY),
        (dated(WEDNESDAY), spoken(3), None),
        (spoken(2), spoken(2), Agreement.WEEKDAY),
        (yearless("--05-01"), spoken(2), None),
    ],
)
def test_days_agree_as_far_as_they_are_told(one, other, agreement):
    assert compare_days(one, other) is agreement
    assert compare_days(other, one) is agreement


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
def test_where_only_the_weekday_is_told_more_must_agree(one, other, rule):
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
