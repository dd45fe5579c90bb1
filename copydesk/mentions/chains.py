"""Chain the names of one bearer in an article.

Two names are chained only where one bearer is left for them: a surname that two people have stays
by itself, unless `Mr` or `Ms` tells whose it is or only one of them has been named so far.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from copydesk.lexicons.load import (
    load_given_names,
    load_name_sexes,
    load_titles,
    plain_letters,
)
from copydesk.mentions.names import Name, compare_key, generation_of, name_parts
from copydesk.rows import EntityLabel

PERSON_LIKE = frozenset(
    {
        EntityLabel.PERSON,
        EntityLabel.ORG,
        EntityLabel.PRODUCT,
        EntityLabel.WORK_OF_ART,
        EntityLabel.FAC,
    }
)  # Blingen, an "ORG"
MIN_MISSPELT_CHARS = 5
MIN_TWICE_MISSPELT_CHARS = 7  # in words as long, two letters may be wrong
MIN_MENTIONS_OF_RIGHT = 3  # for each of a misspelling that the parser takes for no person
MIN_GIVEN_SIMILARITY = 0.9  # Antony ~ Anthony .96; John ~ Joan .87, who are two people
MAX_SEX_ENDING_CHARS = (
    2  # Paul and Paula, Daniel and Danielle: one letter or two make another person
)
OF_SURNAMES = frozenset({"own_name", "same_name"})


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
    joined |= _join_acronyms(
        [i for i in heads if names[i].label in {EntityLabel.ORG, EntityLabel.GPE}], names
    )
    return _settle_surnames([_follow(chain, joined) for chain in chains], names)


def _follow(chain: Chain, joined: Mapping[int, Chain]) -> Chain:
    if chain.head not in joined:
        return chain
    target = joined[chain.head]
    return Chain(_follow(target, joined).head, target.rule)


def _join_people(people: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins an odd form of a person's name to the one full name it fits."""
    by_surname: dict[str, list[int]] = defaultdict(list)
    by_given: dict[str, list[int]] = defaultdict(list)
    for i in people:
        parts = name_parts(names[i].text)
        if names[i].label == EntityLabel.PERSON and len(parts) > 1:
            by_surname[parts[-1]].append(i)
            by_given[parts[0]].append(i)
    n_of_word = Counter(name_parts(name.text)[-1] for name in names)
    first_words = {compare_key(name.text).split()[0] for name in names if " " in name.text}
    joined = {}
    for i in people:
        parts = name_parts(names[i].text)
        found = None
        if len(parts) > 1:
            found = _join_full(i, by_surname[parts[-1]], names)
        elif parts[0] in by_surname:
            continue  # settled mention by mention, for it may be that of several
        elif names[i].label == EntityLabel.PERSON and parts[0] in by_given:
            bearers = _bearers(by_given[parts[0]], names)
            found = Chain(bearers[0], "given_name") if len(bearers) == 1 else None
        elif parts[0] not in first_words:
            right = [s for s in by_surname if _is_misspelt(names[i], of=s, n_of_word=n_of_word)]
            bearers = _bearers((j for surname in right for j in by_surname[surname]), names)
            found = Chain(bearers[0], "misspelt_surname") if len(bearers) == 1 else None
        if found is not None:
            joined[i] = found
    return joined


def _is_misspelt(name: Name, *, of: str, n_of_word: Mapping[str, int]) -> bool:
    """Return whether a single word is another spelling of a surname.

    What the parser takes for no person must be much the rarer: Micron is not Macron.
    """
    word = name_parts(name.text)[0]
    shorter, longer = sorted((word, of), key=len)
    if len(shorter) < MIN_MISSPELT_CHARS or word[0] != of[0] or longer == shorter + "s":
        return False
    if name.label != EntityLabel.PERSON and n_of_word[of] < MIN_MENTIONS_OF_RIGHT * n_of_word[word]:
        return False
    return OSA.distance(word, of) <= 1 + (len(shorter) >= MIN_TWICE_MISSPELT_CHARS)


def _bearers(indices: Iterable[int], names: Sequence[Name]) -> list[int]:
    """Return one index for each bearer among full names: variants of one name count once."""
    bearers: list[int] = []
    for i in indices:
        if not any(is_same_person(names[i].text, names[j].text) for j in bearers):
            bearers.append(i)
    return bearers


def _join_full(i: int, of_surname: Sequence[int], names: Sequence[Name]) -> Chain | None:
    """Return the one earlier full name that can be the same person's."""
    same = (j for j in of_surname if j < i and is_same_person(names[i].text, names[j].text))
    bearers = _bearers(same, names)
    if len(bearers) != 1:
        return None
    others = [j for j in of_surname if is_same_person(names[bearers[0]].text, names[j].text)]
    # An initial that two people have is neither's: J. Hale, John Hale and Jane Hale.
    is_clear = all(is_same_person(names[i].text, names[j].text) for j in others)
    return Chain(bearers[0], "variant_spelling") if is_clear else None


