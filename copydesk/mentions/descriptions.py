"""Resolve descriptions, `the minister` and `the company`, to the names of an article.

A description refers to a person who has the office in the article, or to an organisation whose name
or apposition says what it is, or else to the only one that is named nearby. The article must say
all that the description adds, and the description must be `former` or `deputy` where the title is.
Precision first: where several referents are equally near, the description stays open.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_titles
from copydesk.lexicons.names import load_name_words
from copydesk.mentions.chains import Chain
from copydesk.mentions.names import Name, compare_key, span_of
from copydesk.values import EntityLabel
from copydesk.values import Span as TextSpan

CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
BESIDE = frozenset({"compound", "appos", "nmod"})  # `ferry operator Northreach`
SINGULAR = frozenset({"NN", "NNP"})
WORD_BREAK = re.compile(r"[\s-]+")
N_NEAR_SENTENCES = 1  # before the description's own: names there are nearer than others
MAX_HEADS = 16  # of the referents that a description can mean; two are too many already
MAX_SENTENCES_BEFORE = 2  # a description may come that far before the first name of its referent


class Clue(StrEnum):
    """What shows whom a description refers to."""

    TITLE = "title"
    KIND = "organisation_kind"
    NEAREST_ORGANISATION = "nearest_organisation"


class Described(NamedTuple):
    """A description, and the heads of the chains that it can refer to: none, one or several."""

    span: TextSpan
    heads: tuple[int, ...]
    clue: Clue

    @property
    def head(self) -> int | None:
        """The head of the chain that it refers to, where it can be only one."""
        return self.heads[0] if len(self.heads) == 1 else None


class _Role(NamedTuple):
    """What somebody is called: the office, and what makes it differ from the plain one."""

    kind: str
    qualifiers: frozenset[str]


@dataclass(slots=True)
class _Referent:
    """A chain of names, and what the article says of whom they name."""

    head: int
    is_person: bool
    roles: set[_Role] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    tokens: list[int] = field(default_factory=list)


class _Fitting(NamedTuple):
    """The referents that a description says the right things of, wherever it is."""

    referents: list[_Referent]  # in the order of their first mention
    first_sentences: list[int]
    tokens: list[tuple[int, int]]  # of their mentions, in order, each with its referent's number


class _Article(NamedTuple):
    """The people and organisations of an article, by what they are called."""

    sentence_of: Sequence[int]
    by_kind: dict[str, list[_Referent]]
    fitting: "dict[tuple[str, frozenset[str]], _Fitting]"  # filled as descriptions are read
    organisations: list[tuple[int, _Referent]]  # in the order of their mentions, with their tokens
    language: Language


def resolve_descriptions(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], *, language: Language = ENGLISH
) -> dict[int, Described]:
    """Return the descriptions of an article by the index of their head word, in text order.

    Included are those that can refer to somebody named: definite, singular, not part of a name.
    """
    spans = [span_of(doc, name) for name in names]
    article = _read_article(doc, _find_referents(names, chains, spans, language), language)
    named = frozenset(token.i for span in spans if span is not None for token in span)
    known = load_titles(language).titles | load_kinds(language).kinds.keys()
    found = {}
    for token in doc:
        if token.lower_ in known and token.i not in named:
            phrase = _phrase_of(token, named, language)
            if phrase is not None:
                found[token.i] = _choose(token, phrase, article)
    return found


def _read_article(doc: Doc, referents: Iterable[_Referent], language: Language) -> _Article:
    sentence_of = [i for i, sentence in enumerate(doc.sents) for _ in sentence]
    by_kind: dict[str, list[_Referent]] = defaultdict(list)
    organisations = []
    for referent in referents:
        for kind in {role.kind for role in referent.roles}:
            by_kind[kind].append(referent)
        if not referent.is_person:
            organisations += [(at, referent) for at in referent.tokens]
    organisations.sort(key=lambda pair: pair[0])
    return _Article(sentence_of, by_kind, {}, organisations, language)


@cache
def _offices(language: Language) -> frozenset[str]:
    titles = load_titles(language)
    return frozenset(_plain(title, language) for title in titles.titles - titles.honorifics)


def _plain(word: str, language: Language) -> str:
    """Return a word without possessive, and the neutral word for an office."""
    forms = load_descriptions(language)
    return forms.gendered.sub(forms.neutral, load_name_words(language).possessive.sub("", word))


def _written_out(words: Iterable[str], language: Language) -> list[str]:
    """Return words as they are compared, short forms of titles written out."""
    full = load_titles(language).abbreviations
    written = " ".join(full.get(word.rstrip("."), word) for word in words)
    return [_plain(word, language) for word in WORD_BREAK.split(written) if word]


def _find_referents(
    names: Sequence[Name],
    chains: Sequence[Chain],
    spans: Sequence[Span | None],
    language: Language,
) -> list[_Referent]:
    """Return the persons and organisations of an article."""
    referents: dict[int, _Referent] = {}
    for name, chain, span in zip(names, chains, spans, strict=True):
        label = names[chain.head].label
        if label not in {EntityLabel.PERSON, EntityLabel.ORG} or span is None:
            continue
        is_person = label == EntityLabel.PERSON and not _is_called_body(span, language)
        referent = referents.setdefault(chain.head, _Referent(chain.head, is_person))
        words = set(compare_key(name.text, language).split())
        referent.words |= words
        referent.tokens.append(span.start)
        if referent.is_person and name.title is not None:
            role_words, roles = _read_title(name.title, language)
            referent.words |= role_words
            referent.roles |= roles
        elif not referent.is_person:
            beside = {t.lower_ for t in _words_beside(span)}
            referent.words |= beside
            called = words | _nouns_beside(span)
            referent.roles |= {
                _Role(noun, frozenset())
                for noun, says_so in load_kinds(language).kinds.items()
                if says_so & called or noun in beside
            }
    return list(referents.values())


def _is_called_body(span: Span, language: Language) -> bool:
    """Return whether a name that the parser takes for a person's is of `the newspaper Holm`."""
    root = span.root
    return root.dep_ == "appos" and root.head.lower_ in load_kinds(language).kinds


