"""Find the quotations of an article: by the tagger, and by rules where it is silent.

The tagger (`copydesk.quote_tagger`) knows what is reported without marks far better than rules do.
The rules (`copydesk.quotations`) pass over no utterance between quotation marks, however odd the
text is, and they need no model but the parser.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache

from spacy.tokens import Doc

from copydesk.lexicons.words import load_cues
from copydesk.lines import WORD
from copydesk.marks import Quoted, find_quoted
from copydesk.model import QuoteType, Span
from copydesk.quotations import Quotation, find_quotations
from copydesk.quote_tagger import TaggedQuotation, tag_quotations

# Both chosen on held-out articles of the training file (docs/quotes.md).
MIN_OTHER_CUE_SCORE = 0.4  # of indirect quotations whose cue is no verb of speech or thought
MIN_PASSED_OVER_WORDS = 5  # between marks; shorter ones that the tagger leaves out are terms
UTTERANCE_ENDS = frozenset(".,?!…")
PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


class QuoteMethod(StrEnum):
    """What finds quotations."""

    TAGGER = "tagger"
    RULES = "rules"


def find_quotes(doc: Doc, text: str, method: QuoteMethod) -> list[Quotation]:
    """Return the quotations of an article in the order of their content.

    `text` is that of `doc`. With the tagger, whole utterances between marks that it passes over
    are those of the rules.
    """
    by_rules = find_quotations(doc, text)
    if method is QuoteMethod.RULES:
        return by_rules
    quoted = find_quoted(text)
    tagged = [
        quotation
        for found in tag_quotations(text, quoted)
        for quotation in _read_tagged(found, doc, text, quoted)
    ]
    passed_over = _pass_over(by_rules, tagged, text)
    return sorted([*tagged, *passed_over], key=lambda quotation: quotation.content)


def _read_tagged(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted]
) -> Iterator[Quotation]:
    """Yield what the tagger found, and by themselves the parts that repeat its words."""
    content = tuple(_to_closing_mark(span, quoted) for span in found.content)
    first, *others = _split_repeats(content, found.cue, text)
    kind = type_of_content(first, text, quoted)
    has_verb = _has_known_cue(found.cue, doc)
    if kind is QuoteType.INDIRECT and not has_verb and found.score < MIN_OTHER_CUE_SCORE:
        return
    rule = "tagger" if has_verb or found.cue is None else "tagger_other_cue"
    whole = Quotation(first, kind, found.cue, found.source, rule, found.score)
    yield whole
    for part in others:
        kind = type_of_content(part, text, quoted)
        yield replace(whole, content=part, type=kind, cue=None, rule="tagger_same_words")


def _to_closing_mark(span: Span, quoted: Sequence[Quoted]) -> Span:
    """Return a content with all of the words between marks whose first ones it has."""
    for passage in quoted:
        if span.start <= passage.start < span.end < passage.end:
            end = passage.outer_end if span.start < passage.outer_start else passage.end
            return Span(span.start, end)
    return span


def _split_repeats(content: Sequence[Span], cue: Span | None, text: str) -> list[tuple[Span, ...]]:
    """Return a content without spans that repeat the words of one nearer to the cue, then those.

    A headline may have what is quoted below.
    """
    at = content[0].start if cue is None else cue.start
    kept: dict[str, Span] = {}
    repeats = []
    for span in sorted(content, key=lambda span: abs(span.start - at)):
        words = " ".join(WORD.findall(text[slice(*span)].casefold()))
        if any(words in other for other in kept):
            repeats.append((span,))
        else:
            kept[words] = span
    return [tuple(sorted(kept.values())), *repeats]


def _has_known_cue(cue: Span | None, doc: Doc) -> bool:
    """Return whether one of the words of a cue introduces quotations, by the lexicon."""
    words = None if cue is None else doc.char_span(*cue, alignment_mode="expand")
    lemmas, fixed = _known_cues()
    return any(w.lemma_.lower() in lemmas or w.lower_ in fixed for w in words or ())


@cache
def _known_cues() -> tuple[frozenset[str], frozenset[str]]:
    """Return the lemmas of the lexicon, and the words of its fixed phrases."""
    cues = load_cues()
    lemmas = cues.speech | cues.thought | cues.demand | cues.needs_marks
    return lemmas, frozenset(word for phrase in cues.fixed for word in phrase)


def type_of_content(content: Sequence[Span], text: str, quoted: Sequence[Quoted]) -> QuoteType:
    """Return whether all, none or some of the words of a content stand between quotation marks.

    Method: Pareti 2013.
    """
    n_words = n_inside = 0
    for start, end in content:
        passages = [p for p in quoted if p.start < end and start < p.end]
        for word in WORD.finditer(text, start, end):
            n_words += 1
            n_inside += any(p.start <= word.start() and word.end() <= p.end for p in passages)
    if n_inside == 0:
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if n_inside == n_words else QuoteType.MIXED


def _pass_over(
    by_rules: Sequence[Quotation], tagged: Sequence[Quotation], text: str
) -> Iterator[Quotation]:
    """Yield the utterances between marks that share nothing with what the tagger found."""
    taken = [span for quotation in tagged for span in quotation.content]
    for quotation in by_rules:
        n_words = sum(len(WORD.findall(text, *span)) for span in quotation.content)
        ends = text[slice(*quotation.content[-1])].rstrip()[-1:] in UTTERANCE_ENDS
        is_utterance = quotation.type is QuoteType.DIRECT and ends
        if is_utterance and n_words >= MIN_PASSED_OVER_WORDS and not _overlap(quotation, taken):
            source = quotation.source or _carried_source(quotation, tagged, text)
            yield replace(quotation, source=source)


def _carried_source(quotation: Quotation, tagged: Sequence[Quotation], text: str) -> Span | None:
    """Return who speaks in the paragraph before, for a paragraph that is nothing but words said."""
    start = quotation.content[0].start
    if text[max(0, text.rfind("\n", 0, start)) : start].strip(" \n“\"'‘"):
        return None
    before = [q for q in tagged if q.content[-1].end <= start and q.type is not QuoteType.INDIRECT]
    last = max(before, key=lambda q: q.content[-1].end, default=None)
    if last is None:
        return None
    n_breaks = len(PARAGRAPH_BREAK.findall(text, last.content[-1].end, start))
    return last.source if n_breaks <= 1 else None


def _overlap(quotation: Quotation, taken: Sequence[Span]) -> bool:
    return any(
        start < span.end and span.start < end for start, end in taken for span in quotation.content
    )