def is_same_person(name: str, other: str) -> bool:
    """Return whether two full names can be one person's: one surname, given names that agree.

    A middle name may be left out, but two that differ tell two people: George W. and George H. W.
    So do `Jr` and `Sr`.
    """
    *given, surname = name_parts(name)
    *others, surname_other = name_parts(other)
    if surname != surname_other or not given or not others:
        return False
    if generation_of(name) != generation_of(other):
        return False
    shorter, longer = sorted((given, others), key=len)
    if len(shorter) == 1:
        return any(_is_same_given(shorter[0], part) for part in longer)
    return len(shorter) == len(longer) and all(map(_is_same_given, shorter, longer))


def _is_same_given(name: str, other: str) -> bool:
    """Return whether two given names can be one: misspelt, or one the initial of the other."""
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) <= 1:
        return shorter == longer[:1]
    has_ending = longer.startswith(shorter) and longer != shorter
    if has_ending and len(longer) - len(shorter) <= MAX_SEX_ENDING_CHARS:
        return False
    groups = load_given_names()
    if name in groups and groups[name] == groups.get(other):
        return True
    sexes = [load_name_sexes().get(plain_letters(given)) for given in (name, other)]
    if None not in sexes and sexes[0] != sexes[1]:
        return False
    return JaroWinkler.similarity(name, other) >= MIN_GIVEN_SIMILARITY


def _join_acronyms(heads: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins an acronym to the one name in the article that it abbreviates."""
    abbreviated = defaultdict(list)
    for i in heads:
        if " " in names[i].text:
            abbreviated[_initials(names[i].text)].append(i)
    joined = {}
    for i in heads:
        acronym = names[i].text.replace(".", "")
        if acronym.isupper() and len(acronym) > 1 and " " not in acronym:
            fits = abbreviated.get(acronym, [])
            if len(fits) == 1:
                joined[i] = Chain(fits[0], "acronym")
    return joined


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z][\w'’-]*", name))


def _settle_surnames(chains: Sequence[Chain], names: Sequence[Name]) -> list[Chain]:
    """Return the chains, with each bare surname joined to the one person whom it can mean there.

    Mr Brandt is not Ida Brandt. Where several are left, it is the only one named so far.
    """
    bearers: dict[str, dict[int, None]] = defaultdict(dict)
    sexes: dict[int, str | None] = {}
    surnames = find_surnames(names)
    for name, chain in zip(names, chains, strict=True):
        if names[chain.head].label == EntityLabel.PERSON:
            parts = name_parts(name.text)
            sexes[chain.head] = sexes.get(chain.head) or told_sex(name, surnames)
            if len(parts) > 1:
                bearers[parts[-1]][chain.head] = None
    settled = list(chains)
    open_heads: dict[tuple[str, str | None], int] = {}
    for i, (name, chain) in enumerate(zip(names, chains, strict=True)):
        parts = name_parts(name.text)
        if len(parts) != 1 or chain.head not in sexes or chain.rule not in OF_SURNAMES:
            continue
        sex, all_fits = told_sex(name, surnames), list(bearers[parts[0]])
        fits = [j for j in all_fits if sex is None or sexes[j] in {None, sex}]
        fits = [j for j in fits if _is_of_generation(names[j], name)] or fits
        so_far = [j for j in fits if j < i]
        if len(fits) == 1:
            rule = "surname" if len(all_fits) == 1 else "surname_and_title"
            settled[i] = Chain(fits[0], rule)
        elif len(so_far) == 1:
            settled[i] = Chain(so_far[0], "surname_so_far")
        else:
            head = open_heads.setdefault((parts[0], sex), i)
            settled[i] = Chain(head, "own_name" if head == i else "same_name")
    return settled


def _is_of_generation(name: Name, other: Name) -> bool:
    return generation_of(name.text) == generation_of(other.text)


def find_surnames(names: Sequence[Name]) -> frozenset[str]:
    """Return the surnames of the people who are named in full."""
    people = (name_parts(name.text) for name in names if name.label == EntityLabel.PERSON)
    return frozenset(parts[-1] for parts in people if len(parts) > 1)


def told_sex(name: Name, surnames: Collection[str]) -> str | None:
    """Return the sex, `female` or `male`, that a title or else a given name tells.

    A surname that stands alone is no given name: Warren, where an Elizabeth Warren is named.
    """
    titles = load_titles()
    by_title = sex_of_words({word.strip(".,").lower() for word in (name.title or "").split()})
    own = name_parts(name.text)
    if by_title is not None or (len(own) == 1 and own[0] in surnames):
        return by_title
    parts = [part for part in name.text.split() if part[:1].isupper()]
    given = next((p for p in parts if p.rstrip(".").lower() not in titles.honorifics), "")
    return load_name_sexes().get(plain_letters(given))


def sex_of_words(words: set[str]) -> str | None:
    """Return the sex that titles and words such as `wife` tell, if they tell one only."""
    titles = load_titles()
    is_female, is_male = bool(words & titles.female), bool(words & titles.male)
    if is_female == is_male:
        return None
    return "female" if is_female else "male"
