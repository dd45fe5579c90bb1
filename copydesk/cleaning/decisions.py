"""Hold what is decided about the lines of a page while pass after pass looks at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from copydesk.cleaning.repeats import LinePages
from copydesk.lexicons.boilerplate import Rule
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.values import Label

LINE_MODEL = "line_model"


class Decision(NamedTuple):
    """A label, the rule to blame for it, and how sure it is."""

    label: Label
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Labelling:
    """The lines of a page, what is known of them, and what each is so far.

    `body` are the lines of running copy, `tail` is where the comment section begins.
    """

    lines: Sequence[str]
    rules: Sequence[Rule | None]
    decisions: Sequence[Decision]
    title: str | None = None
    likeliest_headline: int | None = None
    pages: LinePages | None = None
    body: Sequence[int] = ()
    tail: int = 0
    headline: int | None = None
    language: Language = ENGLISH

    def mark(self, marked: Mapping[int, Decision]) -> "Labelling":
        """Return the labelling with other decisions about some lines."""
        decided = [marked.get(i, decision) for i, decision in enumerate(self.decisions)]
        return replace(self, decisions=decided)
