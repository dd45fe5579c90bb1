"""Read the dates that a page states, never more precisely than it states them."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words
from copydesk.rows import Precision

YEAR = r"(?:,?\s+(?P<year>(?:19|20)[0-9]{2}))"
NUMBER = re.compile(r"[0-9](?<!\w.)")  # the first digit of a number that is not inside a word
CHARS_BEFORE = 20  # before a day, in which its month is looked for
LEAP_YEAR = 2000  # any: 29 February is a day of some year


class StatedDate(NamedTuple):
    """A date as stated: ISO 8601, `--05-01` where the year is not given, and where it is."""

    value: str
    precision: Precision
    start: int
    end: int


class DatePatterns(NamedTuple):
    """How dates are written: a month just before a number, and dates from either on."""

    month_before: re.Pattern[str]
    from_month: re.Pattern[str]
    from_number: tuple[re.Pattern[str], ...]


@cache
def load_date_patterns(language: Language) -> DatePatterns:
    """Return the patterns of dates, with the names of the months in them."""
    words = load_date_words(language)
    names = "|".join(name for month in words.months for name in month)
    month = rf"(?P<month>{names})\.?"
    day = rf"(?P<day>[0-9]{{1,2}})(?:{'|'.join(words.ordinals)})?"
    link = rf"(?:(?:{'|'.join(words.links)})\s+)?"
    return DatePatterns(
        month_before=re.compile(rf"\b{month}\s+\Z", re.IGNORECASE),
        from_month=re.compile(rf"\b{month}\s+{day}\b{YEAR}?", re.IGNORECASE),
        from_number=(
            re.compile(
                r"\b(?P<year>(?:19|20)[0-9]{2})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?![0-9])"
            ),
            re.compile(rf"\b{day}\s+{link}{month}{YEAR}?(?![a-z])", re.IGNORECASE),
        ),
    )


def find_date(text: str, *, language: Language = ENGLISH) -> StatedDate | None:
    """Return the first date that `text` states; offsets are into `text`."""
    found = (_read(match, language) for match in _find_matches(text, language))
    stated = (date for date in found if date is not None)
    return min(stated, key=lambda found: (found.start, -found.end), default=None)


def parse_day(value: str) -> date | None:
    """Return the day that an ISO date stands for, or None where it has no year."""
    return None if value.startswith("--") else date.fromisoformat(value)


def _find_matches(text: str, language: Language) -> Iterator[re.Match[str]]:
    """Yield what looks like a date: every one has a number, and texts have few of them."""
    patterns = load_date_patterns(language)
    for number in NUMBER.finditer(text):
        before = text[max(0, number.start() - CHARS_BEFORE) : number.start()]
        month = patterns.month_before.search(before)
        if month is not None:
            start = number.start() - len(before) + month.start()
            yield from filter(None, [patterns.from_month.match(text, start)])
        for pattern in patterns.from_number:
            yield from filter(None, [pattern.match(text, number.start())])


def _read(found: re.Match[str], language: Language) -> StatedDate | None:
    named = found["month"]
    month = int(named) if named.isdigit() else _number_month(named, language)
    year, day = found["year"], int(found["day"])
    if not _is_day(int(year or LEAP_YEAR), month, day):
        return None
    value = f"{year or '-'}-{month:02}-{day:02}"
    precision = Precision.DAY if year else Precision.MONTH_DAY
    return StatedDate(value, precision, found.start(), found.end())


@cache
def _number_month(name: str, language: Language) -> int:
    """Return the number of a month by its name, written in any letters that the patterns match."""
    names = load_date_words(language).months
    return next(
        number
        for number, forms in enumerate(names, start=1)
        if re.fullmatch("|".join(forms), name, re.IGNORECASE)
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
