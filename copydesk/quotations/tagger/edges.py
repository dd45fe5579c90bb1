"""Set the edges of a span: the characters that belong to its words, and the marks around it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from copydesk.text.quote_marks import Quoted
from copydesk.values import Span

PREFIXES = "$£€#@"
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
BARE = re.compile(r"\W*")


def widen_span(text: str, span: Span) -> Span:
    """Return the span with the characters that belong to its words: `$5`, `5%`, `(of Elsa)`."""
    start, end = span
    while start and text[start - 1] in PREFIXES:
        start -= 1
    if text[end : end + 1] == "%":
        end += 1
    for opening, closing in BRACKETS:
        surplus = text.count(opening, start, end) - text.count(closing, start, end)
        if surplus > 0 and text[end : end + 1] == closing:
            end += 1
        elif surplus < 0 and start and text[start - 1] == opening:
            start -= 1
    return Span(start, end)


def snap_to_marks(text: str, span: Span, quoted: Sequence[Quoted]) -> Span:
    """Return what is between marks if its words are those of the span.

    If the span holds more than that, marks at its edges become part of it.
    """
    start, end = span
    first = bisect_left(quoted, start, key=attrgetter("outer_end"))
    last = bisect_right(quoted, span.end, key=attrgetter("outer_start"))
    for passage in quoted[first:last]:
        opens = _is_bare(text, passage.start, start)
        closes = _is_bare(text, passage.end, end)
        if opens and closes:
            return Span(passage.start, passage.end)
        start = passage.outer_start if opens and passage.end < end else start
        end = passage.outer_end if closes and passage.start > start else end
    return Span(start, end)


def _is_bare(text: str, one: int, other: int) -> bool:
    """Return whether there is no word between two offsets."""
    return BARE.fullmatch(text, min(one, other), max(one, other)) is not None
