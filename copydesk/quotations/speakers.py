"""Resolve the source of a quotation to a name in the article, or say why it stays open.

Precision first: a pronoun or an office refers to somebody only where one candidate is left.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_pronouns, load_titles, plain_letters
from copydesk.lexicons.names import load_name_genders
from copydesk.lexicons.speech import load_assertions
from copydesk.mentions.chains import chain_names
from copydesk.mentions.descriptions import Clue, resolve_descriptions
from copydesk.mentions.names import Name
from copydesk.mentions.pronouns import Resolved, Utterance, resolve_pronouns
from copydesk.mentions.relations import Known, find_ages, find_of_age, resolve_by_relation
from copydesk.quotations.named import Context, find_author, find_beside, find_named, numbers_of
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.source_kinds import is_called_person, kind_of_name, kind_of_words
from copydesk.quotations.sources import HEARERS
from copydesk.values import NAME_LABELS, MentionKind, QuoteType, SourceKind
from copydesk.values import Span as TextSpan

SPEAKER_LABELS = NAME_LABELS  # whoever speaks: many a person or body is taken for something else
MAX_RIVAL_OF_AGED = 0.6  # the same, for `the 37-year-old` where the text gives nobody that age
MAX_RIVAL = 0.97  # of the likeliest person's salience: nearer, a pronoun may mean either


class Reason(StrEnum):
    """How a speaker was found, or why none was."""

    NAME = "name_in_source"
    PRONOUN = "pronoun"
    RELATIVE = "relative_pronoun"
    TITLE = Clue.TITLE.value
    KIND = Clue.KIND.value
    NEAREST_ORGANISATION = Clue.NEAREST_ORGANISATION.value
    PLACE = Clue.PLACE.value
    APPOSITION = Clue.APPOSITION.value
    PREDICATE = Clue.PREDICATE.value
    NAMED_NEXT = Clue.NAMED_NEXT.value
    NO_SOURCE = "no_source"
    ANONYMOUS = "anonymous_source"
    DOCUMENT = "document"
    BODY = "unnamed_body"
    NO_ANTECEDENT = "no_antecedent"
    TWO_CANDIDATES = "two_candidates"
    FIRST_PERSON = "first_person"
    OF_TWO = "latter_of_two"
    AGE = "age"
    RELATION = "relation"
    OWN_WORDS = "in_own_words"
    AUTHOR = "author"
    SAME_WORDS = "same_words"


REASONS_BY_KIND = {SourceKind.DOCUMENT: Reason.DOCUMENT, SourceKind.BODY: Reason.BODY}
"""Why a source that stands for nobody named is open, if it is no person."""


class Speaker(NamedTuple):
    """Who speaks: an index into the names, or None; how the source refers; and the reason.

    `others` are the names of those who say the same words with them; `second` is who else a pronoun
    may mean.
    """

    name: int | None
    kind: MentionKind | None
    reason: Reason
    others: tuple[int, ...] = ()
    second: int | None = None
    rival: float = 0.0


class Reference(NamedTuple):
    """Words that are not a name but refer to one, and what shows that they do."""

    span: TextSpan
    name: int
    kind: MentionKind
    rule: str
    reason: Reason


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
    ages = find_ages(doc, names, chains, language)
    context = Context(doc, names, chains, described, {}, ages, language)
    barred, unlikely = _barred_by_quotations(quotations, context)
    pronouns = resolve_pronouns(
        doc,
        names,
        chains,
        described,
        barred,
        unlikely=unlikely,
        utterances=list(_find_utterances(quotations, doc)),
        language=language,
    )
    return context._replace(pronouns=pronouns)


def _find_utterances(quotations: Sequence[Quotation], doc: Doc) -> Iterator[Utterance]:
    """Yield the words that are reported of a source, in the order of the quotations.

    Words of other paragraphs than the source are left out: their link is less sure.
    """
    text = doc.text  # built from the tokens each time
    for quotation in quotations:
        if quotation.source is None:
            continue
        is_direct = quotation.type is not QuoteType.INDIRECT
        source = doc.char_span(*quotation.source, alignment_mode="expand")
        for part in quotation.content if source is not None else ():
            content = doc.char_span(*part, alignment_mode="expand")
            if content is None or source is None:
                continue
            first, last = sorted((content.start_char, source.start_char))
            if "\n" not in text[first:last]:
                yield Utterance(content.start, content.end - 1, source.root.i, is_direct)


def _barred_by_quotations(
    quotations: Sequence[Quotation], context: Context
) -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    """Return the heads of chains that pronouns in and beside quotations cannot refer to.

    People do not speak of themselves by name, or as `he` and `she`. They may do so by office, and
    where a text renders their words, it may name them: the second mapping has the heads that are
    only unlikely. Nor do people answer what they have asked.
    """
    people = load_pronouns(context.language).people
    named = [(n.start, c.head) for n, c in zip(context.names, context.chains, strict=True)]
    described = sorted(
        (d.span.start, d.head) for d in context.descriptions.values() if d.head is not None
    )
    barred: dict[int, frozenset[int]] = {}
    unlikely: dict[int, frozenset[int]] = {}
    for before, quotation in zip([None, *quotations], quotations, strict=False):
        source = quotation.source and context.doc.char_span(
            *quotation.source, alignment_mode="expand"
        )
        if not source:
            continue
        if source.root.pos_ == "PRON":
            inside, called = _heads_in(quotation, named), _heads_in(quotation, described)
            is_own = quotation.type is QuoteType.DIRECT
            if is_own:
                barred[source.root.i] = inside | _find_asker(before, source, context)
            unlikely[source.root.i] = called if is_own else called | inside
        elif quotation.type is QuoteType.DIRECT:
            speaker = find_named(source, context, SPEAKER_LABELS)
            if speaker is not None:
                head = frozenset({context.chains[speaker].head})
                for part in quotation.content:
                    content = context.doc.char_span(*part, alignment_mode="contract") or ()
                    barred |= {token.i: head for token in content if token.lower_ in people}
    return barred, unlikely


def _find_asker(before: Quotation | None, source: Span, context: Context) -> frozenset[int]:
    """Return who asks somebody in the sentence before: `Orr asked Holm if he knew. “No,” he said`.

    It is the other one who answers, unless the pronoun shows that it is not.
    """
    doc = context.doc
    cue = before and before.cue and doc.char_span(*before.cue, alignment_mode="expand")
    asker = before and before.source and doc.char_span(*before.source, alignment_mode="expand")
    if not cue or not asker or cue.root.sent.end != source.root.sent.start:
        return frozenset()
    heard = [child for child in cue.root.children if child.dep_ in HEARERS]
    is_asked = any(_may_answer(child, source.root, context.language) for child in heard)
    is_asked &= cue.root.lemma_.lower() in load_assertions(context.language).asking
    named = find_named(asker, context, SPEAKER_LABELS) if is_asked else None
    return frozenset() if named is None else frozenset({context.chains[named].head})


def _may_answer(asked: Token, pronoun: Token, language: Language) -> bool:
    """Return whether a pronoun can mean somebody who is asked, by the gender of the name."""
    words = load_pronouns(language)
    gender = load_name_genders(language).get(plain_letters(asked.left_edge.text))
    other = {"male": words.she, "female": words.he}.get(gender or "", frozenset())
    return asked.pos_ == "PROPN" and pronoun.lower_ not in other


def _heads_in(quotation: Quotation, places: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the heads that are mentioned in a content; `places` has them by offset."""
    return frozenset(
        head
        for part in quotation.content
        for _, head in places[
            bisect_left(places, (part.start, -1)) : bisect_left(places, (part.end, -1))
        ]
    )


