"""Decide what each name of an article is a name of: a person, a body, a place.

The parser's label, the words in and beside the name at all its places and the lists of known names
have votes. The label with most of them is that of the name in the whole article, for the parser
often takes a bare surname for a place, and a name that it has never seen for a person's.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_kinds, plain_letters
from copydesk.lexicons.names import (
    load_cities,
    load_countries,
    load_first_names,
    load_name_evidence,
    load_name_genders,
    load_name_words,
)
from copydesk.mentions.evidence import PLACE, SURE, read_evidence
from copydesk.mentions.name import Name, compare_key, name_parts, span_of
from copydesk.values import EntityLabel

RELABELLED = frozenset(
    {
        EntityLabel.FAC,
        EntityLabel.PERSON,
        EntityLabel.GPE,
        EntityLabel.LOC,
        EntityLabel.PRODUCT,
        EntityLabel.WORK_OF_ART,
    }
)
ARGUABLE = RELABELLED | {EntityLabel.ORG}
OF_GIVEN_NAMES = {EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.PRODUCT, EntityLabel.FAC}
PLACES = (EntityLabel.GPE, EntityLabel.LOC)
PARSER_WEIGHT = 2
# The weight of a label by the rule that gave it; an article that explains an acronym is right.
RULE_WEIGHTS = {"rematched": 0, "place_word": 1, "acronym": 50}
KNOWN_WEIGHT = 2
FORM_WEIGHT = 4
MIN_SMALL = 2
MIN_GIVEN_CHARS = 4
# A capital inside a word, but not after what surnames begin with: MacIntyre, DeSantis.
CAMEL = re.compile(
    r"(?!Mac|Fitz|Van|Von|Del|Des|Las|Los|Ben|Abu|San|Dos|Mc)[A-Z][a-z]{2,}[A-Z]\w+"
    r"|(?!Mc|De|Le|La|Di|Du|Da|Lo|Al|El|Ma|St)[A-Z][a-z][A-Z][a-z]{3,}"
)
MAX_SURNAMES = 3  # words after a given name

Votes = dict[str, Counter[str]]
"""How much speaks for each label of a name, by the name as names are compared."""


def relabel(name: Name, ent: Span, language: Language) -> Name:
    """Return a name with the label that words inside and beside it show."""
    if ent.label_ not in ARGUABLE or has_given_name(name.text, language):
        return name
    if _ends_as_organisation(name, language):
        return replace(name, label=EntityLabel.ORG, rule="organisation_word")
    if _ends_as_place(name, language) and ent.label_ != EntityLabel.FAC:
        return replace(name, label=EntityLabel.LOC, rule="place_word")
    if ent.label_ == EntityLabel.PERSON and _is_place(ent, language):
        return replace(name, label=EntityLabel.LOC, rule="place_word")
    if ent.label_ == EntityLabel.PERSON and _contains_something(ent, language):
        return replace(name, label=EntityLabel.GPE, rule="place_word")
    return name


def has_given_name(name: str, language: Language) -> bool:
    """Return whether a name begins with a given name that shows a gender."""
    return plain_letters(name.split(maxsplit=1)[0]) in load_name_genders(language)


def _contains_something(ent: Span, language: Language) -> bool:
    """Return whether something is said to be in what is named, other than trust or faith."""
    before = ent.root.head
    return (
        ent.root.dep_ == "pobj"
        and before.i == ent.start - 1
        and before.lower_ in load_kinds(language).inside
        and before.head.lemma_ not in load_name_words(language).put_in_people
    )


def _is_place(ent: Span, language: Language) -> bool:
    """Return whether words beside a name show that it is a place's: `the Elsa crossing`."""
    kinds = load_kinds(language)
    following = ent.doc[ent.end].lower_ if ent.end < len(ent.doc) else ""
    if following in kinds.after or (len(ent) > 1 and ent[0].lower_ in kinds.before):
        return True
    return any(
        child.dep_ == "appos" and child.lower_ in kinds.places for child in ent.root.children
    )


def count_votes(
    doc: Doc, names: Iterable[Name], small: Collection[str], language: Language
) -> Votes:
    """Return what the parser and the words beside the names say of their labels.

    `small` are the words that the article has in small letters.
    """
    votes: Votes = defaultdict(Counter)
    for name in names:
        cast = votes[compare_key(name.text, language)]
        cast[name.label] += RULE_WEIGHTS.get(name.rule, PARSER_WEIGHT)
        span = span_of(doc, name) if name.label in ARGUABLE else None
        for vote in () if span is None else read_evidence(span, language):
            cast[vote.label] += vote.weight
        if known := _known_label(name.text, language):
            cast[known] += KNOWN_WEIGHT
        if shaped := _label_of_form(name, small, language):
            cast[shaped] += FORM_WEIGHT
    return votes


