"""Say how sure a whole row is: the words, who says them, and whom that means."""

from math import exp, log

from copydesk.lexicons.load import load_descriptions, load_pronouns
from copydesk.mentions.name import name_parts
from copydesk.quotations.named import Context
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.speakers import Reason, Speaker
from copydesk.values import EntityLabel, QuoteType, SourceKind

# Intercept and slope over the log odds of the tagger's score, fitted on held-out articles
# (docs/quotes.md): right is a content that shares four fifths of its words with gold, and the
# same source. The edges of what has no marks are the least sure.
WORDS = {
    QuoteType.DIRECT: (-0.20, 0.95),
    QuoteType.MIXED: (-0.01, 0.65),
    QuoteType.INDIRECT: (-0.29, 0.60),
}
MAX_SCORE = 0.999
CLEAR_RIVAL = 0.4  # of the likeliest person's salience: one less near costs no confidence
RIVAL_COST = 0.4  # of confidence, from there to one that is as near
OPEN_SHARE = 0.7  # of confidence, where the text most likely names whom a source means
OF_SEVERAL = 0.8  # of confidence, for a surname that two people have and that may mean either
SINGULAR = frozenset({"NN", "NNP"})

RESOLUTION_SCORES = {
    Reason.TITLE: 0.85,
    Reason.KIND: 0.85,
    Reason.NEAREST_ORGANISATION: 0.7,
    Reason.PLACE: 0.8,
    Reason.APPOSITION: 0.95,
    Reason.PREDICATE: 0.9,
    Reason.NAMED_NEXT: 0.8,
    Reason.PRONOUN: 0.96,
    Reason.RELATIVE: 0.96,
    Reason.OF_TWO: 0.9,
    Reason.AGE: 0.9,
    Reason.RELATION: 0.85,
    Reason.OWN_WORDS: 0.85,
    Reason.SAME_WORDS: 0.95,
}
"""How often a source that is not a name is resolved correctly."""


def score_row(quotation: Quotation, speaker: Speaker, kind: SourceKind, context: Context) -> float:
    """Return how likely a quotation is right in its content and its speaker, 0 to 1."""
    is_open = speaker.name is None and _is_open(quotation, speaker, kind, context)
    share = OPEN_SHARE if is_open else score_resolution(speaker)
    if speaker.name is not None and _is_of_several(speaker.name, context):
        share *= OF_SEVERAL
    return score_words(quotation) * share


def _is_of_several(name: int, context: Context) -> bool:
    """Return whether a speaker has no other name than a surname that several people have."""
    head = context.names[context.chains[name].head]
    surname, *more = name_parts(head.text, context.language)
    if more or head.label != EntityLabel.PERSON:
        return False
    people = {
        chain.head
        for other, chain in zip(context.names, context.chains, strict=True)
        if name_parts(other.text, context.language)[1:][-1:] == (surname,)
    }
    return len(people) > 1


def score_words(quotation: Quotation) -> float:
    """Return how likely content and source are right; the tagger's score is calibrated by type."""
    if not quotation.rule.startswith("tagger"):
        return quotation.score
    score = min(quotation.score, MAX_SCORE)
    intercept, slope = WORDS[quotation.type]
    return 1.0 / (1.0 + exp(-(intercept + slope * log(score / (1.0 - score)))))


def score_resolution(speaker: Speaker) -> float:
    """Return how likely the words of a source mean whom they are resolved to, 0 to 1.

    A pronoun with a near rival may mean that one.
    """
    score = RESOLUTION_SCORES.get(speaker.reason, 1.0)
    is_near = speaker.name is not None and speaker.rival > CLEAR_RIVAL
    return score - RIVAL_COST * (speaker.rival - CLEAR_RIVAL) if is_near else score


def _is_open(quotation: Quotation, speaker: Speaker, kind: SourceKind, context: Context) -> bool:
    """Return whether a source is somebody whom the text names: `she`, `the lawyer`, `Holm`.

    Not so `a lawyer`, `residents`, `the report`; words without a source are somebody's.
    """
    if speaker.reason is Reason.NO_SOURCE or quotation.source is None:
        return True
    source = context.doc.char_span(*quotation.source, alignment_mode="expand")
    if source is None or kind is SourceKind.DOCUMENT:
        return False
    words = load_pronouns(context.language)
    if source.root.pos_ == "PRON":
        return source.root.lower_ in words.people | words.organisation
    forms = load_descriptions(context.language)
    definite = forms.definite | words.people
    if source.root.pos_ == "PROPN" and source[0].tag_ not in {"DT", "PRP$"}:
        return True
    is_aged = forms.called_by_age.fullmatch(source.text) is not None
    return is_aged or (source.root.tag_ in SINGULAR and source[0].lower_ in definite)
