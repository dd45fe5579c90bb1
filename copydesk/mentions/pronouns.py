"""Resolve the pronouns of the third person to the names of an article, one after the other.

Every name and every resolved pronoun makes its referent more salient, subjects most; salience
fades with each sentence. A pronoun takes the most salient person whom it can mean: of its gender
where that is known, and not another argument of the same verb. Nothing is trained; the method
follows Lappin and Leass (1994) and Hobbs (1978).

`It` and `they` can refer to most things in an article. They are resolved only where they speak: to
the organisation that was the last subject.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import (
    Pronouns,
    load_cues,
    load_name_genders,
    load_pronouns,
    plain_letters,
)
from copydesk.mentions.chains import Chain, find_surnames, gender_of_words, shown_gender
from copydesk.mentions.descriptions import Described
from copydesk.mentions.names import Name, span_of
from copydesk.rows import EntityLabel
from copydesk.text.quote_marks import Quoted, find_quoted

ORGANISATION_LABELS = frozenset({EntityLabel.ORG, EntityLabel.GPE})
MAX_SUBJECT_SENTENCES = 2  # from an organisation to the pronoun that it speaks as
NOBODY: frozenset[int] = frozenset()
PLURAL_NOUNS = frozenset({"NNS", "NNPS"})
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
PRONOUN_WEIGHT = 1.1  # of a pronoun against a name in its role: the topic continues
FADE = 0.6  # of salience from one sentence to the next
NEW_PARAGRAPH_FADE = 0.85
SAME_ROLE_BONUS = 1.5  # a subject refers to a subject
SAME_GENDER_BONUS = 1.3  # against a person whose gender nothing shows
DESCRIBED_WEIGHT = 1.0  # of `the mayor` against a name
DOUBTFUL_WEIGHT = 0.5  # of a name that only the parser calls a person's
QUOTED_WEIGHT = 0.5  # of a name inside quotation marks, for a pronoun outside of them
NO_SALIENCE = 1e-18  # adding it to the weight of any mention changes no bit
MIN_SALIENCE = 0.05  # some eight sentences after a single mention


class Resolved(NamedTuple):
    """Whom a pronoun refers to: the head of a chain of names, and how near the next one comes.

    `rival` is the salience of the next likely person as a share of this one's, 0 to 1.
    """

    head: int
    rival: float


@dataclass(slots=True)
class _Person:
    """What the text so far says of a person."""

    salience: float = 0.0
    heaviest: float = 0.0  # of the mentions in this sentence
    gender: str | None = None
    last_role: str = ""
    roots: set[int] = field(default_factory=set)


def resolve_pronouns(  # noqa: PLR0913 - what is known of an article
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    described: Mapping[int, Described],
    barred: Mapping[int, frozenset[int]],
    *,
    language: Language = ENGLISH,
) -> dict[int, Resolved]:
    """Return whom pronouns refer to, by the index of their token: people, and who speaks as `it`.

    A pronoun that nobody fits is left out. `barred` has the heads of chains that a pronoun cannot
    refer to.
    """
    quoted = find_quoted(doc.text)
    people = _find_people(doc, names, chains, language)
    mentions = _weigh_names(doc, names, chains, people=people, quoted=quoted, language=language)
    mentions |= {
        i: _Mentioned(each.head, DESCRIBED_WEIGHT)
        for i, each in described.items()
        if each.head is not None and each.head in people
    }
    organisations = _organisations_by_token(doc, names, chains, described)
    return _resolve_people(
        doc, people, mentions, barred=barred, language=language
    ) | _resolve_speaking(doc, organisations, quoted, language)


def _resolve_people(
    doc: Doc,
    people: Mapping[int, _Person],
    mentions: Mapping[int, "_Mentioned"],
    *,
    barred: Mapping[int, frozenset[int]],
    language: Language,
) -> dict[int, Resolved]:
    """Return whom `he` and `she` refer to."""
    words = load_pronouns(language)
    resolved: dict[int, Resolved] = {}
    topical: dict[int, _Person] = {}  # whom the last sentences are about
    for sentence in doc.sents:
        _fade(topical, is_paragraph=_starts_paragraph(sentence.start, doc))
        waiting: list[Token] = []
        for token in sentence:
            if token.i in mentions:
                head, weight = mentions[token.i]
                _mention(people[head], token, weight)
                topical[head] = people[head]
            elif token.lower_ in words.people:
                found = _choose(token, topical, barred.get(token.i, NOBODY), words)
                if found is None:
                    waiting.append(token)
                    continue
                resolved[token.i] = found
                person = people[found.head]
                person.gender = person.gender or _gender_of_pronoun(token, words)
                _mention(person, token, PRONOUN_WEIGHT)
        for token in waiting:  # before the name: "In his speech, Bellamy said"
            found = _choose(token, topical, barred.get(token.i, NOBODY), words)
            if found is not None:
                resolved[token.i] = found
    return resolved


def _resolve_speaking(
    doc: Doc, organisations: Mapping[int, int], quoted: Sequence[Quoted], language: Language
) -> dict[int, Resolved]:
    """Return the organisations that speak as `it` and `they`.

    It is the organisation that was the last subject of a main clause or of a verb of speech, if
    nothing else was one since and it is at most a sentence away; `they` only if nothing else is
    plural there.
    """
    words, speech = load_pronouns(language), load_cues(language).speech
    resolved: dict[int, Resolved] = {}
    last: int | None = None
    n_since = 0
    has_plural = False
    for sentence in doc.sents:
        n_since += 1
        for token in sentence:
            has_plural |= token.tag_ in PLURAL_NOUNS and token.i not in organisations
            if (
                token.dep_ not in SUBJECTS
                or not _leads(token.head, speech)
                or _is_quoted(token.idx, quoted)
            ):
                continue
            if token.lower_ not in words.organisations:
                last, n_since, has_plural = organisations.get(token.i), 1, False
            elif (
                last is not None
                and n_since <= MAX_SUBJECT_SENTENCES
                and token.head.lemma_ in speech
            ):
                if token.lower_ in words.organisation or not has_plural:
                    resolved[token.i] = Resolved(last, 0.0)
                n_since = 1
    return resolved


def _is_quoted(at: int, quoted: Sequence[Quoted]) -> bool:
    i = bisect_right(quoted, at, key=attrgetter("end"))
    return i < len(quoted) and quoted[i].start <= at


def _leads(verb: Token, speech: Collection[str]) -> bool:
    """Return whether a verb is that of a main clause, or of speech."""
    return verb.dep_ in {"ROOT", "conj", "parataxis"} or verb.lemma_ in speech


def _organisations_by_token(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], described: Mapping[int, Described]
) -> dict[int, int]:
    """Return the heads of the chains of organisations by the head words of their names."""
    organisations = {}
    for name, chain in zip(names, chains, strict=True):
        span = span_of(doc, name)
        if span is not None and names[chain.head].label in ORGANISATION_LABELS:
            organisations[span.root.i] = chain.head
    for i, description in described.items():
        head = description.head
        if head is not None and names[head].label in ORGANISATION_LABELS:
            organisations[i] = head
    return organisations


def _find_people(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], language: Language
) -> dict[int, _Person]:
    """Return the people of an article by the heads of their chains, with their gender if shown."""
    people: dict[int, _Person] = {}
    surnames = find_surnames(names, language)
    for name, chain in zip(names, chains, strict=True):
        if names[chain.head].label != EntityLabel.PERSON:
            continue
        person = people.setdefault(chain.head, _Person())
        person.gender = person.gender or _gender_of(doc, name, surnames, language)
    return people


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
        words |= {before, span[0].lower_.rstrip(".")}
    return gender_of_words(words, language) or shown_gender(name, surnames, language)


class _Mentioned(NamedTuple):
    """A name at its head word: the head of its chain, and how much it counts."""

    head: int
    weight: float


def _weigh_names(  # noqa: PLR0913 - what is known of an article
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    *,
    people: Mapping[int, _Person],
    quoted: Sequence[Quoted],
    language: Language,
) -> dict[int, _Mentioned]:
    """Return the names of people by the index of their head word."""
    vouched = _vouched_heads(names, chains, language)
    mentions = {}
    for name, chain in zip(names, chains, strict=True):
        span = span_of(doc, name)
        if chain.head not in people or span is None:
            continue
        weight = 1.0 if chain.head in vouched else DOUBTFUL_WEIGHT
        if _is_quoted(name.start, quoted):
            weight *= QUOTED_WEIGHT
        mentions[span.root.i] = _Mentioned(chain.head, weight)
    return mentions


def _vouched_heads(names: Sequence[Name], chains: Sequence[Chain], language: Language) -> set[int]:
    """Return the chains that are a person's beyond doubt.

    They have a title or a known given name, or the text has them both in full and shortened.
    """
    given_names = load_name_genders(language)
    forms: dict[int, set[int]] = defaultdict(set)
    vouched = set()
    for name, chain in zip(names, chains, strict=True):
        words = name.text.split()
        forms[chain.head].add(len(words))
        if name.title or plain_letters(words[0]) in given_names:
            vouched.add(chain.head)
    return vouched | {head for head, lengths in forms.items() if len(lengths) > 1}


def _starts_paragraph(start: int, doc: Doc) -> bool:
    return start > 0 and "\n" in doc[start - 1].text_with_ws


def _fade(topical: dict[int, _Person], *, is_paragraph: bool) -> None:
    """Make everybody less salient, and leave out those who are not topical any more."""
    for head, person in list(topical.items()):
        person.salience *= FADE * (NEW_PARAGRAPH_FADE if is_paragraph else 1.0)
        person.heaviest = 0.0
        if person.salience < NO_SALIENCE:
            person.salience = 0.0
            del topical[head]


def _mention(person: _Person, token: Token, weight: float) -> None:
    role = _role_of(token)
    weighed = weight * ROLE_WEIGHTS.get(role, OTHER_ROLE_WEIGHT)
    # Once for each sentence, as in Lappin and Leass: three names in it count no more than one.
    person.salience += max(0.0, weighed - person.heaviest)
    person.heaviest = max(weighed, person.heaviest)
    person.last_role = role
    person.roots.add(token.i)


def _role_of(token: Token) -> str:
    """Return the grammatical role of a word; after `and` or a comma it has its partner's."""
    while token.dep_ in {"appos", "conj", "compound", "flat"} and token.head.i != token.i:
        token = token.head
    return str(token.dep_)


