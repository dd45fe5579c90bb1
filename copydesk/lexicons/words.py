"""Load the word lists that more than one part reads."""

import re
import tomllib
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
    fixed: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """Words that stand for a person by office, trade or sex, in lower case."""

    titles: frozenset[str]
    honorifics: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]


@cache
def load_cues() -> Cues:
    """Return the cue lexicon."""
    table = tomllib.loads((files("copydesk.lexicons") / "cues.toml").read_text("utf-8"))
    return Cues(
        speech=frozenset(table["speech"]),
        thought=frozenset(table["thought"]),
        demand=frozenset(table["demand"]),
        needs_marks=frozenset(table["needs_marks"]),
        fixed=tuple(tuple(phrase.split()) for phrase in table["fixed"]),
    )


@cache
def load_titles() -> Titles:
    """Return the words of offices and trades."""
    table = tomllib.loads((files("copydesk.lexicons") / "titles.toml").read_text("utf-8"))
    return Titles(
        titles=frozenset(table["titles"]),
        honorifics=frozenset(table["honorifics"]),
        female=frozenset(table["female"]),
        male=frozenset(table["male"]),
    )


@cache
def load_countries() -> dict[str, str]:
    """Return the ISO 3166-1 alpha-2 code of each name of a country, names in lower case."""
    table = tomllib.loads((files("copydesk.lexicons") / "countries.toml").read_text("utf-8"))
    return {name.casefold(): code for code, names in table.items() for name in names}


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
