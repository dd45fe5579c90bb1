"""Resolve descriptions, `the minister`, `the company`, `the town`, to the names of an article.

A description refers to a person who has the office in the article, to an organisation or place
whose name, or a word beside it, says what it is, or else to the organisation that the text is
about there. The article must say all that the description adds, and the description must be
`former` or `deputy` where the title is. A noun beside a name refers to it (`Ida Brandt, a
biologist`). Precision first: where several referents are equally near, the description stays open.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_titles
from copydesk.mentions.beside import SINGULAR, Beside, find_beside
from copydesk.mentions.introduced import find_introduced
from copydesk.mentions.name import Chain
from copydesk.mentions.names import Name, span_of
from copydesk.mentions.referents import (
    CONTENT,
    Referent,
    Sort,
    find_referents,
    written_out,
)
from copydesk.values import Span as TextSpan

N_NEAR_SENTENCES = 1  # before the description's own: names there are nearer than others
N_NEAR_SENTENCES_OF_AREA = 2  # nobody means a country that is named further away
MAX_HEADS = 16  # of the referents that a description can mean; two are too many already
MAX_SENTENCES_BEFORE = 2  # a description may come that far before the first name of its referent
SUBJECT_WEIGHT = 2.0  # of an organisation in the subject of a sentence, against others in it
OLDER_SHARE = 0.6  # of the weight of one in the sentence before
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
SUPERLATIVE = frozenset({"JJS", "RBS"})
MIN_BEFORE = 2  # words, of which one is a comma
OTHER_NOUNS = frozenset({"NOUN", "PROPN", "X"})
MAX_SECOND = 0.8  # of the weight of the first: nearer, a description may mean either


class Clue(StrEnum):
    """What shows whom a description refers to."""

    TITLE = "title"
    KIND = "organisation_kind"
    NEAREST_ORGANISATION = "nearest_organisation"
    PLACE = "place_kind"
    APPOSITION = "apposition"
    PREDICATE = "predicate"
    NAMED_NEXT = "named_next"


BESIDE_NAME = frozenset({Clue.APPOSITION, Clue.PREDICATE})


class Described(NamedTuple):
    """A description, and the heads of the chains that it can refer to: none, one or several."""

    span: TextSpan
    heads: tuple[int, ...]
    clue: Clue

    @property
    def head(self) -> int | None:
        """The head of the chain that it refers to, where it can be only one."""
        return self.heads[0] if len(self.heads) == 1 else None


class _Fitting(NamedTuple):
    """The referents that a description says the right things of, wherever it is."""

    referents: list[Referent]  # in the order of their first mention
    first_sentences: list[int]
    tokens: list[tuple[int, int]]  # of their mentions, in order, each with its referent's number


class _Article(NamedTuple):
    """The people, organisations and places of an article, by what they are called."""

    sentence_of: Sequence[int]
    by_kind: dict[str, list[Referent]]
    fitting: "dict[tuple[str, frozenset[str]], _Fitting]"  # filled as descriptions are read
    organisations: list[tuple[int, Referent]]  # in the order of their mentions, with their tokens
    called: list[tuple[int, Referent | None]]  # what was called so far as any of them may be
    language: Language


def resolve_descriptions(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], *, language: Language = ENGLISH
) -> dict[int, Described]:
    """Return the descriptions of an article by the index of their head word, in text order.

    Included are those that can refer to somebody named: beside a name, or definite, singular and
    not part of a name.
    """
    spans = [span_of(doc, name) for name in names]
    named = frozenset(token.i for span in spans if span is not None for token in span)
    beside = find_beside(names, spans, named, language)
    referents = find_referents(names, chains, spans, beside, language)
    article = _read_article(doc, referents, language)
    kinds = load_kinds(language)
    known = load_titles(language).titles | kinds.kinds.keys() | kinds.areas | kinds.sites
    known |= article.by_kind.keys()
    found = {}
    for token in doc:
        if token.lower_ in known and token.i not in named:
            phrase = _phrase_of(token, named, language)
            if phrase is not None:
                found[token.i] = _choose(token, phrase, article)
    unheld = {
        at: each.span for at, each in found.items() if not each.heads and each.clue is Clue.TITLE
    }
    holders = find_introduced(
        doc, referents, unheld, sentence_of=article.sentence_of, language=language
    )
    for at, head in holders.items():
        found[at] = Described(found[at].span, (head,), Clue.NAMED_NEXT)
    for noun in beside:
        found[noun.noun] = _describe_beside(noun, doc, spans[noun.name], chains, language)
    return dict(sorted(found.items()))


def _describe_beside(
    noun: Beside, doc: Doc, name: Span | None, chains: Sequence[Chain], language: Language
) -> Described:
    token = doc[noun.noun]
    first, last = token.left_edge.i, _last_of(token, language)
    if name is not None and name.start > token.i:
        last = min(last, name.start - 1)
        first = min(first, name.root.left_edge.i) if token.head == name.root else first
    elif name is not None and first < name.end:
        first = name.end
    while last > token.i and (doc[last].is_punct or doc[last].is_space):
        last -= 1
    while first < token.i and doc[first].pos_ == "ADV":
        first += 1  # now the leader
    while first > 1 and doc[first - 1].text == "-" and not doc[first - 1].whitespace_:
        first -= 2  # co-editor
    phrase = doc[min(first, token.i) : last + 1]
    clue = Clue.PREDICATE if noun.is_predicate else Clue.APPOSITION
    return Described(TextSpan(phrase.start_char, phrase.end_char), (chains[noun.name].head,), clue)


def _last_of(token: Token, language: Language) -> int:
    """Return the last word of a description with a head word: `the mayor of Elsa`."""
    restricting = load_descriptions(language).restricting
    links = (c.right_edge.i for c in token.children if c.lower_ in restricting)
    return max((at for at in links if at > token.i), default=int(token.i))


def _read_article(doc: Doc, referents: Iterable[Referent], language: Language) -> _Article:
    sentence_of = [i for i, sentence in enumerate(doc.sents) for _ in sentence]
    by_kind: dict[str, list[Referent]] = defaultdict(list)
    organisations = []
    for referent in referents:
        for kind in {role.kind for role in referent.roles}:
            by_kind[kind].append(referent)
        if referent.sort is Sort.BODY:
            organisations += [(at, referent) for at in referent.tokens]
    organisations.sort(key=lambda pair: pair[0])
    return _Article(sentence_of, by_kind, {}, organisations, [], language)


def _phrase_of(token: Token, named: frozenset[int], language: Language) -> Span | None:
    """Return the words of a description around its head, or None where it is not one."""
    if token.tag_ not in SINGULAR or _is_beside_name(token, named, language):
        return None
    if any(_restricts(child) for child in token.children):
        return None
    forms = load_descriptions(language)
    if not _is_definite(token, forms.definite, load_titles(language).titles):
        return None
    last = _last_of(token, language)
    before = token.doc[token.left_edge.i : token.i]
    if last + 1 in named or any(word.tag_ in FINITE for word in before) or _is_of_all(token):
        return None
    return token.doc[token.left_edge.i : last + 1]


def _is_of_all(token: Token) -> bool:
    """Return whether a word says among how many something is the most: `the oldest in the town`."""
    if token.dep_ != "pobj" or token.head.dep_ != "prep":
        return False
    other = token.head.head
    return other.tag_ in SUPERLATIVE or any(c.tag_ in SUPERLATIVE for c in other.children)


def _is_beside_name(token: Token, named: frozenset[int], language: Language) -> bool:
    """Return whether a noun says what somebody named is: `the mayor, Ida Brandt`.

    So do both sides of `the mayor is Ida Brandt` and `Ida Brandt is the mayor`.
    """
    if token.dep_ in {"attr", "compound", "nmod", "oprd"}:
        return True
    if (token.dep_ == "appos" and token.head.i in named) or _is_set_off(token):
        return True
    return token.head.lemma_ in load_descriptions(language).copula and any(
        t.dep_ == "attr" and t.i in named for t in token.head.rights
    )


def _is_set_off(token: Token) -> bool:
    """Return whether a noun between commas follows another: `the Holmery, the company, sank`."""
    doc, start, end = token.doc, token.left_edge.i, token.right_edge.i + 1
    if start < MIN_BEFORE or end >= len(doc) or doc[start - 1].text != "," or doc[end].text != ",":
        return False
    return doc[start - 2].pos_ in OTHER_NOUNS


def _is_definite(token: Token, definite: frozenset[str], titles: frozenset[str]) -> bool:
    """Return whether a noun has a definite article, or is an office with a capital.

    Where a sentence begins, any word has one: there it is an office in short, or that of a headline
    (`PM`, `Mayor resigns`).
    """
    determiners = {child.lower_ for child in token.children if child.dep_ == "det"}
    is_inside = not token.is_sent_start or (token.lower_ in titles and _opens_headline(token))
    is_office = token.text[:1].isupper() and is_inside and token.pos_ == "PROPN"
    return determiners <= definite and (bool(determiners) or is_office)


def _opens_headline(token: Token) -> bool:
    after = token.doc[token.i + 1 : token.i + 2]
    return token.text.isupper() or (
        token.dep_ in SUBJECTS and any(word.tag_ in FINITE for word in after)
    )


def _restricts(child: Token) -> bool:
    """Return whether a clause or a second noun makes a description refer to something new."""
    is_loose = child.left_edge.i > 0 and child.doc[child.left_edge.i - 1].text == ","
    return child.dep_ in {"appos", "conj"} or (child.dep_ in {"relcl", "acl"} and not is_loose)


def _choose(token: Token, phrase: Span, article: _Article) -> Described:
    """Return a description with those whom it can refer to, the nearest ones only."""
    language = article.language
    *more, kind = written_out([token.lower_], language)
    others = (t.lower_ for t in phrase if t.pos_ in CONTENT and t.i != token.i)
    said = {*written_out(others, language), *more} - load_descriptions(language).empty
    kinds = load_kinds(language)
    n_near = N_NEAR_SENTENCES_OF_AREA if kind in kinds.areas else None
    fitting = _fitting(kind, frozenset(said), article)
    fits = _nearest(token, fitting, article.sentence_of, within=n_near)
    if kind in kinds.kinds:
        clue = Clue.KIND
    else:
        clue = Clue.PLACE if kind in kinds.areas | kinds.sites else Clue.TITLE
    if not fits and clue is Clue.TITLE:
        fits = _of_party(kind, frozenset(said), article)
    if not said and kind in kinds.generic and not _is_one_near(fits, token, article):
        nearest = _nearest_organisation(token, kind, article)
        if nearest or not fits:
            fits, clue = nearest, Clue.NEAREST_ORGANISATION
    if kind in kinds.generic:
        article.called.append((token.i, fits[0] if len(fits) == 1 else None))
    place = TextSpan(phrase.start_char, phrase.end_char)
    return Described(place, tuple(referent.head for referent in fits), clue)


def _of_party(kind: str, said: frozenset[str], article: _Article) -> list[Referent]:
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


def _nearest(
    token: Token, fitting: _Fitting, sentence_of: Sequence[int], *, within: int | None
) -> list[Referent]:
    """Return the referents that are named before a word or soon after it, the nearest ones only.

    With `within`, they must be named so many sentences before it at most. Of many that are equally
    near, only some are returned: the word can mean none of them.
    """
    sentence = sentence_of[token.i]
    n_introduced = bisect_right(fitting.first_sentences, sentence + MAX_SENTENCES_BEFORE)
    if not n_introduced:
        return []
    if n_introduced == 1 and within is None:
        return fitting.referents[:1]
    n_near = N_NEAR_SENTENCES if within is None else within
    near: set[int] = set()
    for i in range(bisect_left(fitting.tokens, (token.i, -1)) - 1, -1, -1):
        at, number = fitting.tokens[i]
        if sentence_of[at] < sentence - n_near:
            break
        near.add(number)
    if within is not None:
        return [fitting.referents[number] for number in sorted(near)[:MAX_HEADS]]
    is_first = sentence < N_NEAR_SENTENCES  # no sentence is far from it
    chosen = range(n_introduced) if is_first or not near else sorted(near)
    return [fitting.referents[number] for number in chosen[:MAX_HEADS]]


def _is_one_near(fits: Sequence[Referent], token: Token, article: _Article) -> bool:
    """Return whether only one fits, and it is named near a word or nothing else is."""
    if len(fits) != 1:
        return False
    first = article.sentence_of[token.i] - N_NEAR_SENTENCES
    near = {
        referent.head
        for at, referent in _organisations_near(token, article)
        if article.sentence_of[at] >= first
    }
    return not near or fits[0].head in near


def _organisations_near(token: Token, article: _Article) -> list[tuple[int, Referent]]:
    """Return the organisations named in the sentence of a word or the one before, last first."""
    first = article.sentence_of[token.i] - N_NEAR_SENTENCES
    found = []
    start = bisect_left(article.organisations, token.i, key=lambda pair: pair[0])
    for i in range(start - 1, -1, -1):
        if article.sentence_of[article.organisations[i][0]] < first:
            break
        found.append(article.organisations[i])
    return found


def _called_near(token: Token, article: _Article) -> list[tuple[int, Referent | None]]:
    """Return the last description of any organisation, if it is near a word."""
    first = article.sentence_of[token.i] - N_NEAR_SENTENCES
    return [pair for pair in article.called[-1:] if article.sentence_of[pair[0]] >= first]


def _nearest_organisation(token: Token, kind: str, article: _Article) -> list[Referent]:
    """Return the organisation that the text is about at a word, if it may be of that kind.

    One in the subject of a sentence comes before the others in it, and the sentence of the word
    before the one before it. Of another kind than `company`, only subjects may be, unless the text
    says so: no department is one that only sends alerts `by Holmchat`.
    """
    known = load_kinds(article.language)
    fitting = known.generic if kind in known.of_any else frozenset({kind})
    weights: dict[int, float] = {}
    referents: dict[int, Referent] = {}
    near: list[tuple[int, Referent | None]] = [*_organisations_near(token, article)]
    for at, referent in [*near, *_called_near(token, article)]:
        if referent is None:
            return []  # that may be meant again
        kinds = {role.kind for role in referent.roles}
        is_other = bool(kinds) and kinds.isdisjoint(fitting)
        name = token.doc[at]
        is_subject = _is_in_subject(name)
        is_doubtful = not (kinds or is_subject or kind in known.of_any)
        if is_other or is_doubtful or _is_owner(token, name):
            continue
        weight = SUBJECT_WEIGHT if is_subject else 1.0
        weight *= 1.0 if article.sentence_of[at] == article.sentence_of[token.i] else OLDER_SHARE
        weights[referent.head] = max(weight, weights.get(referent.head, 0.0))
        referents[referent.head] = referent
    ranked = sorted(weights.items(), key=lambda pair: -pair[1])
    if not ranked or (len(ranked) > 1 and ranked[1][1] > MAX_SECOND * ranked[0][1]):
        return []
    return [referents[ranked[0][0]]]


def _is_owner(token: Token, name: Token) -> bool:
    """Return whether a word is in front of a name that it owns: `the company’s Holm Prize`."""
    return token.dep_ == "poss" and (token.head == name or token.head.is_ancestor(name))


def _is_in_subject(token: Token) -> bool:
    """Return whether a word is in the subject of its sentence: `Holm spokesman Ole Lund said`."""
    while token.dep_ not in SUBJECTS:
        if token.dep_ == "ROOT" or token.pos_ in {"VERB", "AUX"}:
            return False
        token = token.head
    return True
