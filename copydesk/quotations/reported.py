"""Find what is reported in clauses, by the parse: `Miller said that …`, `according to Miller`."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from spacy.tokens import Span, Token

from copydesk.lexicons.speech import Cues
from copydesk.quotations.quotation import RULES_SCORE, Quotation
from copydesk.quotations.sources import Tokens, find_source, span_of_verb
from copydesk.quotations.spoken import Marked, is_speech_cue
from copydesk.values import QuoteType
from copydesk.values import Span as TextSpan

CLAUSE_RULE = "clause_of_speech"
MIN_TERM_WORDS = 2  # fewer words between marks inside an object are a scare quote
MAX_INVERTED_TOKENS = 6  # "…, said US State Department spokesperson Matthew Miller"
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
CLAUSES = frozenset({"ccomp", "xcomp", "parataxis"})
OBJECTS = frozenset({"dobj", "oprd", "ccomp", "xcomp", "attr", "acomp"})


class Report(NamedTuple):
    """Words that are reported, and who reports them how."""

    clause: Span
    cue: TextSpan
    source: TextSpan | None
    rule: str
    score: float = RULES_SCORE


def find_reported(marked: Marked, spoken: Sequence[Quotation]) -> Iterator[Quotation]:
    """Yield what is reported in clauses: indirect, or mixed where there are marks inside."""
    used = [False] * len(marked.doc)
    for quotation in spoken:
        for span in quotation.content:
            _use(used, marked.tokens(*span))
    for report in _list_reports(marked, used):
        content = _widen(marked, report.clause)
        words = marked.tokens(*content)
        _use(used, words)
        is_inside = [marked.inside[t.i] for t in words if not t.is_punct and not t.is_space]
        yield Quotation((content,), _kind(is_inside), report.cue, report.source, report.rule)


def _use(used: list[bool], tokens: Span) -> None:
    used[tokens.start : tokens.end] = [True] * len(tokens)


def _list_reports(marked: Marked, used: Sequence[bool]) -> Iterator[Report]:
    """Yield the reports of words that no quotation has `used` by then."""
    for token in marked.doc:
        if used[token.i] or marked.inside[token.i]:
            continue
        report = reported_by_verb(token, marked.inside, marked.cues) or _reported_by_phrase(
            token, marked.cues
        )
        if report is not None and _is_free(report.clause, used):
            yield report
    for passage in marked.quoted:
        tokens = marked.tokens(passage.start, passage.end)
        if len(tokens) and not any(used[t.i] for t in tokens):
            report = _reported_around(tokens, marked)
            if report is not None and _is_free(report.clause, used):
                yield report


def _is_free(clause: Span, used: Sequence[bool]) -> bool:
    return len(clause) > 0 and not any(used[t.i] for t in clause if not t.is_punct)


def _reported_around(passage: Span, marked: Marked) -> Report | None:
    """Return the phrase around words in marks that a reporting verb governs.

    `labelled the moment as “the last chance”`: the objects of the verb, up to the last of them.
    """
    inside, cues = marked.inside, marked.cues
    ancestors = passage.root.ancestors
    verb = next((t for t in ancestors if is_speech_cue(t, cues) and not inside[t.i]), None)
    if verb is None or verb.sent != passage.root.sent:
        return None
    if sum(token.is_alpha for token in passage) < MIN_TERM_WORDS:
        return None  # a term: a three-phase "plan"
    objects = [
        child
        for child in verb.children
        if child.i > verb.i and (child.dep_ in OBJECTS or passage.root in child.subtree)
    ]
    source = find_source(verb, inside, cues)
    if not objects or source is None:
        return None
    clause = _strip(passage.doc[objects[0].left_edge.i : objects[-1].right_edge.i + 1], cues)
    holds_passage = clause.start <= passage.start and passage.end <= clause.end
    return Report(clause, span_of_verb(verb), source, "marks_in_object") if holds_passage else None


def _kind(marked: Sequence[bool]) -> QuoteType:
    if not any(marked):
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if all(marked) else QuoteType.MIXED


def reported_by_verb(verb: Token, inside: Tokens, cues: Cues) -> Report | None:
    """Return the clause that a reporting verb has as its complement, and who reports it."""
    if verb.pos_ not in {"VERB", "AUX"}:
        return None
    lemma = verb.lemma_.lower()
    if not any(lemma in words for words in (cues.speech, cues.thought, cues.demand)):
        return None
    clause = _complement(verb, cues, takes_infinitive=lemma in cues.demand)
    has_marks = clause is not None and any(inside[token.i] for token in clause)
    if clause is None or (lemma in cues.needs_marks and not has_marks):
        return None
    source = find_source(verb, inside, cues)
    if source is None and not has_marks:
        return None  # "it is said that": nobody speaks
    if source is not None and clause.end <= verb.i and source.start > verb.idx:
        after = verb.doc.char_span(*source, alignment_mode="expand")
        if after is None or after.root.i - verb.i > MAX_INVERTED_TOKENS:
            return None  # "Blinken, expected to …, stressed the importance": no inversion
    rule = CLAUSE_RULE if lemma in cues.speech else "clause_of_thought"
    return Report(clause, span_of_verb(verb), source, rule)


def _complement(verb: Token, cues: Cues, *, takes_infinitive: bool) -> Span | None:
    """Return the words of the clause that `verb` reports, without `that` and outer punctuation."""
    for child in verb.children:
        if child.dep_ not in CLAUSES:
            continue
        is_infinitive = child.dep_ == "xcomp" or any(
            t.dep_ == "aux" and t.lower_ in cues.infinitive for t in child.children
        )
        has_subject = any(t.dep_ in SUBJECTS or t.dep_ == "expl" for t in child.children)
        if is_infinitive and not takes_infinitive:
            continue
        if not is_infinitive and not has_subject:
            continue
        start, end = child.left_edge.i, child.right_edge.i + 1
        if start <= verb.i < end:
            start, end = (verb.i + 1, end) if child.i > verb.i else (start, verb.i)
        return _strip(verb.doc[start:end], cues)
    return None


def _strip(span: Span, cues: Cues) -> Span:
    """Return the span without conjunction and punctuation at its edges; marks may stay."""
    start, end = span.start, span.end
    doc = span.doc
    while start < end and (
        doc[start].lower_ in cues.opening
        or doc[start].text in {",", ":", "-", "—", "–"}
        or doc[start].is_space
    ):
        start += 1
    while start < end and (
        doc[end - 1].text in {",", ".", ";", ":", "-", "—", "–", "?", "!"} or doc[end - 1].is_space
    ):
        end -= 1
    return doc[start:end]


def _reported_by_phrase(token: Token, cues: Cues) -> Report | None:
    """Return what is beside `according to …` in its sentence, and who is named there."""
    word = token.lower_
    phrase = next((p for p in cues.fixed if p[0] == word and _opens_phrase(token, p)), None)
    if phrase is None:
        return None
    last = token.nbor(len(phrase) - 1)
    named = next((child for child in last.children if child.dep_ == "pobj"), None)
    if named is None or last.i >= token.sent.end:
        return None
    sent = token.sent
    left = token.doc[sent.start : token.i]
    right = token.doc[named.right_edge.i + 1 : sent.end]
    clause = _strip(right if len(right) > len(left) else left, cues)
    source = _strip(token.doc[named.left_edge.i : named.right_edge.i + 1], cues)
    cue = TextSpan(token.idx, last.idx + len(last))
    span = TextSpan(source.start_char, source.end_char)
    return Report(clause, cue, span, "_".join(phrase))


def _opens_phrase(token: Token, phrase: tuple[str, ...]) -> bool:
    words = token.doc[token.i : token.i + len(phrase)]
    return tuple(word.lower_ for word in words) == phrase


def _widen(marked: Marked, clause: Span) -> TextSpan:
    """Return the span of a clause, widened so that it holds whole passages between marks."""
    start, end = clause.start_char, clause.end_char
    first = bisect_right(marked.quoted, start, key=attrgetter("outer_end"))
    last = first
    while last < len(marked.quoted) and marked.quoted[last].outer_start < end:
        passage = marked.quoted[last]
        start, end = min(start, passage.outer_start), max(end, passage.outer_end)
        last += 1
    line_end = marked.text.find("\n", start, end)
    end = end if line_end < 0 else line_end
    for passage in marked.quoted[first:last]:
        if (passage.outer_start, passage.outer_end) == (start, end):
            return TextSpan(passage.start, passage.end)
    return TextSpan(start, end)
