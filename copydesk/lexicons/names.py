"""Load the names of people, places and bodies, and the words that names consist of."""

import re
from dataclasses import dataclass
from functools import cache

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import Toml, make_sets, read_lexicon


@dataclass(frozen=True, slots=True)
class NameWords:
    """What names are made of, and what is around them without being a part."""

    particles: frozenset[str]
    common: frozenset[str]
    linking: frozenset[str]
    generations: frozenset[str]
    address: re.Pattern[str]
    put_in_people: frozenset[str]
    edges: re.Pattern[str]
    not_in_names: re.Pattern[str]
    abbreviated: re.Pattern[str]
    possessive: re.Pattern[str]
    nickname: re.Pattern[str]
    hyphenated: re.Pattern[str]
    joined: re.Pattern[str]
    article: re.Pattern[str]
    family: str
    home: str
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
        common=frozenset(table["common"]),
        linking=frozenset(table["linking"]),
        generations=frozenset(table["generations"]),
        address=re.compile(rf"(?:{'|'.join(table['address'])})\.?\s+(?=\S)"),
        put_in_people=frozenset(table["put_in_people"]),
        edges=re.compile("|".join(table["edges"])),
        not_in_names=re.compile(table["not_in_names"]),
        abbreviated=re.compile(table["abbreviated"]),
        possessive=re.compile(table["possessive"]),
        nickname=re.compile(table["nickname"]),
        hyphenated=re.compile(table["hyphenated"]),
        joined=re.compile(table["joined"]),
        article=re.compile(table["article"]),
        family=table["family"],
        home=table["home"],
        amounts=re.compile(table["amounts"]["pattern"]),
        hedge=values.pop("hedge"),
        values=values,
    )


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """Words beside a name that show whose or what name it is, in lower case."""

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
    called: frozenset[str]
    as_: frozenset[str]
    own: frozenset[str]


@cache
def load_name_evidence(language: Language) -> NameEvidence:
    """Return the words beside names that show what they are names of."""
    return NameEvidence(**make_sets(read_lexicon(language, "name_evidence")))


@cache
def load_name_genders(language: Language) -> dict[str, str]:
    """Return the gender, `female` or `male`, that a given name shows; names in lower case."""
    table = read_lexicon(language, "name_genders")
    return {name: gender for gender in ("female", "male") for name in table[gender]}


@cache
def load_first_names(language: Language) -> frozenset[str]:
    """Return the given names of people in many countries, in lower case without accents."""
    genders = load_name_genders(language).keys()
    return _split_names(read_lexicon(language, "first_names")) | genders


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


def _split_names(table: Toml) -> frozenset[str]:
    return frozenset(map(str.strip, table["names"].split(","))) - {""}


@cache
def load_cities(language: Language) -> frozenset[str]:
    """Return the names of cities that are no names of people, in lower case without accents."""
    return _split_names(read_lexicon(language, "cities"))


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
