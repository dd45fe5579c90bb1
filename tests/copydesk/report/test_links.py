"""Behaviour of `report.links`: days in words, with what two have in common said once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.links import show_days

MAY_3, MAY_5, JUNE_1 = date(2031, 5, 3), date(2031, 5, 5), date(2031, 6, 1)
NEXT_YEAR = date(2032, 5, 3)
ROWS = [
    (MAY_3, MAY_3, "3 May 2031"),
    (MAY_3, MAY_5, "3–5 May 2031"),
    (MAY_3, JUNE_1, "3 May – 1 June 2031"),
    (MAY_3, NEXT_YEAR, "3 May 2031 – 3 May 2032"),
    (None, MAY_3, "3 May 2031"),
    (MAY_3, None, "3 May 2031"),
    (None, None, "no date"),
]


@pytest.mark.parametrize(("first", "last", "shown"), ROWS)
def test_days_are_shown_as_people_write_them(first, last, shown):
    assert show_days(first, last).striptags() == shown


@given(st.dates(), st.dates())
def test_both_days_can_be_read_by_programs(first, last):
    first, last = sorted([first, last])
    html = show_days(first, last)
    assert f'datetime="{first.isoformat()}"' in html
    assert f'datetime="{last.isoformat()}"' in html
