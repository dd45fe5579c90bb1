"""Compose the page of an outlet: whom it quotes, how it names them, and what was removed."""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.report.charts import draw_columns, draw_rows
from copydesk.report.rows.outlet import (
    OUTLET_ARTICLES,
    OUTLET_GENDERS,
    OUTLET_HEADS,
    OUTLET_MONTHS,
    OUTLET_REMOVED,
    OUTLET_SOURCES,
    OUTLET_SPEAKERS,
    GenderRow,
    MonthRow,
    OutletArticleRow,
    OutletHead,
    OutletSpeakerRow,
)
from copydesk.report.rows.source import CountRow, PageRows
from copydesk.report.words import SOURCES, month_of, say_words

GENDERS = ("he", "she", "unknown")
MAX_MONTHS = 36


@dataclass(frozen=True, slots=True)
class OutletPage:
    """The page of an outlet."""

    page_id: str
    head: OutletHead
    months: Sequence[MonthRow]
    n_months: int
    months_chart: str
    sources: Sequence[CountRow]
    sources_chart: str
    genders: Sequence[GenderRow]
    genders_chart: str
    removed: Sequence[CountRow]
    removed_chart: str
    speakers: Sequence[OutletSpeakerRow]
    articles: Sequence[OutletArticleRow]
    part: int = 1
    n_parts: int = 1

    @property
    def title(self) -> str:
        """The name."""
        return self.head.outlet

    @property
    def n_quotes(self) -> int:
        """How many quotations it has."""
        return sum(each.n for each in self.sources)


def compose_outlet(rows: PageRows) -> list[OutletPage]:
    """Return the page of an outlet."""
    (head,) = rows.of(OUTLET_HEADS)
    months = rows.of(OUTLET_MONTHS)
    shown = [each for each in months if each.month is not None][-MAX_MONTHS:]
    found = {each.gender: each for each in rows.of(OUTLET_GENDERS)}
    genders = [found.get(gender, GenderRow(gender, 0, 0)) for gender in GENDERS]
    has_genders = any(each.n_quotes for each in genders)
    sources, removed = rows.of(OUTLET_SOURCES), rows.of(OUTLET_REMOVED)
    columns = tuple((month_of(each.month), each.n_quotes) for each in shown if each.month)
    return [
        OutletPage(
            page_id=rows.page_id,
            head=head,
            months=shown,
            n_months=len(months),
            months_chart=draw_columns(columns) if len(columns) > 1 else "",
            sources=sources,
            sources_chart=draw_rows(tuple((SOURCES[each.name], each.n) for each in sources)),
            genders=genders if has_genders else (),
            genders_chart=draw_rows(tuple((each.gender, each.n_quotes) for each in genders))
            if has_genders
            else "",
            removed=removed,
            removed_chart=draw_rows(tuple((say_words(each.name), each.n) for each in removed)),
            speakers=rows.of(OUTLET_SPEAKERS),
            articles=rows.of(OUTLET_ARTICLES),
        )
    ]
