"""Find quotations in parsed copy: content, cue and source.

Two kinds of evidence, each strong where the other is weak. Quotation marks say exactly where the
words begin and end, whatever the parser makes of them; the parse says what is reported without
marks (clausal complements of reporting verbs, "according to"). Where both speak about the same
words they are joined, which makes mixed quotations.

Method: O'Keefe et al. 2012 (rules over marks and reporting verbs); Pareti 2013 for the kinds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.load import load_cues
from copydesk.rows import QuoteType
from copydesk.rows import Span as TextSpan
from copydesk.text.quote_marks import Quoted, find_quoted

RULES_SCORE = 0.8  # of what the rules find, four in five are right (docs/benchmarks.md)
MAX_CUE_TOKENS = 25  # between closing mark and cue; 99 % of those in one sentence are nearer
MIN_SPEECH_WORDS = 3  # fewer words between marks are a term, unless a cue claims them
SPLIT_GAP_CHARS = (
    150  # "…," said X, who was there. "…": what stands between two parts of one quotation
)
MIN_TERM_WORDS = 2  # fewer words between marks inside an object are a scare quote
MAX_LABEL_WORDS = 6  # in front of a colon; more words are a sentence
MAX_INVERTED_TOKENS = 6  # "…, said US State Department spokesperson Matthew Miller"
SPEAKING_PASSIVES = frozenset({"quote", "cite", "hear"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
CLAUSES = frozenset({"ccomp", "xcomp", "parataxis"})
OBJECTS = frozenset({"dobj", "oprd", "ccomp", "xcomp", "attr", "acomp"})
OPEN_END = re.compile(r"[,:—–-]\s*$")
SPEECH_END = re.compile(r"[,.!?…—-]['’]?$")
CLOSED = re.compile(r"[”\"»']\s*\n")  # a paragraph that ends with its closing mark
MISSING_MARK = re.compile(r",\s[^,.]{1,60}\b(?:said|says|added|told|asked|wrote)\b")
COLON_SOURCE = re.compile(r"(?:^|\n)(?P<source>[A-Z][^\n.:!?\"“”]{1,60}):\s*$")


class Marked(NamedTuple):
    """A parsed text, the passages of it between quotation marks, and which tokens they hold."""

    doc: Doc
    text: str
    quoted: Sequence[Quoted]
    inside: Sequence[bool]

    def tokens(self, start: int, end: int) -> Span:
        """Return the tokens that lie whole between two offsets."""
        span = self.doc.char_span(start, end, alignment_mode="contract")
        return span if span is not None else self.doc[0:0]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in the copy; offsets are into the copy's text.

    `score` is the chance that content and source are both right, 0 to 1; `is_speech` is false for
    what somebody only thinks, wants or finds.
    """

    content: tuple[TextSpan, ...]
    type: QuoteType
    cue: TextSpan | None
    source: TextSpan | None
    rule: str
    score: float = RULES_SCORE
    is_speech: bool = True


def find_quotations(doc: Doc, text: str) -> list[Quotation]:
    """Return the quotations of an article in the order of their content.

    `text` is that of `doc`, which would put it together anew.
    """
    marked = mark_tokens(doc, text, find_quoted(text))
    spoken = _join_split(marked.text, list(find_spoken(marked)))
    reported = list(_find_reported(marked, spoken))
    return sorted(spoken + reported, key=lambda quotation: quotation.content)


def mark_tokens(doc: Doc, text: str, quoted: Sequence[Quoted]) -> Marked:
    """Return a parsed text with its passages between marks, and which tokens they hold."""
    inside = [False] * len(doc)
    for passage in quoted:
        tokens = doc.char_span(passage.start, passage.end, alignment_mode="contract")
        if tokens is not None:
            inside[tokens.start : tokens.end] = [True] * len(tokens)
    return Marked(doc, text, quoted, inside)


