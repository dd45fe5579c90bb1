"""Read the dates that a page states, never more precisely than it states them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words
from copydesk.values import Precision

YEAR = r"(?:,?\s+(?P<year>(?:19|20)[0-9]{2}))"
NUMBER = re.compile(r"[0-9](?<!\w.)")  # the first digit of a number that is not inside a word
CHARS_BEFORE = 20  # before a day, in which its month is looked for
# Days as machines and tables write them. A point is between day, month and year only in this order;
# a slash may have the month first.
POINTED = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>(?:19|20)[0-9]{2})\b")
SLASHED = re.compile(
    r"(?P<first>[0-9]{1,2})[/-](?P<second>[0-9]{1,2})[/-](?P<year>(?:19|20)[0-9]{2})\b"
)
YEAR_FIRST = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})\s*[.年]\s*(?P<month>[0-9]{1,2})\s*[.月]\s*(?P<day>[0-9]{1,2})"
)
SHORT_YEAR = r"[0-9]{{1,2}}-(?:{names})-(?P<year>[0-9]{{2}})\b"
NAMED_DAYS = (
    r"(?P<year>(?:19|20)[0-9]{{2}})[\s/.-]+(?P<month>{names})\.?[\s/.-]+(?P<day>[0-9]{{1,2}})\b",
    r"(?P<day>[0-9]{{1,2}})(?P<month>{names})(?P<year>(?:19|20)[0-9]{{2}})\b",
    (
        r"(?:[a-z]{{3}},?\s+)?(?P<month>{names})\s+(?P<day>[0-9]{{1,2}})\s+[0-9]{{2}}:[0-9]{{2}}"
        r"(?::[0-9]{{2}})?\s+(?:[a-z]{{1,5}}\s+|[+-][0-9]{{2}}:?[0-9]{{2}}\s+)?"
        r"(?P<year>(?:19|20)[0-9]{{2}})\b"
    ),
)
JSON_TIME = re.compile(r"/?Date\((?P<thousandths>-?[0-9]{9,14})(?:[+-][0-9]{4})?\)/?")
TABLE_DAY = re.compile(r"(?P<days>[0-9]{5})(?:\.[0-9]+)?")
TABLE_DAYS = range(25_569, 73_051)  # 1970 to 2099: spreadsheets count days from the end of 1899
TABLE_START = date(1899, 12, 30)
MONTHS = 12
CENTURY, PIVOT = 2_000, 70  # two digits of a year: 31 is 2031, 71 is 1971
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
    return next(iter(find_dates(text, language=language)), None)


def find_dates(text: str, *, language: Language = ENGLISH) -> list[StatedDate]:
    """Return the dates that `text` states, in its order; none begins inside another one."""
    found = (_read(match, language) for match in _find_matches(text, language))
    stated = sorted(filter(None, found), key=lambda date: (date.start, -date.end))
    ends = [0, *accumulate((date.end for date in stated), max)]
    return [date for date, end in zip(stated, ends, strict=False) if date.start >= end]


def read_delivered_date(
    value: str, *, is_day_first: bool | None = None, language: Language = ENGLISH
) -> StatedDate | None:
    """Return the date in a field that came with a page, as machines and tables write dates too.

    `is_day_first` says how the numbers of 8/5/2031 are meant; without it, that is no date unless
    one of them can only be a day.
    """
    text = value.strip()
    day = (
        _read_counted(text)
        or _read_ordered(text, is_day_first=is_day_first)
        or _read_short(text, language)
        or _read_named(text, language)
    )
    if day is not None:
        return StatedDate(day.isoformat(), Precision.DAY, 0, len(text))
    return find_date(text, language=language) or find_date(
        text.replace("-", " "), language=language
    )


def find_day_order(value: str) -> bool | None:
    """Return whether the day is first in a date such as 21/5/2031, or None where it may be."""
    found = SLASHED.match(value.strip())
    first, second = (int(found["first"]), int(found["second"])) if found else (0, 0)
    return first > MONTHS if max(first, second) > MONTHS >= min(first, second) else None


def _read_counted(text: str) -> date | None:
    """Return the day that a number counts: thousandths of seconds from 1970, or days from 1899."""
    if found := JSON_TIME.fullmatch(text):
        return datetime.fromtimestamp(int(found["thousandths"]) / 1_000, UTC).date()
    found = TABLE_DAY.fullmatch(text)
    if found is not None and int(found["days"]) in TABLE_DAYS:
        return TABLE_START + timedelta(days=int(found["days"]))
    return None


def _read_ordered(text: str, *, is_day_first: bool | None) -> date | None:
    """Return the day that three numbers stand for, where their order is known."""
    found = POINTED.match(text) or YEAR_FIRST.match(text)
    if found is not None:
        return _make_day(int(found["year"]), int(found["month"]), int(found["day"]))
    found = SLASHED.match(text)
    if found is None:
        return None
    proven = find_day_order(text)
    order = is_day_first if proven is None else proven
    numbers = (int(found["first"]), int(found["second"]))
    if numbers[0] == numbers[1]:
        order = True
    if order is None:
        return None
    day, month = numbers if order else numbers[::-1]
    return _make_day(int(found["year"]), month, day)


def _read_short(text: str, language: Language) -> date | None:
    """Return the day of a date whose year has two digits, as 08-May-31 has."""
    names = "|".join(name for month in load_date_words(language).months for name in month)
    found = re.match(SHORT_YEAR.format(names=names), text, re.IGNORECASE)
    if found is None:
        return None
    number, month, _ = text.split("-")[:3]
    year = int(found["year"])
    whole = year + CENTURY if year < PIVOT else year + CENTURY - 100
    return _make_day(whole, _number_month(month, language), int(number))


def _read_named(text: str, language: Language) -> date | None:
    """Return the day of a date with the name of its month, as programs and forms order its parts.

    These are 2031-Nov-07, 07NOV2031, and Fri Nov 07 09:15:00 UTC 2031.
    """
    names = "|".join(name for month in load_date_words(language).months for name in month)
    matches = (re.match(form.format(names=names), text, re.IGNORECASE) for form in NAMED_DAYS)
    found = next(filter(None, matches), None)
    if found is None:
        return None
    return _make_day(int(found["year"]), _number_month(found["month"], language), int(found["day"]))


def _make_day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if _is_day(year, month, day) else None


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
