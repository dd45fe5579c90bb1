"""Load what identifies outlets, in whatever language they write: hosts, names, kinds."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from copydesk.lexicons.load import read_toml
from copydesk.values import OutletKind

# "The" and the end of a host say nothing about which outlet it is: The Tide, tide.example.
ARTICLE = "the"


@dataclass(frozen=True, slots=True)
class KnownOutlet:
    """An outlet that is known beforehand, by its one name."""

    name: str
    kind: OutletKind
    country: str


@dataclass(frozen=True, slots=True)
class OutletWords:
    """What identifies an outlet: hosts, and names without spaces and capitals.

    `shared` are hosts where many publish, `copies` those that show the pages of others. `second` is
    written before a country in a host, names of outlets consist of `words`, and `sections` are
    parts of sites, in lower case.
    """

    by_host: Mapping[str, KnownOutlet]
    by_name: Mapping[str, KnownOutlet]
    shared: frozenset[str]
    copies: frozenset[str]
    second: frozenset[str]
    words: frozenset[str]
    sections: frozenset[str]


@cache
def load_outlets() -> OutletWords:
    """Return the known outlets, and what names and hosts of others are made of."""
    table = read_toml("copydesk.lexicons", "outlets")
    by_host: dict[str, KnownOutlet] = {}
    by_name: dict[str, KnownOutlet] = {}
    for name, row in table["known"].items():
        outlet = KnownOutlet(name, OutletKind(row["kind"]), row["country"])
        by_host |= dict.fromkeys(row["hosts"], outlet)
        by_name |= dict.fromkeys(map(compact, [name, *row.get("aliases", [])]), outlet)
    lists = {
        part: frozenset(table[part]) for part in ("shared", "copies", "second", "words", "sections")
    }
    return OutletWords(by_host, by_name, **lists)


def compact(name: str) -> str:
    """Return a name so that spellings of one outlet are equal: `The Tide` and `TIDE` are tide."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if letter.isalnum())
    return letters.removeprefix(ARTICLE) or letters
