"""Resolve the source of a quotation to a name in the article, or say why it stays open.

Precision first: a pronoun or an office stands for somebody only where one candidate is left.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.words import load_titles
from copydesk.model import MentionKind
from copydesk.model import Span as TextSpan
from copydesk.names import NAME_LABELS, Chain, Name
from copydesk.quotations import Quotation

SPEAKER_LABELS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
PLURAL = frozenset({"they", "them", "we"})
FIRST_PERSON = frozenset({"i", "me", "we", "us"})
MAX_SENTENCES_BACK = 4  # a pronoun's antecedent is farther away in 3 % of cases


class Reason(StrEnum):
    """How a speaker was found, or why none was."""

    NAME = "name_in_source"
    PRONOUN = "pronoun"
    TITLE = "title"
    NO_SOURCE = "no_source"
    ANONYMOUS = "anonymous_source"
    NO_ANTECEDENT = "no_antecedent"
    TWO_CANDIDATES = "two_candidates"
    FIRST_PERSON = "first_person"


DOUBT_SENTENCES = 2  # how much farther away a name counts that may be no person's

CONFIDENCE = {Reason.NAME: 0.95, Reason.TITLE: 0.8, Reason.PRONOUN: 0.75}
UNRESOLVED_CONFIDENCE = 0.6


class Speaker(NamedTuple):
    """Who speaks: an index into the names, or None; how the source refers; and the reason."""

    name: int | None
    kind: MentionKind | None
    reason: Reason


class Context(NamedTuple):
    """What is known about an article when its speakers are resolved."""

    doc: Doc
    names: Sequence[Name]
    chains: Sequence[Chain]


def resolve_speaker(quotation: Quotation, context: Context) -> Speaker:
    """Return who speaks in a quotation."""
    if quotation.source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    return resolve_reference(
        quotation.source, context, labels=SPEAKER_LABELS, silent=quotation.content
    )


def resolve_reference(
    place: TextSpan,
    context: Context,
    *,
    labels: Collection[str] = NAME_LABELS,
    silent: Sequence[TextSpan] = (),
) -> Speaker:
    """Return who or what the words at `place` stand for, among the names with one of `labels`.

    Names inside the `silent` spans are no antecedents: nobody refers to himself out of a
    quotation.
    """
    source = context.doc.char_span(*place, alignment_mode="expand")
    if source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    named = _named_in(source, context, labels)
    if named is not None:
        return Speaker(named, MentionKind.NAMED, Reason.NAME)
    if source.root.pos_ == "PRON":
        return _resolve_pronoun(source, silent, context)
    return _resolve_title(source, context)


def _named_in(source: Span, context: Context, labels: Collection[str]) -> int | None:
    """Return the name that is the head of the source; not one that only belongs to it."""
    inside = [
        i
        for i, name in enumerate(context.names)
        if name.label in labels and source.start_char <= name.start and name.end <= source.end_char
    ]
    root = source.root
    for i in inside:
        if context.names[i].start <= root.idx < context.names[i].end:
            return i
    # A title is often parsed as the head of the name behind it: `spokesperson Miller`,
    # `its owner, Eustace Bellamy`.
    people = [i for i in inside if context.names[i].label == "PERSON"]
    titled = [i for i in people if _is_name_of(i, source, context)]
    return titled[0] if titled else None


def _is_name_of(index: int, source: Span, context: Context) -> bool:
    """Return whether a name is that of the office which heads the source.

    Not so where the name only belongs to another noun: `a spokesman for Mr Hallam`.
    """
    root = _root_of(index, context)
    if root is None or root.dep_ in {"pobj", "poss"}:
        return False
    is_apposed = root.dep_ == "appos" and root.head == source.root
    return is_apposed or context.names[index].title is not None


def _resolve_pronoun(source: Span, silent: Sequence[TextSpan], context: Context) -> Speaker:
    word = source.root.lower_
    kind = MentionKind.PRONOMINAL
    if word in FIRST_PERSON:
        return Speaker(None, kind, Reason.FIRST_PERSON)
    if word in {"he", "she", "him", "her"}:
        candidates = _people_before(source, silent, context, word)
    elif word in PLURAL | {"it"}:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    else:
        return Speaker(None, kind, Reason.ANONYMOUS)
    if not candidates:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    best = candidates[0]
    if any(_stand_side_by_side(best, other, context) for other in candidates[1:]):
        return Speaker(None, kind, Reason.TWO_CANDIDATES)
    return Speaker(best, kind, Reason.PRONOUN)


def _stand_side_by_side(index: int, other: int, context: Context) -> bool:
    """Return whether two names of two people are joined by `and`: a pronoun cannot tell them."""
    if context.chains[index].head == context.chains[other].head:
        return False
    one, two = (_root_of(i, context) for i in (index, other))
    if one is None or two is None:
        return False
    return (one.dep_ == "conj" and one.head == two) or (two.dep_ == "conj" and two.head == one)


def _root_of(index: int, context: Context) -> Token | None:
    name = context.names[index]
    span = context.doc.char_span(name.start, name.end, alignment_mode="expand")
    return None if span is None else span.root


def _people_before(
    source: Span, silent: Sequence[TextSpan], context: Context, word: str
) -> list[int]:
    """Return the persons a pronoun may stand for, the likeliest first.

    Near sentences come first, and in one sentence its subject; a person whom only the parser
    vouches for counts as farther away, one whose title speaks for the other sex not at all.
    """
    titles = load_titles()
    other_sex = titles.female if word in {"he", "him"} else titles.male
    sentences = [sent.start_char for sent in context.doc.sents]
    here = bisect_right(sentences, source.start_char)
    ranked = []
    for i, name in enumerate(context.names):
        is_silent = any(start <= name.start < end for start, end in silent)
        if name.label != "PERSON" or name.start >= source.start_char or is_silent:
            continue
        distance = here - bisect_right(sentences, name.start)
        if distance > MAX_SENTENCES_BACK or _words_of_titles(i, context) & other_sex:
            continue
        root = _root_of(i, context)
        is_subject = root is not None and root.dep_ in {"nsubj", "nsubjpass"}
        doubt = 0 if _is_vouched(i, context) else DOUBT_SENTENCES
        ranked.append((distance + doubt, not is_subject, -name.start, i))
    return [i for *_, i in sorted(ranked)]


def _is_vouched(index: int, context: Context) -> bool:
    """Return whether a name is a person's beyond doubt.

    It has a title somewhere, or stands in full once and shortened to the surname elsewhere.
    """
    head = context.chains[index].head
    mine = [n for n, c in zip(context.names, context.chains, strict=True) if c.head == head]
    return any(name.title for name in mine) or len({len(name.text.split()) for name in mine}) > 1


def _words_of_titles(index: int, context: Context) -> set[str]:
    head = context.chains[index].head
    words: set[str] = set()
    for name, chain in zip(context.names, context.chains, strict=True):
        if chain.head == head and name.title:
            words |= {word.strip(".,").lower() for word in name.title.split()}
    return words


def _resolve_title(source: Span, context: Context) -> Speaker:
    """Return the one person in the article who bears the title that the source names."""
    kind = MentionKind.NOMINAL
    head = source.root.lower_
    is_definite = source[0].lower_ in {"the", "this", "that"} or source[0].text[:1].isupper()
    if head not in load_titles().titles or not is_definite or source.root.tag_ == "NNS":
        return Speaker(None, kind, Reason.ANONYMOUS)
    bearers = {
        context.chains[i].head
        for i, name in enumerate(context.names)
        if name.label == "PERSON" and name.title and head in name.title.lower().split()
    }
    if not bearers:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    if len(bearers) > 1:
        return Speaker(None, kind, Reason.TWO_CANDIDATES)
    return Speaker(bearers.pop(), kind, Reason.TITLE)
