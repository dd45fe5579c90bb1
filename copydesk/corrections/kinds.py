"""Declare the corrections that people write: one class for each kind, one field for each column.

A file of `data/corrections` holds rows of one kind, which its header decides. Nothing here knows
where a row comes from; `copydesk.corrections.files` reads and writes them.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from copydesk.rows import content_id
from copydesk.values import (
    COPY_LABELS,
    NAME_LABELS,
    ArticleKind,
    Assertion,
    CorrectionKind,
    EntityLabel,
    Label,
    OutletKind,
    QuoteType,
)

NONE = "none"  # what a cell says of a value that is to be taken away
PARTS = "||"  # between the parts of a split content
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGE_KEYS = ("article", "raw_sha256", "url")  # columns that say which page a row is about
MAX_SHOWN_CHARS = 60  # of a text, where a correction is described


def check_day(value: object) -> object:
    """Return a day as it was written, or refuse one that is not year, month and day.

    A sheet may show 2031-05-03 as 03.05.31, and nobody knows then which part is the month.
    """
    if isinstance(value, str) and value != NONE and not DAY.fullmatch(value):
        msg = f"{value!r} is not a day as 2031-05-03"
        raise ValueError(msg)
    return value


Day = Annotated[date, BeforeValidator(check_day)]


class LineAction(StrEnum):
    """What to do with a line."""

    RESTORE = "restore"
    REMOVE = "remove"
    RELABEL = "relabel"


class QuoteAction(StrEnum):
    """What to do with a quotation."""

    CHANGE = "change"
    REJECT = "reject"


class EntityAction(StrEnum):
    """What to do with the entity of a name."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DROP = "drop"


class Correction(BaseModel):
    """A row of a file: what is corrected, by whom, when and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    kind_of: ClassVar[CorrectionKind]
    required: ClassVar[frozenset[str]]
    """Columns that a header has to have; they tell the kinds apart."""
    subject: ClassVar[str] = ""
    """Column that says what a row is about, on its page if it is about one."""
    file_name: ClassVar[str]
    """File that the command writes to; a row of any other file counts as much."""

    author: Annotated[str, Field(min_length=1, description="who decided")]
    decided_on: Annotated[Day, Field(alias="date", description="when, as 2031-05-03")]
    note: Annotated[str, Field(description="why, in your words")] = ""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the names of the columns: what is corrected, then author, date and note."""
        names = [field.alias or name for name, field in cls.model_fields.items()]
        shared = [field.alias or name for name, field in Correction.model_fields.items()]
        return (*(name for name in names if name not in shared), *shared)

    @property
    def cells(self) -> Mapping[str, str]:
        """What each column says; an empty text where it says nothing."""
        values = self.model_dump(mode="json", by_alias=True)
        return {
            name: "" if values[name] is None else str(values[name]) for name in type(self).columns()
        }

    @property
    def correction_id(self) -> str:
        """Return an id that depends on what the row says alone, wherever it is written."""
        said = (f"{name}={cell}" for name, cell in self.cells.items() if cell)
        return content_id(self.kind_of, *said)

    def describe(self) -> str:
        """Return what the row says, in one line."""
        raise NotImplementedError

    def is_about_same(self, other: "Correction") -> bool:
        """Return whether another row is about the same line, quotation, article, name or outlet."""
        if self.kind_of is not other.kind_of:
            return False
        mine, others = self.cells.get(self.subject), other.cells.get(self.subject)
        return self.touches(other) and fold_name(mine) == fold_name(others)

    def touches(self, other: "Correction") -> bool:
        """Return whether another row may change what this one is about."""
        mine, others = self.cells.get(self.subject), other.cells.get(self.subject)
        return self.kind_of is other.kind_of and fold_name(mine) == fold_name(others)


class PageRow(Correction):
    """A row about one page, which its id, the hash of its bytes or its address names."""

    article: Annotated[str | None, Field(description="id of the article")] = None
    raw_sha256: Annotated[
        str | None, Field(description="hash of the page as delivered, for when its id changes")
    ] = None
    url: Annotated[
        str | None, Field(description="address delivered with the page, for when both change")
    ] = None

    @model_validator(mode="after")
    def _name_page(self) -> Self:
        if not (self.article or self.raw_sha256 or self.url):
            msg = "no article: fill in article, raw_sha256 or url"
            raise ValueError(msg)
        return self

    def touches(self, other: Correction) -> bool:
        """Return whether another row is about the same page: lines, article and quotations."""
        mine, others = self.cells, other.cells
        return any(mine[key] and mine[key] == others.get(key) for key in PAGE_KEYS)


