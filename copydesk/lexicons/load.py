"""Load the word lists that more than one part reads."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

UNPLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that introduce a quotation: verbs as lemmas, fixed phrases as words."""

    speech: frozenset[str]
    thought: frozenset[str]
    demand: frozenset[str]
    needs_marks: frozenset[str]
    judgement: frozenset[str]
    fixed: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """Words that stand for a person by office, trade or sex, in lower case.

    `abbreviations` are written out there; they are among the titles. Bearers of `unnamed` ones are
    rarely named.
    """

    titles: frozenset[str]
    unnamed: frozenset[str]
    qualifiers: frozenset[str]
    portfolios: frozenset[str]
    abbreviations: dict[str, str]
    honorifics: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]


@cache
def load_cues() -> Cues:
    """Return the cue lexicon."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "cues.toml").read_text("utf-8"))
    return Cues(
        speech=frozenset(table["speech"]),
        thought=frozenset(table["thought"]),
        demand=frozenset(table["demand"]),
        needs_marks=frozenset(table["needs_marks"]),
        judgement=frozenset(table["judgement"]),
        fixed=tuple(tuple(phrase.split()) for phrase in table["fixed"]),
    )


@cache
def load_titles() -> Titles:
    """Return the words of offices and trades."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "titles.toml").read_text("utf-8"))
    return Titles(
        titles=frozenset(table["titles"]) | table["abbreviations"].keys(),
        unnamed=frozenset(table["unnamed"]),
        qualifiers=frozenset(table["qualifiers"]),
        portfolios=frozenset(table["portfolios"]),
        abbreviations=dict(table["abbreviations"]),
        honorifics=frozenset(table["honorifics"]),
        female=frozenset(table["female"]),
        male=frozenset(table["male"]),
    )


@dataclass(frozen=True, slots=True)
class Kinds:
    """What organisations and places are called when they are not named, in lower case.

    `kinds` has, for a noun, the words of names that tell the same of their bearer; `generic` nouns
    are said of organisations of any kind.
    """

    kinds: dict[str, frozenset[str]]
    generic: frozenset[str]
    endings: frozenset[str]
    places: frozenset[str]
    inside: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]


@cache
def load_kinds() -> Kinds:
    """Return the nouns of organisations and places."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "kinds.toml").read_text("utf-8"))
    places = table["places"]
    return Kinds(
        kinds={noun: frozenset({noun, *words}) for noun, words in table["kinds"].items()},
        generic=frozenset(table["descriptions"]["generic"]),
        endings=frozenset(table["names"]["endings"]),
        places=frozenset(places["words"]),
        inside=frozenset(places["inside"]),
        after=frozenset(places["after"]),
        before=frozenset(places["before"]),
    )


@cache
def load_countries() -> dict[str, str]:
    """Return the ISO 3166-1 alpha-2 code of each name of a country, names in lower case."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "countries.toml").read_text("utf-8"))
    return {name.casefold(): code for code, names in table.items() for name in names}


@dataclass(frozen=True, slots=True)
class NameForms:
    """How names are written the same: steps of (pattern, replacement) for each kind of name.

    Pairs of `same` and `different` show what the steps of a kind do.
    """

    steps: dict[str, tuple[tuple[str, str], ...]]
    same: dict[str, tuple[tuple[str, str], ...]]
    different: dict[str, tuple[tuple[str, str], ...]]
    descriptors: tuple[str, ...]


@cache
def load_name_forms() -> NameForms:
    """Return the steps that bring names into one form."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "name_forms.toml").read_text("utf-8"))
    descriptors = tuple(table.pop("descriptors")["words"])
    steps, same, different = (
        {kind: tuple((one, other) for one, other in part[field]) for kind, part in table.items()}
        for field in ("steps", "same", "different")
    )
    return NameForms(steps, same, different, descriptors)


@cache
def load_given_names() -> dict[str, str]:
    """Return the first name of its group for each given name that has other forms."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "given_names.toml").read_text("utf-8"))
    return {name: group[0] for group in table["groups"] for name in group}


@cache
def load_organisations() -> dict[str, str]:
    """Return the key of each name, in lower case, of organisations with several known ones."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "organisations.toml").read_text("utf-8"))
    return {name: key for key, names in table.items() for name in names}


@cache
def load_demonyms() -> dict[str, str]:
    """Return the ISO 3166-1 alpha-2 code of the country of each adjective, in lower case."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "demonyms.toml").read_text("utf-8"))
    return {word: code for code, words in table.items() for word in words}


