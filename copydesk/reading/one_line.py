"""Give a text that is all on one line its edges back: headline, byline, and what is below the copy.

Exports that replace line ends by spaces leave the words in their order. The byline between headline
and copy shows where both end. A sentence near the end that is worded like a prompt is a line again,
and so are the short ones after it, for whoever judges lines; all other sentences stay where they
are. A space becomes a line end, so every offset stays.
"""

import re
from functools import cache
from itertools import pairwise

from copydesk.lexicons.boilerplate import load_rules
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import read_lexicon
from copydesk.text.lines import WORD

MIN_CHARS = 400  # of a line that must have been more than one
MAX_LINES = 3  # of a text whose headline may have kept its line
MAX_HEAD_CHARS = 300  # in which headline and byline are
MAX_TAIL_CHARS = 600
MAX_TAIL_WORDS = 8  # of a sentence after a prompt that may be no copy
MIN_TITLE_WORDS = 3
SENTENCE_START = re.compile(r"(?<=[.!?][\"”’)\]]) (?=[A-Z“\"©])|(?<=[.!?]) (?=[A-Z“\"©])")
LINE_END = re.compile(r"[\r\n]")
# "Ida Brandt", "Ida Marie Brandt", "Ida van der Holm", each as short as what follows allows
NAME = r"[A-Z][\w.'’-]*(?:(?: [a-z]{2,3}){0,2} [A-Z][a-z][\w.'’-]*){1,2}?"
SHOUTED = r"[A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]+){1,2}(?= (?:[A-Z][a-z]|\d|[|·•]))"
ADDRESS = r"[(<]?(?:[\w.+-]+@[\w.-]+\w|@\w+)[)>]?"
BREAK = r"(?:,| [|·•–—])?"  # what is between the parts
DAY = (
    r"(?:[A-Z][a-z]+day,? )?(?:\d{1,2} [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\.? \d{1,2}),? (?:19|20)\d\d"
)
# After the names comes a dateline, or the first word of a sentence.
COPY_START = r"(?=[A-Z][A-Z]|(?:[A-Z][a-z]*|[“\"]\w+) [a-z])"


@cache
def load_head(language: Language) -> re.Pattern[str]:
    """Return the pattern of a headline, a byline and a day before the copy, on one line."""
    words = read_lexicon(language, "bylines")
    lead = "|".join(word.capitalize() for word in words["opens"])
    shouted = "|".join(map(str.upper, words["opens"]))
    dated = "|".join(map(re.escape, words["dated"]))
    joints = "|".join(map(re.escape, words["joints"]))
    return re.compile(
        rf"(?P<title>[A-Z“‘\"'0-9](?:[^.!?\n]|(?<=\b[A-Z])\.){{15,160}}?[!?]?) "
        rf"(?P<dated>(?i:{dated}):? {DAY}{BREAK} )?"
        rf"(?P<byline>(?:(?:{lead}) {NAME}(?:(?: (?:{joints})|,) {NAME})*|(?:{shouted}) {SHOUTED})"
        rf"(?: {ADDRESS})?{BREAK})"
        rf"(?P<day> {DAY}{BREAK})? {COPY_START}"
    )


def split_one_line(text: str, *, language: Language = ENGLISH) -> str:
    """Return a text of one line with its headline, byline and last prompts on their own."""
    shown = text.rstrip()
    last = max((found.end() for found in LINE_END.finditer(shown)), default=0)
    n_lines = sum(not line.isspace() for line in shown.splitlines() if line)
    if len(shown) - last < MIN_CHARS or n_lines > MAX_LINES:
        return text
    at = {*_find_tail(text, last, language), *([] if n_lines > 1 else _find_head(text, language))}
    return "".join("\n" if i in at else char for i, char in enumerate(text))


def _find_head(text: str, language: Language) -> list[int]:
    """Return where headline, byline and day end, if a text begins with the first two."""
    found = load_head(language).match(text[:MAX_HEAD_CHARS])
    if found is None or len(found["title"].split()) < MIN_TITLE_WORDS:
        return []
    parts = [part for part in ("dated", "day") if found[part]]
    ends = {found.end(part) - (part == "dated") for part in parts}
    return sorted({found.end("title"), found.end("byline"), *ends})


def _find_tail(text: str, start: int, language: Language) -> list[int]:
    """Return where the sentences at the end of a text begin, from the first prompt on."""
    first = max(start, len(text) - MAX_TAIL_CHARS)
    places = (found.start() for found in SENTENCE_START.finditer(text, first))
    starts = [place for place in places if not _is_quoted(text[start:place])]
    found: list[int] = []
    tail: list[int] = []
    for begin, end in reversed([*pairwise([*starts, len(text)])]):
        sentence = text[begin:end].strip()
        is_prompt = _is_prompt(sentence, language)
        if not is_prompt and len(sentence.split()) > MAX_TAIL_WORDS:
            break
        tail.append(begin)
        found = list(tail) if is_prompt else found
    return found


def _is_prompt(sentence: str, language: Language) -> bool:
    n_words = len(WORD.findall(sentence))
    rules = load_rules(language)
    return any(n_words <= rule.max_words and rule.pattern.match(sentence) for rule in rules)


def _is_quoted(before: str) -> bool:
    """Return whether what is quoted before a place continues after it."""
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
