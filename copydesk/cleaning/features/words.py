"""Say what is known of a word by itself, as bits of one number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from copydesk.cleaning.features.clues import CLUE_NAMES, load_clues
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_line_words
from copydesk.text.arrays import Numbers

CONTENT_CHARS = 4  # a word of content has at least this many and is not a function word

FUNCTION, PERSONAL, REPORTING, CONTENT, CAPITALISED, OPENS_PAIR, CLOSES_PAIR = (
    1 << bit for bit in range(7)
)
CLUE_BIT = 7  # the first of one bit for each clue
LENGTH_BIT = CLUE_BIT + len(CLUE_NAMES)  # from here on: the number of letters
MAX_LETTERS = 63


def describe_words(words: Sequence[str], language: Language) -> Numbers:
    """Return the bits of words in lower case."""
    listed = _load_listed(language)
    bits = np.array([listed.get(word, 0) for word in words], dtype=np.int64)
    letters = np.array([len(word) for word in words], dtype=np.int64)
    bits |= CONTENT * ((letters >= CONTENT_CHARS) & ((bits & FUNCTION) == 0))
    return bits | np.minimum(letters, MAX_LETTERS) << LENGTH_BIT


@cache
def _load_listed(language: Language) -> Mapping[str, int]:
    """Return what lists say of their words: hardly any word of a page is in one."""
    known, clues = load_line_words(language), load_clues(language)
    listed: defaultdict[str, int] = defaultdict(int)
    for bit, words in (
        (FUNCTION, known.function),
        (PERSONAL, known.personal),
        (REPORTING, known.reporting),
        (CAPITALISED, known.capitalised),
        (OPENS_PAIR, clues.pair_openings),
        (CLOSES_PAIR, clues.pair_closings),
    ):
        for word in words:
            listed[word] |= bit
    for word, numbers in clues.words.items():
        for number in numbers:
            listed[word] |= 1 << (CLUE_BIT + number)
    return dict(listed)


def clue_bits(bits: Numbers) -> Numbers:
    """Return the bits of words that say which clues they give."""
    of_clues: Numbers = bits >> CLUE_BIT & (1 << len(CLUE_NAMES)) - 1
    return of_clues


def letter_counts(bits: Numbers) -> Numbers:
    """Return how many letters words have."""
    counts: Numbers = bits >> LENGTH_BIT
    return counts
