"""Split a page into its lines and the white space between them, losing nothing."""

import re
from typing import NamedTuple

# Everything that ends a line for Python, the odd ones included: scrapes contain them all.
LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
INVISIBLE = " \t\xa0\u200b\u200c\u200d\u2060\ufeff\u3000\u2000-\u200a"
EDGES = re.compile(rf"[{INVISIBLE}]*(.*?)[{INVISIBLE}]*", re.DOTALL)
WORD = re.compile(r"\w+")  # a word, wherever words are counted or compared


class Line(NamedTuple):
    """A line with something to read on it, without the white space around it."""

    start: int
    end: int
    text: str


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that show something, in order; offsets are into `text`."""
    lines = []
    for match in LINE.finditer(text):
        inner = EDGES.fullmatch(match.group())
        if inner is not None and inner.group(1):
            start = match.start() + inner.start(1)
            lines.append(Line(start, start + len(inner.group(1)), inner.group(1)))
    return lines
