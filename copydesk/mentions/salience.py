"""Weigh the people of an article at each place in it: whom is the text about?

Each name and each resolved pronoun makes its referent more salient, subjects most; salience fades
with each sentence that is not only somebody's words. One mention counts more than many old ones:
the subject of the sentence before outweighs whoever the article was about until then. Nothing about
a person's name but the gender that it may show has a part in this.

Method: Lappin and Leass 1994 for the weights; Grosz, Joshi and Weinstein 1995 (centering) for the
bound on what older mentions add.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_kinds, load_pronouns, load_titles, plain_letters
from copydesk.lexicons.names import load_countries, load_name_genders
from copydesk.mentions.name import Chain
from copydesk.mentions.names import VALUE_LABELS, Name, span_of
from copydesk.mentions.surnames import find_surnames, gender_of_words, shown_gender
from copydesk.values import EntityLabel

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
ROLE_WEIGHTS = {
    "nsubj": 4.0,
    "nsubjpass": 3.5,
    "dobj": 2.0,
    "dative": 2.0,
    "pobj": 1.5,
    "poss": 1.5,
}
OTHER_ROLE_WEIGHT = 1.2
ASKED_WEIGHT = 3.5  # of whom somebody asks: they answer
ASKED_ABOUT_SHARE = 0.3  # of the weight of somebody whom a question is about: another answers
MAX_STEPS_UP = 6  # from a word to the verb that asks
SUBORDINATE_SHARE = 0.8  # of a subject's weight, if its clause hangs on another
SUBORDINATE = frozenset({"ccomp", "advcl", "relcl", "acl", "pcomp", "csubj"})
PRONOUN_WEIGHT = 1.1  # of a pronoun against a name in its role: the topic continues
DESCRIBED_WEIGHT = 1.0  # of `the mayor` against a name
DOUBTFUL_WEIGHT = 0.75  # of what may be a person's name, with nothing beside it that says so
QUOTED_WEIGHT = 0.4  # of a name in somebody's words, for a pronoun outside of them
OLDER_SHARE = 0.25  # of the smaller of two saliences, a new one and what is left of the older ones
FADE = 0.6  # of salience from one sentence to the next
NEW_PARAGRAPH_FADE = 0.85
NO_SALIENCE = 0.01  # nobody is meant who is no more salient than that
HEAD_RELATIONS = frozenset({"appos", "conj", "compound", "flat"})
MAX_NAME_WORDS = 4  # of a person whom the parser takes for something else


@dataclass(slots=True)
class Person:
    """What the text so far says of a person."""

    salience: float = 0.0
    heaviest: float = 0.0  # of the mentions in this sentence
    older: float = 0.0  # salience before this sentence, faded
    gender: str | None = None
    last_role: str = ""
    is_hearsay: bool = False  # first named in somebody's words, and nobody they spoke to since
    is_reported: bool = False  # last mentioned in somebody's words
    is_accused: bool = False
    roots: set[int] = field(default_factory=set)


class Mentioned(NamedTuple):
    """A name at its head word: the head of its chain, and how much it counts."""

    head: int
    weight: float


def find_people(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], language: Language
) -> dict[int, Person]:
    """Return who may be a person by the heads of their chains, with their gender if shown.

    The parser takes many a name that it has not seen for that of a company or a place.
    """
    people: dict[int, Person] = {}
    surnames = find_surnames(names, language)
    for name, chain in zip(names, chains, strict=True):
        label = names[chain.head].label
        if label == EntityLabel.PERSON or may_be_person(doc, names[chain.head], language):
            person = people.setdefault(chain.head, Person())
            person.gender = person.gender or _gender_of(doc, name, surnames, language)
    return people


def may_be_person(doc: Doc, name: Name, language: Language) -> bool:
    """Return whether a name that the parser takes for a body or a place has a person's form."""
    span = span_of(doc, name)
    if span is None or name.label in VALUE_LABELS:
        return False
    beside = (t for t in span.root.lefts if t.dep_ == "compound" and t.i < span.start)
    first = [token.text for token in beside if token.is_title]
    words = [*first, *name.text.split()]
    is_called = _is_called_person(span.root, language)
    if len(words) > MAX_NAME_WORDS or (len(words) == 1 and not is_called):
        return False
    kinds = load_kinds(language)
    known = {*kinds.kinds, *(word for says_so in kinds.kinds.values() for word in says_so)}
    lower = {word.lower().strip(".,") for word in words}
    if words[0].lower() in kinds.compass | kinds.before or not lower.isdisjoint(known):
        return False
    if not all(word[:1].isalpha() for word in words):
        return False
    has_article = any(child.dep_ == "det" for child in span.root.children)
    is_capital = words[0][:1].isupper() and words[-1][:1].isupper() and not name.text.isupper()
    is_doing = is_called or role_of(span.root) == "nsubj"
    is_whole = span.root.pos_ == "PROPN" and span.root.dep_ not in {"compound", "nmod"}
    if not is_capital or has_article or not is_doing or not is_whole:
        return False
    return name.text.lower() not in load_countries(language)


