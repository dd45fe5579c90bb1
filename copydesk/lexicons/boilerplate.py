"""Loads the patterns that say by a line's words alone what it is, from `boilerplate.toml`."""

import re
from dataclasses import dataclass
from functools import cache

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon
from copydesk.values import Label

MAX_WORDS = 1_000  # of a line, where a rule sets no limit


@dataclass(frozen=True, slots=True)
class Rule:
    """A named pattern that decides what a line is."""

    name: str
    label: Label
    pattern: re.Pattern[str]
    max_words: int
    opens_tail: bool
    needs: tuple[str, ...]


@cache
def load_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules of `lexicons/en/boilerplate.toml` in the order in which they are tried."""
    return tuple(
        Rule(
            name=row["name"],
            label=Label(row["label"]),
            pattern=re.compile(
                row["pattern"], 0 if row.get("is_case_sensitive") else re.IGNORECASE
            ),
            max_words=row.get("max_words", MAX_WORDS),
            opens_tail=row.get("opens_tail", False),
            needs=tuple(row.get("needs", ())),
        )
        for row in read_lexicon(language, "boilerplate")["rule"]
    )
