"""Find who says what a cue introduces: the subject of the verb, or of what it hangs on."""

from collections.abc import Collection
from typing import Protocol

from spacy.tokens import Token

from copydesk.lexicons.speech import Cues
from copydesk.values import Span

PARTICIPLE = "VBG"
MIN_BEFORE = 2  # tokens in front of a participle that is set off: a subject and a comma
PAST = "VBD"
PRESENT = frozenset({"VBZ", "VBP"})
FINITE = PRESENT | {PAST}  # tags of verbs with a tense; `is_finite` takes auxiliaries too
HEARERS = frozenset({"dobj", "dative"})  # whom a verb of speech addresses
OWN_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


class Tokens(Protocol):
    """Says of each token of a text, by its number, whether it is one of some."""

    def __getitem__(self, i: int, /) -> bool:
        """Return whether token `i` is one of them."""


class FewTokens:
    """A few tokens of a text, in memory that grows with their number alone."""

    def __init__(self, numbers: Collection[int] = ()) -> None:
        """Hold the numbers of the tokens."""
        self._numbers = frozenset(numbers)

    def __getitem__(self, i: int, /) -> bool:
        """Return whether token `i` is one of them."""
        return i in self._numbers


def find_source(cue: Token, inside: Tokens, cues: Cues) -> Span | None:
    """Return the phrase that names who speaks: the subject of the cue or of what it hangs on."""
    subject = _subject_of(cue, cues)
    if subject is None or inside[subject.i]:
        subject = _next_noun(cue, inside)
    return None if subject is None else phrase_of(subject, cue, inside)


def _subject_of(verb: Token, cues: Cues) -> Token | None:
    """Return who does what `verb` says, looking up to the verbs that it hangs on."""
    if verb.tag_ == "VBN" and verb.dep_ in {"advcl", "acl"}:
        return None  # "asked about the strike, she said": not she asked
    cue = verb
    for _ in range(3):  # said and added; said, adding; began by saying
        subject = _own_subject(verb, cue, cues)
        if subject is not None:
            return subject
        inverted = find_inverted(verb)
        if inverted is not None:
            return inverted
        if verb.dep_ == "acl" and verb.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return verb.head
        if verb.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep"}:
            return None
        verb = _joined_to(verb)
    return None


def _joined_to(verb: Token) -> Token:
    """Return the verb that a verb hangs on: in `asked if it is open and said`, past goes with past.

    The parser joins many a second verb to that of the clause before it.
    """
    head = verb.head
    is_other_time = verb.tag_ == PAST and head.tag_ in PRESENT
    return head.head if verb.dep_ == "conj" and head.dep_ == "ccomp" and is_other_time else head


def find_shared_subject(verb: Token) -> tuple[Token, Token] | None:
    """Return the verb that a second verb is joined to, and the subject that both have."""
    if verb.dep_ != "conj" or any(child.dep_ in OWN_SUBJECTS for child in verb.children):
        return None
    first = verb
    while first.dep_ == "conj" and first.head.pos_ in {"VERB", "AUX"}:
        first = _joined_to(first)
        subject = next((child for child in first.children if child.dep_ == "nsubj"), None)
        if subject is not None:
            return first, subject
    return None


def find_inverted(verb: Token) -> Token | None:
    """Return whom a verb in front of a name seems to describe: `“…,” sighed captain Ida Holm`."""
    noun = verb.head
    if verb.dep_ != "amod" or verb.tag_ not in {"VBD", "VBZ"} or noun.i < verb.i:
        return None
    while noun.dep_ == "compound" and noun.head.i > noun.i:
        noun = noun.head
    return noun


def find_described(verb: Token) -> Token | None:
    """Return the subject that a participle is set off from by a comma: `Holm, calling it a joke,`.

    The parser hangs the participle on the subject, or on what the subject does.
    """
    if verb.tag_ != PARTICIPLE or verb.i < MIN_BEFORE or verb.nbor(-1).text != ",":
        return None
    if verb.dep_ == "acl" and verb.head.dep_ in OWN_SUBJECTS:
        return verb.head
    if verb.dep_ != "advcl" or verb.head.i < verb.i:
        return None
    subjects = (child for child in verb.head.children if child.dep_ == "nsubj")
    return next((each for each in subjects if each.right_edge.i == verb.i - MIN_BEFORE), None)


def find_agent(verb: Token) -> Token | None:
    """Return by whom something is done: `described by Lund`."""
    agents = (child for child in verb.children if child.dep_ == "agent")
    nouns = (noun for agent in agents for noun in agent.children if noun.dep_ == "pobj")
    return next(nouns, None)


def is_finite(token: Token) -> bool:
    """Return whether a word is a verb or an auxiliary with a tense."""
    return "Fin" in token.morph.get("VerbForm", [])


def _own_subject(verb: Token, cue: Token, cues: Cues) -> Token | None:
    """Return the subject that a verb itself has; `cue` is the verb whose speaker is wanted.

    Somebody who is called something does not speak; somebody who is quoted does.
    """
    agent = find_agent(verb)
    if agent is not None:
        return agent
    if verb != cue and verb.lemma_ in cues.quoting:
        quoted = [child for child in verb.children if child.dep_ == "dobj"]
        if quoted:
            return quoted[0]  # "the Post quoted officials as saying": the officials say it
    is_spoken_of = verb == cue and verb.lemma_ not in cues.passives
    active = {"nsubj"} if is_spoken_of else {"nsubj", "nsubjpass"}
    subjects = [child for child in verb.children if child.dep_ in active]
    return subjects[-1] if subjects else None


def _next_noun(cue: Token, inside: Tokens) -> Token | None:
    """Return the noun beside a cue whose subject the parser missed, as in `said Miller`."""
    for chunk in cue.doc[max(0, cue.i - 3) : cue.i + 4].noun_chunks:
        if not inside[chunk.root.i] and (chunk.start == cue.i + 1 or chunk.end == cue.i):
            return chunk.root
    return None


def phrase_of(head: Token, cue: Token, inside: Tokens) -> Span:
    """Return the words of a noun phrase, without the cue and without a clause that hangs on it."""
    left, right = head.left_edge.i, head.right_edge.i
    for child in head.subtree:
        if child.dep_ == "relcl" and child.left_edge.i > head.i:
            right = min(right, child.left_edge.i - 1)
    if left <= cue.i <= right:
        left, right = (cue.i + 1, right) if head.i > cue.i else (left, cue.i - 1)
    while right > head.i and (inside[right] or cue.doc[right].is_punct or cue.doc[right].is_space):
        right -= 1
    while left < head.i and (inside[left] or cue.doc[left].is_punct or cue.doc[left].is_space):
        left += 1
    span = cue.doc[left : right + 1]
    return Span(span.start_char, span.end_char)


def span_of_verb(verb: Token) -> Span:
    """Return where a verb is in the text."""
    return Span(verb.idx, verb.idx + len(verb))
