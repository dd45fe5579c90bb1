"""What an article says of the people, organisations and places that it names.

Titles, nouns beside a name and the words of a name itself say by which description the text may
refer to it later: the mayor, the airline, the bridge.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from spacy.tokens import Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_titles, plain_letters
from copydesk.lexicons.names import load_cities, load_countries, load_name_words
from copydesk.mentions.beside import Beside
from copydesk.mentions.name import Chain, Name, compare_key
from copydesk.values import EntityLabel

BESIDE = frozenset({"compound", "appos", "nmod"})  # `ferry operator Northreach`
WORD_BREAK = re.compile(r"[\s-]+")
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})


class Sort(StrEnum):
    """What a name is a name of."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"


SORTS = {
    EntityLabel.PERSON: Sort.PERSON,
    EntityLabel.ORG: Sort.BODY,
    EntityLabel.GPE: Sort.PLACE,
    EntityLabel.LOC: Sort.PLACE,
    EntityLabel.FAC: Sort.PLACE,
}


class Role(NamedTuple):
    """What somebody is called: the office, and what makes it differ from the plain one."""

    kind: str
    qualifiers: frozenset[str] = frozenset()


@dataclass(slots=True)
class Referent:
    """A chain of names, and what the article says of whom they name."""

    head: int
    sort: Sort
    roles: set[Role] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    tokens: list[int] = field(default_factory=list)


def find_referents(
    names: Sequence[Name],
    chains: Sequence[Chain],
    spans: Sequence[Span | None],
    beside: Sequence[Beside],
    language: Language,
) -> list[Referent]:
    """Return the persons, organisations and places of an article.

    A country that has two names in it is one.
    """
    referents: dict[int, Referent] = {}
    countries: dict[str, int] = {}
    said: dict[int, list[int]] = {}
    for noun in beside:
        said.setdefault(noun.name, []).append(noun.noun)
    for i, (name, chain, span) in enumerate(zip(names, chains, spans, strict=True)):
        sort = SORTS.get(EntityLabel(names[chain.head].label))
        if sort is None or span is None:
            continue
        if sort is Sort.PERSON and _is_called_body(span, language):
            sort = Sort.BODY
        code = load_countries(language).get(_country_key(name.text, language))
        is_country = sort is Sort.PLACE and code is not None
        head = countries.setdefault(str(code), chain.head) if is_country else chain.head
        referent = referents.setdefault(head, Referent(head, sort))
        referent.tokens.append(span.start)
        words = set(compare_key(name.text, language).split())
        referent.words |= words
        nouns = [span.doc[at] for at in said.get(i, ())]
        if referent.sort is Sort.PERSON:
            _call_person(referent, name, nouns, language)
        elif referent.sort is Sort.BODY:
            _call_body(referent, span, words, nouns, language)
        else:
            _call_place(referent, name, span, nouns, language)
    return list(referents.values())


def _country_key(name: str, language: Language) -> str:
    first, _, rest = name.lower().partition(" ")
    is_article = rest and first in load_descriptions(language).articles
    return (rest if is_article else name.lower()).replace(".", "")


def _is_called_body(span: Span, language: Language) -> bool:
    """Return whether a name that the parser takes for a person's is of `the newspaper Holm`."""
    root = span.root
    return root.dep_ == "appos" and root.head.lower_ in load_kinds(language).kinds


def _call_person(
    referent: Referent, name: Name, nouns: Sequence[Token], language: Language
) -> None:
    titles = [name.title] if name.title is not None else []
    qualifiers = load_titles(language).qualifiers
    kin = load_descriptions(language).kin
    for title in titles:
        words, roles = read_title(title, language)
        referent.words |= words
        referent.roles |= roles
    for noun in nouns:
        if noun.lower_ in kin:
            continue  # whose brother he is decides
        said = written_out((t.lower_ for t in noun.lefts if t.dep_ != "poss"), language)
        *more, kind = written_out([noun.lower_], language) or [noun.lower_]
        rest = (t.lower_ for child in noun.children for t in child.subtree if t.pos_ in CONTENT)
        referent.words |= {kind, *more, *written_out(rest, language)}
        referent.roles.add(Role(kind, qualifiers.intersection([*said, *more])))


