"""Find the rule that decides by its words alone what a line is."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeAlias

from copydesk.cleaning.wording import count_words
from copydesk.lexicons.boilerplate import Rule, load_rules
from copydesk.lexicons.language import Language

MAX_CHARS = 8_000  # of a line; 1,000 words have fewer, and some patterns try every place in it
Match: TypeAlias = Callable[[str], re.Match[str] | None]
MAX_LINES_KEPT = 2**15  # menus and footers come again with every page of a site


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
