"""Resolve the pronouns of the third person to the names of an article, one after the other.

A pronoun takes the most salient person whom it can mean (`copydesk.mentions.salience`): of its
gender where that is known, and not another argument of the same verb. Who says words between marks
is settled where the words begin, before the people whom they mention count; whom the words speak of
as `he` is somebody else.

`It` and `they` can refer to most things in an article. They are resolved only where they speak: to
the organisation that was the last subject.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_pronouns
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.chains import Chain, gender_of_words
from copydesk.mentions.descriptions import Described
from copydesk.mentions.names import Name, span_of
from copydesk.mentions.salience import (
    DESCRIBED_WEIGHT,
    PRONOUN_WEIGHT,
    QUOTED_WEIGHT,
    ROLE_WEIGHTS,
    SUBJECTS,
    Mentioned,
    Person,
    fade,
    find_people,
    gender_of_pronoun,
    mention,
    role_of,
    settle,
    weigh_names,
)
from copydesk.mentions.strangers import find_strangers, leads
from copydesk.rows import EntityLabel
from copydesk.text.quote_marks import Quoted, find_quoted

ORGANISATION_LABELS = frozenset({EntityLabel.ORG, EntityLabel.GPE})
MAX_SUBJECT_SENTENCES = 2  # from an organisation to the pronoun that it speaks as
NOBODY: frozenset[int] = frozenset()
NO_HEADS: Mapping[int, frozenset[int]] = MappingProxyType({})
PLURAL_NOUNS = frozenset({"NNS", "NNPS"})
SAME_ROLE_BONUS = 1.5  # a subject refers to a subject
SAME_GENDER_BONUS = 1.1  # against a person whose gender nothing shows
LAST_SPEAKER_BONUS = 1.2  # of who spoke last, for a pronoun that speaks soon after
MAX_SENTENCES_SINCE_SPEECH = 2
UNLIKELY_SHARE = 0.4  # of the salience of somebody whom the words that are reported name
MIN_SALIENCE = 0.05  # some eight sentences after a single mention


class Resolved(NamedTuple):
    """Whom a pronoun refers to: the head of a chain of names, and how near the next one comes.

    `rival` is the salience of the next likely person as a share of this one's, 0 to 1; they are
    `second`, where there is one.
    """

    head: int
    rival: float
    second: int | None = None


class Utterance(NamedTuple):
    """Words between marks, by their first and last token, and the word for who says them."""

    first: int
    last: int
    source: int


def resolve_pronouns(  # noqa: PLR0913 - what is known of an article
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    described: Mapping[int, Described],
    barred: Mapping[int, frozenset[int]],
    *,
    unlikely: Mapping[int, frozenset[int]] = NO_HEADS,
    utterances: Sequence[Utterance] = (),
    language: Language = ENGLISH,
) -> dict[int, Resolved]:
    """Return whom pronouns refer to, by the index of their token: people, and who speaks as `it`.

    A pronoun that nobody fits is left out. `barred` has the heads of chains that a pronoun cannot
    refer to, `unlikely` those that it rarely refers to.
    """
    text = doc.text  # built from the tokens each time
    quoted = find_quoted(text)
    inside = frozenset(_tokens_inside(doc, quoted))
    people = find_people(doc, names, chains, language)
    mentions = weigh_names(doc, names, chains, people=people, language=language)
    mentions |= {
        i: Mentioned(each.head, DESCRIBED_WEIGHT)
        for i, each in described.items()
        if each.head is not None and each.head in people
    }
    called_they = _find_called_they(doc, text, names, chains, language=language)
    organisations = _organisations_by_token(doc, names, chains, described, called_they=called_they)
    strangers = find_strangers(doc, names, inside, language) - mentions.keys()
    facts = _Facts(mentions, strangers, inside, utterances, barred, unlikely)
    reader = _Reader(people, facts, language=language)
    return reader.read(doc) | _resolve_speaking(
        doc, organisations, quoted, called_they=called_they, language=language
    )


def _tokens_inside(doc: Doc, quoted: Sequence[Quoted]) -> list[int]:
    spans = (doc.char_span(q.start, q.end, alignment_mode="contract") for q in quoted)
    return [token.i for span in spans if span is not None for token in span]


class _Facts(NamedTuple):
    """What is known of the tokens of an article before its pronouns are read."""

    mentions: Mapping[int, Mentioned]
    strangers: Collection[int]
    inside: Collection[int]
    utterances: Sequence[Utterance]
    barred: Mapping[int, frozenset[int]]
    unlikely: Mapping[int, frozenset[int]]


class _View(NamedTuple):
    """The people of an article, and those of them whom the last sentences are about."""

    people: dict[int, Person]
    topical: dict[int, Person]


class _Reader:
    """Reads an article from its beginning and says at each pronoun whom it means."""

    def __init__(
        self,
        people: dict[int, Person],
        facts: _Facts,
        *,
        language: Language,
    ) -> None:
        # What somebody's words are about counts less for a pronoun outside of them.
        self._outer = _View(people, {})
        self._inner = _View(
            {head: replace(person, roots=set()) for head, person in people.items()}, {}
        )
        self._mentions = facts.mentions
        self._strangers = facts.strangers
        self._inside = facts.inside
        self._barred = dict(facts.barred)
        self._unlikely = facts.unlikely
        self._language = language
        self._words = load_pronouns(language)
        self._sources = {each.source for each in facts.utterances}
        self._starting = {each.first: each for each in reversed(facts.utterances)}
        self._resolved: dict[int, Resolved] = {}
        self._last_speaker: int | None = None
        self._n_sentences = self._spoken_in = 0  # not counting those that are somebody's words

    def read(self, doc: Doc) -> dict[int, Resolved]:
        """Return whom `he` and `she` refer to."""
        for sentence in doc.sents:
            if self._is_quoted(sentence):
                for view in (self._outer, self._inner):  # somebody's words: nobody fades
                    for person in view.topical.values():
                        settle(person)
            else:
                self._n_sentences += 1
                is_paragraph = _starts_paragraph(sentence.start, doc)
                for view in (self._outer, self._inner):
                    fade(view.topical, is_paragraph=is_paragraph)
            waiting = [token for token in sentence if self._is_waiting(token)]
            for token in waiting:  # before the name: "In his speech, Bellamy said"
                self._resolve(token)
        return self._resolved

    def _is_quoted(self, sentence: Span) -> bool:
        words = [token.i for token in sentence if token.is_alpha]
        return bool(words) and words[0] in self._inside and words[-1] in self._inside

    def _is_waiting(self, token: Token) -> bool:
        """Return whether a word is a pronoun that nobody before it fits."""
        if token.i in self._starting:
            self._settle_source(self._starting[token.i], token.doc)
        if token.i in self._mentions:
            self._mention(token, *self._mentions[token.i])
        elif token.i in self._strangers:
            head = -1 - token.i
            for view in (self._outer, self._inner):
                view.people[head] = Person(gender=gender_of_words({token.lower_}, self._language))
            self._mention(token, head, 1.0)
        elif token.lower_ in self._words.people:
            if token.i not in self._resolved and not self._resolve(token):
                return True
            head = self._resolved[token.i].head
            for view in (self._outer, self._inner):
                person = view.people[head]
                person.gender = person.gender or gender_of_pronoun(token, self._language)
            self._mention(token, head, PRONOUN_WEIGHT)
        return False

    def _mention(self, token: Token, head: int, weight: float) -> None:
        share = QUOTED_WEIGHT if token.i in self._inside else 1.0
        for view, counted in ((self._outer, weight * share), (self._inner, weight)):
            mention(view.people[head], token, counted, asking=self._words.asking)
            view.topical[head] = view.people[head]
        if token.i in self._sources and head >= 0:
            self._last_speaker, self._spoken_in = head, self._n_sentences

    def _settle_source(self, utterance: Utterance, doc: Doc) -> None:
        """Resolve who says words where they begin; they do not call themselves `he`."""
        source = doc[utterance.source]
        if source.i in self._mentions:
            head = self._mentions[source.i].head
        elif source.i in self._resolved or (
            source.lower_ in self._words.people and self._resolve(source)
        ):
            head = self._resolved[source.i].head
        else:
            return
        for token in doc[utterance.first : utterance.last + 1]:
            if token.lower_ in self._words.people and token.i in self._inside:
                self._barred[token.i] = self._barred.get(token.i, NOBODY) | {head}

    def _resolve(self, token: Token) -> bool:
        found = self._choose(token)
        if found is not None:
            self._resolved[token.i] = found
        return found is not None

    def _choose(self, token: Token) -> Resolved | None:
        """Return the most salient person whom a pronoun can refer to, if any."""
        gender = gender_of_pronoun(token, self._language)
        barred_heads = self._barred.get(token.i, NOBODY)
        barred = _barred_tokens(token, self._words.reflexive)
        is_subject = role_of(token) in SUBJECTS
        is_recent = self._n_sentences - self._spoken_in <= MAX_SENTENCES_SINCE_SPEECH
        ranked = []
        view = self._inner if token.i in self._inside else self._outer
        for head, person in view.topical.items():
            if person.gender not in {gender, None} or person.salience < MIN_SALIENCE:
                continue
            if head in barred_heads or person.roots & barred:
                continue
            score = person.salience * (SAME_GENDER_BONUS if person.gender == gender else 1.0)
            if is_subject and person.last_role in SUBJECTS:
                score *= SAME_ROLE_BONUS
            if head in self._unlikely.get(token.i, NOBODY):
                score *= UNLIKELY_SHARE
            if token.i in self._sources and head == self._last_speaker and is_recent:
                score *= LAST_SPEAKER_BONUS
            ranked.append((score, -head))
        ranked.sort(reverse=True)
        if not ranked or ranked[0][1] > 0:
            return None  # nobody, or somebody whom no name was found for
        (score, head), *others = ranked
        if not others:
            return Resolved(-head, 0.0)
        second = -others[0][1] if others[0][1] <= 0 else None
        return Resolved(-head, others[0][0] / score, second)


def _starts_paragraph(start: int, doc: Doc) -> bool:
    return start > 0 and "\n" in doc[start - 1].text_with_ws


def _barred_tokens(token: Token, reflexive: Collection[str]) -> set[int]:
    """Return the other arguments of a pronoun's verb: `he saw him` is about two people."""
    if token.lower_ in reflexive or token.dep_ == "poss":
        return set()
    verb = token.head
    if token.dep_ == "pobj":
        verb = verb.head
    return {child.i for child in verb.children if child.i != token.i and child.dep_ in ROLE_WEIGHTS}


