"""Draw rows as a table that fits a terminal.

Columns that do not fit are left out from the right, and long text is wrapped. DuckDB's own
drawing leaves out the columns in the middle, so a view that has its ids last would show ids.
"""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MIN_CHARS = 12  # width below which a column is left out rather than narrowed
MIN_TEXT_CHARS = 16  # the same, of a column of long text
LONG_TEXT_CHARS = 40  # longer values make a column one of long text
# In a wide terminal columns are wider, not only more: the least part of the width that each gets.
MIN_PART, MIN_TEXT_PART = 1 / 12, 1 / 5
MAX_LINES = 4  # of one cell; what follows is cut, and ends in `…`


class Column(NamedTuple):
    """The head of a column: its name, its type, and whether it holds numbers."""

    name: str
    type: str
    is_number: bool


class Drawn(NamedTuple):
    """A table as lines, and the names of the columns that did not fit."""

    lines: list[str]
    left_out: list[str]


def draw_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int) -> Drawn:
    """Draw a table that is at most `width` characters wide; it has one column at least."""
    shown = [[_printable(text) for text in row] for row in rows]
    natural = [
        max(_width(text) for text in (column.name, column.type, *(row[i] for row in shown)))
        for i, column in enumerate(columns)
    ]
    least = [
        max(_width(column.name), _least(chars, width=width))
        for column, chars in zip(columns, natural, strict=True)
    ]
    widths = fit_widths(natural, least, width=width)
    lines = list(_draw(columns[: len(widths)], shown, widths))
    return Drawn(lines, [column.name for column in columns[len(widths) :]])


def fit_widths(natural: Sequence[int], least: Sequence[int], *, width: int) -> list[int]:
    """Return how wide each column is drawn: as many as fit from the left, wide ones narrowed."""
    n_shown, used = 0, 1
    for chars in least:
        used += chars + 3
        if used > width and n_shown:
            break
        n_shown += 1
    widths = list(least[:n_shown])
    room = width - 1 - 3 * n_shown
    if sum(widths) > room:  # one column, in a very narrow terminal
        return [max(room, 1)]
    # The room that is left goes to the columns one character at a time, the narrowest first.
    for _ in range(min(room, sum(natural[:n_shown])) - sum(widths)):
        growing = (i for i in range(n_shown) if widths[i] < natural[i])
        widths[min(growing, key=lambda i: widths[i])] += 1
    return widths


def _least(chars: int, *, width: int) -> int:
    """Return the width to which a column is narrowed whose widest value has so many characters."""
    if chars > LONG_TEXT_CHARS:
        return min(chars, max(MIN_TEXT_CHARS, int(width * MIN_TEXT_PART)))
    return min(chars, max(MIN_CHARS, int(width * MIN_PART)))


def _draw(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> Iterator[str]:
    heads = [[column.name for column in columns], [column.type for column in columns]]
    cells = [[_wrap(text, width) for text, width in zip(row, widths, strict=False)] for row in rows]
    is_wrapped = any(len(lines) > 1 for row in cells for lines in row)
    yield _rule("┌┬┐", widths)
    for head in heads:
        texts = (_cut(text, width) for text, width in zip(head, widths, strict=True))
        yield _line(_pad(t, w, "^") for t, w in zip(texts, widths, strict=True))
    yield _rule("├┼┤", widths) if rows else _rule("└┴┘", widths)
    for n, row in enumerate(cells):
        if n and is_wrapped:
            yield _rule("├┼┤", widths)
        for i in range(max(len(lines) for lines in row)):
            yield _line(
                _pad(lines[i] if i < len(lines) else "", width, ">" if column.is_number else "<")
                for lines, width, column in zip(row, widths, columns, strict=True)
            )
    if rows:
        yield _rule("└┴┘", widths)


def _rule(corners: str, widths: Sequence[int]) -> str:
    return corners[0] + corners[1].join("─" * (width + 2) for width in widths) + corners[2]


def _line(cells: Iterator[str]) -> str:
    return "│ " + " │ ".join(cells) + " │"


def _wrap(text: str, width: int) -> list[str]:
    if _width(text) <= width:
        return [text]
    is_wide = _width(text) > len(text)  # some characters take two places: count all as such
    places = max(width // 2 if is_wide else width, 1)
    return textwrap.wrap(text, places, max_lines=MAX_LINES, placeholder="…") or [""]


def _cut(text: str, width: int) -> str:
    return text if _width(text) <= width else f"{text[: width - 1]}…"


def _pad(text: str, width: int, align: str) -> str:
    room = width - _width(text)
    before = {"<": 0, "^": room // 2, ">": room}[align]
    return " " * before + text + " " * (room - before)


def _printable(text: str) -> str:
    """Return text without what would move the cursor of a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def _width(text: str) -> int:
    """Return how many places of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