class LineRow(PageRow):
    """Restore a line that was removed, remove one that was kept, or give one another label."""

    kind_of: ClassVar = CorrectionKind.LINE
    subject: ClassVar = "line"
    file_name: ClassVar = "lines.csv"
    required: ClassVar = frozenset({"article", "action", "line"})

    action: Annotated[LineAction, Field(description="restore, remove or relabel")]
    line: Annotated[str, Field(min_length=1, description="the line, as on the page")]
    occurrence: Annotated[
        int | None, Field(ge=1, description="which one, if the line is there several times")
    ] = None
    label: Annotated[
        Label | None, Field(description="what it is; body or boilerplate where empty")
    ] = None

    @model_validator(mode="after")
    def _check_label(self) -> Self:
        is_copy = self.label in COPY_LABELS
        if self.label is Label.BLANK:
            msg = "label blank is for white space alone"
            raise ValueError(msg)
        if self.action is LineAction.RELABEL and self.label is None:
            msg = "relabel needs a label"
            raise ValueError(msg)
        if self.action is LineAction.RESTORE and self.label is not None and not is_copy:
            msg = f"restore needs a label of copy, not {self.label}"
            raise ValueError(msg)
        if self.action is LineAction.REMOVE and is_copy:
            msg = f"remove needs a label of boilerplate, not {self.label}"
            raise ValueError(msg)
        return self

    @property
    def wanted(self) -> Label:
        """The label that the line is to have."""
        if self.label is not None:
            return self.label
        return Label.BODY if self.action is LineAction.RESTORE else Label.BOILERPLATE

    def describe(self) -> str:
        """Return what the row says, in one line."""
        place = "" if self.occurrence is None else f" (number {self.occurrence})"
        return f"{self.action} line “{shorten(self.line)}”{place} as {self.wanted}"


class QuoteRow(PageRow):
    """Change the speaker, type, assertion or words of a quotation, or reject it."""

    kind_of: ClassVar = CorrectionKind.QUOTE
    subject: ClassVar = "content"
    file_name: ClassVar = "quotes.csv"
    required: ClassVar = frozenset({"article", "action", "content"})

    action: Annotated[QuoteAction, Field(description="change or reject")]
    content: Annotated[str, Field(min_length=1, description="what is said, as the row has it")]
    speaker: Annotated[
        str | None, Field(description="who says it, as the article names them; or none")
    ] = None
    type: Annotated[QuoteType | None, Field(description="direct, indirect or mixed")] = None
    assertion: Annotated[Assertion | None, Field(description="said, denied, possible or asked")] = (
        None
    )
    becomes: Annotated[
        str | None,
        Field(description=f"the right words, as on the page; {PARTS} between parts of a split one"),
    ] = None

    @model_validator(mode="after")
    def _check_change(self) -> Self:
        has_change = bool(self.changes)
        if has_change is not (self.action is QuoteAction.CHANGE):
            needs = "needs one of" if self.action is QuoteAction.CHANGE else "takes none of"
            msg = f"{self.action} {needs} speaker, type, assertion and becomes"
            raise ValueError(msg)
        return self

    @property
    def changes(self) -> Mapping[str, str]:
        """What is to change, by column."""
        changed = {
            "speaker": self.speaker,
            "type": self.type,
            "assertion": self.assertion,
            "becomes": self.becomes,
        }
        return {name: str(value) for name, value in changed.items() if value is not None}

    def describe(self) -> str:
        """Return what the row says, in one line."""
        changes = ", ".join(f"{name} {shorten(value)}" for name, value in self.changes.items())
        return f"{self.action} quotation “{shorten(self.content)}”{changes and f': {changes}'}"


