"""Name who utters words that no cue introduces: the subject of the sentence in front of them."""

from dataclasses import replace

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_pronouns, load_titles
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import FewTokens, phrase_of
from copydesk.text.spans import skip_spaces_before
from copydesk.values import EntityLabel, QuoteType

SUBJECT_SCORE = 0.5  # of a speaker that only the sentence before names
ENDS = frozenset(".:?!")


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
    subject = None if before is None else _subject_of(before[-1].sent.root)
    if subject is None or not _is_person(subject, language):
        return quotation
    source = phrase_of(subject, subject.head, FewTokens())
    score = min(quotation.score, SUBJECT_SCORE)
    return replace(quotation, source=source, score=score, rule=f"{quotation.rule}_subject")


def _subject_of(root: Token) -> Token | None:
    return next((child for child in root.children if child.dep_ == "nsubj"), None)


def _is_person(subject: Token, language: Language) -> bool:
    pronouns = load_pronouns(language)
    if subject.ent_type_ == EntityLabel.PERSON or subject.lower_ in pronouns.people:
        return True
    return subject.lower_ in load_titles(language).titles
