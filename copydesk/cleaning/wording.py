"""Say how a line is worded: its words, and how it ends."""

import re
from functools import lru_cache

from copydesk.text.lines import WORD

SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’)\]]*$")
FULL_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")
TRUNCATED = re.compile(r"(\.\.\.|…)[\"'”’)\]]*$")
BRACKETED_END = re.compile(r"\(([^()]{2,40})\)\W*$")
INLINE_SOURCE = re.compile(r"\s*\(\s*(?:Source|Via)\s*:\s*[^()]{3,200}\)", re.IGNORECASE)
MAX_LINES_KEPT = 2**12  # several passes look at a line, one after the other


@lru_cache(maxsize=MAX_LINES_KEPT)
def words_of(line: str) -> str:
    """Return the words of a line in lower case, with one space between them."""
    return " ".join(WORD.findall(line.casefold()))


def count_words(line: str) -> int:
    """Return how many words a line has."""
    words = words_of(line)
    return words.count(" ") + 1 if words else 0
