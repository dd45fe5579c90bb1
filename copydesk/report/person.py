"""Compose the pages of a person: what they said, in which roles, who speaks of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from copydesk.report.differences import Wording, read_difference
from copydesk.report.rows.person import (
    PERSON_ABOUT,
    PERSON_HEADS,
    PERSON_MEETINGS,
    PERSON_NAMES,
    PERSON_QUOTES,
    PERSON_ROLES,
    PERSON_VERSIONS,
    AboutRow,
    AliasRow,
    MeetingRow,
    PersonHead,
    RoleRow,
    SaidRow,
    VersionRow,
)
from copydesk.report.rows.source import CountRow, PageRows
from copydesk.report.sizes import cut, fit, size_of
from copydesk.report.times import Times, draw_times
from copydesk.report.words import clip
from copydesk.values import Assertion

PART_QUOTES = 40  # quotations on one part of the pages of a person; the first has up to twice that
MAX_VERSIONS = 12  # of one statement
MAX_QUOTE_CHARS = 1_200
ROW_BYTES = 1_100  # markup around a quotation
PART_BYTES = 55_000  # of the quotations of a part
ABOUT_BYTES = 50_000
VERSION_BYTES = 60_000
MAX_ABOUT = 40
MAX_MEETINGS = 20
MAX_NAMES = 80


class ShownVersion(NamedTuple):
    """A version of a statement, with the words that differ from its longest version."""

    row: VersionRow
    wordings: list[Wording]


class Statement(NamedTuple):
    """A statement in several versions, the longest one first."""

    words: str
    n_versions: int
    versions: list[ShownVersion]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One part of the pages of a person; the first one has all but the older quotations.

    What a later part shows does not change with what is said after its quotations, until there is
    one part more.
    """

    page_id: str
    part: int
    n_parts: int
    name: str
    head: PersonHead | None
    quotes: Sequence[SaidRow]
    n_unvoiced: int  # of all quotations: thoughts, denials and the like
    times: Times | None
    outlets: Sequence[CountRow]
    roles: Sequence[RoleRow]
    names: Sequence[AliasRow]
    about: Sequence[AboutRow]
    n_about: int
    meetings: Sequence[MeetingRow]
    statements: Sequence[Statement]
    n_statements: int

    @property
    def title(self) -> str:
        """The name."""
        return self.name

    @property
    def first_day(self) -> date | None:
        """The day of the oldest quotation of this part that has one."""
        return min((row.published_on for row in self.quotes if row.published_on), default=None)

    @property
    def last_day(self) -> date | None:
        """The day of the newest one."""
        return max((row.published_on for row in self.quotes if row.published_on), default=None)


def compose_person(rows: PageRows) -> list[PersonPage]:
    """Return the parts of the pages of a person, at least one."""
    (head,) = rows.of(PERSON_HEADS)
    quotes, about = rows.of(PERSON_QUOTES), rows.of(PERSON_ABOUT)
    voiced = [row for row in quotes if row.is_speech and row.assertion == Assertion.SAID]
    outlets = Counter(row.outlet for row in voiced if row.outlet is not None)
    parts = _cut_parts(quotes)
    statements = _group_versions(rows.of(PERSON_VERSIONS))
    return [
        PersonPage(
            page_id=rows.page_id,
            part=part,
            n_parts=len(parts),
            name=head.name,
            head=head if part == 1 else None,
            quotes=quoted,
            n_unvoiced=len(quotes) - len(voiced) if part == 1 else 0,
            times=draw_times(row.published_on for row in voiced) if part == 1 else None,
            outlets=_rank(outlets) if part == 1 else (),
            roles=rows.of(PERSON_ROLES) if part == 1 else (),
            names=rows.of(PERSON_NAMES)[:MAX_NAMES] if part == 1 else (),
            about=fit(about[:MAX_ABOUT], _size_of_about, most=ABOUT_BYTES) if part == 1 else (),
            n_about=about[0].n_all if about and part == 1 else 0,
            meetings=rows.of(PERSON_MEETINGS)[:MAX_MEETINGS] if part == 1 else (),
            statements=fit(statements, _size_of_statement, most=VERSION_BYTES) if part == 1 else (),
            n_statements=len(statements) if part == 1 else 0,
        )
        for part, quoted in enumerate(parts, start=1)
    ]


def _cut_parts(quotes: Sequence[SaidRow]) -> list[list[SaidRow]]:
    """Return the quotations of each part, the newest first.

    They are cut from the oldest on, so that a new one changes the first part alone. That has what
    is left over and the part after it: a page with one new quotation would say little.
    """
    cuts = cut(quotes[::-1], _size_of_quote, most=PART_BYTES, most_rows=PART_QUOTES)
    *parts, newest = (list(reversed(part)) for part in cuts)
    return [newest + parts.pop() if parts else newest, *reversed(parts)]


def _rank(counts: Counter[str]) -> list[CountRow]:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [CountRow(name, n) for name, n in ranked[:MAX_ABOUT]]


def _group_versions(rows: Sequence[VersionRow]) -> list[Statement]:
    statements = []
    for _, group in groupby(rows, key=lambda row: row.quote_group_id):
        versions = list(group)
        shown = [
            ShownVersion(row, read_difference(row.difference)) for row in versions[:MAX_VERSIONS]
        ]
        statements.append(Statement(versions[0].statement, len(versions), shown))
    return statements


def _size_of_quote(row: SaidRow) -> int:
    return ROW_BYTES + size_of(clip(row.content, MAX_QUOTE_CHARS), row.headline, row.outlet)


def _size_of_about(row: AboutRow) -> int:
    return ROW_BYTES + size_of(clip(row.content, MAX_QUOTE_CHARS), row.headline, row.outlet)


def _size_of_statement(statement: Statement) -> int:
    words = [each.text for version in statement.versions for each in version.wordings]
    return ROW_BYTES * (len(statement.versions) + 1) + size_of(statement.words, *words)