def _gender_of(doc: Doc, name: Name, surnames: Collection[str], language: Language) -> str | None:
    """Return the gender that a name shows, or a word in apposition: `Berit Lund, a policewoman`."""
    span = span_of(doc, name)
    words: set[str] = set()
    if span is not None:
        head, is_apposed = span.root.head, span.root.dep_ == "appos"
        beside = [t for t in span.root.children if t.dep_ == "appos"]
        beside += [head] if is_apposed or head.dep_ in {"appos", "attr"} else []
        words |= {t.lower_ for t in beside if t.pos_ == "NOUN"}
        before = doc[span.start - 1].lower_.rstrip(".") if span.start else ""
        words |= {before, span[0].lower_.rstrip(".")} - load_pronouns(language).people
    return gender_of_words(words, language) or shown_gender(name, surnames, language)


def weigh_names(
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    *,
    people: Mapping[int, Person],
    language: Language,
) -> dict[int, Mentioned]:
    """Return the names of people by the index of their head word."""
    evidence = _weigh_evidence(doc, names, chains, language)
    mentions = {}
    for name, chain in zip(names, chains, strict=True):
        span = span_of(doc, name)
        if chain.head not in people or span is None or not evidence[chain.head]:
            continue
        subjects = (token for token in span if token.dep_ in SUBJECTS)
        token = next(subjects, span.root)  # not always the root: the parse may part a name
        mentions[token.i] = Mentioned(chain.head, evidence[chain.head])
    return mentions


def _weigh_evidence(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], language: Language
) -> dict[int, float]:
    """Return how likely each chain is a person's, whatever region the name is from.

    A person has a name of several words, a title or a known given name, says something, or is
    called something that only a person is: `Boateng, a trader, who …`.
    """
    given_names = load_name_genders(language)
    weights: dict[int, float] = defaultdict(float)
    forms: dict[int, set[int]] = defaultdict(set)
    for name, chain in zip(names, chains, strict=True):
        words = name.text.split()
        forms[chain.head].add(len(words))
        is_person = names[chain.head].label == EntityLabel.PERSON
        span = span_of(doc, name)
        is_called = span is not None and _is_called_person(span.root, language)
        has_article = span is not None and any(t.dep_ == "det" for t in span.root.children)
        if name.title or is_called or (is_person and len(words) > 1):
            weight = 1.0
        elif has_article:
            weight = 0.0  # `the Zeitgeist`
        elif is_person and plain_letters(words[0]) in given_names:
            weight = 1.0
        else:
            weight = DOUBTFUL_WEIGHT
        weights[chain.head] = max(weight, weights[chain.head])
    for head, lengths in forms.items():
        if len(lengths) > 1 and names[head].label == EntityLabel.PERSON:
            weights[head] = 1.0
    return weights


