"""Resolve the source of a quotation to a name in the article, or say why it stays open.

Precision first: a pronoun or an office stands for somebody only where one candidate is left.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.words import load_titles
from copydesk.model import MentionKind
from copydesk.model import Span as TextSpan
from copydesk.names import NAME_LABELS, Chain, Name, chain_names
from copydesk.pronouns import HE, SHE, Resolved, resolve_pronouns
from copydesk.quotations import Quotation

SPEAKER_LABELS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
PLURAL = frozenset({"they", "them", "we"})
FIRST_PERSON = frozenset({"i", "me", "we", "us"})
MAX_RIVAL = 0.97  # of the likeliest person's salience: nearer, a pronoun may be either


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
    pronouns: Mapping[int, Resolved]


def read_context(doc: Doc, names: Sequence[Name], quotations: Sequence[Quotation] = ()) -> Context:
    """Return what is known of an article: its names in chains, and whom its pronouns stand for."""
    chains = chain_names(names)
    silent = {}
    for quotation in quotations:
        source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
        if source:
            silent[source.root.i] = quotation.content
    return Context(doc, names, chains, resolve_pronouns(doc, names, chains, silent))


def resolve_speaker(quotation: Quotation, context: Context) -> Speaker:
    """Return who speaks in a quotation."""
    if quotation.source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    return resolve_reference(quotation.source, context, labels=SPEAKER_LABELS)


def resolve_reference(
    place: TextSpan,
    context: Context,
    *,
    labels: Collection[str] = NAME_LABELS,
) -> Speaker:
    """Return who or what the words at `place` stand for, among the names with one of `labels`."""
    source = context.doc.char_span(*place, alignment_mode="expand")
    if source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    named = _named_in(source, context, labels)
    if named is not None:
        return Speaker(named, MentionKind.NAMED, Reason.NAME)
    if source.root.pos_ == "PRON":
        return _resolve_pronoun(source, context)
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


def _resolve_pronoun(source: Span, context: Context) -> Speaker:
    word = source.root.lower_
    kind = MentionKind.PRONOMINAL
    if word in FIRST_PERSON:
        return Speaker(None, kind, Reason.FIRST_PERSON)
    if word in PLURAL | {"it"}:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    if word not in HE | SHE:
        return Speaker(None, kind, Reason.ANONYMOUS)
    found = context.pronouns.get(source.root.i)
    if found is None:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    if found.rival > MAX_RIVAL:
        return Speaker(None, kind, Reason.TWO_CANDIDATES)
    return Speaker(found.head, kind, Reason.PRONOUN)


def _root_of(index: int, context: Context) -> Token | None:
    name = context.names[index]
    span = context.doc.char_span(name.start, name.end, alignment_mode="expand")
    return None if span is None else span.root


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
