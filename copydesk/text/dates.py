"""Read the dates that a page states, never more precisely than it states them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from copydesk.rows import Precision

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?:,?\s+(?P<year>(?:19|20)[0-9]{2}))"
NUMBER = re.compile(r"[0-9](?<!\w.)")  # the first figure of one that does not stand inside a word
MONTH_BEFORE = re.compile(rf"\b{NAME}\s+\Z", re.IGNORECASE)
CHARS_BEFORE = 20  # in which the month before a day stands
FROM_NUMBER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)[0-9]{2})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?![0-9])",
        rf"\b{DAY}\s+(?:of\s+)?{NAME}{YEAR}?(?![a-z])",
    )
)
FROM_MONTH = re.compile(rf"\b{NAME}\s+{DAY}\b{YEAR}?", re.IGNORECASE)


class StatedDate(NamedTuple):
    """A date as stated: ISO 8601, `--05-01` where the year is not given, and where it stands."""

    value: str
    precision: Precision
    start: int
    end: int


def find_date(text: str) -> StatedDate | None:
    """Return the first date that `text` states; offsets are into `text`."""
    stated = (read for found in _find_matches(text) if (read := _read(found)) is not None)
    return min(stated, key=lambda found: (found.start, -found.end), default=None)


def _find_matches(text: str) -> Iterator[re.Match[str]]:
    """Yield what looks like a date: every one has a number, and texts have few of them."""
    for number in NUMBER.finditer(text):
        before = text[max(0, number.start() - CHARS_BEFORE) : number.start()]
        month = MONTH_BEFORE.search(before)
        if month is not None:
            start = number.start() - len(before) + month.start()
            yield from filter(None, [FROM_MONTH.match(text, start)])
        for pattern in FROM_NUMBER:
            yield from filter(None, [pattern.match(text, number.start())])


def parse_day(value: str) -> date | None:
    """Return the day that an ISO date stands for, or None where it has no year."""
    return None if value.startswith("--") else date.fromisoformat(value)


def _read(found: re.Match[str]) -> StatedDate | None:
    name = found["month"].lower()[:3]
    month = MONTHS.index(name) + 1 if name in MONTHS else int(name)
    year, day = found["year"], int(found["day"])
    # 29 February is a day of some year: a leap year decides whether a yearless date exists.
    if not _is_day(int(year or 2000), month, day):
        return None
    value = f"{year or '-'}-{month:02}-{day:02}"
    precision = Precision.DAY if year else Precision.MONTH_DAY
    return StatedDate(value, precision, found.start(), found.end())


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
