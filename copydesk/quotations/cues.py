"""Judge the cue of a quotation by the lexicon: is it known, and does somebody speak?"""

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import Cues, load_cues
from copydesk.quotations.quotation import Quotation
from copydesk.rows import QuoteType, Span


def is_speech(quotation: Quotation, doc: Doc, language: Language) -> bool:
    """Return whether somebody voices a quotation; else they only think, want or find it.

    Words between marks are voiced. For the rest, the cue decides: a verb of speech,
    `according to`, or the colon of a headline.
    """
    if quotation.type is not QuoteType.INDIRECT:
        return True
    words = _words_of(quotation.cue, doc)
    cues = load_cues(language)
    verbs = cues.speech - cues.needs_marks | cues.judgement
    return any(w.lemma_.lower() in verbs for w in words) or _has_phrase(words, cues)


def is_known(cue: Span | None, doc: Doc, language: Language) -> bool:
    """Return whether one of the words of a cue introduces quotations, by the lexicon."""
    cues = load_cues(language)
    known = cues.speech | cues.thought | cues.demand | cues.needs_marks
    words = _words_of(cue, doc)
    return any(w.lemma_.lower() in known for w in words) or _has_phrase(words, cues)


def _has_phrase(words: Sequence[Token], cues: Cues) -> bool:
    """Return whether a cue has a phrase such as `according to`."""
    written = " ".join(word.lower_ for word in words)
    return any(" ".join(phrase) in written for phrase in cues.fixed)


def _words_of(cue: Span | None, doc: Doc) -> Sequence[Token]:
    words = None if cue is None else doc.char_span(*cue, alignment_mode="expand")
    return () if words is None else list(words)