def _read_title(title: str, language: Language) -> tuple[set[str], set[_Role]]:
    """Return the words of a title, and the offices that it gives a person.

    The adviser to the president is not a president.
    """
    text = title.lower()
    forms = load_descriptions(language)
    roles = set()
    for part in forms.role_link.split(forms.role_end.split(text)[0]):
        words = _written_out(part.split(), language)
        if words and words[-1] in _offices(language):
            qualifiers = load_titles(language).qualifiers.intersection(words[:-1])
            roles.add(_Role(words[-1], qualifiers))
    return set(_written_out(text.split(), language)), roles


def _words_beside(span: Span) -> Iterator[Token]:
    """Yield the words that are beside a name and say what it is: `Holm Lines, a ferry company`."""
    for child in span.root.children:
        if child.dep_ in BESIDE and child.i not in range(span.start, span.end):
            yield from child.subtree
    if span.root.dep_ == "appos":
        yield from (token for token in span.root.head.lefts if token.dep_ != "det")
        yield span.root.head


def _nouns_beside(span: Span) -> set[str]:
    """Return the nouns that a name is called in apposition: `the newspaper Holm`."""
    root = span.root
    beside = [child for child in root.children if child.dep_ == "appos"]
    beside += [root.head] if root.dep_ == "appos" else []
    return {token.lower_ for token in beside if token.pos_ == "NOUN"}


def _phrase_of(token: Token, named: frozenset[int], language: Language) -> Span | None:
    """Return the words of a description around its head, or None where it is not one."""
    if token.tag_ not in SINGULAR or _is_beside_name(token, named, language):
        return None
    if any(_restricts(child) for child in token.children):
        return None
    forms = load_descriptions(language)
    if not _is_definite(token, forms.definite):
        return None
    links = (c.right_edge.i for c in token.children if c.lower_ in forms.restricting)
    last = max(links, default=token.i)
    return None if last + 1 in named else token.doc[token.left_edge.i : last + 1]


def _is_beside_name(token: Token, named: frozenset[int], language: Language) -> bool:
    """Return whether a noun says what somebody named is: `the mayor, Ida Brandt`.

    So do both sides of `the mayor is Ida Brandt` and `Ida Brandt is the mayor`.
    """
    if token.dep_ in {"attr", "compound", "nmod", "oprd"}:
        return True
    if token.dep_ == "appos" and token.head.i in named:
        return True
    return token.head.lemma_ in load_descriptions(language).copula and any(
        t.dep_ == "attr" and t.i in named for t in token.head.rights
    )


