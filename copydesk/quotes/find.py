"""Find the quotations of an article: by the tagger, and by rules where it is silent.

The tagger (`quotes.tagger`) knows what is reported without marks far better than rules do. The
rules (`copydesk.quotes.rules`) pass over no utterance between quotation marks, however odd the
text is, and they need no model but the parser.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from spacy.tokens import Doc, Token

from copydesk.lexicons.load import load_cues
from copydesk.quotes.nested import find_nested
from copydesk.quotes.repair import mend_content, split_repeats
from copydesk.quotes.rules import Quotation, find_quotations
from copydesk.quotes.tagger.tagger import MIN_SCORE, TaggedQuotation, tag_quotations
from copydesk.rows import QuoteType, Span
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted, find_quoted

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
    are those of the rules. What a quotation reports of others' words is one by itself.
    """
    quoted = find_quoted(text)
    found = find_quotations(doc, text)
    if method is QuoteMethod.TAGGER:
        tags = tag_quotations(text, quoted, min_score=0.0)
        tagged = list(_read_tags(tags, doc, text, quoted))
        found = [*tagged, *_pass_over(found, tagged, tags, text)]
    found += find_nested(doc, text, found)
    told = (
        replace(quotation, is_speech=is_speech(quotation, doc))
        for quotation in found
        if any(WORD.search(text, *span) for span in quotation.content)
    )
    return sorted(told, key=lambda quotation: quotation.content)


def is_speech(quotation: Quotation, doc: Doc) -> bool:
    """Return whether somebody voices a quotation; else it is what he thinks, wants or finds.

    Words between marks are voiced. What is reported without them is by its cue: a verb of speech,
    `according to`, the colon of a headline.
    """
    if quotation.type is not QuoteType.INDIRECT:
        return True
    words = _cue_words(quotation.cue, doc)
    cues = load_cues()
    verbs = cues.speech - cues.needs_marks | cues.judgement
    return any(w.lemma_.lower() in verbs for w in words) or _is_fixed(words)


def _read_tags(
    tags: Sequence[TaggedQuotation], doc: Doc, text: str, quoted: Sequence[Quoted]
) -> Iterator[Quotation]:
    """Yield what the tagger is sure of, mended; parts that repeat its words by themselves."""
    sure = (tag for tag in tags if tag.score >= MIN_SCORE)
    for found in (mended for tag in sure for mended in mend_content(tag, doc, text, quoted)):
        first, *others = split_repeats(found.content, found.cue, text)
        kind = type_of_content(first, text, quoted, cue=found.cue)
        has_verb = _has_known_cue(found.cue, doc)
        if kind is QuoteType.INDIRECT and not has_verb and found.score < MIN_OTHER_CUE_SCORE:
            continue
        rule = "tagger" if has_verb or found.cue is None else "tagger_other_cue"
        whole = Quotation(first, kind, found.cue, found.source, rule, found.score)
        yield whole
        for part in others:
            kind = type_of_content(part, text, quoted, cue=found.cue)
            yield replace(whole, content=part, type=kind, cue=None, rule="tagger_same_words")


def _has_known_cue(cue: Span | None, doc: Doc) -> bool:
    """Return whether one of the words of a cue introduces quotations, by the lexicon."""
    cues = load_cues()
    known = cues.speech | cues.thought | cues.demand | cues.needs_marks
    words = _cue_words(cue, doc)
    return any(w.lemma_.lower() in known for w in words) or _is_fixed(words)


def _is_fixed(words: Sequence[Token]) -> bool:
    """Return whether a cue has a phrase such as `according to`."""
    written = " ".join(word.lower_ for word in words)
    return any(" ".join(phrase) in written for phrase in load_cues().fixed)


def _cue_words(cue: Span | None, doc: Doc) -> Sequence[Token]:
    words = None if cue is None else doc.char_span(*cue, alignment_mode="expand")
    return () if words is None else list(words)


def type_of_content(
    content: Sequence[Span], text: str, quoted: Sequence[Quoted], *, cue: Span | None = None
) -> QuoteType:
    """Return whether all, none or some of the words of a content stand between quotation marks.

    Marks that hold the cue as well are those of somebody else, who reports: `“She said that …”`.

    Method: Pareti 2013.
    """
    n_words = n_inside = 0
    for start, end in content:
        passages = [
            p
            for p in quoted
            if p.start < end
            and start < p.end
            and not (cue and p.start <= cue.start and cue.end <= p.end)
        ]
        for word in WORD.finditer(text, start, end):
            n_words += 1
            n_inside += any(p.start <= word.start() and word.end() <= p.end for p in passages)
    if n_inside == 0:
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if n_inside == n_words else QuoteType.MIXED


def _pass_over(
    by_rules: Sequence[Quotation],
    tagged: Sequence[Quotation],
    tags: Sequence[TaggedQuotation],
    text: str,
) -> Iterator[Quotation]:
    """Yield the utterances between marks that share nothing with what the tagger is sure of.

    Who speaks is told by the rules, else by what the tagger thought of the words, else by the
    paragraph before.
    """
    taken = [span for quotation in tagged for span in quotation.content]
    for quotation in by_rules:
        n_words = sum(len(WORD.findall(text, *span)) for span in quotation.content)
        ends = text[slice(*quotation.content[-1])].rstrip()[-1:] in UTTERANCE_ENDS
        is_utterance = quotation.type is QuoteType.DIRECT and ends
        if is_utterance and n_words >= MIN_PASSED_OVER_WORDS and not _overlap(quotation, taken):
            unsure = (tag.source for tag in tags if _overlap(quotation, tag.content))
            source = quotation.source or next(filter(None, unsure), None)
            source = source or _carried_source(quotation, tagged, text)
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
