"""Count what was said by month, or by year where that would be too many columns, and draw it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from copydesk.report.charts import draw_strip
from copydesk.report.rows.source import CountRow
from copydesk.report.words import month_of

MIN_DATED = 10  # quotations: fewer are seen at a glance in the list
MAX_COLUMNS = 48  # months, in a strip that is as wide as a phone


class Times(NamedTuple):
    """How many quotations there are of each month or year; the drawing has a column for each."""

    unit: str
    svg: str
    counts: Sequence[CountRow]  # of those that have any
    first: str
    last: str

    @property
    def most(self) -> int:
        """The number of the highest column."""
        return max(row.n for row in self.counts)


def draw_times(days: Iterable[date | None]) -> Times | None:
    """Return quotations by the days of their articles, or None where there are too few to draw.

    Those without a day are left out.
    """
    dated = [day for day in days if day is not None]
    months = Counter(day.replace(day=1) for day in dated)
    if len(dated) < MIN_DATED or len(months) < 2:  # noqa: PLR2004 - one column shows nothing
        return None
    each = list(_list_months(min(months), max(months)))
    if len(each) <= MAX_COLUMNS:
        return _draw("month", [CountRow(month_of(month), months[month]) for month in each])
    years = Counter(day.year for day in dated)
    each_year = range(min(years), max(years) + 1)
    return _draw("year", [CountRow(str(year), years[year]) for year in each_year])


def _draw(unit: str, counts: Sequence[CountRow]) -> Times:
    svg = draw_strip([(row.name, row.n) for row in counts])
    return Times(unit, svg, [row for row in counts if row.n], counts[0].name, counts[-1].name)


def _list_months(first: date, last: date) -> Iterable[date]:
    month = first
    while month <= last:
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
