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
BRACKETED_END = re.compile(r"\(([^()]{2,40})\)\W*+$")
BRACKETED_CHARS = 42  # of what is in brackets, with them
LAST_WORD = re.compile(r".*\w", re.DOTALL)
_SPACED = bytes(code if WORD.match(chr(code)) else 32 for code in range(128)) + bytes(128)
MAX_CHARS_KEPT = 2_000  # of a line: longer ones are rare, and 4,096 of them would fill the memory
MAX_LINES_KEPT = 2**12  # several passes look at a line, one after the other


def words_of(line: str) -> str:
    """Return the words of a line in lower case, with one space between them."""
    return _keep_words(line) if len(line) <= MAX_CHARS_KEPT else _read_words(line)


def _read_words(line: str) -> str:
    if line.isascii():  # as the pattern finds them, and much faster
        return b" ".join(line.encode().lower().translate(_SPACED).split()).decode()
    return " ".join(WORD.findall(line.casefold()))


_keep_words = lru_cache(maxsize=MAX_LINES_KEPT)(_read_words)


def bracketed_end(line: str) -> str | None:
    """Return what is in the brackets that a line ends with, if it does."""
    found = BRACKETED_END.search(line, max(0, _last_word_end(line) - BRACKETED_CHARS))
    return None if found is None else found.group(1)


def _last_word_end(line: str) -> int:
    found = LAST_WORD.match(line)
    return 0 if found is None else found.end()


def count_words(line: str) -> int:
    """Return how many words a line has."""
    words = words_of(line)
    return words.count(" ") + 1 if words else 0


@cache
def load_source_note(language: Language) -> re.Pattern[str]:
    """Return the pattern of a note in brackets that names the source of what is before it."""
    words = "|".join(sorted(load_line_words(language).source_note))
    return re.compile(rf"(?<!\s)\s*+\(\s*+(?:{words})\s*:\s*[^()]{{3,200}}\)", re.IGNORECASE)


def is_byline(words: Sequence[str], language: Language) -> bool:
    """Return whether words in lower case begin like the line that names the author."""
    return bool(words) and words[0] in load_line_words(language).byline