@cache
def load_field_names() -> dict[str, list[str]]:
    """Return the names that exports give to each field, as `plain_name` has them, best first."""
    table = tomllib.loads((files("copydesk.lexicons") / "fields.toml").read_text("utf-8"))
    return {field: list(map(plain_name, names)) for field, names in table["fields"].items()}


@cache
def load_object_names() -> dict[str, list[str]]:
    """Return the names inside the objects of exports by what they hold, exactly as written."""
    table = tomllib.loads((files("copydesk.lexicons") / "fields.toml").read_text("utf-8"))
    return {use: list(names) for use, names in table["objects"].items()}


def plain_name(name: str) -> str:
    """Return a field's name without capitals and signs: `Article Text` is article_text."""
    return UNPLAIN.sub("_", name).strip("_").casefold()


def plain_letters(word: str) -> str:
    """Return a word in lower case without accents, as the lists of names have it."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@cache
def load_name_sexes() -> dict[str, str]:
    """Return the sex, `female` or `male`, that a given name tells; names in lower case."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "name_sexes.toml").read_text("utf-8"))
    return {name: sex for sex in ("female", "male") for name in table[sex]}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How newsrooms write one spoken word: steps of (pattern, replacement), and whole words.

    Pairs of `same` and `different` show what the steps do.
    """

    steps: tuple[tuple[re.Pattern[str], str], ...]
    same: tuple[tuple[str, str], ...]
    different: tuple[tuple[str, str], ...]
    numbers: dict[str, str]
    signs: dict[str, str]
    contractions: dict[str, tuple[str, ...]]


@cache
def load_spelling() -> Spelling:
    """Return what tells one spoken word behind two spellings."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "spelling.toml").read_text("utf-8"))
    same, different = (
        tuple((one, other) for one, other in table[pairs]) for pairs in ("same", "different")
    )
    return Spelling(
        steps=tuple((re.compile(pattern), written) for pattern, written in table["steps"]),
        same=same,
        different=different,
        numbers={str(number): word for number, word in enumerate(table["numbers"])},
        signs=dict(table["signs"]),
        contractions={short: tuple(long.split()) for short, long in table["contractions"].items()},
    )


@dataclass(frozen=True, slots=True)
class StockWords:
    """Words and phrases that anybody's statement about anything may hold, in lower case."""

    function: frozenset[str]
    light: frozenset[str]
    phrases: tuple[str, ...]


@cache
def load_stock_words() -> StockWords:
    """Return the words that say little about which statement they are from."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "stock_words.toml").read_text("utf-8"))
    return StockWords(
        function=frozenset(table["function"]),
        light=frozenset(table["light"]),
        phrases=tuple(table["phrases"]),
    )


@dataclass(frozen=True, slots=True)
class DateWords:
    """Names of months and days, in lower case.

    `months` has the names of each month, from the full one to the shortest; `days_back` says how
    many days before publication a day was.
    """

    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...]
    days_back: dict[str, int]


@cache
def load_date_words() -> DateWords:
    """Return the names of months and days."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "dates.toml").read_text("utf-8"))
    return DateWords(
        months=tuple(map(tuple, table["months"])),
        weekdays=tuple(table["weekdays"]),
        days_back=dict(table["days_back"]),
    )


@dataclass(frozen=True, slots=True)
class EventWords:
    """Words that mislead when articles are compared by day and place, in lower case."""

    not_the_day: frozenset[str]
    seats: frozenset[str]


@cache
def load_event_words() -> EventWords:
    """Return the words before a weekday that is not that of the news, and the seats of power."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "event_words.toml").read_text("utf-8"))
    return EventWords(frozenset(table["not_the_day"]), frozenset(table["seats"]))


@dataclass(frozen=True, slots=True)
class LineWords:
    """Words that tell copy from boilerplate line by line, in lower case."""

    function: frozenset[str]
    personal: frozenset[str]
    reporting: frozenset[str]


@cache
def load_line_words() -> LineWords:
    """Return the words that are counted on every line of a page."""
    table = tomllib.loads((files("copydesk.lexicons.en") / "line_words.toml").read_text("utf-8"))
    return LineWords(
        function=frozenset(table["function"]),
        personal=frozenset(table["personal"]),
        reporting=frozenset(table["reporting"]),
    )
