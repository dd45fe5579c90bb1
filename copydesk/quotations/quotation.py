"""Say what a quotation in the copy is, and which part of it is between quotation marks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted
from copydesk.text.spans import SpanIndex
from copydesk.values import Assertion, QuoteType, Span

RULES_SCORE = 0.8  # of what the rules find, four in five are right (docs/benchmarks.md)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in the copy; offsets are into the copy's text.

    `score` is the chance that content and source are both right, 0 to 1; `is_speech` is false for
    what somebody only thinks, wants or finds; `assertion` for what was not stated.
    `named` is where a source that a layout gives, as a label does, is named in full.
    """

    content: tuple[Span, ...]
    type: QuoteType
    cue: Span | None
    source: Span | None
    rule: str
    score: float = RULES_SCORE
    is_speech: bool = True
    assertion: Assertion = Assertion.SAID
    named: Span | None = None


def type_of_content(
    content: Sequence[Span], text: str, quoted: Sequence[Quoted], *, cue: Span | None = None
) -> QuoteType:
    """Return whether all, none or some of the words of a content are between quotation marks.

    Marks that contain the cue as well belong to somebody else, who reports: `“She said that …”`.

    Method: Pareti 2013.
    """
    n_words = n_inside = 0
    for start, end in content:
        i = bisect_right(quoted, start, key=attrgetter("end"))
        for word in WORD.finditer(text, start, end):
            n_words += 1
            while i < len(quoted) and quoted[i].end < word.end():
                i += 1
            n_inside += i < len(quoted) and _has_word(quoted[i], word, cue)
    if n_inside == 0:
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if n_inside == n_words else QuoteType.MIXED


def _has_word(passage: Quoted, word: re.Match[str], cue: Span | None) -> bool:
    """Return whether a word is between marks that are not those around the cue as well."""
    is_around_cue = cue and passage.start <= cue.start and cue.end <= passage.end
    return passage.start <= word.start() and word.end() <= passage.end and not is_around_cue


def overlaps(quotation: Quotation, spans: SpanIndex) -> bool:
    """Return whether the content of a quotation shares characters with one of `spans`."""
    return any(spans.overlaps(*span) for span in quotation.content)


def index_words(quotations: Sequence[Quotation]) -> SpanIndex:
    """Return an index of the contents and cues of quotations."""
    contents = (span for quotation in quotations for span in quotation.content)
    cues = (quotation.cue for quotation in quotations if quotation.cue is not None)
    return SpanIndex((*contents, *cues))


def find_outer(
    quotation: Quotation, contents: SpanIndex, owners: Sequence[Quotation]
) -> list[Quotation]:
    """Return the quotations whose content holds the source of another, the shortest first.

    `contents` indexes all parts of their contents, `owners` says whose each is.
    """
    if quotation.source is None:
        return []
    start, end = quotation.source
    found = {
        i
        for i in contents.overlapping(start, end)
        if owners[i] is not quotation
        and any(part.start <= start and end <= part.end for part in owners[i].content)
    }
    outer = {id(owners[i]): owners[i] for i in sorted(found)}
    return sorted(outer.values(), key=lambda q: sum(end - start for start, end in q.content))


def touched_passages(span: Span, quoted: Sequence[Quoted]) -> Sequence[Quoted]:
    """Return the passages that share characters with a span or touch it, of those in order."""
    first = bisect_left(quoted, span.start, key=attrgetter("outer_end"))
    last = bisect_right(quoted, span.end, key=attrgetter("outer_start"))
    return quoted[first:last]


def lies_in(span: Span, passage: Quoted) -> bool:
    """Return whether a span is inside a passage and its marks."""
    return passage.outer_start <= span.start and span.end <= passage.outer_end
