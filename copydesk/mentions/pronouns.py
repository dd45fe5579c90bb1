"""Resolve the pronouns of the third person to the names of an article, one after the other.

A pronoun takes the most salient person whom it can mean (`copydesk.mentions.salience`): of its
gender where that is known, and not another argument of the same verb. Who says words between marks
is settled where the words begin, before the people whom they mention count; whom the words speak of
as `he` is somebody else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_descriptions, load_pronouns
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.descriptions import Described
from copydesk.mentions.name import Chain
from copydesk.mentions.names import Name
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
    is_accused,
    mention,
    role_of,
    settle,
    weigh_names,
)
from copydesk.mentions.speaking import (
    find_called_they,
    organisations_by_token,
    resolve_speaking,
)
from copydesk.mentions.strangers import find_strangers
from copydesk.mentions.surnames import gender_of_words
from copydesk.text.quote_marks import Quoted, find_quoted

NOBODY: frozenset[int] = frozenset()
NO_HEADS: Mapping[int, frozenset[int]] = MappingProxyType({})
SAME_ROLE_BONUS = 1.5  # a subject refers to a subject
SAME_GENDER_BONUS = 1.1  # against a person whose gender nothing shows
LAST_SPEAKER_BONUS = 1.2  # of who spoke last, for a pronoun that speaks soon after
MAX_SENTENCES_SINCE_SPEECH = 2
REPORTED_SHARE = 0.6  # of who was mentioned last in somebody's words, for a pronoun that speaks
HEARSAY_SHARE = 0.55  # of who came in only there and has not spoken
ACCUSED_SHARE = 0.4  # of whom somebody accuses, for a pronoun that accuses
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
    """Words that are reported, by their first and last token, and the word for who says them.

    They are direct if they are between marks.
    """

    first: int
    last: int
    source: int
    is_direct: bool = True


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
    named = frozenset(mentions)
    mentions |= {
        i: Mentioned(each.head, DESCRIBED_WEIGHT)
        for i, each in described.items()
        if each.head is not None and each.head in people
    }
    called_they = find_called_they(doc, text, names, chains, language=language)
    organisations = organisations_by_token(doc, names, chains, described, called_they=called_they)
    strangers = find_strangers(doc, names, inside, language) - mentions.keys()
    aged = frozenset(_find_aged(doc, text, language)) - mentions.keys()
    facts = _Facts(mentions, named, aged, strangers, inside, utterances, barred, unlikely)
    reader = _Reader(people, facts, language=language)
    speaking = resolve_speaking(
        doc, organisations, quoted, called_they=called_they, language=language
    )
    return reader.read(doc) | {i: Resolved(head, 0.0) for i, head in speaking.items()}


def _find_aged(doc: Doc, text: str, language: Language) -> Iterator[int]:
    """Yield the head words of those who are called by age; it may be whom the text is about."""
    for called in load_descriptions(language).called_by_age.finditer(text):
        words = doc.char_span(*called.span(), alignment_mode="expand") or ()
        nouns = [token for token in words if token.pos_ in {"NOUN", "PROPN", "ADJ"}]
        if nouns:
            yield nouns[-1].i


def _tokens_inside(doc: Doc, quoted: Sequence[Quoted]) -> list[int]:
    spans = (doc.char_span(q.start, q.end, alignment_mode="contract") for q in quoted)
    return [token.i for span in spans if span is not None for token in span]


class _Facts(NamedTuple):
    """What is known of the tokens of an article before its pronouns are read."""

    mentions: Mapping[int, Mentioned]
    named: frozenset[int]  # of the mentions, those by name
    aged: frozenset[int]  # the head words of `the 37-year-old`
    strangers: Collection[int]
    inside: frozenset[int]
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
        self._named = facts.named
        self._aged = facts.aged
        self._strangers = facts.strangers
        self._inside = facts.inside
        self._barred = dict(facts.barred)
        self._unlikely = facts.unlikely
        self._language = language
        self._words = load_pronouns(language)
        self._accusing = load_cues(language).accusing
        direct = [each for each in facts.utterances if each.is_direct]
        self._sources = {each.source for each in facts.utterances}
        self._direct_sources = {each.source for each in direct}
        self._starting = {each.first: each for each in reversed(direct)}
        self._reported = facts.inside | {
            i for each in facts.utterances for i in range(each.first, each.last + 1)
        }
        self._resolved: dict[int, Resolved] = {}
        self._last_speaker: int | None = None
        self._last_direct: int | None = None
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
        elif token.lower_ in self._words.people or token.i in self._aged:
            if token.i not in self._resolved and not self._resolve(token):
                return token.i not in self._aged
            head = self._resolved[token.i].head
            for view in (self._outer, self._inner):
                person = view.people[head]
                person.gender = person.gender or self._gender_of(token)
            self._mention(token, head, PRONOUN_WEIGHT)
        return False

    def _mention(self, token: Token, head: int, weight: float) -> None:
        share = QUOTED_WEIGHT if token.i in self._inside else 1.0
        for view, counted in ((self._outer, weight * share), (self._inner, weight)):
            mention(view.people[head], token, counted, asking=self._words.asking)
            view.topical[head] = view.people[head]
        person, is_reported = self._outer.people[head], token.i in self._reported
        person.is_hearsay = is_reported if not person.roots - {token.i} else person.is_hearsay
        person.is_reported = is_reported
        person.is_accused |= is_accused(token, self._accusing)
        if token.i in self._sources and head >= 0:
            self._last_speaker = head
            person.is_hearsay = False
            if token.i in self._direct_sources:
                self._last_direct, self._spoken_in = head, self._n_sentences

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

    def _gender_of(self, token: Token) -> str | None:
        return None if token.i in self._aged else gender_of_pronoun(token, self._language)

    def _resolve(self, token: Token) -> bool:
        found = self._choose(token)
        if found is not None:
            self._resolved[token.i] = found
        return found is not None

    def _choose(self, token: Token) -> Resolved | None:
        """Return the most salient person whom a pronoun can refer to, if any."""
        gender = self._gender_of(token)
        barred_heads = self._barred.get(token.i, NOBODY) | self._named_after(token)
        barred = _barred_tokens(token, self._words.reflexive)
        is_subject = role_of(token) in SUBJECTS
        is_recent = self._n_sentences - self._spoken_in <= MAX_SENTENCES_SINCE_SPEECH
        ranked = []
        view = self._inner if token.i in self._inside else self._outer
        for head, person in view.topical.items():
            is_other_gender = gender is not None and person.gender not in {gender, None}
            if is_other_gender or person.salience < MIN_SALIENCE:
                continue
            if head in barred_heads or person.roots & barred:
                continue
            score = person.salience * (SAME_GENDER_BONUS if person.gender == gender else 1.0)
            if is_subject and person.last_role in SUBJECTS:
                score *= SAME_ROLE_BONUS
            if head in self._unlikely.get(token.i, NOBODY):
                score *= UNLIKELY_SHARE
            if token.i in self._sources:
                score *= LAST_SPEAKER_BONUS if head == self._last_direct and is_recent else 1.0
                is_other = head != self._last_speaker
                score *= REPORTED_SHARE if person.is_reported and is_other else 1.0
                score *= HEARSAY_SHARE if person.is_hearsay else 1.0
                accuses = token.head.lemma_ in self._accusing
                score *= ACCUSED_SHARE if person.is_accused and accuses else 1.0
            ranked.append((score, -head))
        ranked.sort(reverse=True)
        if not ranked or ranked[0][1] > 0:
            return None  # nobody, or somebody whom no name was found for
        (score, head), *others = ranked
        if not others:
            return Resolved(-head, 0.0)
        second = -others[0][1] if others[0][1] <= 0 else None
        return Resolved(-head, others[0][0] / score, second)

    def _named_after(self, token: Token) -> frozenset[int]:
        """Return whom the rest of a subject's clause names: in `he says Holm lied` nobody is Holm.

        Method: principle C of Chomsky 1981.
        """
        verb = token.head
        if token.dep_ not in SUBJECTS or verb.i < token.i:
            return NOBODY
        rest = range(verb.i + 1, verb.right_edge.i + 1)
        return frozenset(self._mentions[i].head for i in rest if i in self._named)


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