def _label_of_form(name: Name, small: Collection[str], language: Language) -> str | None:
    """Return what a name of a person is by its form: no person is called `AdWorks` or `Gull 2`.

    Nor is one called by two words that the article has in small letters: `Warm Clothes Airer`.
    """
    if name.label != EntityLabel.PERSON:
        return None
    words = name.text.split()
    if any(character.isdigit() for character in name.text):
        return EntityLabel.PRODUCT
    if len(words) == 1:
        return EntityLabel.ORG if CAMEL.fullmatch(name.text) else None
    if plain_letters(words[0]) in load_first_names(language):
        return None
    if words[-1].lower() in load_kinds(language).kinds:
        return EntityLabel.ORG
    n_small = sum(word.lower() in small for word in words if word[0].isupper())
    return EntityLabel.PRODUCT if n_small >= MIN_SMALL else None


def _known_label(name: str, language: Language) -> str | None:
    plain = plain_letters(name)
    given, *others = plain.split()
    if 1 <= len(others) <= MAX_SURNAMES and given in load_first_names(language):
        endings = load_kinds(language).endings | load_name_evidence(language).place_endings
        return None if others[-1] in endings else EntityLabel.PERSON
    is_place = plain in load_countries(language) or plain in load_cities(language)
    return PLACE if is_place else None


def settle_labels(names: Sequence[Name], votes: Votes, language: Language) -> list[Name]:
    """Return the names, each with the label for which most speaks in the article.

    A single word takes the label of the person whose surname it is, or of the organisation that
    it begins.
    """
    full = Counter(
        name_parts(n.text, language)[-1]
        for n in names
        if " " in n.text and _winner(n, votes[compare_key(n.text, language)]) == EntityLabel.PERSON
    )
    # The first word, too, in whatever order a country has them; but Chelsea may be a town.
    given = {
        key
        for n in names
        if " " in n.text and _winner(n, votes[compare_key(n.text, language)]) == EntityLabel.PERSON
        if len(key := name_parts(n.text, language)[0]) >= MIN_GIVEN_CHARS
        and votes[key].keys() <= OF_GIVEN_NAMES
    }
    surnames = given | {
        key
        for key, n_full in full.items()
        if _place_votes(votes[key]) <= votes[key][EntityLabel.PERSON] + PARSER_WEIGHT * n_full
        or _known_label(key, language) is None
    }
    organisations = _first_words(names, votes, language)
    # Ford, where Henry Ford Jr. is named as well as the Ford Motor Company.
    surnames -= {
        key for key in organisations if votes[key][EntityLabel.ORG] > votes[key][EntityLabel.PERSON]
    }
    organisations -= surnames
    settled = []
    for name in names:
        key = compare_key(name.text, language)
        is_value = name.label in {EntityLabel.DATE, EntityLabel.MONEY}
        is_surname = key in surnames and not is_value
        label = EntityLabel.PERSON if is_surname else _winner(name, votes[key])
        if key in organisations and label == EntityLabel.PERSON:
            label = EntityLabel.ORG  # Northreach, where Northreach Ferries is named as well
        rule = name.rule if label == name.label else "label_of_article"
        settled.append(replace(name, label=label, rule=rule))
    return settled


def _first_words(names: Sequence[Name], votes: Votes, language: Language) -> set[str]:
    """Return the words that organisations are called by, the first ones of their names.

    Nothing shows that such a word is a person's name but what the parser takes it for.
    """
    taken_for_people = Counter(
        compare_key(n.text, language)
        for n in names
        if n.label == EntityLabel.PERSON and n.rule != "rematched"
    )
    found = set()
    for name in names:
        key, *others = compare_key(name.text, language).split()
        is_shown = votes[key][EntityLabel.PERSON] >= PARSER_WEIGHT * taken_for_people[key] + SURE
        is_body = name.label == EntityLabel.ORG and others
        if is_body and (
            _ends_as_organisation(name, language)
            or not (is_shown or key in load_first_names(language))
        ):
            found.add(key)
    return found


def _place_votes(cast: Counter[str]) -> int:
    return sum(cast[label] for label in (PLACE, *PLACES))


def _winner(name: Name, cast: Counter[str]) -> str:
    """Return the label with most votes, those for places taken together."""
    if name.label not in ARGUABLE:
        return name.label
    others = Counter({label: n for label, n in cast.items() if label not in {PLACE, *PLACES}})
    n_place = _place_votes(cast)
    best, n_best = max(others.items(), key=lambda item: item[1], default=(name.label, 0))
    is_even = n_best == n_place and best != EntityLabel.PERSON
    if n_best > n_place or is_even or not n_place:
        return best
    place, n_parser = max(((label, cast[label]) for label in PLACES), key=lambda item: item[1])
    return place if n_parser else EntityLabel.GPE


def _ends_as_organisation(name: Name, language: Language) -> bool:
    *before, last = name.text.lower().split()
    return bool(before) and last in load_kinds(language).endings


def _ends_as_place(name: Name, language: Language) -> bool:
    *before, last = name.text.lower().split()
    return bool(before) and last in load_name_evidence(language).place_endings
