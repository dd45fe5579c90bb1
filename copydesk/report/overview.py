"""Compose the overview: what the tables hold, in numbers and charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.report.charts import draw_columns, draw_rows
from copydesk.report.rows.overview import (
    OVERVIEW_BUNDLES,
    OVERVIEW_COMPLETE,
    OVERVIEW_CONFIDENCE,
    OVERVIEW_MONTHS,
    OVERVIEW_NUMBERS,
    OVERVIEW_PEOPLE,
    OVERVIEW_REJECTED,
    OVERVIEW_REMOVED,
    OVERVIEW_SOURCES,
    BundleRow,
    Numbers,
    RejectedRow,
    TopPerson,
)
from copydesk.report.rows.source import CountRow, PageRows
from copydesk.report.times import fill_months
from copydesk.report.words import SOURCES, say_words


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its numbers."""

    title: str
    note: str
    what: str  # heading of the first column
    unit: str  # heading of the second one
    svg: str
    counts: Sequence[CountRow]
    of: int | None = None  # of how many; shares are shown where it is given


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The first page of the report."""

    page_id: str
    numbers: Numbers
    charts: Sequence[Chart]
    people: Sequence[TopPerson]
    rejected: Sequence[RejectedRow]
    bundles: Sequence[BundleRow]
    title: str = "Who said what"
    part: int = 1
    n_parts: int = 1


def compose_overview(rows: PageRows) -> list[OverviewPage]:
    """Return the overview."""
    (numbers,) = rows.of(OVERVIEW_NUMBERS)
    return [
        OverviewPage(
            page_id=rows.page_id,
            numbers=numbers,
            charts=[chart for chart in _list_charts(rows, numbers) if chart.counts],
            people=rows.of(OVERVIEW_PEOPLE),
            rejected=rows.of(OVERVIEW_REJECTED),
            bundles=rows.of(OVERVIEW_BUNDLES),
        )
    ]


def _list_charts(rows: PageRows, numbers: Numbers) -> list[Chart]:
    by_month = {each.month: each.n_quotes for each in rows.of(OVERVIEW_MONTHS)}
    unit, columns = fill_months(by_month)
    sources = [CountRow(SOURCES[each.name], each.n) for each in rows.of(OVERVIEW_SOURCES)]
    complete = [_named(each) for each in rows.of(OVERVIEW_COMPLETE)]
    confidence = rows.of(OVERVIEW_CONFIDENCE)
    removed = [_named(each) for each in rows.of(OVERVIEW_REMOVED)]
    return [
        Chart(
            "Who is quoted",
            "Statements by kind of source: a person or body with a name, somebody without one, "
            "a document, or nobody that the article states.",
            "source",
            "quotations",
            draw_rows(_pairs(sources)),
            sources,
            numbers.n_quotes,
        ),
        Chart(
            f"Quotations by {unit}",
            f"By the {unit} in which their articles were published, where it is proven; copies of "
            "one text count once for each outlet.",
            unit,
            "quotations",
            draw_columns(_pairs(columns)),
            [row for row in columns if row.n],
        ),
        Chart(
            "How complete articles are",
            "Articles in which a column is proven. What is missing is not stated on the page.",
            "column",
            "articles",
            draw_rows(_pairs(complete)),
            complete,
            numbers.n_articles,
        ),
        Chart(
            "How certain quotations are",
            "Quotations by confidence in their words and their speaker together.",
            "confidence",
            "quotations",
            draw_columns(_pairs(confidence)) if numbers.n_quotes else "",
            confidence if numbers.n_quotes else (),
            numbers.n_quotes,
        ),
        Chart(
            "What was removed",
            "Lines that are not copy, by their label. They are kept, and each article shows its "
            "own on demand.",
            "label",
            "lines",
            draw_rows(_pairs(removed)),
            removed,
            numbers.n_removed_lines,
        ),
    ]


def _named(count: CountRow) -> CountRow:
    return CountRow(say_words(count.name), count.n)


def _pairs(counts: Sequence[CountRow]) -> tuple[tuple[str, int], ...]:
    return tuple((each.name, each.n) for each in counts)