class ArticleRow(PageRow):
    """Set the outlet, the day of publication or the kind of an article."""

    kind_of: ClassVar = CorrectionKind.ARTICLE
    file_name: ClassVar = "articles.csv"
    required: ClassVar = frozenset({"article"})

    outlet: Annotated[str | None, Field(description="site or paper that ran it; or none")] = None
    published_on: Annotated[
        Annotated[date | Literal["none"], BeforeValidator(check_day)] | None,
        Field(description="day of publication, as 2031-05-03; or none"),
    ] = None
    kind: Annotated[ArticleKind | None, Field(description="article or no_article")] = None

    @model_validator(mode="after")
    def _check_change(self) -> Self:
        if not self.changes:
            msg = "nothing is set: fill in outlet, published_on or kind"
            raise ValueError(msg)
        return self

    @property
    def changes(self) -> Mapping[str, str]:
        """What is to change, by column."""
        changed = {
            "outlet": self.outlet,
            "published_on": self.published_on,
            "kind": self.kind,
        }
        return {name: str(value) for name, value in changed.items() if value is not None}

    def describe(self) -> str:
        """Return what the row says, in one line."""
        changes = ", ".join(f"{name} {shorten(value)}" for name, value in self.changes.items())
        return f"set of the article: {changes}"


NEEDS_INTO = frozenset({EntityAction.MERGE, EntityAction.RENAME})


class EntityRow(Correction):
    """Merge, split, rename or drop the entity of a name."""

    kind_of: ClassVar = CorrectionKind.ENTITY
    subject: ClassVar = "name"
    file_name: ClassVar = "entities.csv"
    required: ClassVar = frozenset({"action", "name"})

    action: Annotated[EntityAction, Field(description="merge, split, rename or drop")]
    name: Annotated[
        str, Field(min_length=1, description="a name, as articles have it, or the id of an entity")
    ]
    into: Annotated[
        str | None, Field(description="the name or id to merge into, or the new name")
    ] = None
    label: Annotated[EntityLabel | None, Field(description="only for names of this label")] = None

    @model_validator(mode="after")
    def _check_into(self) -> Self:
        if (self.into is not None) is not (self.action in NEEDS_INTO):
            needs = "needs" if self.action in NEEDS_INTO else "takes no"
            msg = f"{self.action} {needs} `into`"
            raise ValueError(msg)
        if self.action is EntityAction.MERGE and fold_name(self.name) == fold_name(self.into):
            msg = f"merges {self.name!r} into itself; name another entity"
            raise ValueError(msg)
        if self.label is not None and self.label not in NAME_LABELS:
            msg = f"label {self.label} is one of a value, which is no name"
            raise ValueError(msg)
        return self

    def describe(self) -> str:
        """Return what the row says, in one line."""
        into = "" if self.into is None else f" into “{shorten(self.into)}”"
        label = "" if self.label is None else f" ({self.label})"
        return f"{self.action} “{shorten(self.name)}”{label}{into}"

    def touches(self, other: Correction) -> bool:
        """Return whether another row names one of the same entities, also to merge into."""
        return isinstance(other, EntityRow) and not self.names.isdisjoint(other.names)

    @property
    def names(self) -> frozenset[str]:
        """The names in the row, whatever their case and white space."""
        return frozenset(fold_name(name) for name in (self.name, self.into) if name is not None)


class OutletRow(Correction):
    """Give an outlet its name, country and kind."""

    kind_of: ClassVar = CorrectionKind.OUTLET
    subject: ClassVar = "outlet"
    file_name: ClassVar = "outlets.csv"
    required: ClassVar = frozenset({"outlet", "name"})

    outlet: Annotated[str, Field(min_length=1, description="host, or name as articles have it")]
    name: Annotated[str, Field(min_length=1, description="its one name")]
    country: Annotated[
        str | None, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code")
    ] = None
    kind: Annotated[OutletKind | None, Field(description="what it is, e.g. newspaper")] = None

    def describe(self) -> str:
        """Return what the row says, in one line."""
        facts = ", ".join(filter(None, (self.country, self.kind)))
        return f"outlet “{shorten(self.outlet)}” is “{shorten(self.name)}”{facts and f', {facts}'}"


AnyRow = LineRow | QuoteRow | ArticleRow | EntityRow | OutletRow
KINDS: tuple[type[AnyRow], ...] = (LineRow, QuoteRow, ArticleRow, EntityRow, OutletRow)
"""The kinds of corrections; a header fits exactly one of them."""


def shorten(text: str) -> str:
    """Return a text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_SHOWN_CHARS else f"{line[: MAX_SHOWN_CHARS - 1]}…"


def fold_name(name: str | None) -> str:
    """Return a name without what makes no difference between two: case, and white space."""
    return " ".join((name or "").casefold().split())
