"""Behaviour of `text.dates`: a date is never read more precisely than it is stated."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.text.dates import find_date, find_day_order, parse_day, read_delivered_date
from copydesk.values import Precision

TEXTS = st.lists(
    st.sampled_from(
        (
            *("May", "Sept.", "sept", "March", "3", "03", "31", "2031", "1999", "20٣١", "٣", ","),
            *("of", "3rd", "-", "/", "2031-05-03", "2031/5/3", "\n"),
        )
    )
    | st.text(max_size=5),
    max_size=10,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("May 3, 2031", "2031-05-03"),
        ("May 3 2031", "2031-05-03"),
        ("3 May 2031", "2031-05-03"),
        ("3rd of May, 2031", "2031-05-03"),
        ("Sept. 21st, 2031", "2031-09-21"),
        ("SEPTEMBER 21, 2031", "2031-09-21"),
        ("2031-05-03", "2031-05-03"),
        ("2031/5/3", "2031-05-03"),
        ("2031-05-03T10:15:00Z", "2031-05-03"),
        ("Published on Monday, May 3, 2031 at 10:15", "2031-05-03"),
        ("May 3", "--05-03"),
        ("on 3 May at noon", "--05-03"),
        ("ſept 3", "--09-03"),  # the old long s is an s to a pattern that ignores case
        ("Aprıl 3", "--04-03"),  # so is the dotless i of Turkish an i
        ("Feb 29", "--02-29"),
        ("Feb 29, 2032", "2032-02-29"),
        ("Feb 29, 2031", None),
        ("31 April 2031", None),
        ("2031-13-03", None),
        ("May 2031", None),
        ("May", None),
        ("2031", None),
        ("03/05/2031", None),
        ("Monday", None),
        ("", None),
        ("Junction 12 reopened", None),
        ("The crews marched 12 miles", None),
        ("Market 15", None),
        ("Published May 3, 2031, updated 2031-05-05", "2031-05-03"),
        ("3 May 2031 or May 5, 2031", "2031-05-03"),
    ],
)
def test_the_first_date_is_read_as_it_is_stated(text, value):
    stated = find_date(text)
    assert (stated and stated.value) == value


@pytest.mark.parametrize(
    ("text", "precision", "place"),
    [
        ("Updated May 3, 2031 at noon", Precision.DAY, "May 3, 2031"),
        ("PORT ELSA, May 3 (AP)", Precision.MONTH_DAY, "May 3"),
        ("Filed 2031-05-03.", Precision.DAY, "2031-05-03"),
    ],
)
def test_a_date_has_a_precision_and_a_place(text, precision, place):
    stated = find_date(text)
    assert (stated.precision, text[stated.start : stated.end]) == (precision, place)


def test_a_day_needs_a_year():
    assert parse_day("2031-05-03") == date(2031, 5, 3)
    assert parse_day("--05-03") is None


@given(TEXTS)
@example("May 3, 20٣١")
def test_what_is_read_in_any_text_is_a_date(text):
    stated = find_date(text)
    if stated is not None:
        assert 0 <= stated.start < stated.end <= len(text)
        assert (parse_day(stated.value) is not None) == (stated.precision is Precision.DAY)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_any_day_is_read_back_however_it_is_written(day):
    month = f"{day:%B}"
    for text in (
        day.isoformat(),
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
    ):
        assert parse_day(find_date(text).value) == day


@pytest.mark.parametrize(
    ("stated", "is_day_first", "value"),
    [
        ("2031-05-03T10:15:00Z", None, "2031-05-03"),
        ("Sat, 03 May 2031 10:15:00 GMT", None, "2031-05-03"),
        ("03-May-2031", None, "2031-05-03"),
        ("03-may-31", None, "2031-05-03"),
        ("03-May-87", None, "1987-05-03"),
        ("03.05.2031", None, "2031-05-03"),
        ("3.5.2031 10:15", None, "2031-05-03"),
        ("2031.05.03", None, "2031-05-03"),
        ("2031年5月3日", None, "2031-05-03"),
        ("/Date(1935569700000)/", None, "2031-05-03"),
        ("/Date(1935569700000+0200)/", None, "2031-05-03"),
        ("47971", None, "2031-05-03"),
        ("47971.427", None, "2031-05-03"),
        ("3/5/2031", None, None),
        ("3/5/2031", True, "2031-05-03"),
        ("5/3/2031 10:15", False, "2031-05-03"),
        ("23/5/2031", None, "2031-05-23"),
        ("23/5/2031", False, "2031-05-23"),
        ("5/23/2031", True, "2031-05-23"),
        ("5/5/2031", None, "2031-05-05"),
        ("31.02.2031", None, None),
        ("99999", None, None),
        ("12345", None, None),
        ("May 2031", None, None),
        ("2031-May-03", None, "2031-05-03"),
        ("2031 May 3", None, "2031-05-03"),
        ("03MAY2031", None, "2031-05-03"),
        ("Sat May 03 10:15:00 UTC 2031", None, "2031-05-03"),
        ("Sat May  3 10:15:00 2031", None, "2031-05-03"),
        ("Sat May 03 10:15:00 +0000 2031", None, "2031-05-03"),
        ("2031-May-33", None, None),
        ("", None, None),
    ],
)
def test_a_delivered_date_is_read_as_machines_write_it(stated, is_day_first, value):
    found = read_delivered_date(stated, is_day_first=is_day_first)
    assert (None if found is None else found.value) == value


@pytest.mark.parametrize(
    ("stated", "order"),
    [
        ("23/5/2031", True),
        ("5/23/2031", False),
        ("3/5/2031", None),
        ("23/23/2031", None),
        ("x", None),
    ],
)
def test_a_number_that_is_no_month_settles_the_order(stated, order):
    assert find_day_order(stated) is order


@given(st.text(max_size=20) | st.from_regex(r"/?Date\([0-9]{9,14}\)/?|[0-9/.-]{5,10}"))
def test_a_delivered_date_is_a_day_or_nothing(stated):
    found = read_delivered_date(stated, is_day_first=True)
    assert found is None or found.value.startswith("--") or parse_day(found.value)
