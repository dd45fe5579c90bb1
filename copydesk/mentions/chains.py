"""Chain the names in an article that refer to one person or organisation.

Two names are chained only where they can refer to one alone: a surname that two people have stays
by itself, unless `Mr` or `Ms` shows whose it is or only one of them has been named so far.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import extract_iter

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import plain_letters
from copydesk.lexicons.names import load_given_names, load_name_genders, load_name_words
from copydesk.mentions.acronyms import join_acronyms
from copydesk.mentions.name import (
    MAX_NAMESAKES,
    Chain,
    Name,
    compare_key,
    generation_of,
    name_parts,
)
from copydesk.mentions.surnames import settle_surnames
from copydesk.values import EntityLabel

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
MAX_WRONG_LETTERS = 2
MIN_TWICE_MISSPELT_CHARS = 7  # in words as long, two letters may be wrong
MIN_MENTIONS_OF_RIGHT = 3  # for each of a misspelling that the parser does not take for a person
MIN_GIVEN_SIMILARITY = 0.9  # Antony ~ Anthony .96; John ~ Joan .87, who are two people
# Paul and Paula, Daniel and Danielle: one letter or two make another person.
MAX_GENDER_ENDING_CHARS = 2
# Surnames with one initial: an article has a dozen, a list of members some hundred. Beyond that, no
# name is taken for a misspelling of one of them.
MAX_SURNAMES = 500


def chain_names(names: Sequence[Name], *, language: Language = ENGLISH) -> list[Chain]:
    """Return for each name the index of the best name for the same referent, and why."""
    chains = [Chain(i, "own_name") for i in range(len(names))]
    first_seen: dict[tuple[str, str], int] = {}
    for i, name in enumerate(names):
        head = first_seen.setdefault((name.label, compare_key(name.text, language)), i)
        if head != i:
            chains[i] = Chain(head, "same_name")
    heads = [i for i, chain in enumerate(chains) if chain.head == i]
    people = [i for i in heads if names[i].label in PERSON_LIKE]
    joined = _join_people(people, names, language)
    bodies = [i for i in heads if names[i].label in {EntityLabel.ORG, EntityLabel.GPE}]
    long_names = join_acronyms({i: names[i].text for i in bodies})
    joined |= {i: Chain(long, "acronym") for i, long in long_names.items()}
    return settle_surnames([_follow(chain, joined) for chain in chains], names, language)


def _follow(chain: Chain, joined: Mapping[int, Chain]) -> Chain:
    if chain.head not in joined:
        return chain
    target = joined[chain.head]
    return Chain(_follow(target, joined).head, target.rule)


class _Named(NamedTuple):
    """The full names of people in an article, by each of their words."""

    by_surname: Mapping[str, Sequence[int]]
    by_given: Mapping[str, Sequence[int]]
    by_word: Mapping[str, Sequence[int]]
    bare: Collection[str]  # words that are names by themselves


def _read_full_names(people: Iterable[int], names: Sequence[Name], language: Language) -> _Named:
    by_surname: dict[str, list[int]] = defaultdict(list)
    by_given: dict[str, list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    bare = set()
    for i in people:
        parts = name_parts(names[i].text, language)
        if names[i].label == EntityLabel.PERSON and len(parts) > 1:
            by_surname[parts[-1]].append(i)
            by_given[parts[0]].append(i)
            for word in dict.fromkeys(parts):
                by_word[word].append(i)
        elif len(parts) == 1:
            bare.add(parts[0])
    return _Named(by_surname, by_given, by_word, bare)


def _join_people(
    people: Sequence[int], names: Sequence[Name], language: Language
) -> dict[int, Chain]:
    """Return what joins an odd form of a person's name to the one full name it fits."""
    full = _read_full_names(people, names, language)
    n_of_word = Counter(name_parts(name.text, language)[-1] for name in names)
    first_words = {
        compare_key(name.text, language).split()[0] for name in names if " " in name.text
    }
    of_initial: dict[str, list[str]] = defaultdict(list)
    for surname in full.by_surname:
        of_initial[surname[:1]].append(surname)
    joined: dict[int, Chain] = {}
    for i in people:
        parts = name_parts(names[i].text, language)
        is_person = names[i].label == EntityLabel.PERSON
        found = None
        if len(parts) > 1:
            found = _join_full(i, full.by_surname.get(parts[-1], ()), names, language)
            found = found or _join_part(i, full, names, language)
        elif parts[0] in full.by_surname:
            continue  # settled mention by mention, for it may be that of several
        elif is_person and parts[0] in full.by_word:
            found = _join_given(i, full.by_given.get(parts[0], ()), names, language)
            found = found or _join_part(i, full, names, language)
        elif parts[0] not in first_words:
            right = [
                surname
                for surname in _similar(parts[0], of_initial[parts[0][:1]])
                if _is_misspelt(names[i], of=surname, n_of_word=n_of_word, language=language)
            ]
            of_right = (j for surname in right for j in full.by_surname[surname])
            fits = _distinct_people(of_right, names, language)
            found = Chain(fits[0], "misspelt_surname") if len(fits) == 1 else None
        if found is not None and _follow(found, joined).head != i:
            joined[i] = found
    return joined


def _join_given(
    i: int, of_given: Sequence[int], names: Sequence[Name], language: Language
) -> Chain | None:
    """Return the one person of a given name, or the only one so far."""
    fits = _distinct_people(of_given, names, language)
    so_far = [j for j in fits if j < i]
    if len(fits) == 1 or len(so_far) == 1:
        return Chain((so_far or fits)[0], "given_name")
    return None


