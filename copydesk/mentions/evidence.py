"""What the words beside a name show of whose or what name it is.

Each piece of evidence is a vote for a label. The label of a name in an article is that with most
votes at all its places, those of the parser among them (`copydesk.mentions.names`).
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_pronouns, load_titles
from copydesk.lexicons.names import NameEvidence, load_name_evidence
from copydesk.lexicons.speech import load_cues
from copydesk.values import EntityLabel

SURE, LIKELY = 6, 2  # the parser's own label counts 2 at each place
SPOKEN_OF = 3
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
OBJECTS = frozenset({"dobj", "dative", "pobj"})
OF_RUN = SUBJECTS | {"attr"}
MAX_AGE_DIGITS = 2
MAX_AFTER = 40  # tokens of the next sentences in which `he said` means a subject
WHO_TAGS = frozenset({"WP", "WP$"})
BESIDE = frozenset({"compound", "nmod", "poss", "amod"})


PLACE = "place"  # a city, a river or a country: which of them, the parser decides


class Vote(NamedTuple):
    """A label or PLACE, which the words beside a name show, and what the evidence counts."""

    label: str
    weight: int


def read_evidence(span: Span, language: Language) -> Iterator[Vote]:
    """Yield the votes of the words beside a name, which `span` holds, at one of its places."""
    known = load_name_evidence(language)
    yield from _of_person(span, language)
    yield from _of_pronoun(span, language)
    yield from _of_body(span, known, language)
    yield from _of_place(span, known)
    yield from _of_list(span)
    yield from _of_called(span, known, language)


def _of_person(span: Span, language: Language) -> Iterator[Vote]:
    doc, root = span.doc, span.root
    titles = load_titles(language)
    before = _before(span)
    if before is not None and before.text == "." and span.start > 1:
        before = doc[span.start - 2]
    if before is not None and not (len(span) == 1 and span.text.isupper()):
        word = before.lower_.rstrip(".")
        is_address = word in titles.in_front and before.text[0].isupper()
        is_office = word in titles.titles and before.pos_ in {"NOUN", "PROPN"}
        if (is_address or is_office) and root.dep_ not in {"compound", "poss"}:
            yield Vote(EntityLabel.PERSON, SURE)
    if _is_age(span):
        yield Vote(EntityLabel.PERSON, SURE)
    has_clause = any(child.dep_ == "relcl" for child in root.children)
    is_group = any(child.dep_ == "det" for child in root.children)  # the Gulls, who won
    if (
        has_clause
        and not is_group
        and any(token.tag_ in WHO_TAGS for token in doc[span.end : span.end + 2])
    ):
        yield Vote(EntityLabel.PERSON, SURE)
    if root.dep_ == "nsubj" and root.head.lemma_ in load_name_evidence(language).person_verbs:
        yield Vote(EntityLabel.PERSON, SURE)
    elif root.dep_ == "nsubj" and root.head.lemma_ in load_cues(language).speech:
        yield Vote(EntityLabel.PERSON, LIKELY)
    beside = [child for child in root.children if child.dep_ == "appos"]
    beside += [root.head] if root.dep_ == "appos" and root.head.tag_ == "NN" else []
    if any(token.lower_ in titles.titles for token in beside):
        yield Vote(EntityLabel.PERSON, SURE)


def _of_pronoun(span: Span, language: Language) -> Iterator[Vote]:
    if span.root.dep_ in SUBJECTS and _is_one(span, language):
        yield Vote(EntityLabel.PERSON, LIKELY)
    elif is_spoken_of(span, language):
        yield Vote(EntityLabel.PERSON, SPOKEN_OF if len(span) > 1 else LIKELY)


def _of_body(span: Span, known: NameEvidence, language: Language) -> Iterator[Vote]:
    root, before, after = span.root, _before(span), _after(span)
    if before is not None and before.lower_ in known.body_before and before.tag_ == "NN":
        yield Vote(EntityLabel.ORG, SURE)
        if before.lower_ in known.bodies and not any(t.dep_ == "det" for t in root.children):
            yield Vote(EntityLabel.ORG, SURE)  # by newspaper Tern: nothing else is meant
    if after is not None and after.lower_ in known.body_after and root.dep_ in BESIDE:
        yield Vote(EntityLabel.ORG, SURE)
    if any(child.dep_ == "appos" and child.lower_ in known.bodies for child in root.children):
        yield Vote(EntityLabel.ORG, SURE)
    if (
        root.dep_ == "pobj"
        and root.head.lower_ in known.of
        and root.head.head.lower_ in known.posts
    ):
        yield Vote(EntityLabel.ORG, LIKELY)
    if root.dep_ == "nsubj" and root.head.lemma_ in load_descriptions(language).copula:
        called = (child for child in root.head.children if child.dep_ == "attr")
        if any(child.lower_ in known.bodies for child in called):
            yield Vote(EntityLabel.ORG, SURE)


def _of_place(span: Span, known: NameEvidence) -> Iterator[Vote]:
    doc, root, before, after = span.doc, span.root, _before(span), _after(span)
    if (
        before is not None
        and before.lower_ in known.of
        and span.start > 1
        and doc[span.start - 2].lower_ in known.places
    ):
        yield Vote(PLACE, SURE)
    if after is not None and after.lower_ in known.places | known.place_after:
        yield Vote(PLACE, SURE)
    if any(child.dep_ == "appos" and child.lower_ in known.places for child in root.children):
        yield Vote(PLACE, SURE)
    if before is not None and root.dep_ == "pobj" and root.head.i == before.i:
        governor = before.head.lemma_
        if before.lower_ in known.inside and governor not in known.in_people:
            yield Vote(PLACE, LIKELY)
        if before.lower_ in known.to and governor in known.motion:
            yield Vote(PLACE, LIKELY)


def _of_list(span: Span) -> Iterator[Vote]:
    """Yield a vote for a place in a list of them: `Oslo, Elsa and Bergen`."""
    root = span.root
    listed = [child for child in root.children if child.dep_ == "conj"]
    if root.dep_ == "conj":
        listed.append(root.head)
    beside = Counter(token.ent_type_ for token in listed)
    n_places = beside[EntityLabel.GPE] + beside[EntityLabel.LOC]
    if n_places > sum(beside.values()) - n_places:
        yield Vote(PLACE, LIKELY)


def _of_called(span: Span, known: NameEvidence, language: Language) -> Iterator[Vote]:
    """Yield the vote of who or what is called by a name: `the clerk, known as Tern`."""
    verb = span.root.head
    if verb.lower_ in known.as_:
        verb = verb.head
        if any(child.dep_ == "dobj" and child.lower_ in known.of_one for child in verb.children):
            yield Vote(EntityLabel.PERSON, SURE)  # he revealed himself as Tern
    if verb.lower_ not in known.called:
        return
    owner = verb.head if verb.dep_ in {"acl", "relcl"} else _subject_of(verb)
    if owner.ent_type_ == EntityLabel.PERSON or owner.lower_ in load_titles(language).titles:
        yield Vote(EntityLabel.PERSON, SURE)
    elif owner.lower_ in known.bodies:
        yield Vote(EntityLabel.ORG, SURE)
    elif owner.lower_ in known.places:
        yield Vote(PLACE, SURE)


def _subject_of(verb: Token) -> Token:
    return next((child for child in verb.children if child.dep_ == "nsubjpass"), verb)


def _is_one(span: Span, language: Language) -> bool:
    """Return whether `he` or `she` follows in a sentence that names no other person."""
    of_one = load_name_evidence(language).of_one
    after = span.doc[span.end : span.sent.end]
    if not any(token.lower_ in of_one for token in after):
        return False
    # Not the entities of the sentence: they are looked for in the whole text.
    others = (token for token in span.sent if not span.start <= token.i < span.end)
    return not any(token.ent_type_ == EntityLabel.PERSON for token in others)


def gender_by_own(span: Span, language: Language) -> str | None:
    """Return the gender of a person, given whose wife or home follows: `Holm and his wife`.

    The person is the subject, and nobody else is named or described in between.
    """
    if span.root.dep_ not in SUBJECTS:
        return None
    titles, kin = load_titles(language), load_descriptions(language).kin
    strangers = load_pronouns(language).strangers
    own = kin | load_name_evidence(language).own
    genders, others = titles.male | titles.female, titles.titles | kin | strangers
    for token in span.doc[span.end : span.sent.end]:
        is_own = token.dep_ == "poss" and token.head.lower_ in own
        if is_own and token.lower_ in genders:
            return "male" if token.lower_ in titles.male else "female"
        is_other = token.lower_ in others or (token.lower_ in genders and token.dep_ in OBJECTS)
        if token.ent_type_ == EntityLabel.PERSON or is_other:
            return None
        if token.dep_ in SUBJECTS and token.pos_ != "PRON":
            return None
    return None


def is_spoken_of(span: Span, language: Language) -> bool:
    """Return whether `he said` or `she said` follows a subject, with nobody else in between."""
    doc, speech = span.doc, load_cues(language).speech
    last = span[-1]  # the parser may hang the words of an unknown name apart
    if last.dep_ not in OF_RUN or any(child.dep_ == "det" for child in last.children):
        return False
    if is_noun_of_kind(last.lower_, language):
        return False
    of_one = load_name_evidence(language).of_one
    for token in doc[span.end : min(len(doc), span.sent.end + MAX_AFTER)]:
        if token.ent_type_ == EntityLabel.PERSON:
            return False
        is_said = token.dep_ in SUBJECTS and token.head.lemma_ in speech
        if is_said:
            return token.lower_ in of_one
    return False


def is_noun_of_kind(word: str, language: Language) -> bool:
    """Return whether a word says what is named: the Bridge of Elsa Bridge."""
    kinds = load_kinds(language)
    places = kinds.places | load_name_evidence(language).place_endings
    return word in kinds.endings | places or word in kinds.kinds


def _before(span: Span) -> Token | None:
    return None if span.start == 0 else span.doc[span.start - 1]


def _after(span: Span) -> Token | None:
    return None if span.end >= len(span.doc) else span.doc[span.end]


def _is_age(span: Span) -> bool:
    """Return whether an age follows: `Holm, 58, spoke`, not `Elsa, 12 miles away`."""
    doc, at = span.doc, span.end
    return bool(
        at + 2 < len(doc)
        and doc[at].text == ","
        and doc[at + 1].is_digit
        and len(doc[at + 1]) <= MAX_AGE_DIGITS
        and doc[at + 2].text in {",", "."}
    )