def resolve_speaker(
    quotation: Quotation, context: Context, *, outer: Sequence[Quotation] = ()
) -> Speaker:
    """Return who speaks in a quotation; `outer` are those whose words hold it, the inmost first.

    In somebody's words, `I` is that person.
    """
    if quotation.source is None:
        return Speaker(None, None, Reason.NO_SOURCE)
    speaker = resolve_reference(quotation.source, context, labels=SPEAKER_LABELS)
    if speaker.reason is Reason.ANONYMOUS:
        reason = REASONS_BY_KIND.get(kind_of_source(quotation, speaker, context), speaker.reason)
        return speaker._replace(reason=reason)
    if speaker.reason is Reason.FIRST_PERSON and outer:
        source = context.doc.char_span(*quotation.source, alignment_mode="expand")
        words = "" if source is None else source.text.lower()
        owner = resolve_speaker(outer[0], context, outer=outer[1:])
        if words in load_pronouns(context.language).speaking_self and owner.name is not None:
            head = context.chains[owner.name].head
            return Speaker(head, MentionKind.PRONOMINAL, Reason.OWN_WORDS)
    return speaker


def kind_of_source(quotation: Quotation, speaker: Speaker, context: Context) -> SourceKind:
    """Return what kind of source a quotation has, whose speaker is known or open."""
    source = quotation.source and context.doc.char_span(*quotation.source, alignment_mode="expand")
    if speaker.name is not None:
        is_called = source and is_called_person(source, context.language)
        label = context.names[context.chains[speaker.name].head].label
        return SourceKind.PERSON if is_called else kind_of_name(label)
    return kind_of_words(source, context.language) if source else SourceKind.NONE


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
    words = load_pronouns(context.language)
    for i, pronoun in context.pronouns.items():
        token = context.doc[i]
        is_pronoun = token.lower_ in words.people or token.lower_ in words.organisations
        if is_pronoun and _is_clear(pronoun):
            span = TextSpan(token.idx, token.idx + len(token))
            rule = "last_subject" if token.lower_ in words.organisations else "salience"
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
    named = find_named(source, context, labels)
    if named is not None:
        others = find_beside(named, source, context, labels)
        return Speaker(named, MentionKind.NAMED, Reason.NAME, others)
    if source.root.pos_ == "PRON":
        return _resolve_pronoun(source, context)
    author = find_author(source, context.language)
    if author is not None:
        place = TextSpan(author.start_char, author.end_char)
        wrote = resolve_reference(place, context, labels=labels)
        if wrote.name is not None:
            return Speaker(wrote.name, MentionKind.NAMED, Reason.AUTHOR)
    return _resolve_description(source, context)


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
        return Speaker(None, kind, Reason.TWO_CANDIDATES, second=found.second, rival=found.rival)
    return Speaker(found.head, kind, Reason.PRONOUN, second=found.second, rival=found.rival)