def _join_part(i: int, full: _Named, names: Sequence[Name], language: Language) -> Chain | None:
    """Return the one longer name that some of its words stand for, in their order.

    So are called who has two surnames (`Brandt Olmo`, and `Brandt`, of Ana Brandt Olmo), a
    patronymic (`Ivan Petrovich`) or several given names.
    """
    parts = name_parts(names[i].text, language)
    candidates = full.by_word.get(parts[-1], ())
    if len(candidates) > MAX_NAMESAKES:
        return None
    # Ida Brandt, whom the article calls Brandt, too, has no more names: not in `Ida Brandt Cast`.
    is_whole = len(parts) > 1 and parts[-1] in full.bare
    longer = [
        j for j in candidates if j != i and _holds(name_parts(names[j].text, language), parts)
    ]
    people = _distinct_people(longer, names, language)
    if len(people) != 1:
        return None
    begins = name_parts(names[people[0]].text, language)[: len(parts)] == parts
    if begins and is_whole:
        return None
    return Chain(people[0], "given_name" if begins else "surname")


def _holds(parts: Sequence[str], some: Sequence[str]) -> bool:
    """Return whether words stand side by side in a longer name."""
    n = len(some)
    starts = range(len(parts) - n + 1) if n < len(parts) else ()
    return any(tuple(parts[at : at + n]) == tuple(some) for at in starts)


def _similar(word: str, surnames: Sequence[str]) -> list[str]:
    """Return the surnames that a word may be a misspelling of, in their order; not of a roll."""
    if len(surnames) > MAX_SURNAMES or len(word) < MIN_MISSPELT_CHARS:
        return []
    found = extract_iter(word, surnames, scorer=OSA.distance, score_cutoff=MAX_WRONG_LETTERS)
    return [surname for surname, _, _ in found]


def _is_misspelt(name: Name, *, of: str, n_of_word: Mapping[str, int], language: Language) -> bool:
    """Return whether a single word is another spelling of a surname.

    A name that the parser does not take for a person's must be much rarer: Micron is not Macron.
    """
    word = name_parts(name.text, language)[0]
    shorter, longer = sorted((word, of), key=len)
    family = load_name_words(language).family
    if len(shorter) < MIN_MISSPELT_CHARS or word[0] != of[0] or longer == shorter + family:
        return False
    is_long = len(shorter) >= MIN_TWICE_MISSPELT_CHARS
    is_rare = MIN_MENTIONS_OF_RIGHT * n_of_word[word] <= n_of_word[of]
    is_slip = is_long and n_of_word[word] == 1 and OSA.distance(word, of) == 1
    if name.label != EntityLabel.PERSON and not is_rare and not is_slip:
        return False
    return OSA.distance(word, of) <= (MAX_WRONG_LETTERS if is_long else 1)


def _distinct_people(
    indices: Iterable[int], names: Sequence[Name], language: Language
) -> list[int]:
    """Return one index for each person among full names: variants of one name count once."""
    people: list[int] = []
    for i in islice(indices, MAX_NAMESAKES):
        if not any(is_same_person(names[i].text, names[j].text, language) for j in people):
            people.append(i)
    return people


def _join_full(
    i: int, of_surname: Sequence[int], names: Sequence[Name], language: Language
) -> Chain | None:
    """Return the one earlier full name that can be the same person's."""
    if len(of_surname) > MAX_NAMESAKES:
        return None

    def is_same(one: int, other: int) -> bool:
        return is_same_person(names[one].text, names[other].text, language)

    people = _distinct_people((j for j in of_surname if j < i and is_same(i, j)), names, language)
    if len(people) != 1:
        return None
    others = [j for j in of_surname if is_same(people[0], j)]
    # An initial that two people have belongs to neither: J. Hale, John Hale and Jane Hale.
    is_clear = all(is_same(i, j) for j in others)
    return Chain(people[0], "variant_spelling") if is_clear else None


def is_same_person(name: str, other: str, language: Language = ENGLISH) -> bool:
    """Return whether two full names can be one person's: one surname, given names that agree.

    A middle name may be left out, but two that differ are two people's: George W. and George H. W.
    So are `Jr` and `Sr`.
    """
    *given, surname = name_parts(name, language)
    *others, surname_other = name_parts(other, language)
    if surname != surname_other or not given or not others:
        return False
    if generation_of(name, language) != generation_of(other, language):
        return False
    shorter, longer = sorted((given, others), key=len)
    if len(shorter) == 1:
        return any(_is_same_given(shorter[0], part, language) for part in longer)
    return len(shorter) == len(longer) and all(
        _is_same_given(one, another, language) for one, another in zip(shorter, longer, strict=True)
    )


def _is_same_given(name: str, other: str, language: Language) -> bool:
    """Return whether two given names can be one: misspelt, or one the initial of the other."""
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) <= 1:
        return shorter == longer[:1]
    genders = [load_name_genders(language).get(plain_letters(given)) for given in (name, other)]
    has_ending = longer.startswith(shorter) and longer != shorter
    is_one_gender = genders[0] is not None and genders[0] == genders[1]
    if has_ending and len(longer) - len(shorter) <= MAX_GENDER_ENDING_CHARS and not is_one_gender:
        return False
    groups = load_given_names(language)
    if name in groups and groups[name] == groups.get(other):
        return True
    if None not in genders and genders[0] != genders[1]:
        return False
    return JaroWinkler.similarity(name, other) >= MIN_GIVEN_SIMILARITY
