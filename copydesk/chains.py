"""Chain the names of one bearer in an article.

Two names are chained only where one bearer is left for them: a surname that two people have stays
by itself, unless only one of them has been named so far.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import ratio

from copydesk.lexicons.words import load_name_sexes, load_titles, plain_letters
from copydesk.names import Name, compare_key

MIN_MISSPELT_RATIO = 80  # of 100; Blingen ~ Blinken 86, Miller ~ Tiller 83 but never both in one
PERSON_LIKE = frozenset({"PERSON", "ORG", "PRODUCT", "WORK_OF_ART", "FAC"})  # Blingen, an "ORG"
MIN_MISSPELT_CHARS = 5
MIN_GIVEN_SIMILARITY = 0.9  # Antony ~ Anthony .96; John ~ Joan .87, who are two people
MAX_SEX_ENDING_CHARS = (
    2  # Paul and Paula, Daniel and Danielle: one letter or two make another person
)
OF_SURNAMES = frozenset({"own_name", "same_name", "surname"})
GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Chain(NamedTuple):
    """Names of one bearer in one article: the best of them, and what joined each to it."""

    head: int
    rule: str


def chain_names(names: Sequence[Name]) -> list[Chain]:
    """Return for each name the best name of its bearer in the article, as an index, and why."""
    chains = [Chain(i, "own_name") for i in range(len(names))]
    first_seen: dict[tuple[str, str], int] = {}
    for i, name in enumerate(names):
        head = first_seen.setdefault((name.label, compare_key(name.text)), i)
        if head != i:
            chains[i] = Chain(head, "same_name")
    heads = [i for i, chain in enumerate(chains) if chain.head == i]
    joined = _join_people([i for i in heads if names[i].label in PERSON_LIKE], names)
    joined |= _join_acronyms([i for i in heads if names[i].label in {"ORG", "GPE"}], names)
    chains = [_follow(chain, joined) for chain in chains]
    return _settle_surnames(chains, names)


def _settle_surnames(chains: Sequence[Chain], names: Sequence[Name]) -> list[Chain]:
    """Return the chains, with each bare surname joined to the one person whom it can mean there.

    Mr Brandt is not Ida Brandt. Where several are left, it is the only one named so far.
    """
    bearers: dict[str, dict[int, None]] = defaultdict(dict)
    sexes: dict[int, str | None] = {}
    for name, chain in zip(names, chains, strict=True):
        parts = name_parts(name.text)
        if names[chain.head].label == "PERSON":
            sexes[chain.head] = sexes.get(chain.head) or told_sex(name)
            if len(parts) > 1:
                bearers[parts[-1]][chain.head] = None
    settled = list(chains)
    open_heads: dict[tuple[str, str | None], int] = {}
    for i, (name, chain) in enumerate(zip(names, chains, strict=True)):
        parts = name_parts(name.text)
        if len(parts) != 1 or chain.head not in sexes or chain.rule not in OF_SURNAMES:
            continue
        sex = told_sex(name)
        fits = [j for j in bearers[parts[0]] if sex is None or sexes[j] in {None, sex}]
        so_far = [j for j in fits if j < i]
        if len(fits) == 1:
            is_only = len(bearers[parts[0]]) == 1
            settled[i] = Chain(fits[0], "surname" if is_only else "surname_and_title")
        elif len(so_far) == 1:
            settled[i] = Chain(so_far[0], "surname_so_far")
        else:
            head = open_heads.setdefault((parts[0], sex), i)
            settled[i] = Chain(head, "own_name" if head == i else "same_name")
    return settled


def told_sex(name: Name) -> str | None:
    """Return the sex, `female` or `male`, that a title or else a given name tells."""
    titles = load_titles()
    words = {word.strip(".,").lower() for word in (name.title or "").split()}
    is_female, is_male = bool(words & titles.female), bool(words & titles.male)
    if is_female != is_male:
        return "female" if is_female else "male"
    parts = [part for part in name.text.split() if part[:1].isupper()]
    given = next((p for p in parts if p.rstrip(".").lower() not in titles.honorifics), "")
    return load_name_sexes().get(plain_letters(given))


def _follow(chain: Chain, joined: dict[int, Chain]) -> Chain:
    if chain.head not in joined:
        return chain
    target = joined[chain.head]
    return Chain(_follow(target, joined).head, target.rule)


def _join_people(people: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins a short or odd form of a person's name to the one full name it fits."""
    parts = {i: name_parts(names[i].text) for i in people}
    full = [i for i in people if names[i].label == "PERSON" and len(parts[i]) > 1]
    joined = {}
    for i in people:
        words = parts[i]
        if len(words) == 1 and names[i].label == "PERSON":
            found = _join_surname(words[0], full, names) or _join_misspelt(words[0], full, names)
        elif len(words) == 1:
            found = _join_misspelt(words[0], full, names)
        else:
            found = _join_full(i, [j for j in full if j < i], names)
        if found is not None:
            joined[i] = found
    return joined


