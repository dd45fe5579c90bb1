"""Find the dateline that opens a paragraph: a place, a date and an agency before a dash.

Agencies differ: `Paris (AFP) –`, `New Delhi, May 3 (PTI)`, `MOSCOW, May 3. /TASS/.`, `KYIV. May 3
(Interfax) -`, `ABU DHABI, 3rd May, 2031 (WAM) --`, `PORT ELSA, May 3, 2031 /PRNewswire/ --`.
"""

import re
from functools import cache

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words, read_lexicon
from copydesk.lexicons.names import load_countries
from copydesk.text.sites import known_outlet

PLACE = (
    r"[A-Z][\w.'’]{0,25}(?:[ /-][A-Z][\w.'’]{0,25}){0,5}(?:, [A-Z][\w.]{1,25}(?: [A-Z]\w{1,25})?)?"
)
LONG_DASHES = frozenset({"—", "–", "--"})
AGENCY = r"[\[(/]+(?P<agency>[A-Za-z][A-Za-z.&/ -]{1,30}?)[\])/]+"


@cache
def load_datelines(language: Language) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what may be a dateline: with a date, then with or without one."""
    words = load_date_words(language)
    months = "|".join(names[-1].capitalize() for names in words.months)
    month = rf"(?:{months})[a-z]*\.?"
    ordinal = rf"(?:{'|'.join(words.ordinals)})?"
    whole = (
        r"(?:[\[(](?P<first_agency>[A-Z]{2,8})[\])]\s+)?"
        rf"(?P<bracket>\[)?(?P<place>{PLACE})(?(bracket)\])(?:\s*\[[A-Z][\w ]{{2,20}}\](?=,))?"
        rf"(?:\s*[,.|]\s*(?:(?P<month>{month})\s+(?P<day>\d{{1,2}})"
        rf"|(?P<day2>\d{{1,2}}){ordinal}\s+(?P<month2>{month}))"
        r"(?:,?\s+(?P<year>(?:19|20)\d\d))?)$date"
        rf"(?:(?:\s*--|[.,]?\s*){AGENCY})?"
        r"(?:\s*\.?(?P<dash>:|--+|—|–|-)(?:\s+|(?<=--))|\.?\s+(?!\d))(?=[\"'“‘]?[A-Z0-9])"
    )
    return tuple(re.compile(whole.replace("$date", needed)) for needed in ("", "?"))


@cache
def load_places(language: Language) -> frozenset[str]:
    """Return the cities and countries that open a dateline by their name alone, in lower case."""
    return (
        frozenset(read_lexicon(language, "datelines")["cities"]) | load_countries(language).keys()
    )


def match_dateline(paragraph: str, *, language: Language = ENGLISH) -> re.Match[str] | None:
    """Return the dateline that opens `paragraph`: a place with a date, an agency or a dash.

    Without a dash, both a date and an agency are needed; before a colon, a place that is known.
    """
    matches = (pattern.match(paragraph) for pattern in load_datelines(language))
    return next((m for m in matches if m is not None and _is_proven(m, language)), None)


def _is_proven(found: re.Match[str], language: Language) -> bool:
    """Return whether what looks like a dateline has enough of its parts to be one."""
    has_date = (found["month"] or found["month2"]) is not None
    agency = found["agency"] or found["first_agency"]
    if found["agency"] and found["agency"].islower() and known_outlet(name=agency) is None:
        return False  # "Brandt (left) - the captain": agencies in small letters are few
    is_shouted = found["place"].isupper()
    if found["dash"] is None:
        is_proven = (has_date and agency) or (found["bracket"] and is_shouted)
    elif found["dash"] == ":":
        is_proven = has_date or agency or found["place"].casefold() in load_places(language)
    else:
        is_proven = has_date or agency or is_shouted or found["dash"] in LONG_DASHES
    return bool(is_proven)
