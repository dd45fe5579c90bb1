"""Say what kind of source a quotation has: a person, a body, a document, or nobody named."""

from functools import cache

from spacy.tokens import Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_pronouns, load_titles
from copydesk.lexicons.speech import load_source_words
from copydesk.values import EntityLabel, SourceKind

DOCUMENT_LABELS = frozenset({EntityLabel.LAW, EntityLabel.WORK_OF_ART})
CALLED_PEOPLE = frozenset({EntityLabel.PERSON.value, EntityLabel.NORP.value})  # `the Dutchman`


def kind_of_name(label: str) -> SourceKind:
    """Return the kind of a source that is resolved to a name with a label."""
    if label == EntityLabel.PERSON:
        return SourceKind.PERSON
    return SourceKind.DOCUMENT if label in DOCUMENT_LABELS else SourceKind.BODY


def is_called_person(source: Span, language: Language) -> bool:
    """Return whether a source says that it is a person: `she`, `Diop’s mother Fatou`."""
    root = source.root
    if root.lower_ in load_pronouns(language).people:
        return True
    beside = (child for child in root.children if child.dep_ in {"compound", "appos"})
    return any(token.lower_ in _persons(language) for token in (root, *beside))


@cache
def _persons(language: Language) -> frozenset[str]:
    titles = load_titles(language).titles
    return titles | load_pronouns(language).strangers | load_descriptions(language).kin


def kind_of_words(source: Span, language: Language) -> SourceKind:
    """Return the kind of a source that is resolved to nobody named."""
    root = source.root
    if root.pos_ == "PRON":
        return _kind_of_pronoun(root, language)
    if root.like_num or root.tag_ == "CD" or root.dep_ == "nummod":
        return SourceKind.DOCUMENT  # about 3 in 10: a survey says so
    words, noun = load_source_words(language), root.lemma_.lower()
    if noun in words.documents or root.lower_ in words.documents:
        return SourceKind.DOCUMENT
    if {noun, root.lower_} & (_persons(language) | words.people):
        return SourceKind.UNNAMED_PERSON
    if noun in words.bodies or noun in load_kinds(language).kinds:
        return SourceKind.BODY
    return _kind_by_form(root, words.abstract)


def _kind_of_pronoun(root: Token, language: Language) -> SourceKind:
    words = load_pronouns(language)
    if root.lower_ in words.organisation:
        return SourceKind.BODY
    is_thing = root.lower_ in words.relative and root.lower_ not in words.who
    return SourceKind.DOCUMENT if is_thing else SourceKind.UNNAMED_PERSON


def _kind_by_form(root: Token, abstract: frozenset[str]) -> SourceKind:
    """Return what a word is likely to be that no list has.

    The things that say something are few and listed. People are called by any trade or tie, so a
    word is one of them unless it ends like what cannot speak.
    """
    if root.pos_ == "PROPN" and root.ent_type_ not in CALLED_PEOPLE:
        return SourceKind.BODY
    is_thing = root.pos_ == "NOUN" and root.lemma_.lower().endswith(tuple(abstract))
    return SourceKind.DOCUMENT if is_thing else SourceKind.UNNAMED_PERSON