def _join_surname(word: str, full: Sequence[int], names: Sequence[Name]) -> Chain | None:
    """Return the one full name with this surname, or with this given name where none has."""
    for position, rule in ((-1, "surname"), (0, "given_name")):
        same = (j for j in full if name_parts(names[j].text)[position] == word)
        bearers = _bearers(same, names)
        if bearers:
            return Chain(bearers[0], rule) if len(bearers) == 1 else None
    return None


def _join_misspelt(word: str, full: Sequence[int], names: Sequence[Name]) -> Chain | None:
    surnames = {j: name_parts(names[j].text)[-1] for j in full}
    if len(word) < MIN_MISSPELT_CHARS or word in surnames.values():
        return None
    near = (j for j in full if ratio(surnames[j], word) >= MIN_MISSPELT_RATIO)
    bearers = _bearers(near, names)
    return Chain(bearers[0], "misspelt_surname") if len(bearers) == 1 else None


def _bearers(indices: Iterable[int], names: Sequence[Name]) -> list[int]:
    """Return one index for each bearer among full names: variants of one name count once."""
    bearers: list[int] = []
    for i in indices:
        if not any(is_same_person(names[i].text, names[j].text) for j in bearers):
            bearers.append(i)
    return bearers


def _join_full(i: int, earlier: Sequence[int], names: Sequence[Name]) -> Chain | None:
    same = (j for j in earlier if is_same_person(names[i].text, names[j].text))
    bearers = _bearers(same, names)
    return Chain(bearers[0], "variant_spelling") if len(bearers) == 1 else None


def is_same_person(name: str, other: str) -> bool:
    """Return whether two full names can be one person's: one surname, given names that agree.

    A middle name may be left out, but two that differ tell two people: George W. and George H. W.
    """
    *given, surname = name_parts(name) or [""]
    *others, surname_other = name_parts(other) or [""]
    if surname != surname_other or not given or not others:
        return False
    shorter, longer = sorted((given, others), key=len)
    if len(shorter) == 1:
        return any(_is_same_given(shorter[0], part) for part in longer)
    return len(shorter) == len(longer) and all(map(_is_same_given, shorter, longer))


def _is_same_given(name: str, other: str) -> bool:
    """Return whether two given names can be one: misspelt, or one the initial of the other."""
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) == 1:
        return shorter[0] == longer[0]
    has_ending = longer.startswith(shorter) and longer != shorter
    if has_ending and len(longer) - len(shorter) <= MAX_SEX_ENDING_CHARS:
        return False
    return JaroWinkler.similarity(name, other) >= MIN_GIVEN_SIMILARITY


def name_parts(name: str) -> list[str]:
    """Return the words of a person's name as they are compared, without `Mr` and `Jr`."""
    words = [word.strip(",") for word in compare_key(name).split()]
    while len(words) > 1 and words[0] in load_titles().honorifics:
        words = words[1:]
    while len(words) > 1 and words[-1] in GENERATIONS:
        words = words[:-1]
    return words


def _join_acronyms(heads: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins an acronym to the one name in the article that it abbreviates."""
    joined = {}
    for i in heads:
        acronym = names[i].text.replace(".", "")
        if not (acronym.isupper() and len(acronym) > 1 and " " not in acronym):
            continue
        fits = [j for j in heads if " " in names[j].text and _initials(names[j].text) == acronym]
        if len(fits) == 1:
            joined[i] = Chain(fits[0], "acronym")
    return joined


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z][\w'’-]*", name))