def _call_body(
    referent: Referent,
    span: Span,
    words: Collection[str],
    nouns: Sequence[Token],
    language: Language,
) -> None:
    beside = {token.lower_ for token in _words_beside(span)}
    is_country = _country_key(span.text, language) in load_countries(language)
    after = set() if is_country else _noun_after(span, language)
    called = {*words, *_nouns_beside(span), *after}
    called |= {noun.lower_ for noun in nouns}
    referent.words |= beside | called
    kinds = load_kinds(language).kinds
    kinds_beside = beside & kinds.keys()  # newspaper Holm: the paper
    referent.roles |= {
        Role(noun)
        for noun, says_so in kinds.items()
        if noun in beside or not says_so.isdisjoint(called | kinds_beside)
    }
    referent.roles |= {Role(noun.lower_) for noun in nouns}


def _call_place(
    referent: Referent, name: Name, span: Span, nouns: Sequence[Token], language: Language
) -> None:
    kinds = load_kinds(language)
    words = name.text.lower().split()
    after = _noun_after(span, language) if name.label == EntityLabel.FAC else set()
    called = {words[-1], *after}
    owning = load_descriptions(language).owning
    called |= {noun for noun, joint in pairwise(words) if joint in owning}
    if span.root.dep_ == "pobj" and span.root.head.lower_ in owning:
        called.add(span.root.head.head.lower_)  # the town of Elsa
    called |= {noun.lower_ for noun in nouns}
    found = {
        kind
        for kind in kinds.areas | kinds.sites | kinds.kinds.keys()
        if kind in called or not kinds.kinds.get(kind, frozenset()).isdisjoint(called)
    }
    if _country_key(name.text, language) in load_countries(language):
        found |= kinds.of_countries
    elif plain_letters(name.text) in load_cities(language):
        found |= kinds.of_cities
    referent.words |= called
    referent.roles |= {Role(kind) for kind in found}


def _noun_after(span: Span, language: Language) -> set[str]:
    """Return the noun of a kind right after a name: `the Holm hotel`."""
    root, doc = span.root, span.doc
    is_inside = root.dep_ in {"compound", "nmod"} and root.head.i == span.end
    noun = doc[span.end].lower_ if is_inside else ""
    return {noun} & load_kinds(language).after_names


@cache
def offices(language: Language) -> frozenset[str]:
    """Return the words for offices and trades, as they are compared."""
    titles = load_titles(language)
    return frozenset(_plain(title, language) for title in titles.titles - titles.honorifics)


def _plain(word: str, language: Language) -> str:
    """Return a word without possessive, and the neutral word for an office."""
    forms, alike = load_descriptions(language), load_titles(language).alike
    plain = load_name_words(language).possessive.sub("", word)
    return forms.gendered.sub(forms.neutral, alike.get(plain, plain))


def written_out(words: Collection[str] | Iterator[str], language: Language) -> list[str]:
    """Return words as they are compared, short forms of titles written out."""
    full = load_titles(language).abbreviations
    written = " ".join(full.get(word.rstrip("."), word) for word in words)
    return [_plain(word, language) for word in WORD_BREAK.split(written) if word]


def read_title(title: str, language: Language) -> tuple[set[str], set[Role]]:
    """Return the words of a title, and the offices that it gives a person.

    The adviser to the president is not a president.
    """
    text = title.lower()
    forms = load_descriptions(language)
    roles = set()
    for part in forms.role_link.split(forms.role_end.split(text)[0]):
        words = written_out(part.split(), language)
        if words and words[-1] in offices(language):
            qualifiers = load_titles(language).qualifiers.intersection(words[:-1])
            roles.add(Role(words[-1], qualifiers))
    return set(written_out(text.split(), language)), roles


def _words_beside(span: Span) -> Iterator[Token]:
    """Yield the words that are beside a name and say what it is: `Holm Lines, a ferry company`."""
    for child in span.root.children:
        if child.dep_ in BESIDE and child.i not in range(span.start, span.end):
            yield from child.subtree
    if span.root.dep_ == "appos":
        owned = {"det", "poss"}
        yield from (token for token in span.root.head.lefts if token.dep_ not in owned)
        yield span.root.head


def _nouns_beside(span: Span) -> set[str]:
    """Return the nouns that a name is called in apposition: `the newspaper Holm`."""
    root = span.root
    beside = [child for child in root.children if child.dep_ == "appos"]
    beside += [root.head] if root.dep_ == "appos" else []
    return {token.lower_ for token in beside if token.pos_ == "NOUN"}
