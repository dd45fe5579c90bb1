"""Behaviour of `report.times`: quotations by month or year, and what is not worth a drawing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from copydesk.report.times import MAX_COLUMNS, MIN_DATED, draw_times, fill_months

MAY, JULY = date(2031, 5, 9), date(2031, 7, 1)


def columns(times):
    (path,) = etree.fromstring(str(times.svg))
    return path.get("d").split("z")[:-1]


def test_each_month_has_a_column_and_those_with_quotations_a_number():
    times = draw_times([MAY] * 9 + [JULY, None])
    assert (times.unit, times.first, times.last) == ("month", "May 2031", "Jul 2031")
    assert [tuple(row) for row in times.counts] == [("May 2031", 9), ("Jul 2031", 1)]
    assert len(columns(times)) == 3
    assert "<text" not in times.svg


def test_a_long_time_is_drawn_by_year():
    times = draw_times([date(2019, 5, 9)] * 8 + [JULY] * 2)
    assert (times.unit, times.first, times.last) == ("year", "2019", "2031")
    assert [tuple(row) for row in times.counts] == [("2019", 8), ("2031", 2)]
    assert len(columns(times)) == 13


@pytest.mark.parametrize(
    "days",
    [[], [None] * 9, [MAY] * 9, [MAY] * (MIN_DATED - 2) + [JULY]],
    ids=["nothing", "no days", "one month", "few"],
)
def test_too_little_is_not_drawn(days):
    assert draw_times(days) is None


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=MIN_DATED, max_size=20))
def test_every_quotation_with_a_day_is_counted_once(days):
    times = draw_times(days)
    if times is None:
        assert len({(day.year, day.month) for day in days}) == 1
        return
    assert sum(row.n for row in times.counts) == len(days)
    assert times.unit == "year" or len(columns(times)) <= MAX_COLUMNS


def test_months_without_quotations_have_their_place():
    unit, columns = fill_months({MAY.replace(day=1): 9, JULY: 1})
    assert unit == "month"
    assert [tuple(row) for row in columns] == [("May 2031", 9), ("Jun 2031", 0), ("Jul 2031", 1)]
    assert fill_months({}) == ("month", [])