def _is_called_person(root: Token, language: Language) -> bool:
    """Return whether the words around a name are only said of a person."""
    who = load_pronouns(language).who
    titles = load_titles(language).titles | load_pronouns(language).strangers
    beside = [child for child in root.children if child.dep_ in {"appos", "compound"}]
    if any(token.is_digit and token.dep_ == "appos" for token in beside):
        return True  # Kwame Boateng, 61, said
    beside += [root.head] if root.dep_ == "appos" else []
    if root.dep_ in SUBJECTS and root.head.lemma_ == "be":
        beside += [child for child in root.head.children if child.dep_ == "attr"]
    if any(token.lower_ in titles for token in beside):
        return True
    clauses = (child for child in root.children if child.dep_ == "relcl")
    return any(t.lower_ in who for clause in clauses for t in clause.children)


def fade(topical: dict[int, Person], *, is_paragraph: bool) -> None:
    """Make everybody less salient, and leave out those who are not topical any more."""
    for head, person in list(topical.items()):
        person.salience *= FADE * (NEW_PARAGRAPH_FADE if is_paragraph else 1.0)
        settle(person)
        if person.salience < NO_SALIENCE:
            person.salience = person.older = 0.0
            del topical[head]


def settle(person: Person) -> None:
    """Begin a sentence: what is salient so far comes from older ones."""
    person.older, person.heaviest = person.salience, 0.0


def mention(person: Person, token: Token, weight: float, *, asking: Collection[str]) -> None:
    """Make a person more salient, by the role of a word for them."""
    role = role_of(token)
    # Once for each sentence, as in Lappin and Leass: three names in it count no more than one.
    weighed = weight * _weigh_role(token, role, asking)
    if weighed > person.heaviest:
        person.heaviest, person.last_role = weighed, role
    low, high = sorted((person.heaviest, person.older))
    person.salience = high + OLDER_SHARE * low
    person.roots.add(token.i)


def is_accused(token: Token, accusing: Collection[str]) -> bool:
    """Return whether somebody charges a word's referent: `Holm is accused`, `Lund sued Holm`."""
    head = _head_of(token)
    is_object = head.dep_ in {"nsubjpass", "dobj"} and head.head.lemma_ in accusing
    return is_object or any(c.dep_ == "acl" and c.lemma_ in accusing for c in head.children)


def _weigh_role(token: Token, role: str, asking: Collection[str]) -> float:
    weight = ROLE_WEIGHTS.get(role, OTHER_ROLE_WEIGHT)
    head = _head_of(token)
    if role in {"dobj", "dative"} and head.head.lemma_ in asking:
        return ASKED_WEIGHT
    if role in SUBJECTS and head.head.dep_ in SUBORDINATE:
        weight *= SUBORDINATE_SHARE
    return weight * ASKED_ABOUT_SHARE if _is_asked_about(head, asking) else weight


def _is_asked_about(token: Token, asking: Collection[str]) -> bool:
    """Return whether a word is in what somebody asks: `asked about Holm`, `asked if Holm sang`."""
    for _ in range(MAX_STEPS_UP):
        if token.dep_ == "ROOT":
            return False
        is_in_question = (
            token.dep_ in {"prep", "ccomp", "advcl", "xcomp"} and token.i > token.head.i
        )
        token = token.head
        if is_in_question and token.lemma_ in asking:
            return True
    return False


def _head_of(token: Token) -> Token:
    """Return the word whose role a word has: the one it is beside, joined to or a part of."""
    while token.dep_ in HEAD_RELATIONS and token.head.i != token.i:
        token = token.head
    return token


def role_of(token: Token) -> str:
    """Return the grammatical role of a word; after `and` or a comma it has its partner's.

    In `it was Ida Brandt who sang` and `the first to sing was Ida Brandt`, she is the subject.
    """
    head = _head_of(token)
    is_name = head.dep_ == "attr" and token.pos_ == "PROPN" and head.head.lemma_ == "be"
    return "nsubj" if is_name else str(head.dep_)


def gender_of_pronoun(token: Token, language: Language) -> str:
    """Return `male` or `female`, as a pronoun of the third person shows."""
    return "male" if token.lower_ in load_pronouns(language).he else "female"
