"""Join the lines of a text that was wrapped at a width, where the widths prove that it was.

Wherever a program broke a line, the first word of the next one would not have fitted. In a text
whose breaks nearly all are so, and fall inside sentences, each of them becomes a space; a line that
ends early ends a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from copydesk.text.lines import Line, has_line_end, split_lines

WIDTHS = range(38, 121)  # characters of a line; programs wrap between 40 and 120
MIN_BREAKS = 4  # that prove a width; fewer come about by chance
MIN_EXPLAINED_SHARE = 0.9  # of the breaks: the next word would not have fitted, or a sentence ends
MIN_INSIDE_SHARE = 0.5  # of those: inside a sentence
MIN_LOWER_SHARE = 0.4  # of those: the next line begins with a small letter, which lists do not
MAX_LONG_SHARE = 0.1  # of the lines: a long address cannot be wrapped
SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
EMPTY_LINE = re.compile(r"(?>\r\n|\n|\r)[ \t]*[\r\n]")


def join_wrapped(text: str) -> str:
    """Return `text` with its wrapped lines joined, or as it is where nothing proves a width."""
    lines = split_lines(text)
    width = _find_width(lines)
    if width is None:
        return text
    breaks = [
        (line, following) for line, following in _pairs(text, lines) if len(line.text) <= width
    ]
    full = [pair for pair in breaks if _is_full(*pair, width)]
    n_ended = sum(
        _is_full(*pair, width) or SENTENCE_END.search(pair[0].text) is not None for pair in breaks
    )
    inside = [line for line, _ in full if not SENTENCE_END.search(line.text)]
    is_proven = (
        len(full) >= MIN_BREAKS
        and n_ended >= MIN_EXPLAINED_SHARE * len(breaks)
        and len(inside) >= MIN_INSIDE_SHARE * len(full)
        and sum(following.text[0].islower() for _, following in full) >= MIN_LOWER_SHARE * len(full)
    )
    return _join(text, full) if is_proven else text


def _find_width(lines: Sequence[Line]) -> int | None:
    """Return the length of the longest line that is not too long to be wrapped."""
    lengths = [len(line.text) for line in lines]
    fitting = [length for length in lengths if length < WIDTHS.stop]
    n_long = len(lengths) - len(fitting)
    widest = max(fitting, default=0)
    return widest if widest >= WIDTHS.start and n_long <= MAX_LONG_SHARE * len(lengths) else None


def _pairs(text: str, lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Yield the lines that are followed by another one in their paragraph, with that one."""
    for line, following in pairwise(lines):
        gap = text[line.end : following.start]
        if has_line_end(gap) and not EMPTY_LINE.search(gap):
            yield line, following


def _is_full(line: Line, following: Line, width: int) -> bool:
    """Return whether the first word of the next line would not have fitted on a line."""
    word = following.text.split(maxsplit=1)[0]
    return len(line.text) + 1 + len(word) > width


def _join(text: str, breaks: Sequence[tuple[Line, Line]]) -> str:
    """Return a text with a space for each of these breaks; a word that was cut stays one."""
    parts: list[str] = []
    at = 0
    for line, following in breaks:
        parts += (text[at : line.end], "" if line.text.endswith("-") else " ")
        at = following.start
    return "".join([*parts, text[at:]])
