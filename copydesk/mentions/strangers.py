"""Find the subjects of an article who are people without a name.

A pronoun after them means them, and not the person whom the article is about.
"""

from collections.abc import Collection, Sequence

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_pronouns, load_titles
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.name import Name, list_tagged, span_of
from copydesk.mentions.salience import SUBJECTS


def find_strangers(
    doc: Doc, names: Sequence[Name], inside: Collection[int], language: Language
) -> set[int]:
    """Return the subjects who are people without a name, or with one that was not found.

    `A neighbour called the police. “I heard a cry,” she said.` An office with an article such as
    `the mayor` is only somebody new where the text has had `a mayor`.
    """
    named = {token.i for name in names for token in span_of(doc, name) or ()}
    words, speech = load_pronouns(language), load_cues(language).speech
    titles = load_titles(language).titles
    introduced: set[str] = set()
    found = set()
    for token in list_tagged(doc, "NNP", "NN"):
        if token.tag_ == "NNP":
            is_stranger = token.i not in named and _has_first_name(token)
        elif token.lower_ in titles or token.lower_ in words.strangers:
            determiners = {child.lower_ for child in token.children if child.dep_ == "det"}
            is_named = token.dep_ in {"appos", "attr"} or _is_beside_name(token, named)
            if not is_named and not determiners.isdisjoint(words.introducing):
                introduced.add(token.lower_)
            is_new = token.lower_ in introduced or token.lower_ in words.strangers
            is_stranger = is_new and not is_named
        else:
            continue
        is_subject = token.dep_ in SUBJECTS and leads(token.head, speech)
        if is_stranger and is_subject and token.i not in inside:
            found.add(token.i)
    return found


def _has_first_name(token: Token) -> bool:
    return any(child.dep_ == "compound" and child.tag_ == "NNP" for child in token.children)


def _is_beside_name(token: Token, named: set[int]) -> bool:
    """Return whether a noun says who somebody named is: `the first witness was Paul Holm`."""
    beside = [child.i for child in token.children if child.dep_ in {"appos", "compound", "flat"}]
    if token.head.lemma_ == "be":
        beside += [child.i for child in token.head.children if child.dep_ == "attr"]
    return not named.isdisjoint([token.i + 1, *beside])


def leads(verb: Token, speech: Collection[str]) -> bool:
    """Return whether a verb is that of a main clause, or of speech."""
    return verb.dep_ in {"ROOT", "conj", "parataxis"} or verb.lemma_ in speech