def find_spoken(marked: Marked) -> Iterator[Quotation]:
    """Yield the passages between marks that are utterances of their own."""
    text, quoted = marked.text, marked.quoted
    for i, passage in enumerate(quoted):
        content = (TextSpan(passage.start, passage.end),)
        if i and _goes_on(text, quoted[i - 1], passage):
            yield Quotation(content, QuoteType.DIRECT, None, None, "marks")
            continue
        if not _is_utterance(text, passage):
            continue
        limit = quoted[i + 1].outer_start if i + 1 < len(quoted) else len(text)
        floor = quoted[i - 1].outer_end if i else 0
        after = _cue_after(marked, passage, limit)
        before = _cue_before(marked, passage, floor)
        cues = [after, before] if _leans_on_cue_behind(text, passage) else [before, after]
        found = [cue for cue in cues if cue is not None]
        # A participle behind ("…," reflecting on …) has nobody who says it.
        spoken = [cue for cue in found if _source_of(cue, marked.inside) is not None]
        cue = next(iter(spoken + found), None)
        if cue is not None:
            source = _source_of(cue, marked.inside)
            yield Quotation(content, QuoteType.DIRECT, _verb_span(cue), source, "marks_and_cue")
            continue
        source = _source_before_colon(marked, passage)
        rule = "marks" if source is None else "marks_and_colon"
        yield Quotation(content, QuoteType.DIRECT, None, source, rule)


def _source_before_colon(marked: Marked, passage: Quoted) -> TextSpan | None:
    """Return who is named in front of a colon: `Mayor: "…"`, `Pritchett shrugged: "…"`."""
    before = marked.text[: passage.outer_start].rstrip(" ")
    if not before.endswith(":"):
        return None
    colon = COLON_SOURCE.search(before)
    if colon is not None and len(colon["source"].split()) <= MAX_LABEL_WORDS:
        return TextSpan(*colon.span("source"))
    words = marked.tokens(max(0, len(before) - 2), len(before))
    root = words[0].sent.root if len(words) else None
    if root is None or root.idx > len(before):
        return None
    return _source_of(root, marked.inside) if root.pos_ in {"VERB", "AUX"} else None


def _is_utterance(text: str, passage: Quoted) -> bool:
    """Return whether words between marks are an utterance, not a term or a part of a clause."""
    inner = text[passage.start : passage.end]
    before = text[: passage.outer_start].rstrip(" ")[-1:]
    n_words = len(inner.split())
    starts_clause = before in {"", "\n", ",", ":", ".", "?", "!", "—", "–", "”", '"', "-"}
    is_capital = inner.lstrip("‘'([….").strip()[:1].isupper()
    if starts_clause and (is_capital or before in {":", "\n", ""}):
        return n_words >= MIN_SPEECH_WORDS or bool(SPEECH_END.search(inner))
    return is_capital and n_words >= MIN_SPEECH_WORDS and bool(SPEECH_END.search(inner))


def _goes_on(text: str, last: Quoted, passage: Quoted) -> bool:
    """Return whether a passage goes on with the last one: `"…," she added, "and …"`."""
    if not text[last.start : last.end].endswith(",") or not _is_utterance(text, last):
        return False
    between = text[last.outer_end : passage.outer_start]
    return between.rstrip().endswith(",") and "\n" not in between and len(between) < SPLIT_GAP_CHARS


def _leans_on_cue_behind(text: str, passage: Quoted) -> bool:
    """Return whether a passage breaks off for a cue, as `"…," she said` does."""
    inner = text[passage.start : passage.end].rstrip("'’ ")
    if text[: passage.outer_start].rstrip(" ").endswith(":"):
        return inner.endswith(",")
    return inner.endswith((",", "?", "!", "—", "–", "-"))


def _cue_after(marked: Marked, passage: Quoted, limit: int) -> Token | None:
    """Return the reporting verb behind a passage, in its sentence, as in `"…," said Miller`."""
    for token in marked.tokens(passage.outer_end, limit)[:MAX_CUE_TOKENS]:
        if token.text in {".", "!", "?", ";"} or "\n" in token.text:
            return None
        if is_speech_cue(token) and not marked.inside[token.i]:
            return token
    return None


