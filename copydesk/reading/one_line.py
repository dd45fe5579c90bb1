"""Give a text that is all on one line its edges back: headline, byline, and what is below the copy.

Exports that replace line ends by spaces leave the words in their order. The byline between headline
and copy shows where both end; short sentences at the end may be prompts, and are lines again for
whoever judges lines. A space becomes a line end, so every offset stays.
"""

import re
from functools import cache

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import read_lexicon

MIN_CHARS = 400  # of a text that must have had more than one line
MAX_HEAD_CHARS = 250  # in which headline and byline are
MAX_TAIL_CHARS = 400
MAX_TAIL_WORDS = 8  # of a sentence that may be no copy
MAX_TAIL_SENTENCES = 6
MIN_TITLE_WORDS = 3
SENTENCE_START = re.compile(r"(?<=[.!?][\"”’)\]]) (?=[A-Z“\"©])|(?<=[.!?]) (?=[A-Z“\"©])")
NAME = r"[A-Z][\w.'’-]+(?: [A-Z][a-z][\w.'’-]*)"
# After the names comes a dateline, or the first word of a sentence.
COPY_START = r"(?=[A-Z][A-Z]|(?:[A-Z][a-z]*|[“\"]\w+) [a-z])"


@cache
def load_head(language: Language) -> re.Pattern[str]:
    """Return the pattern of a headline and a byline before the copy, on one line."""
    words = read_lexicon(language, "bylines")
    lead = "|".join(word.capitalize() for word in words["opens"])
    joints = "|".join(map(re.escape, words["joints"]))
    return re.compile(
        rf"(?P<title>[A-Z“‘\"'0-9][^.!?\n]{{15,160}}?) "
        rf"(?P<byline>(?:{lead}) {NAME}(?:(?: (?:{joints})|,) {NAME})*) {COPY_START}"
    )


def split_one_line(text: str, *, language: Language = ENGLISH) -> str:
    """Return a text of one line with its headline, byline and last short sentences on their own."""
    if len(text) < MIN_CHARS or re.search(r"[\r\n]", text.strip()):
        return text
    at = {*_find_head(text, language), *_find_tail(text)}
    return "".join("\n" if i in at else char for i, char in enumerate(text))


def _find_head(text: str, language: Language) -> list[int]:
    """Return where the headline and the byline end, if a text begins with both."""
    found = load_head(language).match(text[:MAX_HEAD_CHARS])
    if found is None or len(found["title"].split()) < MIN_TITLE_WORDS:
        return []
    return [found.end("title"), found.end("byline")]


def _find_tail(text: str) -> list[int]:
    """Return where the short sentences at the end of a text begin."""
    first = max(0, len(text) - MAX_TAIL_CHARS)
    starts = [found.start() for found in SENTENCE_START.finditer(text, first)]
    found, end = [], len(text)
    for start in reversed(starts[-MAX_TAIL_SENTENCES:]):
        if len(text[start:end].split()) > MAX_TAIL_WORDS:
            break
        found.append(start)
        end = start
    return found
