"""Split a page into its lines and the white space between them, losing nothing."""

import re
from typing import NamedTuple

# Everything that ends a line for Python, the odd ones included: scrapes contain them all.
LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What does not show at the edges of a line: controls, spaces of all widths, marks of direction.
INVISIBLE = (
    "".join(
        chr(code)
        for code in (
            *range(0x21),
            *range(0x7F, 0xA1),
            *range(0x2000, 0x2010),
            *range(0x2028, 0x2030),
        )
    )
    + "\u1680\u205f\u2060\u3000\ufeff"
)
WORD = re.compile(r"\w+")  # a word, wherever words are counted or compared


class Line(NamedTuple):
    """A line with something to read on it, without the white space around it."""

    start: int
    end: int
    text: str


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that show something, in order; offsets are into `text`."""
    lines = []
    start = 0
    for whole in text.splitlines(keepends=True):  # at the same characters as LINE_END
        end = start + len(whole)
        inner = whole.rstrip(INVISIBLE)
        if inner:
            last = start + len(inner)
            inner = inner.lstrip(INVISIBLE)
            lines.append(Line(last - len(inner), last, inner))
        start = end
    return lines


def has_line_end(text: str) -> bool:
    """Return whether a line ends somewhere in `text`."""
    return LINE_END.search(text) is not None
