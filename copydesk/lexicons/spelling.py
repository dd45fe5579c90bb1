"""Load what makes two spellings one spoken word."""

import re
from dataclasses import dataclass
from functools import cache

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import read_lexicon


@dataclass(frozen=True, slots=True)
class Spelling:
    """How newsrooms write one spoken word: steps of (pattern, replacement), and whole words.

    Pairs of `same` and `different` show what the steps do. `contractions` are whole words,
    `endings` those that a word may end with. `vague_numbers` are numbers that are often other
    words, and `asides` are notes in brackets that the reporter puts in.
    """

    steps: tuple[tuple[re.Pattern[str], str], ...]
    same: tuple[tuple[str, str], ...]
    different: tuple[tuple[str, str], ...]
    numbers: dict[str, str]
    symbols: dict[str, str]
    contractions: dict[str, tuple[str, ...]]
    endings: dict[str, tuple[str, ...]]
    vague_numbers: frozenset[str]
    asides: frozenset[str]


@cache
def load_spelling(language: Language) -> Spelling:
    """Return what makes two spellings one spoken word."""
    table = read_lexicon(language, "spelling")
    same, different = (
        tuple((one, other) for one, other in table[pairs]) for pairs in ("same", "different")
    )
    return Spelling(
        steps=tuple((re.compile(pattern), written) for pattern, written in table["steps"]),
        same=same,
        different=different,
        numbers={str(number): word for number, word in enumerate(table["numbers"])},
        symbols=dict(table["symbols"]),
        vague_numbers=frozenset(table["vague_numbers"]),
        asides=frozenset(table["asides"]),
        **{
            kind: {short: tuple(long.split()) for short, long in table[kind].items()}
            for kind in ("contractions", "endings")
        },
    )
