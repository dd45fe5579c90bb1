"""Settle whom a bare surname means where an article names several people who have it.

One person of them is often the one whom the article calls by it, and the others are relatives.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_titles, plain_letters
from copydesk.lexicons.names import load_name_genders
from copydesk.mentions.name import MAX_NAMESAKES, Chain, Name, generation_of, name_parts
from copydesk.values import EntityLabel

OF_SURNAMES = frozenset({"own_name", "same_name"})
SO_FAR = "surname_so_far"
MIN_CALLED = 2  # times by the surname alone, before a relative comes in
MIN_OFTEN = 6  # times in all, where the first of them is before a relative comes in
NEAR_RELATIVE_CHARS = 500  # from the last full name of a relative: nearer, either may be meant


class _People(NamedTuple):
    """The people of an article: their gender by head, and who has which surname in full."""

    genders: Mapping[int, str | None]
    of_surname: Mapping[str, Sequence[int]]
    surnames: Collection[str]

    def relatives_of(self, head: int) -> frozenset[int]:
        """Return the heads of the others who have a surname of that person."""
        shared = (heads for heads in self.of_surname.values() if head in heads)
        return frozenset(other for heads in shared for other in heads) - {head}


def settle_surnames(
    chains: Sequence[Chain], names: Sequence[Name], language: Language
) -> list[Chain]:
    """Return the chains, with each bare surname joined to the one person whom it can mean there.

    Mr Brandt is not Ida Brandt. Where several people fit, it is the only one named so far, or the
    one whom the article has called by it alone.
    """
    people = _read_people(chains, names, language)
    settled = list(chains)
    strangers = _find_strangers(people, names, language)
    bare: dict[int, str | None] = {}
    for i, (name, chain) in enumerate(zip(names, chains, strict=True)):
        parts = name_parts(name.text, language)
        if len(parts) == 1 and chain.head in people.genders and chain.rule in OF_SURNAMES:
            gender = shown_gender(name, people.surnames, language) or strangers.get(parts[0])
            bare[i] = gender
    owners = {
        i: _find_owner(i, names, people, gender=gender, language=language)
        for i, gender in bare.items()
    }
    often = Counter(name_parts(names[i].text, language)[0] for i in bare)
    leads = _find_leads(owners, people, often)
    open_heads: dict[tuple[str, str | None], int] = {}
    for i, gender in bare.items():
        surname = name_parts(names[i].text, language)[0]
        found = owners[i] or _take_lead(i, leads.get(surname), chains, names, people, gender=gender)
        if found is None:  # the person has no other name here: the first such surname leads
            head = open_heads.setdefault((surname, gender), i)
            found = Chain(head, "own_name" if head == i else "same_name")
        settled[i] = found
    return settled


def _find_leads(
    owners: Mapping[int, Chain | None], people: _People, often: Mapping[str, int]
) -> dict[str, int]:
    """Return by surname the one person of several whom the article calls by it, until others come.

    `Holm` is Ida Holm, if the article says so some times before it names her father Paul Holm, or
    once before and many times after. `often` counts the bare surnames.
    """
    called = Counter(chain.head for chain in owners.values() if chain and chain.rule == SO_FAR)
    leads = {}
    for surname, heads in people.of_surname.items():
        n_needed = 1 if often[surname] >= MIN_OFTEN else MIN_CALLED
        usual = [head for head in heads if called[head] >= n_needed]
        if len(heads) > 1 and len(usual) == 1:
            leads[surname] = usual[0]
    return leads


def _take_lead(  # noqa: PLR0913 - a place, and all that is known of the people there
    i: int,
    lead: int | None,
    chains: Sequence[Chain],
    names: Sequence[Name],
    people: _People,
    *,
    gender: str | None,
) -> Chain | None:
    """Return the person whom an article usually calls by a surname, unless a relative is near."""
    if lead is None or {gender, people.genders[lead]} == {"female", "male"}:
        return None
    first = names[i].start - NEAR_RELATIVE_CHARS
    others = people.relatives_of(lead)
    for j in range(i - 1, -1, -1):
        if names[j].end < first or chains[j].head == lead:
            break
        if chains[j].head in others:
            return None
    return Chain(lead, "surname_of_lead")


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
    return Chain(so_far[0], SO_FAR) if len(so_far) == 1 else None


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
