"""Say what is known of a word by itself, as bits of one number, so that it is looked up once."""

from functools import lru_cache

from copydesk.cleaning.features.clues import CLUE_NAMES, load_clues
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_line_words
from copydesk.text.arrays import Numbers

CONTENT_CHARS = 4  # a word of content has at least this many and is not a function word
MAX_WORDS_KEPT = 1 << 16

FUNCTION, PERSONAL, REPORTING, CONTENT, CAPITALISED, OPENS_PAIR, CLOSES_PAIR = (
    1 << bit for bit in range(7)
)
CLUE_BIT = 7  # the first of one bit for each clue
LENGTH_BIT = CLUE_BIT + len(CLUE_NAMES)  # from here on: the number of letters
MAX_LETTERS = 63


@lru_cache(maxsize=MAX_WORDS_KEPT)
def describe_word(word: str, language: Language) -> int:
    """Return the bits of a word in lower case."""
    known, clues = load_line_words(language), load_clues(language)
    bits = (
        FUNCTION * (word in known.function)
        | PERSONAL * (word in known.personal)
        | REPORTING * (word in known.reporting)
        | CONTENT * (len(word) >= CONTENT_CHARS and word not in known.function)
        | CAPITALISED * (word in known.capitalised)
        | OPENS_PAIR * (word in clues.pair_openings)
        | CLOSES_PAIR * (word in clues.pair_closings)
    )
    for clue in clues.words.get(word, ()):
        bits |= 1 << (CLUE_BIT + clue)
    return bits | min(len(word), MAX_LETTERS) << LENGTH_BIT


def clue_bits(bits: Numbers) -> Numbers:
    """Return the bits of words that say which clues they give."""
    of_clues: Numbers = bits >> CLUE_BIT & (1 << len(CLUE_NAMES)) - 1
    return of_clues


def letter_counts(bits: Numbers) -> Numbers:
    """Return how many letters words have."""
    counts: Numbers = bits >> LENGTH_BIT
    return counts
