"""Resolve the source of a quotation to a name in the article, or say why it stays open.

Precision first: a pronoun or an office refers to somebody only where one candidate is left.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_descriptions, load_pronouns, load_titles
from copydesk.mentions.chains import Chain, chain_names
from copydesk.mentions.descriptions import Clue, Described, resolve_descriptions
from copydesk.mentions.names import Name, span_of
from copydesk.mentions.pronouns import Resolved, resolve_pronouns
from copydesk.quotations.quotation import Quotation
from copydesk.rows import NAME_LABELS, EntityLabel, MentionKind, QuoteType
from copydesk.rows import Span as TextSpan

SPEAKER_LABELS = frozenset({EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE, EntityLabel.NORP})
MAX_RIVAL = 0.97  # of the likeliest person's salience: nearer, a pronoun may mean either


class Reason(StrEnum):
    """How a speaker was found, or why none was."""

    NAME = "name_in_source"
    PRONOUN = "pronoun"
    RELATIVE = "relative_pronoun"
    TITLE = Clue.TITLE.value
    KIND = Clue.KIND.value
    NEAREST_ORGANISATION = Clue.NEAREST_ORGANISATION.value
    NO_SOURCE = "no_source"
    ANONYMOUS = "anonymous_source"
    NO_ANTECEDENT = "no_antecedent"
    TWO_CANDIDATES = "two_candidates"
    FIRST_PERSON = "first_person"
    OF_TWO = "latter_of_two"


RESOLUTION_SCORES = {
    Reason.TITLE: 0.85,
    Reason.KIND: 0.85,
    Reason.NEAREST_ORGANISATION: 0.7,
    Reason.PRONOUN: 0.9,
    Reason.RELATIVE: 0.9,
    Reason.OF_TWO: 0.9,
}
"""How often a source that is not a name is resolved correctly. An open one is always right."""


class Speaker(NamedTuple):
    """Who speaks: an index into the names, or None; how the source refers; and the reason."""

    name: int | None
    kind: MentionKind | None
    reason: Reason


class Reference(NamedTuple):
    """Words that are not a name but refer to one, and what shows that they do."""

    span: TextSpan
    name: int
    kind: MentionKind
    rule: str
    reason: Reason


class Context(NamedTuple):
    """What is known about an article when its speakers are resolved."""

    doc: Doc
    names: Sequence[Name]
    chains: Sequence[Chain]
    descriptions: Mapping[int, Described]
    pronouns: Mapping[int, Resolved]
    language: Language


def read_context(
    doc: Doc,
    names: Sequence[Name],
    quotations: Sequence[Quotation] = (),
    *,
    language: Language = ENGLISH,
) -> Context:
    """Return what is known of an article: its names in chains, and whom other words refer to."""
    chains = chain_names(names, language=language)
    described = resolve_descriptions(doc, names, chains, language=language)
    context = Context(doc, names, chains, described, {}, language)
    barred = _barred_by_quotations(quotations, context)
    pronouns = resolve_pronouns(doc, names, chains, described, barred, language=language)
    return context._replace(pronouns=pronouns)


def _barred_by_quotations(
    quotations: Sequence[Quotation], context: Context
) -> dict[int, frozenset[int]]:
    """Return the heads of chains that pronouns in and beside quotations cannot refer to.

    People do not speak of themselves by name, or as `he` and `she`.
    """
    people = load_pronouns(context.language).people
    named = [(n.start, c.head) for n, c in zip(context.names, context.chains, strict=True)]
    named += [(d.span.start, d.head) for d in context.descriptions.values() if d.head is not None]
    named.sort()
    barred: dict[int, frozenset[int]] = {}
    for quotation in quotations:
        source = quotation.source and context.doc.char_span(
            *quotation.source, alignment_mode="expand"
        )
        if not source:
            continue
        if source.root.pos_ == "PRON":
            inside = (
                head
                for part in quotation.content
                for _, head in named[
                    bisect_left(named, (part.start, -1)) : bisect_left(named, (part.end, -1))
                ]
            )
            barred[source.root.i] = frozenset(inside)
        elif quotation.type is QuoteType.DIRECT:
            speaker = _named_in(source, context, SPEAKER_LABELS)
            if speaker is not None:
                head = frozenset({context.chains[speaker].head})
                for part in quotation.content:
                    content = context.doc.char_span(*part, alignment_mode="contract") or ()
                    barred |= {token.i: head for token in content if token.lower_ in people}
    return barred


def resolve_speaker(quotation: Quotation, context: Context) -> Speaker:
    """Return who speaks in a quotation."""
    if quotation.source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    return resolve_reference(quotation.source, context, labels=SPEAKER_LABELS)


def refer_to_speaker(quotation: Quotation, speaker: Speaker) -> Reference | None:
    """Return the source of a quotation as a mention of its speaker, unless it is a name itself."""
    if speaker.name is None or speaker.kind is None or quotation.source is None:
        return None
    if speaker.kind is MentionKind.NAMED:
        return None
    rule = "source_of_quotation"
    return Reference(quotation.source, speaker.name, speaker.kind, rule, speaker.reason)


def find_references(context: Context) -> Iterator[Reference]:
    """Yield the pronouns and descriptions that refer to a named person or organisation."""
    organisations = load_pronouns(context.language).organisations
    for i, pronoun in context.pronouns.items():
        if _is_clear(pronoun):
            token = context.doc[i]
            span = TextSpan(token.idx, token.idx + len(token))
            rule = "last_subject" if token.lower_ in organisations else "salience"
            yield Reference(span, pronoun.head, MentionKind.PRONOMINAL, rule, Reason.PRONOUN)
    for described in context.descriptions.values():
        if described.head is not None:
            reason = Reason(described.clue.value)
            yield Reference(
                described.span, described.head, MentionKind.NOMINAL, "description", reason
            )


def resolve_reference(
    place: TextSpan,
    context: Context,
    *,
    labels: Collection[str] = NAME_LABELS,
) -> Speaker:
    """Return who or what the words at `place` refer to, among the names with one of `labels`."""
    source = context.doc.char_span(*place, alignment_mode="expand")
    if source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    named = _named_in(source, context, labels)
    if named is not None:
        return Speaker(named, MentionKind.NAMED, Reason.NAME)
    if source.root.pos_ == "PRON":
        return _resolve_pronoun(source, context)
    return _resolve_description(source, context)


def _named_in(source: Span, context: Context, labels: Collection[str]) -> int | None:
    """Return the name that is the head of the source, not one that is only a part of it."""
    inside = [
        i
        for i in _numbers_of(context.names, source.start_char, source.end_char)
        if context.names[i].label in labels and context.names[i].end <= source.end_char
    ]
    root = source.root
    whole = [i for i in inside if _is_all_of(context.names[i], source, context.language)]
    if whole:
        return whole[0]
    for i in inside:
        if context.names[i].start <= root.idx < context.names[i].end:
            return i
    # A title is often parsed as the head of the name after it: `spokesperson Miller`,
    # `its owner, Eustace Bellamy`.
    people = [i for i in inside if context.names[i].label == EntityLabel.PERSON]
    titled = [i for i in people if _is_name_of(i, source, context)]
    return titled[0] if titled else None


def _numbers_of(names: Sequence[Name], start: int, end: int) -> range:
    """Return the numbers of the names that begin between two offsets."""
    place = attrgetter("start")
    return range(bisect_left(names, start, key=place), bisect_left(names, end, key=place))


def _is_all_of(name: Name, source: Span, language: Language) -> bool:
    """Return whether a source is a name with its title, whatever the parser makes of the two."""
    before = source.text[: max(0, name.start - source.start_char)].strip()
    is_last = not source.text[name.end - source.start_char :].strip(" ,.”’'\"")
    articles = load_descriptions(language).articles
    titles = {"", name.title or ""}
    titles |= {f"{form} {name.title}" for word in articles for form in (word, word.capitalize())}
    return name.label == EntityLabel.PERSON and is_last and before.removesuffix(",") in titles


def _is_name_of(index: int, source: Span, context: Context) -> bool:
    """Return whether a name is that of the office which heads the source.

    Not so where the name only belongs to another word: `a spokesman for Mr Hallam`, `the head of a
    group backing Mr Hallam`.
    """
    root = _root_of(index, context)
    if root is None or root.dep_ in {"pobj", "poss", "dobj"}:
        return False
    is_apposed = root.dep_ == "appos" and root.head == source.root
    return is_apposed or context.names[index].title is not None


def _resolve_pronoun(source: Span, context: Context) -> Speaker:
    word = source.root.lower_
    words = load_pronouns(context.language)
    kind = MentionKind.PRONOMINAL
    if word in words.first_person:
        return Speaker(None, kind, Reason.FIRST_PERSON)
    if word in words.relative:
        return _resolve_relative(source.root, context)
    if word not in words.people and word not in words.organisations:
        return Speaker(None, kind, Reason.ANONYMOUS)
    found = context.pronouns.get(source.root.i)
    if found is None:
        return Speaker(None, kind, Reason.NO_ANTECEDENT)
    if not _is_clear(found):
        return Speaker(None, kind, Reason.TWO_CANDIDATES)
    return Speaker(found.head, kind, Reason.PRONOUN)


def _is_clear(found: Resolved) -> bool:
    """Return whether a pronoun can only mean one person."""
    return found.rival <= MAX_RIVAL


def _resolve_relative(pronoun: Token, context: Context) -> Speaker:
    """Return whom a relative clause is about: `Holm, who said`, `the mayor, who said`."""
    kind = MentionKind.PRONOMINAL
    clause = pronoun.head
    while clause.dep_ in {"conj", "xcomp", "advcl"} and clause.head != clause:
        clause = clause.head
    if clause.dep_ != "relcl":
        return Speaker(None, kind, Reason.ANONYMOUS)
    noun = clause.head
    while noun.dep_ == "appos" and noun.head != noun:  # Ida Holm, the mayor, who said
        noun = noun.head
    last = bisect_right(context.names, noun.idx, key=attrgetter("start")) - 1
    is_named = last >= 0 and noun.idx < context.names[last].end
    if is_named and context.names[last].label in SPEAKER_LABELS:
        return Speaker(last, kind, Reason.RELATIVE)
    described = context.descriptions.get(noun.i)
    if described is None or described.head is None:
        return Speaker(None, kind, Reason.ANONYMOUS)
    return Speaker(described.head, kind, Reason.RELATIVE)


def _root_of(index: int, context: Context) -> Token | None:
    span = span_of(context.doc, context.names[index])
    return None if span is None else span.root


def _resolve_description(source: Span, context: Context) -> Speaker:
    """Return the one person or organisation that has the office or kind of the source."""
    kind = MentionKind.NOMINAL
    if source.text.lower() in load_pronouns(context.language).of_two:
        return _resolve_of_two(source, context)
    described = context.descriptions.get(source.root.i)
    is_unnamed = source.root.lower_ in load_titles(context.language).unnamed
    if described is None or (is_unnamed and not described.heads):
        return Speaker(None, kind, Reason.ANONYMOUS)
    if described.head is None:
        reason = Reason.TWO_CANDIDATES if described.heads else Reason.NO_ANTECEDENT
        return Speaker(None, kind, reason)
    return Speaker(described.head, kind, Reason(described.clue.value))


def _resolve_of_two(source: Span, context: Context) -> Speaker:
    """Return the first or second of the two that the sentence names before `the latter`."""
    of_two = load_pronouns(context.language).of_two
    start = source.root.sent.start_char
    before = {
        context.chains[i].head: None
        for i in _numbers_of(context.names, start, source.start_char)
        if context.names[i].label in SPEAKER_LABELS
    }
    if len(before) != len(of_two):
        reason = Reason.TWO_CANDIDATES if before else Reason.NO_ANTECEDENT
        return Speaker(None, MentionKind.NOMINAL, reason)
    head = list(before)[of_two.index(source.text.lower())]
    return Speaker(head, MentionKind.NOMINAL, Reason.OF_TWO)
