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
from copydesk.lexicons.load import load_titles, plain_letters
from copydesk.lexicons.names import load_given_names, load_name_genders, load_name_words
from copydesk.mentions.acronyms import join_acronyms
from copydesk.mentions.names import Name, compare_key, generation_of, name_parts
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
# People of one name in an article, and surnames with one initial: an article has a dozen, a list of
# members some hundred. Beyond that, no name is taken for another form of one of them.
MAX_NAMESAKES = 20
MAX_SURNAMES = 500
OF_SURNAMES = frozenset({"own_name", "same_name"})


class Chain(NamedTuple):
    """The best name in the article for what a name refers to, and what joined the two."""

    head: int
    rule: str


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
    return _settle_surnames([_follow(chain, joined) for chain in chains], names, language)


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


class _People(NamedTuple):
    """The people of an article: their gender by head, and who has which surname in full."""

    genders: Mapping[int, str | None]
    of_surname: Mapping[str, Sequence[int]]
    surnames: Collection[str]


def _settle_surnames(
    chains: Sequence[Chain], names: Sequence[Name], language: Language
) -> list[Chain]:
    """Return the chains, with each bare surname joined to the one person whom it can mean there.

    Mr Brandt is not Ida Brandt. Where several people fit, it is the only one named so far.
    """
    people = _read_people(chains, names, language)
    settled = list(chains)
    strangers = _find_strangers(people, names, language)
    open_heads: dict[tuple[str, str | None], int] = {}
    for i, (name, chain) in enumerate(zip(names, chains, strict=True)):
        parts = name_parts(name.text, language)
        if len(parts) == 1 and chain.head in people.genders and chain.rule in OF_SURNAMES:
            gender = shown_gender(name, people.surnames, language) or strangers.get(parts[0])
            found = _find_owner(i, names, people, gender=gender, language=language)
            if found is None:  # the person has no other name here: the first such surname leads
                head = open_heads.setdefault((parts[0], gender), i)
                found = Chain(head, "own_name" if head == i else "same_name")
            settled[i] = found
    return settled


def _find_strangers(people: _People, names: Sequence[Name], language: Language) -> dict[str, str]:
    """Return the gender of those whom an article calls by a surname alone, which others have.

    Holm is he throughout, where one `Holm` is he and all who are named in full are women. Not so
    `Mrs Holm`, whom nobody calls by the surname alone where there is a Paul Holm.
    """
    found: dict[str, set[str | None]] = defaultdict(set)
    for name in names:
        parts = name_parts(name.text, language)
        if " " not in name.text and name.title is None and parts[0] in people.of_surname:
            found[parts[0]].add(name.gender)
    strangers = {}
    for surname, genders in found.items():
        named = {people.genders[head] for head in people.of_surname[surname]}
        shown = genders - {None}
        if len(shown) == 1 and None not in named and shown.isdisjoint(named):
            strangers[surname] = str(*shown)
    return strangers


def _read_people(chains: Sequence[Chain], names: Sequence[Name], language: Language) -> _People:
    genders: dict[int, str | None] = {}
    of_surname: dict[str, dict[int, None]] = defaultdict(dict)
    surnames = find_surnames(names, language)
    for name, chain in zip(names, chains, strict=True):
        if names[chain.head].label == EntityLabel.PERSON:
            parts = name_parts(name.text, language)
            genders[chain.head] = genders.get(chain.head) or shown_gender(name, surnames, language)
            if len(parts) > 1:
                of_surname[parts[-1]][chain.head] = None
    return _People(genders, {key: list(heads) for key, heads in of_surname.items()}, surnames)


def _find_owner(
    i: int, names: Sequence[Name], people: _People, *, gender: str | None, language: Language
) -> Chain | None:
    """Return the one person whom a bare surname can mean, or None where there is not one."""
    of_surname = people.of_surname.get(name_parts(names[i].text, language)[0], ())
    if len(of_surname) > MAX_NAMESAKES:
        return None
    fits = [j for j in of_surname if gender is None or people.genders[j] in {None, gender}]
    generation = generation_of(names[i].text, language)
    fits = [j for j in fits if generation_of(names[j].text, language) == generation] or fits
    so_far = [j for j in fits if j < i]
    if len(fits) == 1:
        return Chain(fits[0], "surname" if len(of_surname) == 1 else "surname_and_title")
    return Chain(so_far[0], "surname_so_far") if len(so_far) == 1 else None


def find_surnames(names: Sequence[Name], language: Language = ENGLISH) -> frozenset[str]:
    """Return the surnames of the people who are named in full."""
    people = (name_parts(name.text, language) for name in names if name.label == EntityLabel.PERSON)
    return frozenset(parts[-1] for parts in people if len(parts) > 1)


def shown_gender(name: Name, surnames: Collection[str], language: Language = ENGLISH) -> str | None:
    """Return the gender, `female` or `male`, that a title, a given name or else `his wife` shows.

    A bare surname is not a given name: Warren, where an Elizabeth Warren is named.
    """
    honorifics = load_titles(language).honorifics
    words = {word.strip(".,").lower() for word in (name.title or "").split()}
    words |= honorifics.intersection(name.text.lower().split()[:1])  # Lady Brandt
    by_title = gender_of_words(words, language)
    own = name_parts(name.text, language)
    if by_title is not None or (len(own) == 1 and own[0] in surnames):
        return by_title or name.gender
    parts = [part for part in name.text.split() if part[:1].isupper()]
    given = next((p for p in parts if p.rstrip(".").lower() not in honorifics), "")
    return load_name_genders(language).get(plain_letters(given), name.gender)


def gender_of_words(words: Collection[str], language: Language = ENGLISH) -> str | None:
    """Return the gender that titles and words such as `wife` show, if they show only one."""
    titles = load_titles(language)
    is_female = not titles.female.isdisjoint(words)
    is_male = not titles.male.isdisjoint(words)
    if is_female == is_male:
        return None
    return "female" if is_female else "male"
