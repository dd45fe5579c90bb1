"""Behaviour of `stories.days`: the day of the news, and how precisely two articles agree on it."""

from datetime import date

import pytest

from copydesk.stories.days import Agreement, Day, compare_days, find_day, without_year

WEDNESDAY = date(2024, 5, 1)
FRIDAY = date(2024, 5, 3)


def dated(day):
    return Day(day, None, day.weekday())


def yearless(value, weekday=None):
    return Day(None, without_year(value), weekday)


def spoken(weekday):
    return Day(None, None, weekday)


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
def test_the_day_of_the_news_is_the_first_that_the_lead_states(lead, published_on, dateline, day):
    reference = without_year(dateline) if dateline else None
    assert find_day(lead, published_on=published_on, dateline=reference) == day


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
def test_days_agree_as_far_as_they_are_stated(one, other, agreement):
    assert compare_days(one, other) is agreement
    assert compare_days(other, one) is agreement
