"""Count what was said by month, or by year where that would be too many columns, and draw it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from copydesk.report.lengths import draw_strip
from copydesk.report.rows.source import CountRow
from copydesk.report.words import month_of

MIN_DATED = 10  # quotations: fewer are seen at a glance in the list
MAX_COLUMNS = 48  # months, in a strip that is as wide as a phone


class Times(NamedTuple):
    """How many quotations there are of each month or year; the drawing has a column for each."""

    unit: str
    svg: Markup
    counts: Sequence[CountRow]  # of those that have any
    first: str
    last: str

    @property
    def most(self) -> int:
        """The number of the highest column."""
        return max((row.n for row in self.counts), default=0)


def draw_times(days: Iterable[date | None]) -> Times | None:
    """Return quotations by the days of their articles, or None where there are too few to draw.

    Those without a day are left out.
    """
    dated = [day for day in days if day is not None]
    if len(dated) < MIN_DATED:
        return None
    return draw_months(Counter(day.replace(day=1) for day in dated))


def draw_months(counts: Mapping[date, int]) -> Times | None:
    """Return quotations by month, given the first day of each; None for less than two months."""
    if len(counts) < 2:  # noqa: PLR2004 - one column shows nothing
        return None
    unit, columns = fill_months(counts)
    shown = [row for row in columns if row.n]
    svg = draw_strip([row.n for row in columns])
    return Times(unit, svg, shown, columns[0].name, columns[-1].name)


def fill_months(counts: Mapping[date, int]) -> tuple[str, list[CountRow]]:
    """Return all months from the first to the last, or the years if these are too many columns."""
    if not counts:
        return "month", []
    months = list(_list_months(min(counts), max(counts)))
    if len(months) <= MAX_COLUMNS:
        return "month", [CountRow(month_of(each), counts.get(each, 0)) for each in months]
    years: Counter[int] = Counter()
    for month, n in counts.items():
        years[month.year] += n
    each_year = range(min(years), max(years) + 1)
    return "year", [CountRow(str(year), years[year]) for year in each_year]


def _list_months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