def _cue_before(marked: Marked, passage: Quoted, floor: int) -> Token | None:
    """Return the reporting verb in front of a passage, as in `Miller said: "…"`."""
    found = None
    for token in reversed(marked.tokens(floor, passage.outer_start)[-MAX_CUE_TOKENS:]):
        if token.text in {".", "!", "?", ";"} or "\n" in token.text:
            break
        if is_speech_cue(token) and not marked.inside[token.i]:
            found = token
            break
    between = marked.text[found.idx + len(found) : passage.outer_start] if found is not None else ""
    is_near = len(between.split()) <= 1 or OPEN_END.search(between) is not None
    return found if is_near else None


def is_speech_cue(token: Token) -> bool:
    """Return whether a token is a verb that can introduce words between quotation marks."""
    return token.pos_ in {"VERB", "AUX"} and token.lemma_.lower() in load_cues().speech


def _source_of(cue: Token, inside: Sequence[bool]) -> TextSpan | None:
    """Return the phrase that names who speaks: the subject of the cue or of what it hangs on."""
    subject = _subject_of(cue)
    if subject is None or inside[subject.i]:
        subject = _next_noun(cue, inside)
    return None if subject is None else _phrase(subject, cue, inside)


def _subject_of(verb: Token) -> Token | None:
    """Return who does what `verb` says, looking up to the verbs that it hangs on."""
    if verb.tag_ == "VBN" and verb.dep_ in {"advcl", "acl"}:
        return None  # "asked about the strike, she said": not she asked
    cue = verb
    for _ in range(3):  # said and added; said, adding; began by saying
        subject = _own_subject(verb, cue)
        if subject is not None:
            return subject
        if verb.dep_ == "acl" and verb.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return verb.head
        if verb.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep"}:
            return None
        verb = verb.head
    return None


def _own_subject(verb: Token, cue: Token) -> Token | None:
    """Return the subject that a verb itself has; `cue` is the verb whose speaker is looked for.

    Who is called something does not speak; who is quoted, or expected to say it, does.
    """
    agents = [
        noun
        for child in verb.children
        if child.dep_ == "agent"
        for noun in child.children
        if noun.dep_ == "pobj"
    ]
    if agents:
        return agents[0]
    if verb != cue and verb.lemma_ == "quote":
        quoted = [child for child in verb.children if child.dep_ == "dobj"]
        if quoted:
            return quoted[0]  # "the Post quoted officials as saying": the officials say it
    is_spoken_of = verb == cue and verb.lemma_ not in SPEAKING_PASSIVES
    active = {"nsubj"} if is_spoken_of else {"nsubj", "nsubjpass"}
    subjects = [child for child in verb.children if child.dep_ in active]
    return subjects[-1] if subjects else None


def _next_noun(cue: Token, inside: Sequence[bool]) -> Token | None:
    """Return the noun beside a cue whose subject the parser missed, as in `said Miller`."""
    for chunk in cue.doc[max(0, cue.i - 3) : cue.i + 4].noun_chunks:
        if not inside[chunk.root.i] and (chunk.start == cue.i + 1 or chunk.end == cue.i):
            return chunk.root
    return None


def _phrase(head: Token, cue: Token, inside: Sequence[bool]) -> TextSpan:
    """Return the words of a noun phrase, without the cue and without a clause that hangs on it."""
    left, right = head.left_edge.i, head.right_edge.i
    for child in head.subtree:
        if child.dep_ == "relcl" and child.left_edge.i > head.i:
            right = min(right, child.left_edge.i - 1)
    if left <= cue.i <= right:
        left, right = (cue.i + 1, right) if head.i > cue.i else (left, cue.i - 1)
    while right > head.i and (inside[right] or cue.doc[right].is_punct or cue.doc[right].is_space):
        right -= 1
    while left < head.i and (inside[left] or cue.doc[left].is_punct or cue.doc[left].is_space):
        left += 1
    span = cue.doc[left : right + 1]
    return TextSpan(span.start_char, span.end_char)


