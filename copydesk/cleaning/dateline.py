"""Find the dateline that opens a paragraph: a place, a date and an agency before a dash.

Agencies differ: `Paris (AFP) –`, `New Delhi, May 3 (PTI)`, `MOSCOW, May 3. /TASS/.`, `KYIV. May 3
(Interfax) -`, `ABU DHABI, 3rd May, 2031 (WAM) --`, `PORT ELSA, May 3, 2031 /PRNewswire/ --`,
`PORT ELSA — (May 3, 2031) —`, `PORT ELSA, May 3, 2031 / 09:15 am (AFP).` Some leave out the place:
`May 3 (Reuters) -`, `(Bloomberg) --`.
"""

import re
from functools import cache

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_date_words, read_lexicon
from copydesk.lexicons.names import load_cities, load_countries
from copydesk.text.sites import known_outlet

WORD = r"[A-Z][\w.'’]{0,25}"
LONG_DASHES = frozenset({"—", "–", "--"})
MARKS = frozenset({"•", "·", "|", "_", "//", ">>"})  # which pages also put between other things
AGENCY = r"[\[(/]+(?P<agency>[A-Za-z][A-Za-z.&/ -]{1,30}?)[\])/]+"
CLOCK = r"(?:\s*[,/|]?\s*\d{1,2}[:.]\d\d(?:\s*[A-Za-z.]{2,5})?)?"
DASH = r":|--+|—|–|-|•|·|\||_|//|>>"
END = (
    rf"(?:\s*\.?(?P<dash>{DASH})(?:\s+|(?<=--)|(?<=[—–]))|\.?(?:\s+|(?<=\)))(?!\d))"
    r"(?=[\"'“‘]?[A-Z0-9])"
)
MISSING = "(?P<{}>(?!))?"  # a group that a pattern has and never finds
TWO_PLACES = re.compile(r"\s*/\s*")


@cache
def load_datelines(language: Language) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what may be a dateline: first those that need the most."""
    words = load_date_words(language)
    months = "|".join(names[-1] for names in words.months)
    month = rf"(?i:{months})[A-Za-z]*\.?"
    weekdays = "|".join(day[:3] for day in words.weekdays)
    weekday = rf"(?:(?i:{weekdays})[A-Za-z]*\.?,?\s+)?"
    ordinal = rf"(?:{'|'.join(words.ordinals)})?"
    day = (
        rf"{weekday}(?:(?P<month>{month})\s+(?P<day>\d{{1,2}})"
        rf"|(?P<day2>\d{{1,2}}){ordinal}\s+(?P<month2>{month}))(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    )
    region = (
        rf", (?!(?i:{weekdays}|{months})[A-Za-z]*\.?,? )[A-Z][\w.]{{1,25}}(?: [A-Z]\w{{1,25}})?"
    )
    place = rf"{WORD}(?:(?:[ /-]|-[a-z]{{1,4}}-){WORD}){{0,5}}(?:{region})?"
    dated = rf"(?:\s*[,.|•·]\s*|\s*(?:--+|[—–-])?\s*(?P<aside>\()){day}{CLOCK}(?(aside)\))"
    agency = rf"(?:(?:\s*--|[.,]?\s*){AGENCY})"
    placed = (
        r"(?:[\[(](?P<first_agency>[A-Z]{2,8})[\])]\s+)?"
        rf"(?P<bracket>\[)?(?P<place>{place})(?(bracket)\])(?:\s*\[[A-Z][\w ]{{2,20}}\](?=,))?"
    )
    first, at_place, in_bracket = map(MISSING.format, ("first_agency", "place", "bracket"))
    undated = MISSING.format("month") + MISSING.format("month2")
    patterns = (
        f"{placed}{dated}{agency}?{END}",
        f"{placed}{undated}{agency}?{END}",
        f"{first}{at_place}{in_bracket}{day}{CLOCK}{agency}{END}",
        f"{first}{at_place}{in_bracket}{undated}{agency}{END}",
        rf"{first}(?P<bracket>\()(?P<place>{place})\){undated}{MISSING.format('agency')}{END}",
    )
    return tuple(map(re.compile, patterns))


@cache
def load_places(language: Language) -> frozenset[str]:
    """Return the cities and countries that open a dateline by their name alone, in lower case."""
    return (
        frozenset(read_lexicon(language, "datelines")["cities"]) | load_countries(language).keys()
    )


@cache
def load_labels(language: Language) -> frozenset[str]:
    """Return the words that open a paragraph in capitals and are no place, in lower case."""
    return frozenset(read_lexicon(language, "datelines")["labels"])


def match_dateline(paragraph: str, *, language: Language = ENGLISH) -> re.Match[str] | None:
    """Return the dateline that opens `paragraph`: a place with a date, an agency or a dash.

    Without a dash, both a date and an agency are needed, or an agency that is known; before a
    colon, a place that is known. Without a place, an agency that is known or a date with one.
    """
    matches = (pattern.match(paragraph) for pattern in load_datelines(language))
    return next((m for m in matches if m is not None and _is_proven(m, language)), None)


def _is_proven(found: re.Match[str], language: Language) -> bool:
    """Return whether what looks like a dateline has enough of its parts to be one."""
    has_date = (found["month"] or found["month2"]) is not None
    agency = found["agency"] or found["first_agency"]
    is_known_agency = agency is not None and known_outlet(name=agency) is not None
    if found["agency"] and found["agency"].islower() and not is_known_agency:
        return False  # "Brandt (left) - the captain": agencies in small letters are few
    if found["place"] is None:
        is_agency = is_known_agency or has_date
        return is_agency and (found["dash"] is not None or is_known_agency)
    place = found["place"].partition(",")[0]
    if place.casefold() in load_labels(language) or any(map(str.isdigit, place)):
        return False
    is_shouted = place.isupper()
    is_known = _is_known_place(place, language)
    dash = found["dash"]
    if found["bracket"] == "(":
        is_proven = dash is not None and dash != ":" and (is_shouted or is_known)
    elif dash is None:
        is_proven = bool(
            (has_date and agency)
            or (found["bracket"] and is_shouted)
            or (is_known_agency and (is_shouted or is_known))
        )
    elif has_date or agency:
        is_proven = True
    elif dash == ":":
        is_proven = is_known
    elif dash in LONG_DASHES and (dash == "--" or found.group()[-1].isspace()):
        is_proven = True
    else:
        is_proven = is_shouted or (dash in MARKS and is_known)
    return is_proven


def _is_known_place(place: str, language: Language) -> bool:
    """Return whether a place is known, or one of two that are written together: OSLO/BERGEN."""
    known = load_places(language)
    parts = TWO_PLACES.split(place.casefold())
    return not known.isdisjoint(parts) or (
        len(parts) > 1 and load_cities(language).issuperset(parts)
    )
