"""Say how a line is worded: its words, and how it ends."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_line_words
from copydesk.text.lines import WORD

SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’)\]]*$")
FULL_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")
TRUNCATED = re.compile(r"(\.\.\.|…)[\"'”’)\]]*$")
BRACKETED_END = re.compile(r"\(([^()]{2,40})\)\W*$")
MAX_LINES_KEPT = 2**12  # several passes look at a line, one after the other


@lru_cache(maxsize=MAX_LINES_KEPT)
def words_of(line: str) -> str:
    """Return the words of a line in lower case, with one space between them."""
    return " ".join(WORD.findall(line.casefold()))


def count_words(line: str) -> int:
    """Return how many words a line has."""
    words = words_of(line)
    return words.count(" ") + 1 if words else 0


@cache
def load_source_note(language: Language) -> re.Pattern[str]:
    """Return the pattern of a note in brackets that names the source of what is before it."""
    words = "|".join(sorted(load_line_words(language).source_note))
    return re.compile(rf"\s*\(\s*(?:{words})\s*:\s*[^()]{{3,200}}\)", re.IGNORECASE)


def is_byline(words: Sequence[str], language: Language) -> bool:
    """Return whether words in lower case begin like the line that names the author."""
    return bool(words) and words[0] in load_line_words(language).byline
