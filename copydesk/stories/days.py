"""Read the day of an article's news, and say how precisely two articles agree on it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words, load_event_words
from copydesk.text.dates import find_date
from copydesk.text.lines import WORD

RECENT_DAYS = 35  # news is dated by what was so long ago at most; all reports repeat older history
DAYS_OF_WEEK = 7
DAYS_OF_YEAR = 366
LEAP_YEAR = 2000  # any: days of no year are counted in it
WORD_BEFORE = re.compile(r"(\w+)\s+\Z")
CHARS_BEFORE = 40  # before a day, in which the word before it is looked for


class Agreement(Enum):
    """How precisely two articles state the same day."""

    DAY = auto()
    WEEKDAY = auto()


class Day(NamedTuple):
    """What an article says about the day of its news."""

    day: date | None
    """The day, where the year is proven."""
    reference: date | None
    """The day of the dateline, in no year; the news is of that day or of the week before it."""
    weekday: int | None
    """0 is Monday."""


class SpokenDay(NamedTuple):
    """A day in everyday words: a weekday, or so many days ago."""

    weekday: int | None
    back: int | None
    start: int


class DayWords(NamedTuple):
    """The words for a day in running text: its number in the week, or how many days ago it was."""

    pattern: re.Pattern[str]
    weekdays: Mapping[str, int]
    days_back: Mapping[str, int]


@cache
def load_day_words(language: Language) -> DayWords:
    """Return the words for a day as they are written; weekdays have a capital."""
    known = load_date_words(language)
    weekdays = {name.capitalize(): number for number, name in enumerate(known.weekdays)}
    days_back = dict(known.days_back)
    days_back |= {word.capitalize(): back for word, back in known.days_back.items()}
    words = "|".join([*weekdays, *days_back])
    return DayWords(re.compile(rf"(?:{words})\b"), weekdays, days_back)


def find_day(
    lead: str,
    *,
    published_on: date | None,
    dateline: date | None,
    language: Language = ENGLISH,
) -> Day | None:
    """Return the day of the news: the first one that the lead states, else that of the dateline.

    `dateline` is a day of no year. "On Friday" is counted from the day of publication, which is not
    evidence by itself: an interview or a review has one too. A date far from the publication is not
    evidence either, for it may be history: "since the floods of 7 October".
    """
    spoken = _find_spoken_day(lead, language)
    if published_on is None:
        weekday = spoken.weekday if spoken else None
        is_stated = dateline is not None or weekday is not None
        return Day(None, dateline, weekday) if is_stated else None
    written = find_date(lead, language=language)
    if written is not None and (spoken is None or written.start < spoken.start):
        day = _last_before(published_on, without_year(written.value))
        if (published_on - day).days < DAYS_OF_WEEK:
            return Day(day, None, day.weekday())
    if spoken is not None:
        day = _count_back(published_on, spoken)
        return Day(day, None, day.weekday())
    if dateline is not None:
        day = _last_before(published_on, dateline)
        return Day(day, None, day.weekday())
    return None


def without_year(value: str) -> date:
    """Return the day that an ISO date, yearless or not, stands for in no year."""
    month, day = value.split("-")[-2:]
    return date(LEAP_YEAR, int(month), int(day))


def compare_days(one: Day, other: Day) -> Agreement | None:
    """Return how precisely two articles state the same day; None where they do not."""
    if one.day is None and other.day is not None:
        one, other = other, one
    if one.day is not None:
        return _compare_with_day(one.day, other)
    is_one_weekday = one.weekday == other.weekday
    if one.reference is not None and other.reference is not None:
        apart = _days_between(one.reference, other.reference)
        if one.weekday is None or other.weekday is None:
            return Agreement.DAY if apart == 0 else None
        return Agreement.DAY if is_one_weekday and apart <= 1 else None
    return Agreement.WEEKDAY if is_one_weekday and one.weekday is not None else None


def reference_of(day: Day) -> date | None:
    """Return the day that an article is of, in no year."""
    return without_year(day.day.isoformat()) if day.day else day.reference


def is_recent(stated: date, reference: date) -> bool:
    """Return whether a date lies shortly before another one, both of them in no year."""
    return 0 < (reference - stated).days % DAYS_OF_YEAR <= RECENT_DAYS


def _compare_with_day(day: date, other: Day) -> Agreement | None:
    if other.day is not None:
        return Agreement.DAY if day == other.day else None
    if other.weekday is not None and other.weekday != day.weekday():
        return None
    if other.reference is None:
        return Agreement.WEEKDAY
    late = _first_after(day, other.reference)
    meant = late if other.weekday is None else _count_back(late, SpokenDay(other.weekday, None, 0))
    return Agreement.DAY if day == meant else None


def _find_spoken_day(lead: str, language: Language) -> SpokenDay | None:
    words = load_day_words(language)
    for found in words.pattern.finditer(lead):
        before = lead[max(0, found.start() - CHARS_BEFORE) : found.start()]
        word = WORD_BEFORE.search(before)
        misleads = word and word[1].casefold() in load_event_words(language).not_the_day
        if WORD.match(before[-1:]) or misleads:
            continue
        name = found[0]
        return SpokenDay(words.weekdays.get(name), words.days_back.get(name), found.start())
    return None


def _count_back(reference: date, spoken: SpokenDay) -> date:
    """Return the day that was meant on `reference`: the last of that weekday, or the day itself."""
    back = spoken.back
    if spoken.weekday is not None:
        back = (reference.weekday() - spoken.weekday) % DAYS_OF_WEEK
    return reference - timedelta(days=back or 0)


def _last_before(reference: date, day: date) -> date:
    """Return the last day on or before `reference` with the month and day of `day`."""
    return next(found for found in _in_years(day, reference.year, -1) if found <= reference)


def _first_after(reference: date, day: date) -> date:
    """Return the first day on or after `reference` with the month and day of `day`."""
    return next(found for found in _in_years(day, reference.year, 1) if found >= reference)


def _in_years(day: date, year: int, step: int) -> Iterator[date]:
    """Yield `day` in `year` and the years after or before it; 29 February only in leap years."""
    for each in range(year, year + 9 * step, step):
        is_leap = each % 4 == 0 and (each % 100 != 0 or each % 400 == 0)
        if is_leap or (day.month, day.day) != (2, 29):
            yield day.replace(year=each)


def _days_between(one: date, other: date) -> int:
    apart = abs((one - other).days)
    return min(apart, DAYS_OF_YEAR - apart)