def _join_split(text: str, spoken: Sequence[Quotation]) -> list[Quotation]:
    """Return the passages with the parts of split quotations joined.

    `"…," he said. "…"`: the second part has no cue of its own and follows in the same paragraph.
    A passage that opens the paragraph after an unclosed one goes on with it.
    """
    joined: list[Quotation] = []
    for quotation in spoken:
        last = joined[-1] if joined else None
        merged = None if last is None else _merge(text, last, quotation)
        if merged is None:
            joined.append(quotation)
        else:
            joined[-1] = merged
    return joined


def _merge(text: str, last: Quotation, quotation: Quotation) -> Quotation | None:
    """Return two passages as one quotation, or None where they are two."""
    between = text[last.content[-1].end : quotation.content[0].start]
    runs_on = "\n" in between and CLOSED.search(between) is None and len(between.split()) <= 1
    content = last.content + quotation.content
    if _is_bare(quotation):
        has_cue_between = last.cue is not None and last.cue.start > last.content[-1].end
        is_split = has_cue_between and "\n" not in between and len(between) <= SPLIT_GAP_CHARS
        if is_split or runs_on:
            return replace(last, content=content, rule=_split_rule(last))
    elif _is_bare(last) and runs_on and MISSING_MARK.search(text, *last.content[-1]) is None:
        return replace(quotation, content=content, rule=_split_rule(quotation))
    return None


def _split_rule(quotation: Quotation) -> str:
    return f"{quotation.rule.removesuffix('_split')}_split"


def _is_bare(quotation: Quotation) -> bool:
    return quotation.cue is None and quotation.source is None


class Report(NamedTuple):
    """Words that are reported, and who reports them how."""

    clause: Span
    cue: TextSpan
    source: TextSpan | None
    rule: str
    score: float = RULES_SCORE


def _find_reported(marked: Marked, spoken: Sequence[Quotation]) -> Iterator[Quotation]:
    """Yield what is reported in clauses: indirect, or mixed where marks stand inside."""
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
        report = reported_by_verb(token, marked.inside) or _reported_by_phrase(token)
        if report is not None and _is_free(report.clause, used):
            yield report
    for passage in marked.quoted:
        tokens = marked.tokens(passage.start, passage.end)
        if len(tokens) and not any(used[t.i] for t in tokens):
            report = _reported_around(tokens, marked.inside)
            if report is not None and _is_free(report.clause, used):
                yield report


def _is_free(clause: Span, used: Sequence[bool]) -> bool:
    return len(clause) > 0 and not any(used[t.i] for t in clause if not t.is_punct)


def _reported_around(passage: Span, inside: Sequence[bool]) -> Report | None:
    """Return the phrase around words in marks that a reporting verb governs.

    `labelled the moment as “the last chance”`: the objects of the verb, up to the last of them.
    """
    verb = next((t for t in passage.root.ancestors if is_speech_cue(t) and not inside[t.i]), None)
    if verb is None or verb.sent != passage.root.sent:
        return None
    if sum(token.is_alpha for token in passage) < MIN_TERM_WORDS:
        return None  # a term: a three-phase "plan"
    objects = [
        child
        for child in verb.children
        if child.i > verb.i and (child.dep_ in OBJECTS or passage.root in child.subtree)
    ]
    source = _source_of(verb, inside)
    if not objects or source is None:
        return None
    clause = _strip(passage.doc[objects[0].left_edge.i : objects[-1].right_edge.i + 1])
    holds_passage = clause.start <= passage.start and passage.end <= clause.end
    return Report(clause, _verb_span(verb), source, "marks_in_object") if holds_passage else None


def _kind(marked: Sequence[bool]) -> QuoteType:
    if not any(marked):
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if all(marked) else QuoteType.MIXED


