"""Find the passages between quotation marks that are utterances, with cue and source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import FewTokens, Tokens, find_source, span_of_verb
from copydesk.text.quote_marks import Quoted
from copydesk.text.spans import char_before, skip_spaces_before
from copydesk.values import QuoteType
from copydesk.values import Span as TextSpan

MAX_CUE_TOKENS = 25  # between closing mark and cue; 99 % of those in one sentence are nearer
MIN_SPEECH_WORDS = 3  # fewer words between marks are a term, unless a cue claims them
# "…," said X, who was there. "…": the text between two parts of one quotation.
SPLIT_GAP_CHARS = 150
MAX_SOURCE_CHARS = 64  # of `COLON_SOURCE`, from the line end before it to its colon
MAX_LABEL_WORDS = 6  # in front of a colon; more words are a sentence
OPEN_END = re.compile(r"[,:—–-]\s*+$")
SPEECH_END = re.compile(r"[,.!?…—-]['’]?$")
CLOSED = re.compile(r"[”\"»']\s*\n")  # a paragraph that ends with its closing mark
RENDERED_RULE = "marks_and_phrase"
COLON_SOURCE = re.compile(r"(?:^|\n)(?P<source>[A-Z][^\n.:!?\"“”]{1,60}):\s*$")


class Marked(NamedTuple):
    """A parsed text, its passages between quotation marks, which tokens they hold, and the cues."""

    doc: Doc
    text: str
    quoted: Sequence[Quoted]
    inside: Tokens
    cues: Cues

    def tokens(self, start: int, end: int) -> Span:
        """Return the tokens that lie whole between two offsets."""
        span = self.doc.char_span(start, end, alignment_mode="contract")
        return span if span is not None else self.doc[0:0]


def mark_tokens(doc: Doc, text: str, quoted: Sequence[Quoted], *, language: Language) -> Marked:
    """Return a parsed text with its passages between marks, and which tokens they hold."""
    inside = [False] * len(doc)
    for passage in quoted:
        tokens = doc.char_span(passage.start, passage.end, alignment_mode="contract")
        if tokens is not None:
            inside[tokens.start : tokens.end] = [True] * len(tokens)
    return Marked(doc, text, quoted, inside, load_cues(language))


def mark_few_tokens(doc: Doc, text: str, quoted: Sequence[Quoted], *, language: Language) -> Marked:
    """Return what `mark_tokens` does, at a cost of the passages and not of the whole text."""
    inside: set[int] = set()
    for passage in quoted:
        tokens = doc.char_span(passage.start, passage.end, alignment_mode="contract")
        if tokens is not None:
            inside.update(range(tokens.start, tokens.end))
    return Marked(doc, text, quoted, FewTokens(inside), load_cues(language))


def find_spoken(marked: Marked, within: TextSpan | None = None) -> Iterator[Quotation]:
    """Yield the passages between marks that are utterances of their own.

    Their cues are looked for `within` a span, or in all of the text.
    """
    text, quoted = marked.text, marked.quoted
    first, last = (0, len(text)) if within is None else within
    for i, passage in enumerate(quoted):
        content = (TextSpan(passage.start, passage.end),)
        if i and _continues(text, quoted[i - 1], passage):
            yield Quotation(content, QuoteType.DIRECT, None, None, "marks")
            continue
        rendered = _rendered_by_phrase(marked, passage)
        if rendered is not None:
            yield rendered
            continue
        if not _is_utterance(text, passage):
            continue
        limit = quoted[i + 1].outer_start if i + 1 < len(quoted) else last
        floor = quoted[i - 1].outer_end if i else first
        after = _cue_after(marked, passage, limit)
        before = _cue_before(marked, passage, floor)
        cues = [after, before] if _leans_on_cue_after(text, passage) else [before, after]
        found = [cue for cue in cues if cue is not None]
        # A participle after it ("…," reflecting on …) has nobody who says it.
        spoken = [cue for cue in found if find_source(cue, marked.inside, marked.cues) is not None]
        cue = next(iter(spoken + found), None)
        if cue is not None:
            source = find_source(cue, marked.inside, marked.cues)
            yield Quotation(content, QuoteType.DIRECT, span_of_verb(cue), source, "marks_and_cue")
            continue
        source = _source_before_colon(marked, passage)
        rule = "marks" if source is None else "marks_and_colon"
        yield Quotation(content, QuoteType.DIRECT, None, source, rule)


def _rendered_by_phrase(marked: Marked, passage: Quoted) -> Quotation | None:
    """Return words between marks after a phrase with whose they are: `in the words of Holm`."""
    start = max(0, passage.outer_start - MAX_SOURCE_CHARS)
    phrase = marked.cues.rendered.search(marked.text, start, passage.outer_start)
    if phrase is None or len(marked.text[passage.start : passage.end].split()) == 1:
        return None
    content = (TextSpan(passage.start, passage.end),)
    cue, source = TextSpan(*phrase.span("cue")), TextSpan(*phrase.span("source"))
    return Quotation(content, QuoteType.DIRECT, cue, source, RENDERED_RULE)


def _source_before_colon(marked: Marked, passage: Quoted) -> TextSpan | None:
    """Return who is named in front of a colon: `Mayor: "…"`, `Pritchett shrugged: "…"`."""
    end = skip_spaces_before(marked.text, passage.outer_start)
    if marked.text[end - 1 : end] != ":":
        return None
    colon = COLON_SOURCE.search(marked.text, max(0, end - MAX_SOURCE_CHARS), end)
    if colon is not None and len(colon["source"].split()) <= MAX_LABEL_WORDS:
        label = TextSpan(*colon.span("source"))
        if not any(token.pos_ in {"VERB", "AUX"} for token in marked.tokens(*label)):
            return label
    line = marked.text.rfind("\n", 0, end) + 1
    words = marked.tokens(line, end)
    words = words[words[-1].sent.start - words.start :] if len(words) else words
    # The parser may hang what introduces an utterance on the utterance.
    tops = [token for token in words if token.head == token or token.head.i >= words.end]
    verb = next((token for token in tops if token.pos_ in {"VERB", "AUX"}), None)
    return find_source(verb, marked.inside, marked.cues) if verb is not None else None


def _is_utterance(text: str, passage: Quoted) -> bool:
    """Return whether words between marks are an utterance, not a term or a part of a clause."""
    inner = text[passage.start : passage.end]
    before = char_before(text, passage.outer_start)
    n_words = len(inner.split())
    starts_clause = before in {"", "\n", ",", ":", ".", "?", "!", "—", "–", "”", '"', "-"}
    is_capital = inner.lstrip("‘'([….").strip()[:1].isupper()
    if starts_clause and (is_capital or before in {":", "\n", ""}):
        return n_words >= MIN_SPEECH_WORDS or bool(SPEECH_END.search(inner))
    return is_capital and n_words >= MIN_SPEECH_WORDS and bool(SPEECH_END.search(inner))


def _continues(text: str, last: Quoted, passage: Quoted) -> bool:
    """Return whether a passage continues the last one: `"…," she added, "and …"`."""
    if not text[last.start : last.end].endswith(",") or not _is_utterance(text, last):
        return False
    between = text[last.outer_end : passage.outer_start]
    return between.rstrip().endswith(",") and "\n" not in between and len(between) < SPLIT_GAP_CHARS


def _leans_on_cue_after(text: str, passage: Quoted) -> bool:
    """Return whether a passage breaks off for a cue, as `"…," she said` does."""
    inner = text[passage.start : passage.end].rstrip("'’ ")
    if char_before(text, passage.outer_start) == ":":
        return inner.endswith(",")
    return inner.endswith((",", "?", "!", "—", "–", "-"))


def _cue_after(marked: Marked, passage: Quoted, limit: int) -> Token | None:
    """Return the reporting verb after a passage, in its sentence, as in `"…," said Miller`."""
    for token in marked.tokens(passage.outer_end, limit)[:MAX_CUE_TOKENS]:
        if token.text in {".", "!", "?", ";"} or "\n" in token.text:
            return None
        if is_speech_cue(token, marked.cues) and not marked.inside[token.i]:
            return token
    return None


def _cue_before(marked: Marked, passage: Quoted, floor: int) -> Token | None:
    """Return the reporting verb in front of a passage, as in `Miller said: "…"`."""
    found = None
    for token in reversed(marked.tokens(floor, passage.outer_start)[-MAX_CUE_TOKENS:]):
        if token.text in {".", "!", "?", ";"} or "\n" in token.text:
            break
        if is_speech_cue(token, marked.cues) and not marked.inside[token.i]:
            found = token
            break
    between = marked.text[found.idx + len(found) : passage.outer_start] if found is not None else ""
    is_near = len(between.split()) <= 1 or OPEN_END.search(between) is not None
    return found if is_near else None


def is_speech_cue(token: Token, cues: Cues) -> bool:
    """Return whether a token is a verb that can introduce words between quotation marks."""
    return token.pos_ in {"VERB", "AUX"} and token.lemma_.lower() in cues.speech


def join_split(marked: Marked, spoken: Sequence[Quotation]) -> list[Quotation]:
    """Return the passages with the parts of split quotations joined.

    `"…," he said. "…"`: the second part has no cue of its own and follows in the same paragraph.
    A passage that opens the paragraph after an unclosed one continues it.
    """
    joined: list[Quotation] = []
    for quotation in spoken:
        last = joined[-1] if joined else None
        merged = None if last is None else _merge(marked, last, quotation)
        if merged is None:
            joined.append(quotation)
        else:
            joined[-1] = merged
    return joined


def _merge(marked: Marked, last: Quotation, quotation: Quotation) -> Quotation | None:
    """Return two passages as one quotation, or None where they are two."""
    text = marked.text
    between = text[last.content[-1].end : quotation.content[0].start]
    runs_on = "\n" in between and CLOSED.search(between) is None and len(between.split()) <= 1
    content = last.content + quotation.content
    if _is_bare(quotation):
        has_cue_between = last.cue is not None and last.cue.start > last.content[-1].end
        is_split = has_cue_between and "\n" not in between and len(between) <= SPLIT_GAP_CHARS
        if is_split or runs_on:
            return replace(last, content=content, rule=_split_rule(last))
    elif (
        _is_bare(last)
        and runs_on
        and marked.cues.missing_mark.search(text, *last.content[-1]) is None
    ):
        return replace(quotation, content=content, rule=_split_rule(quotation))
    return None


def _split_rule(quotation: Quotation) -> str:
    return f"{quotation.rule.removesuffix('_split')}_split"


def _is_bare(quotation: Quotation) -> bool:
    return quotation.cue is None and quotation.source is None
