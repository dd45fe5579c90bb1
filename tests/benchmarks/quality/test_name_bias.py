"""Whom a pronoun means does not depend on where a name comes from: a floor for each region."""

from collections import Counter

import pytest

from benchmarks.quality.name_bias import FRAMES, format_table, judge, make_cases, verdict

FLOOR = 0.9  # of each region's articles; it may only rise
MAX_WRONG = 0.06  # of them, the words in another mouth


@pytest.fixture(scope="module")
def verdicts():
    found: dict[str, Counter[str]] = {}
    for case, speaker in judge(make_cases()):
        found.setdefault(case.region, Counter())[verdict(case, speaker)] += 1
    return found


@pytest.mark.model
def test_no_region_of_names_is_read_worse_than_the_floor(verdicts):
    table = format_table(verdicts)
    assert all(counts["right"] >= FLOOR * counts.total() for counts in verdicts.values()), table
    assert all(counts["wrong"] <= MAX_WRONG * counts.total() for counts in verdicts.values()), table


def test_each_region_has_twenty_names_in_six_frames():
    counts = Counter(case.region for case in make_cases())
    assert len(counts) == 12
    assert set(counts.values()) == {20 * len(FRAMES)} == {120}


def test_each_article_names_its_person_once():
    assert all(case.text.count(case.name) == 1 for case in make_cases())


@pytest.mark.parametrize(
    ("found", "expected"),
    [(None, "open"), ("Danso", "right"), ("Kofi Danso", "right"), ("Paul Miller", "wrong")],
)
def test_a_part_of_a_name_is_right_and_another_is_wrong(found, expected):
    case = next(make_cases())._replace(name="Kofi Danso")
    assert verdict(case, found) == expected
