"""Write values as people read them: days, numbers, shares, and names of rules."""

from datetime import date, datetime

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
SOURCES = {
    "named_person": "named person",
    "named_body": "named body",
    "unnamed_person": "unnamed person",
    "unnamed_body": "unnamed body",
    "document": "document",
    "none": "no source",
}
"""Who the sources of quotations are, as the queries tell them apart."""


def say_day(day: date) -> str:
    """Return a day in words: 5 May 2024."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_time(moment: datetime) -> str:
    """Return a day and a time, to the minute, in UTC."""
    return f"{say_day(moment.date())}, {moment:%H:%M} UTC"


def month_of(day: date) -> str:
    """Return a month, short enough for an axis: May 2024."""
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def say_words(name: str) -> str:
    """Return the name of a rule, label or reason with spaces."""
    return name.replace("_", " ")


def say_number(n: float) -> str:
    """Return a number with commas."""
    return f"{n:,}"


def say_share(share: float) -> str:
    """Return a share from 0 to 1 in per cent, without decimals."""
    return f"{share * 100:.0f} %"


def clip(text: str, n_chars: int) -> str:
    """Return a text, cut off where it is longer."""
    return text if len(text) <= n_chars else f"{text[:n_chars].rstrip()} …"
