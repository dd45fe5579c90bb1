"""Load the words, strings and patterns that give a kind of line away."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon

Kinds: TypeAlias = tuple[int, ...]
Pair: TypeAlias = tuple[str, str]

CLUE_NAMES = (
    "share", "comments", "promo", "legal", "teaser", "caption", "credit", "byline", "date", "link",
    "bullet", "informal",
)  # fmt: skip


class Clues(NamedTuple):
    """What gives a kind of line away, looked up by word; the numbers are those of `CLUE_NAMES`."""

    words: Mapping[str, Kinds]
    pairs: Mapping[Pair, Kinds]
    pair_openings: frozenset[str]
    pair_closings: frozenset[str]
    opening_words: Mapping[str, Kinds]
    opening_pairs: Mapping[Pair, Kinds]
    strings: Sequence[tuple[str, int]]
    patterns: Sequence[tuple[re.Pattern[str], int]]
    any_pattern: re.Pattern[str]


@cache
def load_clues(language: Language) -> Clues:
    """Return the clues of `lexicons/en/clues.toml`."""
    stored = read_lexicon(language, "clues")
    clues = [stored[name] for name in CLUE_NAMES]
    words, pairs = _sort_by_length(clue.get("words", ()) for clue in clues)
    opening_words, opening_pairs = _sort_by_length(clue.get("opening", ()) for clue in clues)
    patterns = [
        (re.compile(clue["pattern"]), number)
        for number, clue in enumerate(clues)
        if "pattern" in clue
    ]
    return Clues(
        words=words,
        pairs=pairs,
        pair_openings=frozenset(one for one, _ in pairs),
        pair_closings=frozenset(two for _, two in pairs),
        opening_words=opening_words,
        opening_pairs=opening_pairs,
        strings=[
            (string, number)
            for number, clue in enumerate(clues)
            for string in clue.get("strings", ())
        ],
        patterns=patterns,
        any_pattern=re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in patterns)),
    )


def _sort_by_length(lists: Iterable[Sequence[str]]) -> tuple[dict[str, Kinds], dict[Pair, Kinds]]:
    """Return the kinds of line that each word, and each pair of words, gives away."""
    words: dict[str, Kinds] = defaultdict(tuple)
    pairs: dict[Pair, Kinds] = defaultdict(tuple)
    for number, items in enumerate(lists):
        for item in items:
            one, _, two = item.partition(" ")
            if two:
                pairs[one, two] += (number,)
            else:
                words[one] += (number,)
    return dict(words), dict(pairs)
