"""Compose the pages of a person: what they said, in which roles, who speaks of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from copydesk.report.differences import Wording, read_difference
from copydesk.report.rows import (
    PERSON_ABOUT,
    PERSON_HEADS,
    PERSON_MEETINGS,
    PERSON_NAMES,
    PERSON_QUOTES,
    PERSON_ROLES,
    PERSON_VERSIONS,
    AboutRow,
    AliasRow,
    CountRow,
    MeetingRow,
    PageRows,
    PersonHead,
    RoleRow,
    SaidRow,
    VersionRow,
)

PART_QUOTES = 60  # quotations on one part of the pages of a person
MAX_VERSIONS = 12  # of one statement
MAX_STATEMENTS = 25
MAX_ABOUT = 40
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
    """One part of the pages of a person; the first one has all but the older quotations."""

    page_id: str
    part: int
    n_parts: int
    head: PersonHead
    quotes: Sequence[SaidRow]
    n_quotes: int
    outlets: Sequence[CountRow]
    roles: Sequence[RoleRow]
    names: Sequence[AliasRow]
    about: Sequence[AboutRow]
    n_about: int
    meetings: Sequence[MeetingRow]
    statements: Sequence[Statement]

    @property
    def title(self) -> str:
        """The name."""
        return self.head.name


def compose_person(rows: PageRows) -> list[PersonPage]:
    """Return the parts of the pages of a person, at least one."""
    (head,) = rows.of(PERSON_HEADS)
    quotes, about = rows.of(PERSON_QUOTES), rows.of(PERSON_ABOUT)
    outlets = Counter(quote.outlet for quote in quotes if quote.outlet is not None)
    starts = range(0, max(len(quotes), 1), PART_QUOTES)
    return [
        PersonPage(
            page_id=rows.page_id,
            part=part,
            n_parts=len(starts),
            head=head,
            quotes=quotes[start : start + PART_QUOTES],
            n_quotes=len(quotes),
            outlets=_rank(outlets) if part == 1 else (),
            roles=rows.of(PERSON_ROLES) if part == 1 else (),
            names=rows.of(PERSON_NAMES)[:MAX_NAMES] if part == 1 else (),
            about=about[:MAX_ABOUT] if part == 1 else (),
            n_about=about[0].n_all if about else 0,
            meetings=rows.of(PERSON_MEETINGS)[:MAX_ABOUT] if part == 1 else (),
            statements=_group_versions(rows.of(PERSON_VERSIONS)) if part == 1 else (),
        )
        for part, start in enumerate(starts, start=1)
    ]


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
    return statements[:MAX_STATEMENTS]
