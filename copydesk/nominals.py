"""Resolve descriptions, `the minister` and `the company`, to the names of an article.

A description stands for a person who bears the office somewhere in the article, or for a body
whose name or apposition says what it is. All that it says besides must be known of that bearer:
`the former minister` is nobody who is only called minister. Precision first: where several bearers
are equally near, none is taken.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.chains import Chain
from copydesk.lexicons.words import load_bodies, load_titles
from copydesk.model import Span as TextSpan
from copydesk.names import Name, compare_key

DEFINITE = frozenset({"the", "this", "that"})
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
BESIDE = frozenset({"compound", "appos", "nmod"})  # `ferry operator Northreach`
SINGULAR = frozenset({"NN", "NNP"})
SAYS_NOTHING = frozenset({"same", "entire", "whole"})
SEXED = re.compile(r"(?<=[a-z]{4})(?:wo)?man$")  # a spokeswoman is the spokesperson
ROLE_LINK = re.compile(r"\s(?:of|for|to|at|and|in)\s|,\s")
POSSESSIVE_END = re.compile(r"['’]s?$")
N_NEAR_SENTENCES = 2  # up to the description's own: who is named there is nearer than others


class Clue(StrEnum):
    """What tells whom a description stands for."""

    TITLE = "title"
    BODY_KIND = "body_kind"
    NEAREST_BODY = "nearest_body"


class Described(NamedTuple):
    """A description, and the heads of the chains that it can stand for: none, one or several."""

    span: TextSpan
    heads: tuple[int, ...]
    clue: Clue


@dataclass(slots=True)
class _Bearer:
    """A chain of names, and what the article says of its bearer."""

    head: int
    is_person: bool
    kinds: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    roles: list[set[str]] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


def resolve_descriptions(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain]
) -> dict[int, Described]:
    """Return the descriptions of an article by the index of their head word, in its order.

    Only such as could stand for somebody named are in it: definite, singular, no part of a name.
    """
    spans = [doc.char_span(n.start, n.end, alignment_mode="expand") for n in names]
    bearers = _find_bearers(names, chains, spans)
    named = frozenset(token.i for span in spans if span is not None for token in span)
    known = load_titles().titles | load_bodies().kinds.keys()
    found = {}
    for token in doc:
        if token.lower_ in known and token.i not in named:
            phrase = _phrase_of(token, named)
            if phrase is not None:
                found[token.i] = _choose(token, phrase, bearers)
    return found


@cache
def _offices() -> frozenset[str]:
    titles = load_titles()
    return frozenset(map(_plain, titles.titles - titles.honorifics))


def _plain(word: str) -> str:
    return SEXED.sub("person", word)


def _find_bearers(
    names: Sequence[Name], chains: Sequence[Chain], spans: Sequence[Span | None]
) -> list[_Bearer]:
    """Return the persons and bodies of an article."""
    bearers: dict[int, _Bearer] = {}
    for name, chain, span in zip(names, chains, spans, strict=True):
        label = names[chain.head].label
        if label not in {"PERSON", "ORG"} or span is None:
            continue
        bearer = bearers.setdefault(chain.head, _Bearer(chain.head, label == "PERSON"))
        words = set(compare_key(name.text).split())
        bearer.words |= words
        bearer.tokens.append(span.start)
        if bearer.is_person:
            _note_role(bearer, name.title)
        else:
            beside = {t.lower_ for t in _words_beside(span)}
            bearer.words |= beside
            bearer.kinds |= {
                noun
                for noun, says_so in load_bodies().kinds.items()
                if says_so & words or noun in beside
            }
    return list(bearers.values())


def _words_beside(span: Span) -> Iterator[Token]:
    """Yield the words that stand by a name and say what it is: `Holm Lines, a ferry company`."""
    for child in span.root.children:
        if child.dep_ in BESIDE and child.i not in range(span.start, span.end):
            yield from child.subtree
    if span.root.dep_ == "appos":
        yield from (token for token in span.root.head.lefts if token.dep_ != "det")
        yield span.root.head


def _note_role(bearer: _Bearer, title: str | None) -> None:
    """Note what a title says: its words, and the offices that head it."""
    if title is None:
        return
    role = title.lower().replace("-", " ").replace(".", "")
    words = {_plain(POSSESSIVE_END.sub("", word)) for word in role.split()}
    bearer.words |= words
    bearer.roles.append(words)
    parts = (part.split() for part in ROLE_LINK.split(role))
    bearer.kinds |= {_plain(part[-1]) for part in parts if part} & _offices()


def _phrase_of(token: Token, named: frozenset[int]) -> Span | None:
    """Return the words of a description around its head, or None where it is none.

    It is none beside a name (`the mayor, Ida Brandt`) and where something is said to be one.
    """
    if token.tag_ not in SINGULAR or token.dep_ in {"attr", "compound", "nmod", "oprd"}:
        return None
    if token.dep_ == "appos" and token.head.i in named:
        return None
    children = list(token.children)
    if any(_restricts(child) for child in children):
        return None
    determiners = {c.lower_ for c in children if c.dep_ == "det"}
    is_office = token.text[:1].isupper() and not token.is_sent_start and token.pos_ == "PROPN"
    if not determiners <= DEFINITE or not (determiners or is_office):
        return None
    last = max((c.right_edge.i for c in children if c.lower_ in {"of", "for"}), default=token.i)
    return None if last + 1 in named else token.doc[token.left_edge.i : last + 1]


def _restricts(child: Token) -> bool:
    """Return whether a clause or a second noun makes a description one that nothing else says."""
    is_loose = child.left_edge.i > 0 and child.doc[child.left_edge.i - 1].text == ","
    return child.dep_ in {"appos", "conj"} or (child.dep_ in {"relcl", "acl"} and not is_loose)


def _choose(token: Token, phrase: Span, bearers: Sequence[_Bearer]) -> Described:
    """Return a description with those whom it can stand for, the nearest ones only."""
    kind = _plain(token.lower_)
    said = {
        _plain(POSSESSIVE_END.sub("", t.lower_))
        for t in phrase
        if t.pos_ in CONTENT and t.i != token.i
    } - SAYS_NOTHING
    is_body = kind in load_bodies().kinds
    clue = Clue.BODY_KIND if is_body else Clue.TITLE
    fits = [
        bearer
        for bearer in bearers
        if kind in bearer.kinds
        and said <= bearer.words
        and (bearer.is_person or bearer.tokens[0] < token.i)
    ]
    if is_body and not fits and not said:
        fits = _nearest_body(token, bearers)
        clue = Clue.NEAREST_BODY
    if len(fits) > 1:  # the Home Secretary is not the Shadow Home Secretary
        fits = [b for b in fits if any(role <= said | {kind} for role in b.roles)] or fits
    if len(fits) > 1:
        fits = [b for b in fits if _is_near(b, token)] or fits
    place = TextSpan(phrase.start_char, phrase.end_char)
    return Described(place, tuple(bearer.head for bearer in fits), clue)


def _nearest_body(token: Token, bearers: Iterable[_Bearer]) -> list[_Bearer]:
    """Return the only body that is named near a word, if nothing tells what kind of body it is."""
    near = [bearer for bearer in bearers if not bearer.is_person and _is_near(bearer, token)]
    return near if len(near) == 1 and not near[0].kinds else []


def _is_near(bearer: _Bearer, token: Token) -> bool:
    """Return whether a bearer is named in front of a word, in its sentence or the one before."""
    sentence = token.sent
    first = sentence.start
    for _ in range(N_NEAR_SENTENCES - 1):
        first = token.doc[first - 1].sent.start if first else 0
    return any(first <= i < token.i for i in bearer.tokens)
