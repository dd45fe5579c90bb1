"""Resolve descriptions, `the minister` and `the company`, to the names of an article.

A description stands for a person who bears the office in the article, or for an organisation whose
name or apposition says what it is, or else the only one that is named near. All that it says
besides must be known of that bearer, and it must say what its bearer's title says of former and
deputy. Precision first: where several bearers are equally near, none is taken.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.load import load_kinds, load_titles
from copydesk.mentions.chains import Chain
from copydesk.mentions.names import POSSESSIVE, Name, compare_key, span_of
from copydesk.rows import EntityLabel
from copydesk.rows import Span as TextSpan

DEFINITE = frozenset({"the", "this", "that"})
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
BESIDE = frozenset({"compound", "appos", "nmod"})  # `ferry operator Northreach`
SINGULAR = frozenset({"NN", "NNP"})
RESTRICTING_LINKS = frozenset({"of", "for", "in", "at"})
SAYS_NOTHING = frozenset({"same", "entire", "whole"})
SEXED = re.compile(r"(?<=[a-z]{4})(?:wo)?man$")  # a spokeswoman is the spokesperson
ROLE_END = re.compile(r"\s(?:of|for|to|at|in|with|on)\s")
ROLE_LINK = re.compile(r"\sand\s|,\s")
WORD_BREAK = re.compile(r"[\s-]+")
N_NEAR_SENTENCES = 1  # in front of the description's own: who is named there is nearer than others
MAX_SENTENCES_BEFORE = 2  # a description may precede the first name of its bearer by as many


class Clue(StrEnum):
    """What tells whom a description stands for."""

    TITLE = "title"
    KIND = "organisation_kind"
    NEAREST_ORGANISATION = "nearest_organisation"


class Described(NamedTuple):
    """A description, and the heads of the chains that it can stand for: none, one or several."""

    span: TextSpan
    heads: tuple[int, ...]
    clue: Clue

    @property
    def head(self) -> int | None:
        """The head of the only chain that it can stand for, if it is the only one."""
        return self.heads[0] if len(self.heads) == 1 else None


class _Role(NamedTuple):
    """What somebody is called: the office, and what tells it from the plain one."""

    kind: str
    qualifiers: frozenset[str]


@dataclass(slots=True)
class _Bearer:
    """A chain of names, and what the article says of its bearer."""

    head: int
    is_person: bool
    roles: set[_Role] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    tokens: list[int] = field(default_factory=list)


class _Article(NamedTuple):
    """The bearers of an article, by what they are called."""

    sentence_of: Sequence[int]
    by_kind: dict[str, list[_Bearer]]
    organisations: list[tuple[int, _Bearer]]  # in the order of their mentions, with their tokens


def resolve_descriptions(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain]
) -> dict[int, Described]:
    """Return the descriptions of an article by the index of their head word, in its order.

    Only such as could stand for somebody named are in it: definite, singular, no part of a name.
    """
    spans = [span_of(doc, name) for name in names]
    article = _read_article(doc, _find_bearers(names, chains, spans))
    named = frozenset(token.i for span in spans if span is not None for token in span)
    known = load_titles().titles | load_kinds().kinds.keys()
    found = {}
    for token in doc:
        if token.lower_ in known and token.i not in named:
            phrase = _phrase_of(token, named)
            if phrase is not None:
                found[token.i] = _choose(token, phrase, article)
    return found


def _read_article(doc: Doc, bearers: Iterable[_Bearer]) -> _Article:
    sentence_of = [i for i, sentence in enumerate(doc.sents) for _ in sentence]
    by_kind: dict[str, list[_Bearer]] = defaultdict(list)
    organisations = []
    for bearer in bearers:
        for kind in {role.kind for role in bearer.roles}:
            by_kind[kind].append(bearer)
        if not bearer.is_person:
            organisations += [(at, bearer) for at in bearer.tokens]
    return _Article(sentence_of, by_kind, sorted(organisations, key=lambda pair: pair[0]))


@cache
def _offices() -> frozenset[str]:
    titles = load_titles()
    return frozenset(map(_plain, titles.titles - titles.honorifics))


def _plain(word: str) -> str:
    return SEXED.sub("person", POSSESSIVE.sub("", word))


def _written_out(words: Iterable[str]) -> list[str]:
    """Return words as they are compared, short forms of titles written out."""
    full = load_titles().abbreviations
    written = " ".join(full.get(word.rstrip("."), word) for word in words)
    return [_plain(word) for word in WORD_BREAK.split(written) if word]


def _find_bearers(
    names: Sequence[Name], chains: Sequence[Chain], spans: Sequence[Span | None]
) -> list[_Bearer]:
    """Return the persons and organisations of an article."""
    bearers: dict[int, _Bearer] = {}
    for name, chain, span in zip(names, chains, spans, strict=True):
        label = names[chain.head].label
        if label not in {EntityLabel.PERSON, EntityLabel.ORG} or span is None:
            continue
        bearer = bearers.setdefault(chain.head, _Bearer(chain.head, label == EntityLabel.PERSON))
        words = set(compare_key(name.text).split())
        bearer.words |= words
        bearer.tokens.append(span.start)
        if bearer.is_person and name.title is not None:
            role_words, roles = _read_title(name.title)
            bearer.words |= role_words
            bearer.roles |= roles
        elif not bearer.is_person:
            beside = {t.lower_ for t in _words_beside(span)}
            bearer.words |= beside
            bearer.roles |= {
                _Role(noun, frozenset())
                for noun, says_so in load_kinds().kinds.items()
                if says_so & words or noun in beside
            }
    return list(bearers.values())


def _read_title(title: str) -> tuple[set[str], set[_Role]]:
    """Return the words of a title, and the offices that it says its bearer has.

    The adviser to the president is no president.
    """
    text = title.lower()
    roles = set()
    for part in ROLE_LINK.split(ROLE_END.split(text)[0]):
        words = _written_out(part.split())
        if words and words[-1] in _offices():
            qualifiers = load_titles().qualifiers.intersection(words[:-1])
            roles.add(_Role(words[-1], qualifiers))
    return set(_written_out(text.split())), roles


def _words_beside(span: Span) -> Iterator[Token]:
    """Yield the words that stand by a name and say what it is: `Holm Lines, a ferry company`."""
    for child in span.root.children:
        if child.dep_ in BESIDE and child.i not in range(span.start, span.end):
            yield from child.subtree
    if span.root.dep_ == "appos":
        yield from (token for token in span.root.head.lefts if token.dep_ != "det")
        yield span.root.head


def _phrase_of(token: Token, named: frozenset[int]) -> Span | None:
    """Return the words of a description around its head, or None where it is none.

    It is none beside a name (`the mayor, Ida Brandt`), and none where two are said to be one (`the
    mayor is Ida Brandt`, `Ida Brandt is the mayor`).
    """
    if token.tag_ not in SINGULAR or token.dep_ in {"attr", "compound", "nmod", "oprd"}:
        return None
    if token.dep_ == "appos" and token.head.i in named:
        return None
    if token.head.lemma_ == "be" and any(
        t.dep_ == "attr" and t.i in named for t in token.head.rights
    ):
        return None
    children = list(token.children)
    if any(_restricts(child) for child in children):
        return None
    determiners = {c.lower_ for c in children if c.dep_ == "det"}
    is_office = token.text[:1].isupper() and not token.is_sent_start and token.pos_ == "PROPN"
    if not determiners <= DEFINITE or not (determiners or is_office):
        return None
    links = (c.right_edge.i for c in children if c.lower_ in RESTRICTING_LINKS)
    last = max(links, default=token.i)
    return None if last + 1 in named else token.doc[token.left_edge.i : last + 1]


def _restricts(child: Token) -> bool:
    """Return whether a clause or a second noun makes a description one that nothing else says."""
    is_loose = child.left_edge.i > 0 and child.doc[child.left_edge.i - 1].text == ","
    return child.dep_ in {"appos", "conj"} or (child.dep_ in {"relcl", "acl"} and not is_loose)


def _choose(token: Token, phrase: Span, article: _Article) -> Described:
    """Return a description with those whom it can stand for, the nearest ones only."""
    *more, kind = _written_out([token.lower_])
    others = (t.lower_ for t in phrase if t.pos_ in CONTENT and t.i != token.i)
    said = {*_written_out(others), *more} - SAYS_NOTHING
    is_organisation = kind in load_kinds().kinds
    clue = Clue.KIND if is_organisation else Clue.TITLE
    sentence = article.sentence_of[token.i]
    fits = [
        bearer
        for bearer in article.by_kind.get(kind, ())
        if said <= bearer.words
        and any(role.kind == kind and role.qualifiers <= said for role in bearer.roles)
        and _is_introduced(bearer, token, article.sentence_of)
    ]
    if not fits and not said and kind in load_kinds().generic:
        fits = _nearest_organisation(token, article)
        clue = Clue.NEAREST_ORGANISATION
    if len(fits) > 1:
        near = sentence - N_NEAR_SENTENCES
        fits = [b for b in fits if _last_sentence(b, token, article) >= near] or fits
    place = TextSpan(phrase.start_char, phrase.end_char)
    return Described(place, tuple(bearer.head for bearer in fits), clue)


def _is_introduced(bearer: _Bearer, token: Token, sentence_of: Sequence[int]) -> bool:
    """Return whether a bearer is named in front of a word, or soon behind it."""
    return sentence_of[bearer.tokens[0]] <= sentence_of[token.i] + MAX_SENTENCES_BEFORE


def _last_sentence(bearer: _Bearer, token: Token, article: _Article) -> int:
    """Return the number of the last sentence in which a bearer is named in front of a word."""
    i = bisect_left(bearer.tokens, token.i)
    return article.sentence_of[bearer.tokens[i - 1]] if i else -1


def _nearest_organisation(token: Token, article: _Article) -> list[_Bearer]:
    """Return the only organisation named near a word, if nothing tells what kind of one it is."""
    first = article.sentence_of[token.i] - N_NEAR_SENTENCES
    near: dict[int, _Bearer] = {}
    for i in range(
        bisect_left(article.organisations, token.i, key=lambda pair: pair[0]) - 1, -1, -1
    ):
        at, bearer = article.organisations[i]
        if article.sentence_of[at] < first:
            break
        near[bearer.head] = bearer
    found = list(near.values())
    return found if len(found) == 1 and not found[0].roles else []