def reported_by_verb(verb: Token, inside: Sequence[bool]) -> Report | None:
    """Return the clause that a reporting verb has as its complement, and who reports it."""
    cues, lemma = load_cues(), verb.lemma_.lower()
    if verb.pos_ not in {"VERB", "AUX"} or lemma not in cues.speech | cues.thought | cues.demand:
        return None
    clause = _complement(verb, takes_infinitive=lemma in cues.demand)
    has_marks = clause is not None and any(inside[token.i] for token in clause)
    if clause is None or (lemma in cues.needs_marks and not has_marks):
        return None
    source = _source_of(verb, inside)
    if source is None and not has_marks:
        return None  # "it is said that": nobody speaks
    if source is not None and clause.end <= verb.i and source.start > verb.idx:
        behind = verb.doc.char_span(*source, alignment_mode="expand")
        if behind is None or behind.root.i - verb.i > MAX_INVERTED_TOKENS:
            return None  # "Blinken, expected to …, stressed the importance": no inversion
    rule = "clause_of_speech" if lemma in cues.speech else "clause_of_thought"
    return Report(clause, _verb_span(verb), source, rule)


def _verb_span(verb: Token) -> TextSpan:
    return TextSpan(verb.idx, verb.idx + len(verb))


def _complement(verb: Token, *, takes_infinitive: bool) -> Span | None:
    """Return the words of the clause that `verb` reports, without `that` and outer punctuation."""
    for child in verb.children:
        if child.dep_ not in CLAUSES:
            continue
        is_infinitive = child.dep_ == "xcomp" or any(
            t.dep_ == "aux" and t.lower_ == "to" for t in child.children
        )
        has_subject = any(t.dep_ in SUBJECTS or t.dep_ == "expl" for t in child.children)
        if is_infinitive and not takes_infinitive:
            continue
        if not is_infinitive and not has_subject:
            continue
        start, end = child.left_edge.i, child.right_edge.i + 1
        if start <= verb.i < end:
            start, end = (verb.i + 1, end) if child.i > verb.i else (start, verb.i)
        return _strip(verb.doc[start:end])
    return None


def _strip(span: Span) -> Span:
    """Return the span without conjunction and punctuation at its edges; marks may stay."""
    start, end = span.start, span.end
    doc = span.doc
    while start < end and (
        doc[start].lower_ == "that"
        or doc[start].text in {",", ":", "-", "—", "–"}
        or doc[start].is_space
    ):
        start += 1
    while start < end and (
        doc[end - 1].text in {",", ".", ";", ":", "-", "—", "–", "?", "!"} or doc[end - 1].is_space
    ):
        end -= 1
    return doc[start:end]


def _reported_by_phrase(token: Token) -> Report | None:
    """Return what stands beside `according to …` in its sentence, and who is named there."""
    phrase = next((p for p in load_cues().fixed if _opens_phrase(token, p)), None)
    if phrase is None:
        return None
    last = token.nbor(len(phrase) - 1)
    named = next((child for child in last.children if child.dep_ == "pobj"), None)
    if named is None or last.i >= token.sent.end:
        return None
    sent = token.sent
    left = token.doc[sent.start : token.i]
    right = token.doc[named.right_edge.i + 1 : sent.end]
    clause = _strip(right if len(right) > len(left) else left)
    source = _strip(token.doc[named.left_edge.i : named.right_edge.i + 1])
    cue = TextSpan(token.idx, last.idx + len(last))
    span = TextSpan(source.start_char, source.end_char)
    return Report(clause, cue, span, "_".join(phrase))


def _opens_phrase(token: Token, phrase: tuple[str, ...]) -> bool:
    if token.lower_ != phrase[0]:  # as nearly all: the rest need not be looked at
        return False
    words = token.doc[token.i : token.i + len(phrase)]
    return tuple(word.lower_ for word in words) == phrase


def _widen(marked: Marked, clause: Span) -> TextSpan:
    """Return the span of a clause, widened so that it holds whole passages between marks."""
    start, end = clause.start_char, clause.end_char
    for passage in marked.quoted:
        if passage.outer_start < end and start < passage.outer_end:
            start, end = min(start, passage.outer_start), max(end, passage.outer_end)
    line_end = marked.text.find("\n", start, end)
    end = end if line_end < 0 else line_end
    for passage in marked.quoted:
        if (passage.outer_start, passage.outer_end) == (start, end):
            return TextSpan(passage.start, passage.end)
    return TextSpan(start, end)