def _is_definite(token: Token, definite: frozenset[str]) -> bool:
    """Return whether a noun has a definite article, or is an office with a capital."""
    determiners = {child.lower_ for child in token.children if child.dep_ == "det"}
    is_office = token.text[:1].isupper() and not token.is_sent_start and token.pos_ == "PROPN"
    return determiners <= definite and (bool(determiners) or is_office)


def _restricts(child: Token) -> bool:
    """Return whether a clause or a second noun makes a description refer to something new."""
    is_loose = child.left_edge.i > 0 and child.doc[child.left_edge.i - 1].text == ","
    return child.dep_ in {"appos", "conj"} or (child.dep_ in {"relcl", "acl"} and not is_loose)


def _choose(token: Token, phrase: Span, article: _Article) -> Described:
    """Return a description with those whom it can refer to, the nearest ones only."""
    language = article.language
    kinds = load_kinds(language)
    *more, kind = _written_out([token.lower_], language)
    others = (t.lower_ for t in phrase if t.pos_ in CONTENT and t.i != token.i)
    said = {*_written_out(others, language), *more} - load_descriptions(language).empty
    clue = Clue.KIND if kind in kinds.kinds else Clue.TITLE
    fits = _nearest(token, _fitting(kind, frozenset(said), article), article.sentence_of)
    if not fits and clue is Clue.TITLE:
        fits = _of_party(kind, frozenset(said), article)
    if not fits and not said and kind in kinds.generic:
        fits = _nearest_organisation(token, article)
        clue = Clue.NEAREST_ORGANISATION
    place = TextSpan(phrase.start_char, phrase.end_char)
    return Described(place, tuple(referent.head for referent in fits), clue)


def _of_party(kind: str, said: frozenset[str], article: _Article) -> list[_Referent]:
    """Return the only holder of an office to which a text adds a party: `the Labour mayor`."""
    parties = load_descriptions(article.language).parties
    plain = _fitting(kind, said - parties, article).referents
    holders = article.by_kind.get(kind, ())
    is_only = len(holders) == 1 and plain == list(holders) and bool(said & parties)
    return plain if is_only and not plain[0].words & (parties - said) else []


def _fitting(kind: str, said: frozenset[str], article: _Article) -> _Fitting:
    """Return the referents of a kind of which the article says all that a description adds."""
    known = article.fitting.get((kind, said))
    if known is None:
        referents = [
            referent
            for referent in article.by_kind.get(kind, ())
            if said <= referent.words
            and any(role.kind == kind and role.qualifiers <= said for role in referent.roles)
        ]
        known = article.fitting[kind, said] = _Fitting(
            referents,
            [article.sentence_of[referent.tokens[0]] for referent in referents],
            sorted((at, n) for n, referent in enumerate(referents) for at in referent.tokens),
        )
    return known


def _nearest(token: Token, fitting: _Fitting, sentence_of: Sequence[int]) -> list[_Referent]:
    """Return the referents that are named before a word or soon after it, the nearest ones only.

    Of many that are equally near, only some are returned: the word can mean none of them.
    """
    sentence = sentence_of[token.i]
    n_introduced = bisect_right(fitting.first_sentences, sentence + MAX_SENTENCES_BEFORE)
    if n_introduced <= 1:
        return fitting.referents[:n_introduced]
    near: set[int] = set()
    for i in range(bisect_left(fitting.tokens, (token.i, -1)) - 1, -1, -1):
        at, number = fitting.tokens[i]
        if sentence_of[at] < sentence - N_NEAR_SENTENCES:
            break
        near.add(number)
    is_first = sentence < N_NEAR_SENTENCES  # no sentence is far from it
    chosen = range(n_introduced) if is_first or not near else sorted(near)
    return [fitting.referents[number] for number in chosen[:MAX_HEADS]]


def _nearest_organisation(token: Token, article: _Article) -> list[_Referent]:
    """Return the only organisation named near a word, if nothing shows what kind it is."""
    first = article.sentence_of[token.i] - N_NEAR_SENTENCES
    near: dict[int, _Referent] = {}
    for i in range(
        bisect_left(article.organisations, token.i, key=lambda pair: pair[0]) - 1, -1, -1
    ):
        at, referent = article.organisations[i]
        if article.sentence_of[at] < first:
            break
        near[referent.head] = referent
    found = list(near.values())
    return found if len(found) == 1 and not found[0].roles else []