def _resolve_speaking(
    doc: Doc,
    organisations: Mapping[int, int],
    quoted: Sequence[Quoted],
    *,
    called_they: Collection[int],
    language: Language,
) -> dict[int, Resolved]:
    """Return the organisations that speak as `it` and `they`.

    It is the organisation that was the last subject of a main clause or of a verb of speech, if
    nothing else was one since and it is at most a sentence away; `they` only if nothing else is
    plural there. A person whom the text calls `they` is among the organisations.
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
                or token.lower_ in words.relative
                or not leads(token.head, speech)
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
                is_person = last in called_they
                is_clear = is_person or token.lower_ in words.organisation or not has_plural
                if is_clear and not (is_person and token.lower_ in words.organisation):
                    resolved[token.i] = Resolved(last, 0.0)
                n_since = 1
    return resolved


def _is_quoted(at: int, quoted: Sequence[Quoted]) -> bool:
    i = bisect_right(quoted, at, key=attrgetter("end"))
    return i < len(quoted) and quoted[i].start <= at


def _find_called_they(
    doc: Doc, text: str, names: Sequence[Name], chains: Sequence[Chain], *, language: Language
) -> set[int]:
    """Return the chains of people of whom the text says that they are called `they`."""
    called = set()
    for said in load_pronouns(language).called_they.finditer(text):
        before = bisect_right(names, said.start(), key=attrgetter("start"))
        people = [i for i in range(before) if names[chains[i].head].label == EntityLabel.PERSON]
        words = doc.char_span(*said.span(), alignment_mode="expand")
        if people and words is not None and names[people[-1]].start >= words.sent.start_char:
            called.add(chains[people[-1]].head)
    return called


def _organisations_by_token(
    doc: Doc,
    names: Sequence[Name],
    chains: Sequence[Chain],
    described: Mapping[int, Described],
    *,
    called_they: Collection[int],
) -> dict[int, int]:
    """Return the heads of the chains of organisations by the head words of their names.

    A person who is called `they` is among them.
    """
    organisations = {}
    for name, chain in zip(names, chains, strict=True):
        span = span_of(doc, name)
        is_organisation = names[chain.head].label in ORGANISATION_LABELS
        if span is not None and (is_organisation or chain.head in called_they):
            organisations[span.root.i] = chain.head
    for i, description in described.items():
        head = description.head
        if head is not None and names[head].label in ORGANISATION_LABELS:
            organisations[i] = head
    return organisations
