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


def _sets(table: Toml, *, but: str = "") -> dict[str, frozenset[str]]:
    """Return the lists of words at the top of a table as sets, without the one named `but`."""
    lists = {name: words for name, words in table.items() if isinstance(words, list)}
    return {name: frozenset(words) for name, words in lists.items() if name != but}


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that introduce a quotation: verbs as lemmas, fixed phrases as words."""

    speech: frozenset[str]
    thought: frozenset[str]
    demand: frozenset[str]
    needs_marks: frozenset[str]
    judgement: frozenset[str]
    fixed: tuple[tuple[str, ...], ...]
    passives: frozenset[str]
    quoting: frozenset[str]
    opening: frozenset[str]
    infinitive: frozenset[str]
    not_real: frozenset[str]
    needs_clause: frozenset[str]
    naming: frozenset[str]
    called_for: frozenset[str]
    second_hand: frozenset[str]
    things: frozenset[str]
    no_sources: frozenset[str]
    marked: re.Pattern[str]
    missing_mark: re.Pattern[str]
    cited: re.Pattern[str]


@cache
def load_cues(language: Language) -> Cues:
    """Return the words that introduce quotations."""
    table = read_lexicon(language, "cues")
    return Cues(
        **_sets(table, but="fixed"),
        fixed=tuple(tuple(phrase.split()) for phrase in table["fixed"]),
        missing_mark=re.compile(table["patterns"]["missing_mark"]),
        cited=re.compile(table["patterns"]["cited"]),
        marked=re.compile(table["patterns"]["marked"]),
    )


@dataclass(frozen=True, slots=True)
class Assertions:
    """Words that show that a cue reports no statement: lemmas of verbs, others in lower case."""

    negations: frozenset[str]
    not_alone: frozenset[str]
    nobody: frozenset[str]
    determiners: frozenset[str]
    refusing: frozenset[str]
    unable: frozenset[str]
    planning: frozenset[str]
    likely: frozenset[str]
    modals: frozenset[str]
    softened: frozenset[str]
    future: frozenset[str]
    conditions: frozenset[str]
    denial: frozenset[str]
    asking: frozenset[str]
    questioning: frozenset[str]
    question_words: frozenset[str]
    question_nouns: frozenset[str]
    silence: frozenset[str]


@cache
def load_assertions(language: Language) -> Assertions:
    """Return the words that deny, suppose or ask."""
    return Assertions(**_sets(read_lexicon(language, "assertion")))


@dataclass(frozen=True, slots=True)
class Layouts:
    """How speech is set off without quotation marks: words in lower case, and patterns."""

    asking: frozenset[str]
    answering: frozenset[str]
    not_speakers: frozenset[str]
    particles: frozenset[str]
    block_verbs: frozenset[str]
    label: re.Pattern[str]
    first_person: re.Pattern[str]
    self_named: re.Pattern[str]
    name: re.Pattern[str]
    interview: re.Pattern[str]
    signature: re.Pattern[str]
    handle: re.Pattern[str]
    post: re.Pattern[str]
    handle_only: re.Pattern[str]
    links: re.Pattern[str]
    salutation: re.Pattern[str]
    salutation_inline: re.Pattern[str]
    closing: re.Pattern[str]


@cache
def load_layouts(language: Language) -> Layouts:
    """Return what speech without quotation marks looks like."""
    table = read_lexicon(language, "layouts")
    words: dict[str, Any] = dict(_sets(table))
    patterns = {name: re.compile(pattern) for name, pattern in table["patterns"].items()}
    return Layouts(**words | patterns)


@dataclass(frozen=True, slots=True)
class Titles:
    """Words for a person by office, trade or gender, and what titles are made of; lower case.

    `abbreviations` are written out; they are among the titles. People with an `unnamed` title are
    rarely named.
    """

    titles: frozenset[str]
    unnamed: frozenset[str]
    qualifiers: frozenset[str]
    portfolios: frozenset[str]
    abbreviations: dict[str, str]
    honorifics: frozenset[str]
    in_front: frozenset[str]
    of_peers: frozenset[str]
    called: frozenset[str]
    after_name: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    links: frozenset[str]
    office_links: frozenset[str]
    articles: frozenset[str]
    of_office: frozenset[str]
    of_couples: frozenset[str]
    opening: frozenset[str]
    loose: frozenset[str]
    role_stops: frozenset[str]


@cache
def load_titles(language: Language) -> Titles:
    """Return the words of offices and trades."""
    table = read_lexicon(language, "titles")
    words, abbreviations = _sets(table), dict(table["abbreviations"])
    words["titles"] |= abbreviations.keys()
    return Titles(abbreviations=abbreviations, **words)


@dataclass(frozen=True, slots=True)
class Kinds:
    """What organisations and places are called when they are not named, in lower case.

    `kinds` has, for a noun, the words of names that say the same; `generic` nouns are used for
    organisations of any kind.
    """

    kinds: dict[str, frozenset[str]]
    generic: frozenset[str]
    endings: frozenset[str]
    places: frozenset[str]
    inside: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]


@cache
def load_kinds(language: Language) -> Kinds:
    """Return the nouns of organisations and places."""
    table = read_lexicon(language, "kinds")
    places = _sets(table["places"])
    return Kinds(
        kinds={noun: frozenset({noun, *words}) for noun, words in table["kinds"].items()},
        generic=frozenset(table["descriptions"]["generic"]),
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
    gendered: re.Pattern[str]
    neutral: str
    role_end: re.Pattern[str]
    role_link: re.Pattern[str]
    kin: frozenset[str]
    called_by_age: re.Pattern[str]
    age_after: re.Pattern[str]
    age_before: re.Pattern[str]


@cache
def load_descriptions(language: Language) -> Descriptions:
    """Return what descriptions and titles are made of."""
    table = read_lexicon(language, "descriptions")
    return Descriptions(
        **_sets(table),
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
    words = _sets(table, but="of_two")
    return Pronouns(
        **words,
        people=words["he"] | words["she"],
        organisations=words["organisation"] | words["members"],
        of_two=tuple(table["of_two"]),
        called_they=re.compile(table["patterns"]["called_they"], re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class SourceWords:
    """What a source is called that is no name, in the singular and lower case."""

    documents: frozenset[str]
    bodies: frozenset[str]
    people: frozenset[str]


@cache
def load_source_words(language: Language) -> SourceWords:
    """Return the nouns of sources that are no names."""
    return SourceWords(**_sets(read_lexicon(language, "sources")))


@dataclass(frozen=True, slots=True)
class NameWords:
    """What names are made of, and what is around them without being a part."""

    particles: frozenset[str]
    linking: frozenset[str]
    generations: frozenset[str]
    address: re.Pattern[str]
    put_in_people: frozenset[str]
    edges: re.Pattern[str]
    not_in_names: re.Pattern[str]
    abbreviated: re.Pattern[str]
    possessive: re.Pattern[str]
    nickname: re.Pattern[str]
    article: re.Pattern[str]
    family: str
    values: dict[str, re.Pattern[str]]
    amounts: re.Pattern[str]
    hedge: re.Pattern[str]


@cache
def load_name_words(language: Language) -> NameWords:
    """Return what names, dates and sums of money are made of."""
    table = read_lexicon(language, "names")
    values = {
        label: re.compile(pattern, re.IGNORECASE) for label, pattern in table["values"].items()
    }
    return NameWords(
        particles=frozenset(table["particles"]),
        linking=frozenset(table["linking"]),
        generations=frozenset(table["generations"]),
        address=re.compile(rf"(?:{'|'.join(table['address'])})\.?\s+(?=\S)"),
        put_in_people=frozenset(table["put_in_people"]),
        edges=re.compile("|".join(table["edges"])),
        not_in_names=re.compile(table["not_in_names"]),
        abbreviated=re.compile(table["abbreviated"]),
        possessive=re.compile(table["possessive"]),
        nickname=re.compile(table["nickname"]),
        article=re.compile(table["article"]),
        family=table["family"],
        amounts=re.compile(table["amounts"]["pattern"]),
        hedge=values.pop("hedge"),
        values=values,
    )


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """What stands beside a name and shows whose or what name it is, in lower case."""

    body_before: frozenset[str]
    body_after: frozenset[str]
    bodies: frozenset[str]
    places: frozenset[str]
    place_after: frozenset[str]
    inside: frozenset[str]
    motion: frozenset[str]
    to: frozenset[str]
    of: frozenset[str]
    in_people: frozenset[str]
    person_verbs: frozenset[str]
    place_endings: frozenset[str]
    posts: frozenset[str]
    of_one: frozenset[str]
    unnamed: frozenset[str]


@cache
def load_name_evidence(language: Language) -> NameEvidence:
    """Return the words beside names that show what they are names of."""
    return NameEvidence(**_sets(read_lexicon(language, "name_evidence")))


@cache
def load_name_genders(language: Language) -> dict[str, str]:
    """Return the gender, `female` or `male`, that a given name shows; names in lower case."""
    table = read_lexicon(language, "name_genders")
    return {name: gender for gender in ("female", "male") for name in table[gender]}


@cache
def load_first_names(language: Language) -> frozenset[str]:
    """Return the given names of people in many countries, in lower case without accents."""
    genders = load_name_genders(language).keys()
    return _read_names(language, "first_names") | genders


@cache
def load_given_names(language: Language) -> dict[str, str]:
    """Return the first name of its group for each given name that has other forms."""
    table = read_lexicon(language, "given_names")
    return {name: group[0] for group in table["groups"] for name in group}


@cache
def load_countries(language: Language) -> dict[str, str]:
    """Return the ISO 3166-1 alpha-2 code of each name of a country, names in lower case."""
    table = read_lexicon(language, "countries")
    return {name.casefold(): code for code, names in table.items() for name in names}


def _read_names(language: Language, lexicon: str) -> frozenset[str]:
    names = read_lexicon(language, lexicon)["names"].split(",")
    return frozenset(map(str.strip, names)) - {""}


@cache
def load_cities(language: Language) -> frozenset[str]:
    """Return the names of cities that are no names of people, in lower case without accents."""
    return _read_names(language, "cities")


@cache
def load_demonyms(language: Language) -> dict[str, str]:
    """Return the ISO 3166-1 alpha-2 code of the country of each adjective, in lower case."""
    table = read_lexicon(language, "demonyms")
    return {word: code for code, words in table.items() for word in words}


@cache
def load_organisations(language: Language) -> dict[str, str]:
    """Return the key of each name, in lower case, of organisations with several known ones."""
    table = read_lexicon(language, "organisations")
    return {name: key for key, names in table.items() for name in names}


@dataclass(frozen=True, slots=True)
class NameForms:
    """How one name is written: steps of (pattern, replacement) for each kind of name.

    Pairs of `same` and `different` show what the steps of a kind do. `links` are the small words
    inside names of organisations, `governments` what the government of a `{nation}` is called.
    """

    steps: dict[str, tuple[tuple[str, str], ...]]
    same: dict[str, tuple[tuple[str, str], ...]]
    different: dict[str, tuple[tuple[str, str], ...]]
    descriptors: tuple[str, ...]
    links: tuple[str, ...]
    governments: tuple[str, ...]


@cache
def load_name_forms(language: Language) -> NameForms:
    """Return the steps that bring names into one form."""
    table = dict(read_lexicon(language, "name_forms"))
    descriptors, links, governments = (
        tuple(table.pop(part)["words"]) for part in ("descriptors", "links", "governments")
    )
    steps, same, different = (
        {kind: tuple((one, other) for one, other in part[field]) for kind, part in table.items()}
        for field in ("steps", "same", "different")
    )
    return NameForms(steps, same, different, descriptors, links, governments)


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
    return StockWords(**_sets(table, but="phrases"), phrases=tuple(table["phrases"]))


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
    return EventWords(**_sets(read_lexicon(language, "event_words")))


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
    return LineWords(**_sets(read_lexicon(language, "line_words")))


def plain_letters(word: str) -> str:
    """Return a word in lower case without accents, as the lists of names have it."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
