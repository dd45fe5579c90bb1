"""Load the rules that decide by its words alone what a line is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from copydesk.cleaning.wording import count_words
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon
from copydesk.rows import Label

MAX_WORDS = 1_000  # of a line, where a rule sets no limit
MAX_CHARS = 8_000  # of a line; 1,000 words have fewer, and some patterns try every place in it
Match: TypeAlias = Callable[[str], re.Match[str] | None]
MAX_LINES_KEPT = 2**15  # menus and footers come again with every page of a site


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


def find_rule(line: str, language: Language) -> Rule | None:
    """Return the first rule that matches `line`."""
    return _find_rule(line, language) if len(line) <= MAX_CHARS else None


@lru_cache(maxsize=MAX_LINES_KEPT)
def _find_rule(line: str, language: Language) -> Rule | None:
    folded = line.casefold()
    for rule, match in _rules_for(count_words(line), language):
        if rule.needs and not any(string in folded for string in rule.needs):
            continue
        if match(line):
            return rule
    return None


@cache
def _rules_for(n_words: int, language: Language) -> tuple[tuple[Rule, Match], ...]:
    """Return the rules that a line of so many words is tried by, in their order."""
    rules = (rule for rule in load_rules(language) if n_words <= rule.max_words)
    return tuple((rule, rule.pattern.match) for rule in rules)
