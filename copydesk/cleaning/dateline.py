"""Find the dateline that opens a paragraph: a place, a date and an agency before a dash."""

import re
from functools import cache

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words

PLACE = (
    r"[A-Z][\w.'’]{0,25}(?:[ /-][A-Z][\w.'’]{0,25}){0,5}(?:, [A-Z][\w.]{1,25}(?: [A-Z]\w{1,25})?)?"
)
LONG_DASHES = frozenset({"—", "–", "--"})


@cache
def load_dateline(language: Language) -> re.Pattern[str]:
    """Return the pattern of what may be a dateline, with the names of the months in it."""
    months = "|".join(names[-1].capitalize() for names in load_date_words(language).months)
    month = rf"(?:{months})[a-z]*\.?"
    return re.compile(
        rf"(?P<place>{PLACE})"
        rf"(?:,\s*(?:(?P<month>{month})\s+(?P<day>\d{{1,2}})"
        rf"|(?P<day2>\d{{1,2}})\s+(?P<month2>{month}))"
        r"(?:,?\s+(?P<year>(?:19|20)\d\d))?)?"
        r"(?:\s*[\[(](?P<agency>[A-Z][A-Za-z.&/ ]{1,25})[\])])?"
        r"\s*(?P<dash>:|--+|—|–|-)\s+(?=[\"'“‘]?[A-Z0-9])"
    )


def match_dateline(paragraph: str, *, language: Language = ENGLISH) -> re.Match[str] | None:
    """Return the dateline that opens `paragraph`: a place with a date, an agency or a dash."""
    found = load_dateline(language).match(paragraph)
    if found is None:
        return None
    is_proven = found["month"] or found["month2"] or found["agency"]
    is_shouted = found["place"].isupper() and found["dash"] != ":"
    is_dashed = found["dash"] in LONG_DASHES
    return found if is_proven or is_shouted or is_dashed else None
