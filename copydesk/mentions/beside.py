"""Find the nouns that say beside a name what somebody or something is: `Ida Brandt, a biologist`.

They are in apposition, before or after the name, or on the other side of `is`.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from spacy.tokens import Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_pronouns, load_titles
from copydesk.lexicons.names import load_name_evidence
from copydesk.lexicons.speech import load_source_words
from copydesk.mentions.name import Name
from copydesk.values import EntityLabel

SINGULAR = frozenset({"NN", "NNP"})
OWNED = frozenset({"det", "poss"})
DESCRIBED = frozenset(
    {EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE, EntityLabel.LOC, EntityLabel.FAC}
)
OTHER_SIDE = {"nsubj": "attr", "attr": "nsubj"}  # of `is`
APART = frozenset({",", "-", "–", "—", "("})  # between an apposition and its name
DOUBTS = frozenset({"neg", "mark"})  # `is not a biologist`, `if he is a biologist`


class Beside(NamedTuple):
    """A noun beside a name, by its token, with the number of the name."""

    noun: int
    name: int
    is_predicate: bool


def find_beside(
    names: Sequence[Name], spans: Sequence[Span | None], named: Collection[int], language: Language
) -> list[Beside]:
    """Return the nouns that say what is named, in the order of the names.

    `named` are the tokens of all names.
    """
    return [
        Beside(token.i, number, is_predicate)
        for number, (name, span) in enumerate(zip(names, spans, strict=True))
        if span is not None and name.label in DESCRIBED
        for token, is_predicate in _nouns_of(name, span, named, language)
    ]


def _nouns_of(
    name: Name, span: Span, named: Collection[int], language: Language
) -> Iterator[tuple[Token, bool]]:
    root, head = span.root, span.root.head
    nouns = _nouns(name.label, language)
    for child in root.children:
        is_after = child.dep_ == "appos" and child.i >= span.end and not _does(child)
        is_called = _is_noun(child, named) and (_is_owned(child) or child.lower_ in nouns)
        if is_after and is_called and _can_be(child, name.label, language):
            yield child, False
    if root.dep_ == "appos" and _is_noun(head, named) and _is_next(head, span):
        if _can_be(head, name.label, language):
            yield head, False
    elif head.lemma_ in load_descriptions(language).copula and _is_stated(head, language):
        other = OTHER_SIDE.get(root.dep_)
        for child in head.children:
            is_known = child.lower_ in nouns and _is_noun(child, named) and _is_owned(child)
            if child.dep_ == other and is_known:
                yield child, True
    else:
        yield from ((token, False) for token in _joined(span, named, nouns))


def _joined(span: Span, named: Collection[int], nouns: frozenset[str]) -> Iterator[Token]:
    """Yield the noun right before or after a name that has its role: `the match referee Ole Lund`.

    It has an article or an owner, for a title without one is a part of how somebody is called.
    """
    doc, root = span.doc, span.root
    before = doc[span.start - 1] if span.start else None
    if before is not None and _is_noun(before, named) and before.tag_ == "NN":
        is_one = before.head == root.head and before.dep_ == root.dep_
        is_inside = before.head == root and before.dep_ in {"compound", "nmod"}
        is_owned = _is_owned(before) or (is_inside and before.lower_ in nouns and _is_owned(root))
        if is_owned and (is_one or is_inside):
            yield before
    at = span.end + 1 if span.end < len(doc) and doc[span.end].text == "," else span.end
    is_article = at + 1 < len(doc) and doc[at].dep_ == "det"
    noun = doc[at].head if is_article else None
    if noun is None or not _is_noun(noun, named) or noun.lower_ not in nouns | {"person"}:
        return
    is_apart = noun.i + 1 < len(doc) and doc[noun.i + 1].text == ","
    is_one = noun.head == root.head and (noun.dep_ == root.dep_ or (is_apart and at > span.end))
    if is_one and noun.left_edge.i == at:
        yield noun


def _is_noun(token: Token, named: Collection[int]) -> bool:
    return token.tag_ in SINGULAR and token.i not in named and token.text[:1].isalpha()


def _is_owned(token: Token) -> bool:
    """Return whether a noun has an article or an owner: `the mayor`, `Holm’s brother`."""
    return any(child.dep_ in OWNED for child in token.children)


def _is_next(noun: Token, span: Span) -> bool:
    """Return whether only a comma or a title is between a noun and a name after it."""
    between = noun.doc[noun.i + 1 : span.start]
    marks = sum(token.is_punct for token in between)
    return marks <= 1 and all(
        token.text in APART or token.is_ancestor(span.root) or span.root.is_ancestor(token)
        for token in between
        if token.head != noun or token.is_punct
    )


def _does(token: Token) -> bool:
    """Return whether a verb follows a phrase, whose subject it is: `of Elsa, the mayor said`."""
    after = token.right_edge.i + 1
    return after < len(token.doc) and token.doc[after].pos_ in {"VERB", "AUX"}


def _is_stated(verb: Token, language: Language) -> bool:
    """Return whether `is` says something is so: no question, doubt or condition."""
    stating = load_descriptions(language).stating
    for child in verb.children:
        if child.dep_ in DOUBTS and child.lower_ not in stating:
            return False
        if child.tag_ == "MD" or child.text == "?":
            return False
    return True


@cache
def _nouns(label: str, language: Language) -> frozenset[str]:
    """Return the known nouns for what has a label."""
    kinds = load_kinds(language)
    if label == EntityLabel.PERSON:
        return _persons(language)
    if label == EntityLabel.ORG:
        return load_name_evidence(language).body_before | kinds.kinds.keys()
    return kinds.areas | kinds.sites | kinds.kinds.keys()


@cache
def _persons(language: Language) -> frozenset[str]:
    titles = load_titles(language)
    kin = load_descriptions(language).kin
    return titles.titles - titles.honorifics | load_pronouns(language).strangers | kin


def _can_be(noun: Token, label: str, language: Language) -> bool:
    """Return whether something with a label may be called by a noun.

    An official is no body, and a person is neither a report nor a commitment.
    """
    word = noun.lower_
    if word in _nouns(label, language):
        return True
    if noun.tag_ != "NN" or (label != EntityLabel.PERSON and word in _persons(language)):
        return False
    words = load_source_words(language)
    return word not in words.documents and not word.endswith(tuple(words.abstract))
