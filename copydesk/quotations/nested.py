"""Find what is said inside quotations: `Miller says that Blinken said …`.

The tagger finds one level, and rules look at nothing twice. Inside, only what is beyond doubt
counts: words between single marks beside a verb of speech, and clauses of such verbs, if the
subject is a name.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.speech import Cues, load_cues
from copydesk.quotations.quotation import Quotation, index_words, type_of_content
from copydesk.quotations.reported import reported_by_verb
from copydesk.quotations.sources import FewTokens
from copydesk.quotations.spoken import find_spoken, mark_few_tokens
from copydesk.text.quote_marks import Quoted, find_double, find_single
from copydesk.text.spans import SpanIndex
from copydesk.values import QuoteType, Span

SINGLE_MARKS = frozenset("'‘‚")  # in front of a content whose inner marks are double
NESTED_SCORE = 0.7  # of clauses in quotations, 7 in 10 are what somebody said (docs/quotes.md)


def find_nested(
    doc: Doc, text: str, outer: Sequence[Quotation], *, language: Language = ENGLISH
) -> Iterator[Quotation]:
    """Yield the quotations inside the contents of `outer` that are not in `outer` themselves."""
    known = load_cues(language)
    cues = SpanIndex(quotation.cue for quotation in outer if quotation.cue is not None)
    parts = [(part, owner) for owner in outer for part in owner.content]
    contents = SpanIndex(part for part, _ in parts)
    for part, quotation in parts:
        spoken = list(_spoken_inside(doc, text, part, language))
        spoken_at = SpanIndex(span for inner in spoken for span in inner.content)
        reported = (
            inner
            for inner in _reported_inside(doc, text, part, known)
            if not any(spoken_at.overlaps(*span) for span in inner.content)
        )
        for inner in (*spoken, *reported):
            touched = (parts[i][1] for span in inner.content for i in contents.overlapping(*span))
            is_other = any(
                other is not quotation and not _is_around(other, part) for other in touched
            )
            is_known = inner.cue is not None and cues.overlaps(inner.cue.start, inner.cue.start + 1)
            if not is_known and not is_other:
                yield inner


def find_around(
    inner: Sequence[Quotation],
    doc: Doc,
    text: str,
    quoted: Sequence[Quoted],
    *,
    language: Language = ENGLISH,
) -> list[Quotation]:
    """Return the quotations around those of `inner` that only they are found of.

    Of `Munk said that Holm had warned of a storm`, the tagger may find the warning alone.
    """
    cues = load_cues(language)
    known = index_words(inner)
    found = []
    for quotation in inner:
        words = quotation.cue and doc.char_span(*quotation.cue, alignment_mode="expand")
        outer = words.root.head if words and words.root.dep_ == "ccomp" else None
        if not words or outer is None or known.overlaps(outer.idx, outer.idx + len(outer)):
            continue
        report = None
        if outer.i < words.root.i and outer.lemma_.lower() in cues.speech - cues.needs_marks:
            report = reported_by_verb(outer, FewTokens(), cues)
        if report is None or report.source is None:
            continue
        content = Span(report.clause.start_char, report.clause.end_char)
        if _holds(content, quotation):
            kind = type_of_content((content,), text, quoted, cue=report.cue)
            found.append(
                Quotation(
                    (content,), kind, report.cue, report.source, "clause_around", NESTED_SCORE
                )
            )
    return found


def _spoken_inside(doc: Doc, text: str, part: Span, language: Language) -> Iterator[Quotation]:
    """Yield what is between single marks, with who says it: `“He told me: ‘Go home.’”`."""
    inner_marks = find_double if text[part.start - 1 : part.start] in SINGLE_MARKS else find_single
    passages = [s for s in inner_marks(text, *part) if s.outer_start > part.start]
    if not passages:
        return
    marked = mark_few_tokens(doc, text, passages, language=language)
    for inner in find_spoken(marked, part):
        if inner.cue is not None and _is_somebody(doc, inner.source) and _holds(part, inner):
            yield Quotation(
                inner.content,
                QuoteType.DIRECT,
                inner.cue,
                inner.source,
                "nested_marks",
                NESTED_SCORE,
            )


def _reported_inside(doc: Doc, text: str, part: Span, cues: Cues) -> Iterator[Quotation]:
    """Yield the clauses that a verb of speech has in the words of a content.

    Between double marks, all that is there: `Holm said Brandt told her: “Wait. We will sail.”`.
    """
    nowhere = FewTokens()
    passages = [p for p in find_double(text, *part) if p.is_closed]
    for verb in doc.char_span(*part, alignment_mode="contract") or ():
        if verb.lemma_.lower() not in cues.speech - cues.needs_marks or not _is_real(verb, cues):
            continue
        report = reported_by_verb(verb, nowhere, cues)
        if report is None or not _has_name(doc, report.source):
            continue
        content = Span(report.clause.start_char, report.clause.end_char)
        around = next((p for p in passages if p.start <= content.start < p.end), None)
        is_utterance = around is not None and report.cue.end <= around.outer_start
        inner = Quotation(
            (Span(around.start, around.end) if around and is_utterance else content,),
            QuoteType.DIRECT if is_utterance else QuoteType.INDIRECT,
            report.cue,
            report.source,
            "nested_clause",
            NESTED_SCORE,
        )
        if _holds(part, inner):
            yield inner


def _is_real(verb: Token, cues: Cues) -> bool:
    """Return whether something was said, not denied, asked for or only possible."""
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "neg"}}
    is_main = any(child.dep_ == "nsubj" for child in verb.children)
    return is_main and not helpers & cues.not_real


def _has_name(doc: Doc, source: Span | None) -> bool:
    """Return whether a source is a name; `they say` in a quotation can be anybody."""
    words = None if source is None else doc.char_span(*source, alignment_mode="expand")
    return words is not None and words.root.pos_ == "PROPN"


def _is_somebody(doc: Doc, source: Span | None) -> bool:
    """Return whether a source is a name or a definite noun: `the mate told me`."""
    words = None if source is None else doc.char_span(*source, alignment_mode="expand")
    if words is None:
        return False
    is_definite = words[0].tag_ in {"DT", "PRP$"} and words.root.pos_ == "NOUN"
    return is_definite or words.root.pos_ == "PROPN"


def _holds(part: Span, inner: Quotation) -> bool:
    spans = [*inner.content, *filter(None, (inner.cue, inner.source))]
    return all(part.start <= span.start and span.end <= part.end for span in spans)


def _is_around(quotation: Quotation, part: Span) -> bool:
    return any(s.start <= part.start and part.end <= s.end for s in quotation.content)
