"""Load the word lists: each loader reads one file of a language, once.

A module imports the loader of each list that it needs, and nothing else reads a list. So the
imports show which tables an edit of a list makes stale (`copydesk.publishing.versions`).
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from copydesk.lexicons.language import Language

# TOML has no types of its own; what a loader returns has.
Toml = Mapping[str, Any]


def read_toml(package: str, name: str) -> Toml:
    """Return a TOML file of a package."""
    return tomllib.loads((files(package) / f"{name}.toml").read_text("utf-8"))


def read_lexicon(language: Language, name: str) -> Toml:
    """Return a word list of a language as it is written."""
    return read_toml(language.lexicons, name)


def make_sets(table: Toml, *, but: str = "") -> dict[str, frozenset[str]]:
    """Return the lists of words at the top of a table as sets, without the one named `but`."""
    lists = {name: words for name, words in table.items() if isinstance(words, list)}
    return {name: frozenset(words) for name, words in lists.items() if name != but}


@dataclass(frozen=True, slots=True)
class Titles:
    """Words for a person by office, trade or gender, and what titles are made of; lower case.

    `abbreviations` are written out; they are among the titles. People with an `unnamed` title are
    rarely named.
    """

    titles: frozenset[str]
    unnamed: frozenset[str]
    ending: frozenset[str]
    held: frozenset[str]
    ranks: frozenset[str]
    naming: frozenset[str]
    qualifiers: frozenset[str]
    participles: frozenset[str]
    portfolios: frozenset[str]
    abbreviations: dict[str, str]
    alike: dict[str, str]
    honorifics: frozenset[str]
    honours: frozenset[str]
    in_front: frozenset[str]
    placed: frozenset[str]
    of_peers: frozenset[str]
    called: frozenset[str]
    after_name: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    links: frozenset[str]
    office_links: frozenset[str]
    inside_names: frozenset[str]
    styles: frozenset[str]
    articles: frozenset[str]
    of_office: frozenset[str]
    of_couples: frozenset[str]
    opening: frozenset[str]
    serving: frozenset[str]
    loose: frozenset[str]
    role_stops: frozenset[str]
    means: frozenset[str]
    means_links: frozenset[str]
    age: re.Pattern[str]


@cache
def load_titles(language: Language) -> Titles:
    """Return the words of offices and trades."""
    table = read_lexicon(language, "titles")
    words, abbreviations = make_sets(table), dict(table["abbreviations"])
    words["titles"] |= abbreviations.keys()
    return Titles(
        abbreviations=abbreviations,
        alike=dict(table["alike"]),
        age=re.compile(table["age"]["pattern"], re.IGNORECASE),
        **words,
    )


@dataclass(frozen=True, slots=True)
class Kinds:
    """What organisations and places are called when they are not named, in lower case.

    `kinds` has, for a noun, the words of names that say the same; `generic` nouns are used for
    organisations of any kind. `areas` and `sites` are what places are called, `of_countries` and
    `of_cities` those that are known.
    """

    kinds: dict[str, frozenset[str]]
    generic: frozenset[str]
    of_any: frozenset[str]
    after_names: frozenset[str]
    areas: frozenset[str]
    sites: frozenset[str]
    of_countries: frozenset[str]
    of_cities: frozenset[str]
    endings: frozenset[str]
    places: frozenset[str]
    inside: frozenset[str]
    after: frozenset[str]
    compass: frozenset[str]
    before: frozenset[str]


@cache
def load_kinds(language: Language) -> Kinds:
    """Return the nouns of organisations and places."""
    table = read_lexicon(language, "kinds")
    places = make_sets(table["places"])
    return Kinds(
        kinds={noun: frozenset({noun, *words}) for noun, words in table["kinds"].items()},
        **make_sets(table["descriptions"]),
        endings=frozenset(table["names"]["endings"]),
        places=places.pop("words"),
        **places,
    )


@dataclass(frozen=True, slots=True)
class Descriptions:
    """How a text refers to somebody or something without a name, in lower case."""

    definite: frozenset[str]
    articles: frozenset[str]
    restricting: frozenset[str]
    empty: frozenset[str]
    copula: frozenset[str]
    owning: frozenset[str]
    stating: frozenset[str]
    gendered: re.Pattern[str]
    neutral: str
    role_end: re.Pattern[str]
    role_link: re.Pattern[str]
    kin: frozenset[str]
    parties: frozenset[str]
    called_by_age: re.Pattern[str]
    age_after: re.Pattern[str]
    age_before: re.Pattern[str]


@cache
def load_descriptions(language: Language) -> Descriptions:
    """Return what descriptions and titles are made of."""
    table = read_lexicon(language, "descriptions")
    return Descriptions(
        **make_sets(table),
        gendered=re.compile(table["gendered"]["pattern"]),
        neutral=table["gendered"]["neutral"],
        role_end=re.compile(table["roles"]["end"]),
        role_link=re.compile(table["roles"]["link"]),
        called_by_age=re.compile(table["ages"]["called"], re.IGNORECASE),
        age_after=re.compile(table["ages"]["after"]),
        age_before=re.compile(table["ages"]["before"]),
    )


@dataclass(frozen=True, slots=True)
class Pronouns:
    """The pronouns that are resolved, in lower case.

    `of_two` are phrases for the first and the second of two that a sentence names.
    """

    he: frozenset[str]
    she: frozenset[str]
    people: frozenset[str]
    organisation: frozenset[str]
    members: frozenset[str]
    organisations: frozenset[str]
    reflexive: frozenset[str]
    relative: frozenset[str]
    who: frozenset[str]
    first_person: frozenset[str]
    speaking_self: frozenset[str]
    strangers: frozenset[str]
    introducing: frozenset[str]
    asking: frozenset[str]
    of_two: tuple[str, ...]
    called_they: re.Pattern[str]


@cache
def load_pronouns(language: Language) -> Pronouns:
    """Return the pronouns."""
    table = read_lexicon(language, "pronouns")
    words = make_sets(table, but="of_two")
    return Pronouns(
        **words,
        people=words["he"] | words["she"],
        organisations=words["organisation"] | words["members"],
        of_two=tuple(table["of_two"]),
        called_they=re.compile(table["patterns"]["called_they"], re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class StockWords:
    """Words and phrases that any statement about anything may contain, in lower case."""

    function: frozenset[str]
    light: frozenset[str]
    phrases: tuple[str, ...]


@cache
def load_stock_words(language: Language) -> StockWords:
    """Return the words that say little about which statement they are from."""
    table = read_lexicon(language, "stock_words")
    return StockWords(**make_sets(table, but="phrases"), phrases=tuple(table["phrases"]))


@dataclass(frozen=True, slots=True)
class DateWords:
    """Names of months and days, in lower case.

    `months` has the names of each month, from the full one to the shortest; `ordinals` may follow
    the number of a day, and `links` come between it and its month. `days_back` says how many days
    before publication a day was.
    """

    months: tuple[tuple[str, ...], ...]
    ordinals: tuple[str, ...]
    links: tuple[str, ...]
    weekdays: tuple[str, ...]
    days_back: dict[str, int]


@cache
def load_date_words(language: Language) -> DateWords:
    """Return the names of months and days."""
    table = read_lexicon(language, "dates")
    return DateWords(
        months=tuple(map(tuple, table["months"])),
        ordinals=tuple(table["ordinals"]),
        links=tuple(table["links"]),
        weekdays=tuple(table["weekdays"]),
        days_back=dict(table["days_back"]),
    )


@dataclass(frozen=True, slots=True)
class EventWords:
    """Words that mislead when articles are compared by day and place, in lower case."""

    not_the_day: frozenset[str]
    seats: frozenset[str]


@cache
def load_event_words(language: Language) -> EventWords:
    """Return the words before a weekday that is not that of the news, and the seats of power."""
    return EventWords(**make_sets(read_lexicon(language, "event_words")))


@dataclass(frozen=True, slots=True)
class LineWords:
    """Words that separate copy from boilerplate line by line, in lower case."""

    function: frozenset[str]
    personal: frozenset[str]
    reporting: frozenset[str]
    capitalised: frozenset[str]
    byline: frozenset[str]
    source_note: frozenset[str]


@cache
def load_line_words(language: Language) -> LineWords:
    """Return the words that are counted on every line of a page."""
    return LineWords(**make_sets(read_lexicon(language, "line_words")))


def plain_letters(word: str) -> str:
    """Return a word in lower case without accents, as the lists of names have it."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