def _is_clear(found: Resolved) -> bool:
    """Return whether a pronoun can only mean one person."""
    return found.rival <= MAX_RIVAL


def _resolve_relative(pronoun: Token, context: Context) -> Speaker:
    """Return whom a relative clause is about: `Holm, who said`, `the mayor, who said`."""
    kind = MentionKind.PRONOMINAL
    clause = pronoun.head
    while clause.dep_ in {"conj", "xcomp", "advcl"} and clause.head != clause:
        clause = clause.head
    if clause.dep_ == "relcl":
        noun = clause.head
    elif clause.head.lemma_ == "be" and pronoun.lower_ in load_pronouns(context.language).who:
        noun = _word_before(pronoun)  # it was Ida Holm who said
    else:
        return Speaker(None, kind, Reason.ANONYMOUS)
    while noun.dep_ == "appos" and noun.head != noun:  # Ida Holm, the mayor, who said
        noun = noun.head
    noun = _member_of(noun) or noun
    beside = (child for child in noun.children if child.dep_ == "appos")  # the mayor, Ida Holm, who
    for token in (noun, *beside):
        last = bisect_right(context.names, token.idx, key=attrgetter("start")) - 1
        is_named = last >= 0 and token.idx < context.names[last].end
        if is_named and context.names[last].label in SPEAKER_LABELS:
            return Speaker(last, kind, Reason.RELATIVE)
    described = context.descriptions.get(noun.i)
    if described is None or described.head is None:
        return Speaker(None, kind, Reason.ANONYMOUS)
    return Speaker(described.head, kind, Reason.RELATIVE)


def _member_of(noun: Token) -> Token | None:
    """Return who is one of many that speak: `Holm was among those who said`."""
    verb = noun
    while verb.dep_ in {"pobj", "prep", "attr"} and verb.head != verb:
        verb = verb.head
    if verb == noun or verb.lemma_ != "be":
        return None
    subjects = (child for child in verb.children if child.dep_ == "nsubj")
    return next((child for child in subjects if child.pos_ == "PROPN"), None)


def _word_before(token: Token) -> Token:
    before = token.i - 1
    while before > 0 and token.doc[before].is_punct:
        before -= 1
    return token.doc[max(0, before)]


def _resolve_description(source: Span, context: Context) -> Speaker:
    """Return the one person or organisation that has the office or kind of the source."""
    kind = MentionKind.NOMINAL
    if source.text.lower() in load_pronouns(context.language).of_two:
        return _resolve_of_two(source, context)
    called = _resolve_by_age_or_kin(source, context)
    if called is not None:
        return called
    described = context.descriptions.get(source.root.i)
    is_unnamed = source.root.lower_ in load_titles(context.language).unnamed
    if described is None or (is_unnamed and not described.heads):
        return Speaker(None, kind, Reason.ANONYMOUS)
    if described.head is None:
        reason = Reason.TWO_CANDIDATES if described.heads else Reason.NO_ANTECEDENT
        return Speaker(None, kind, reason)
    return Speaker(described.head, kind, Reason(described.clue.value))


def _resolve_by_age_or_kin(source: Span, context: Context) -> Speaker | None:
    """Return who is called by age or family; by age, it may be whom the text is about there."""
    kind = MentionKind.NOMINAL
    known = Known(context.names, context.chains, context.pronouns, context.language)
    of_age = find_of_age(source, context.ages, context.language)
    if len(of_age) == 1:
        return Speaker(min(of_age), kind, Reason.AGE)
    by_topic = None if of_age else context.pronouns.get(source.root.i)
    if by_topic is not None and by_topic.rival <= MAX_RIVAL_OF_AGED:
        return Speaker(by_topic.head, kind, Reason.AGE, (), by_topic.second, by_topic.rival)
    related = resolve_by_relation(source, known)
    return None if related is None else Speaker(related, kind, Reason.RELATION)


def _resolve_of_two(source: Span, context: Context) -> Speaker:
    """Return the first or second of the two that the sentence names before `the latter`."""
    of_two = load_pronouns(context.language).of_two
    start = source.root.sent.start_char
    before = {
        context.chains[i].head: None
        for i in numbers_of(context.names, start, source.start_char)
        if context.names[i].label in SPEAKER_LABELS
    }
    if len(before) != len(of_two):
        reason = Reason.TWO_CANDIDATES if before else Reason.NO_ANTECEDENT
        return Speaker(None, MentionKind.NOMINAL, reason)
    head = list(before)[of_two.index(source.text.lower())]
    return Speaker(head, MentionKind.NOMINAL, Reason.OF_TWO)
