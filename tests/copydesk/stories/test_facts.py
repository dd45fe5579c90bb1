"""Behaviour of `stories.facts`: news of one day is found among numbers as among days."""

from datetime import date
from itertools import count

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.lake.delta import CorpusRows
from copydesk.lake.kept import Parts
from copydesk.lake.lake import Lake
from copydesk.rows import ReportFeatures
from copydesk.stories.days import Day
from copydesk.stories.events import list_day_keys
from copydesk.stories.facts import NEW_YEAR, Called, Facts
from copydesk.stories.reports import Report
from copydesk.tables import REPORT_FEATURES

NO_YEAR = st.dates(date(2000, 1, 1), date(2000, 12, 31))
REAL = st.dates(date(2024, 2, 25), date(2024, 3, 5)) | st.dates(
    date(2024, 12, 20), date(2025, 1, 9)
)
DAYS = (
    st.builds(lambda day: Day(day, None, day.weekday()), REAL)
    | st.builds(Day, st.none(), NO_YEAR, st.none() | st.integers(0, 6))
    | st.builds(Day, st.none(), st.none(), st.integers(0, 6))
)
CALLED = Called(np.array([7, 8, 9], np.uint64), np.array([1, 1, 2]))
NAMES = st.lists(st.sampled_from([7, 8, 9, 10]), max_size=2, unique=True)
REPORTS = st.lists(st.tuples(DAYS, st.lists(NO_YEAR, max_size=3), NAMES), min_size=2, max_size=6)
NUMBERS = count()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(REPORTS)
def test_news_of_one_day_and_person_is_found_as_its_keys_say(tmp_path, reports):
    lake = Lake(str(tmp_path / str(next(NUMBERS))))
    rows = [
        ReportFeatures(
            1, str(i), None, *day, sorted((each - NEW_YEAR).days for each in dates), [], names
        )
        for i, (day, dates, names) in enumerate(reports)
    ]
    lake.replace_corpus(REPORT_FEATURES, CorpusRows(REPORT_FEATURES.spool(rows), 0))
    people = dict(zip(CALLED.names.tolist(), CALLED.people.tolist(), strict=True))
    keys = [
        {
            (key, people[name])
            for key in list_day_keys(Report(day, *[frozenset()] * 4, frozenset(dates)))
            for name in people.keys() & set(names)
        }
        for day, dates, names in reports
    ]
    facts = Facts(lake, Parts({1: "may"}, {1: len(rows)}))
    for i, mine in enumerate(keys):
        expected = {str(j) for j, other in enumerate(keys) if mine & other}
        assert facts.find_same_news([str(i)], CALLED) == expected