def _gender_of_pronoun(token: Token, words: Pronouns) -> str:
    return "male" if token.lower_ in words.he else "female"


def _choose(
    token: Token, people: Mapping[int, _Person], barred_heads: frozenset[int], words: Pronouns
) -> Resolved | None:
    """Return the most salient person whom a pronoun can refer to, if any."""
    gender = _gender_of_pronoun(token, words)
    barred = _barred_tokens(token, words)
    is_subject = _role_of(token) in SUBJECTS
    ranked = []
    for head, person in people.items():
        if person.gender not in {gender, None} or person.salience < MIN_SALIENCE:
            continue
        if head in barred_heads:
            continue
        if person.roots & barred:
            continue
        score = person.salience * (SAME_GENDER_BONUS if person.gender == gender else 1.0)
        if is_subject and person.last_role in SUBJECTS:
            score *= SAME_ROLE_BONUS
        ranked.append((score, -head))
    if not ranked:
        return None
    ranked.sort(reverse=True)
    score, head = ranked[0]
    return Resolved(-head, ranked[1][0] / score if len(ranked) > 1 else 0.0)


def _barred_tokens(token: Token, words: Pronouns) -> set[int]:
    """Return the other arguments of a pronoun's verb: `he saw him` is about two people."""
    if token.lower_ in words.reflexive or token.dep_ == "poss":
        return set()
    verb = token.head
    if token.dep_ == "pobj":
        verb = verb.head
    return {child.i for child in verb.children if child.i != token.i and child.dep_ in ROLE_WEIGHTS}
