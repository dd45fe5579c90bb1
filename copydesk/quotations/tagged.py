"""Find quotations by the tagger, and by rules where it is silent.

The tagger (`quotations.tagger`) knows what is reported without marks far better than rules do. The
rules (`quotations.rules`) pass over no utterance between quotation marks, however odd the text is,
and they need no model but the parser.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from spacy.tokens import Doc

from copydesk.lexicons.language import Language
from copydesk.quotations.cues import is_known
from copydesk.quotations.nested import find_around
from copydesk.quotations.paragraphs import Layout, settle_paragraphs
from copydesk.quotations.quotation import Quotation, index_words, overlaps, type_of_content
from copydesk.quotations.repair import UTTERANCE_ENDS, repair_content, split_repeats
from copydesk.quotations.reported import CLAUSE_RULE
from copydesk.quotations.rules import find_quotations
from copydesk.quotations.settle import settle_source
from copydesk.quotations.spoken import RENDERED_RULE
from copydesk.quotations.subjects import name_called, name_continued, name_subject
from copydesk.quotations.tagger.tagger import MIN_SCORE, TaggedQuotation, tag_quotations
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted, find_quoted
from copydesk.text.spans import SpanIndex, char_before
from copydesk.values import QuoteType, Span

# Both chosen on held-out articles of the training file (docs/quotes.md).
MIN_OTHER_CUE_SCORE = 0.4  # of indirect quotations whose cue is not a verb of speech or thought
MIN_PASSED_OVER_WORDS = 5  # between marks; shorter ones that the tagger leaves out are terms
SENTENCE_ENDS = frozenset(".?!…")
MARKS_BEFORE_WORDS = " “\"'‘"
PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Tagger:
    """The method of the tagger, with whole utterances between marks that it passes over."""

    preload: str | None = "copydesk.quotations.tagger.preload"

    def find_quotations(self, doc: Doc, text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""
        quoted = find_quoted(text)
        by_rules = find_quotations(doc, text, language=language)
        tags = tag_quotations(text, quoted, min_score=0.0, language=language)
        rendered = [quotation for quotation in by_rules if quotation.rule == RENDERED_RULE]
        sure_of = SpanIndex(part for quotation in rendered for part in quotation.content)
        read = _read_tags(tags, doc, text, quoted=quoted, language=language)
        alone = (each for each in read if not overlaps(each, sure_of))
        tagged = [*rendered, *alone]
        passed_over = _pass_over(by_rules, tagged, tags=tags, text=text)
        found = [*tagged, *passed_over]
        found += _add_clauses(by_rules, found, doc)
        found += find_around(found, doc, text, quoted, language=language)
        layout = Layout(text, quoted, language=language)
        settled = _fill_in(settle_paragraphs(found, layout), by_rules)
        beside = [name_subject(each, doc, text, language=language) for each in settled]
        named = name_continued(beside, doc, text, language=language)
        return [name_called(each, doc, text, language=language) for each in named]


def _read_tags(
    tags: Sequence[TaggedQuotation],
    doc: Doc,
    text: str,
    *,
    quoted: Sequence[Quoted],
    language: Language,
) -> Iterator[Quotation]:
    """Yield what the tagger is sure of, repaired; parts that repeat its words by themselves."""
    sure = (tag for tag in tags if tag.score >= MIN_SCORE)
    for found in (
        repaired
        for tag in sure
        for repaired in repair_content(tag, doc, text, quoted=quoted, language=language)
    ):
        first, *others = split_repeats(found.content, found.cue, text)
        kind = type_of_content(first, text, quoted, cue=found.cue)
        has_verb = is_known(found.cue, doc, language)
        source = settle_source(found, doc, kind=kind, quoted=quoted, language=language)
        first = _without_source(first, source, found.cue)
        if not first:
            continue
        if kind is QuoteType.INDIRECT and not has_verb and found.score < MIN_OTHER_CUE_SCORE:
            continue
        rule = "tagger" if has_verb or found.cue is None else "tagger_other_cue"
        whole = Quotation(first, kind, found.cue, source, rule, found.score)
        yield whole
        for part in others:
            kind = type_of_content(part, text, quoted, cue=found.cue)
            yield replace(whole, content=part, type=kind, cue=None, rule="tagger_same_words")


def _fill_in(tagged: Iterable[Quotation], by_rules: Sequence[Quotation]) -> Iterator[Quotation]:
    """Yield quotations; utterances without cue and source have those that the rules find."""
    known = {q.content: q for q in by_rules if q.cue is not None and q.source is not None}
    for quotation in tagged:
        is_open = quotation.cue is None and quotation.source is None
        found = known.get(quotation.content) if is_open else None
        if found is None or quotation.type is not QuoteType.DIRECT:
            yield quotation
        else:
            yield replace(quotation, cue=found.cue, source=found.source)


def _without_source(
    content: tuple[Span, ...], source: Span | None, cue: Span | None
) -> tuple[Span, ...]:
    """Return a content up to the words that are its own source or cue: nobody says those."""
    if source is None:
        return content
    at = next((i for i, s in enumerate(content) if s.start <= source.start < s.end), None)
    if at is None:
        return content
    first = source if cue is None or cue.start < content[at].start else min(source, cue)
    before = Span(content[at].start, first.start)
    return content[:at] + ((before,) if before.start < before.end else ())


def _pass_over(
    by_rules: Sequence[Quotation],
    tagged: Sequence[Quotation],
    *,
    tags: Sequence[TaggedQuotation],
    text: str,
) -> Iterator[Quotation]:
    """Yield the utterances between marks that share nothing with what the tagger is sure of.

    The speaker is whom the rules find, else whom the tagger guessed for the words, else whoever
    speaks in the paragraph before.
    """
    taken = SpanIndex(span for quotation in tagged for span in quotation.content)
    parts = [(span, tag.source) for tag in tags for span in tag.content]
    guessed = SpanIndex(span for span, _ in parts)
    before = _Spoken(tagged)
    for quotation in by_rules:
        n_words = sum(len(WORD.findall(text, *span)) for span in quotation.content)
        ends = text[slice(*quotation.content[-1])].rstrip()[-1:] in UTTERANCE_ENDS
        is_utterance = quotation.type is QuoteType.DIRECT and ends
        is_long = n_words >= MIN_PASSED_OVER_WORDS or _is_sentence(quotation, text)
        is_long |= quotation.source is not None and _opens_sentence(quotation, text)
        if is_utterance and is_long and not overlaps(quotation, taken):
            found = {i for span in quotation.content for i in guessed.overlapping(*span)}
            unsure = (parts[i][1] for i in sorted(found))
            source = quotation.source or next(filter(None, unsure), None)
            source = source or _carried_source(quotation, before, text)
            yield replace(quotation, source=source)


def _add_clauses(
    by_rules: Sequence[Quotation], found: Sequence[Quotation], doc: Doc
) -> list[Quotation]:
    """Return what somebody who is named says in sentences that the tagger passes over."""
    taken = index_words(found)
    added = []
    for quotation in by_rules:
        source = quotation.source and doc.char_span(*quotation.source, alignment_mode="expand")
        if quotation.rule != CLAUSE_RULE or not source or source.root.pos_ != "PROPN":
            continue
        sentence = source.root.sent
        if not taken.overlaps(sentence.start_char, sentence.end_char):
            added.append(quotation)
    return added


def _is_sentence(quotation: Quotation, text: str) -> bool:
    """Return whether few words between marks are a sentence among sentences: `She nods. “Yes.”`."""
    words = text[quotation.content[0].start : quotation.content[-1].end].rstrip()
    is_whole = words[:1].isupper() and words[-1:] in SENTENCE_ENDS
    return is_whole and char_before(text, quotation.content[0].start - 1) in {*SENTENCE_ENDS, ":"}


def _opens_sentence(quotation: Quotation, text: str) -> bool:
    return char_before(text, quotation.content[0].start - 1) in {"", "\n", *SENTENCE_ENDS}


class _Spoken:
    """The quotations with words between marks, by where they end."""

    def __init__(self, tagged: Sequence[Quotation]) -> None:
        spoken = [q for q in reversed(tagged) if q.type is not QuoteType.INDIRECT]
        self._spoken = sorted(spoken, key=_end_of)  # of those that end together, the first is last

    def last_before(self, offset: int) -> Quotation | None:
        """Return the quotation that ends last, at an offset or before it."""
        n = bisect_right(self._spoken, offset, key=_end_of)
        return self._spoken[n - 1] if n else None


def _end_of(quotation: Quotation) -> int:
    return quotation.content[-1].end


def _carried_source(quotation: Quotation, before: _Spoken, text: str) -> Span | None:
    """Return who speaks in the paragraph before, for a paragraph that is nothing but words said."""
    at = start = quotation.content[0].start
    while at and text[at - 1] in MARKS_BEFORE_WORDS:
        at -= 1
    if at and text[at - 1] != "\n":
        return None
    last = before.last_before(start)
    if last is None:
        return None
    breaks = PARAGRAPH_BREAK.finditer(text, _end_of(last), start)
    is_next = next(islice(breaks, 1, None), None) is None
    return last.source if is_next else None
