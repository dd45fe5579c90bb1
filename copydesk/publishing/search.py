"""Find statements by their words, and by who said them, where and when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from copydesk.lake.sql import quote_sql

TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))')
PREFIX = "*"
STAR_INSIDE = re.compile(r"\*+[^\W_]")  # before a letter or digit
LETTERS_APART = r"[^\p{L}\p{N}]+"
COLUMNS = ("speaker", "role", "content", "outlet", "published_on", "headline", "quote_id")
CONTEXT = ("before", "passage", "after")
NEWEST_FIRST = "s.published_on DESC NULLS LAST, s.outlet NULLS LAST, s.article_id, s.quote_id"


class Term(NamedTuple):
    """A word or phrase that a statement has, or must not have; `is_open` matches longer words."""

    text: str
    is_wanted: bool = True
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: all of it must be so. None, and no words, ask for nothing.

    Capitals, accents, apostrophes and hyphens make no difference. Of a speaker, an outlet and whom
    a statement is about, any words of the name are enough; days are those of publication, both
    included.
    """

    words: str = ""
    speaker: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None


def read_terms(words: str) -> Iterator[Term]:
    """Yield the terms of a search: `night boat`, `"night boat"`, `ferr*`, `-strike`."""
    for found in TERM.finditer(words):
        text = found["phrase"] or found["word"]
        is_open = found["phrase"] is None and text.endswith(PREFIX)
        text = text.rstrip(PREFIX) if is_open else text
        if _has_letters(text):
            yield Term(text, is_wanted=not found["no"], is_open=is_open)


def explain_odd(search: Search) -> str | None:
    """Return what is wrong with a search that would find all, or nothing that was meant."""
    if search == Search():
        return "nothing is looked for; give words, a speaker, whom it is about, an outlet or a day"
    for name in ("words", "speaker", "about", "outlet"):
        text = getattr(search, name)
        is_given = text is not None and (text or name != "words")  # no words beside a filter
        if is_given and not _has_letters(text):
            return f"{name} {text!r} has neither letters nor digits, which are what is looked for"
    odd = next((word for word in search.words.split() if STAR_INSIDE.search(word)), None)
    if odd is not None:
        return f"words {odd!r}: {PREFIX} stands at the end of a word only, such as ferr{PREFIX}"
    if search.since is not None and search.until is not None and search.until < search.since:
        return f"until {search.until} is before since {search.since}"
    return None


def _has_letters(text: str) -> bool:
    return any(char.isalnum() for char in text)


def search_sql(search: Search, *, has_context: bool = False) -> str:
    """Return SQL over a catalogue: the statements that are looked for, the newest first."""
    columns = [f"s.{column}" for column in COLUMNS]
    source = "said AS s"
    if has_context:
        columns[3:3] = [f"c.{column}" for column in CONTEXT]
        source += " JOIN passages AS c USING (quote_id)"
    where = " AND ".join(_conditions(search)) or "true"
    return f"SELECT {', '.join(columns)} FROM {source} WHERE {where} ORDER BY {NEWEST_FIRST}"


def _conditions(search: Search) -> Iterator[str]:
    for term in read_terms(search.words):
        yield _has_words("s.content", term)
    if search.speaker is not None:
        yield (
            "(s.speaker_entity_id IN (SELECT entity_id FROM people WHERE "
            f"{_has_words('name', Term(search.speaker))} "
            f"OR len(list_filter(aliases, lambda a: {_has_words('a', Term(search.speaker))})) > 0) "
            f"OR {_has_words('s.speaker', Term(search.speaker))})"
        )
    if search.about is not None:
        found = _has_words("about", Term(search.about))
        yield f"s.quote_id IN (SELECT quote_id FROM said_about WHERE {found})"
    if search.outlet is not None:
        yield _has_words("s.outlet", Term(search.outlet))
    if search.since is not None:
        yield f"s.published_on >= DATE {quote_sql(search.since.isoformat())}"
    if search.until is not None:
        yield f"s.published_on <= DATE {quote_sql(search.until.isoformat())}"


def _has_words(column: str, term: Term) -> str:
    """Return the condition that a text has the words of a term, one after the other."""
    end = "" if term.is_open else " || ' '"
    wanted = f"' ' || trim({plain_sql(quote_sql(term.text))}){end}"
    found = f"contains(' ' || {plain_sql(column)} || ' ', {wanted})"
    return found if term.is_wanted else f"NOT {found}"


def plain_sql(text: str) -> str:
    """Return SQL for a text in small letters without accents, its words with one space between."""
    return f"regexp_replace(lower(strip_accents({text})), {quote_sql(LETTERS_APART)}, ' ', 'g')"
