"""Compose the page of an outlet: whom it quotes, how it names them, and what was removed."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from copydesk.report.times import Times, draw_months
from copydesk.report.words import SOURCES, say_words

GENDERS = ("he", "she", "unknown")
MAX_MONTHS = 36


@dataclass(frozen=True, slots=True)
class OutletPage:
    """The page of an outlet."""

    page_id: str
    head: OutletHead
    months: Sequence[MonthRow]
    n_months: int
    times: Times | None
    sources: Sequence[CountRow]
    genders: Sequence[GenderRow]
    removed: Sequence[CountRow]
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

    @property
    def n_removed(self) -> int:
        """How many lines of its pages are not copy."""
        return sum(each.n for each in self.removed)


def compose_outlet(rows: PageRows) -> list[OutletPage]:
    """Return the page of an outlet."""
    (head,) = rows.of(OUTLET_HEADS)
    months = rows.of(OUTLET_MONTHS)
    shown = [each for each in months if each.month is not None][-MAX_MONTHS:]
    found = {each.gender: each for each in rows.of(OUTLET_GENDERS)}
    genders = [found.get(gender, GenderRow(gender, 0, 0)) for gender in GENDERS if found]
    sources = [CountRow(SOURCES[each.name], each.n) for each in rows.of(OUTLET_SOURCES)]
    removed = [CountRow(say_words(each.name), each.n) for each in rows.of(OUTLET_REMOVED)]
    return [
        OutletPage(
            page_id=rows.page_id,
            head=head,
            months=shown,
            n_months=len(months),
            times=draw_months({each.month: each.n_quotes for each in shown if each.month}),
            sources=sources,
            genders=genders,
            removed=removed,
            speakers=rows.of(OUTLET_SPEAKERS),
            articles=rows.of(OUTLET_ARTICLES),
        )
    ]
