"""Name who utters words that no cue introduces: the subject of the sentence in front of them."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_pronouns, load_titles
from copydesk.lexicons.speech import load_cues, load_source_words
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import FewTokens, phrase_of
from copydesk.text.spans import skip_spaces_before
from copydesk.values import EntityLabel, QuoteType, Span

SUBJECT_SCORE = 0.5  # of a speaker that only the sentence before names
ENDS = frozenset(".:?!")
PLURAL = "NNS"
BREAK = "\n\n"
MAX_BREAKS = 2  # paragraphs between the words of one who is spoken of in between
ROLES = frozenset({"nsubj"})
PASSIVE_ROLES = frozenset({"nsubj", "nsubjpass"})  # of whom a text still speaks
MARKS = "“\"'‘«„"
COMMON = frozenset({"NOUN", "NUM"})
MAX_TOKENS_TO_NAME = 4  # from the noun of a source on: `a mother of two named Ida`


def name_subject(quotation: Quotation, doc: Doc, text: str, *, language: Language) -> Quotation:
    """Return an utterance without cue and source with the person of the sentence before it.

    `Elin Moberg points at the quay. “Look at that.”`: only in one paragraph, and only people.
    """
    is_open = quotation.cue is None and quotation.source is None
    if not is_open or quotation.type is not QuoteType.DIRECT:
        return quotation
    at = skip_spaces_before(text, quotation.content[0].start - 1)
    if not at or text[at - 1] not in ENDS:
        return quotation
    before = doc.char_span(at - 1, at, alignment_mode="expand")
    if before is None:
        return quotation
    source = _find_asked(before[-1].sent) or _find_subject(before[-1].sent, language)
    if source is None:
        return quotation
    score = min(quotation.score, SUBJECT_SCORE)
    return replace(quotation, source=source, score=score, rule=f"{quotation.rule}_subject")


def name_continued(
    found: Sequence[Quotation], doc: Doc, text: str, *, language: Language
) -> list[Quotation]:
    """Return quotations; quoted paragraphs have who spoke last, if the text still speaks of them.

    `“We stay,” Brandt said.` `She has sold her field.` `“It breaks my heart.”`
    """
    named = []
    last: Quotation | None = None
    for quotation in found:
        settled = quotation
        if quotation.cue is None and quotation.source is None and last is not None:
            source = _find_continued(quotation, last, doc, text, language)
            if source is not None and quotation.type is QuoteType.DIRECT:
                score = min(quotation.score, SUBJECT_SCORE)
                rule = f"{quotation.rule}_subject"
                settled = replace(quotation, source=source, score=score, rule=rule)
        named.append(settled)
        is_spoken = settled.type is QuoteType.DIRECT
        last = settled if is_spoken and settled.source is not None else last
    return named


def _find_continued(
    quotation: Quotation, last: Quotation, doc: Doc, text: str, language: Language
) -> Span | None:
    """Return the subject of the last sentence before a paragraph, if it is who spoke last."""
    start = quotation.content[0].start
    before = text[:start].rstrip(f"{MARKS} ")
    at = len(before.rstrip())
    if (
        not at
        or not before.endswith("\n")
        or text.count(BREAK, last.content[-1].end, start) > MAX_BREAKS
    ):
        return None
    words = doc.char_span(at - 1, at, alignment_mode="expand")
    if words is None:
        return None
    subject = _find_subject(words[-1].sent, language, PASSIVE_ROLES)
    if subject is None or last.source is None or subject.start < last.content[-1].end:
        return None
    spoken = {word for word in text[slice(*last.source)].split() if word[:1].isupper()}
    is_pronoun = text[slice(*subject)].lower() in load_pronouns(language).people
    is_same = bool(spoken & set(text[slice(*subject)].split()))
    return subject if is_pronoun or is_same else None


def name_called(quotation: Quotation, doc: Doc, text: str, *, language: Language) -> Quotation:
    """Return a quotation of somebody without a name with the one that they are called by.

    `said a homeless man who goes by the name “Pebble”`.
    """
    source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
    if not source or source.root.pos_ not in COMMON or source.root.tag_ == PLURAL:
        return quotation
    words = load_source_words(language)
    if source.root.lemma_.lower() in words.bodies | words.documents:
        return quotation
    root = source.root.i
    ends = (token.idx + len(token) for token in doc[root : root + MAX_TOKENS_TO_NAME])
    found = (load_cues(language).called.match(text, end) for end in ends)
    called = next(filter(None, found), None)
    if called is None:
        return quotation
    return replace(quotation, named=Span(*called.span("name")))


def _find_asked(sentence: Words) -> Span | None:
    """Return who is named in a question that has no other word: `And Ida Holm? “No.”`."""
    words = [token for token in sentence if not token.is_space]
    names = [token for token in words if token.pos_ == "PROPN"]
    others = [token for token in words if token.pos_ not in {"PROPN", "CCONJ", "PUNCT"}]
    if not names or others or words[-1].text != "?":
        return None
    return Span(names[0].idx, names[-1].idx + len(names[-1]))


def _find_subject(
    sentence: Words, language: Language, roles: frozenset[str] = ROLES
) -> Span | None:
    subject = next((child for child in sentence.root.children if child.dep_ in roles), None)
    if subject is None or not _is_person(subject, language):
        return None
    return phrase_of(subject, subject.head, FewTokens())


def _is_person(subject: Token, language: Language) -> bool:
    """Return whether a subject is somebody; names that no label is sure of are, too."""
    pronouns = load_pronouns(language)
    is_named = subject.ent_type_ == EntityLabel.PERSON or (
        subject.pos_ == "PROPN" and not subject.ent_type_
    )
    if is_named or subject.lower_ in pronouns.people:
        return True
    return subject.lower_ in load_titles(language).titles
