"""Draw amounts as an SVG chart in Markdown, which Dagster's UI shows on the page of an asset.

A chart in a data address runs no script and loads nothing. Drawing it takes no library: one
would take longer to import than all the numbers of a run take to compute.
"""

import base64
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape as escape_xml

from assets.exhibits.inert import clean

MAX_AMOUNTS = 12
MAX_NAME_CHARS = 34
WIDTH = 640
NAME_WIDTH = 230
NUMBER_WIDTH = 70
ROW_HEIGHT = 24
TITLE_HEIGHT = 34
CHART_COLOUR = "#4f7cac"
TEXT_COLOUR = "#5b6470"  # readable on the light and on the dark page
FONT = "font-family='Inter, Helvetica, Arial, sans-serif'"


class Amount(NamedTuple):
    """A name and how much of it there is."""

    name: str
    n: float


def draw_chart(title: str, amounts: Sequence[Amount]) -> str:
    """Return Markdown with a chart of the largest amounts, and of the rest as one."""
    svg = base64.b64encode(_write_svg(title, _shorten(amounts)).encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{svg})"


def _shorten(amounts: Sequence[Amount]) -> list[Amount]:
    ordered = sorted(amounts, key=lambda amount: (-amount.n, amount.name))
    if len(ordered) <= MAX_AMOUNTS:
        return ordered
    rest = ordered[MAX_AMOUNTS - 1 :]
    return [
        *ordered[: MAX_AMOUNTS - 1],
        Amount(f"{len(rest):,} others", sum(amount.n for amount in rest)),
    ]


def _write_svg(title: str, amounts: Sequence[Amount]) -> str:
    height = TITLE_HEIGHT + ROW_HEIGHT * max(len(amounts), 1)
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' {FONT}>"
    heading = _write(title.capitalize(), x=0, y=18, style="font-size='14' font-weight='600'")
    most = max((amount.n for amount in amounts), default=0) or 1
    rows = (
        _draw_row(amount, most, y=TITLE_HEIGHT + place * ROW_HEIGHT)
        for place, amount in enumerate(amounts)
    )
    return "".join([head, heading, *rows, "</svg>"])


def _draw_row(amount: Amount, most: float, *, y: int) -> str:
    length = max(round((WIDTH - NAME_WIDTH - NUMBER_WIDTH) * amount.n / most), 1)
    box = f"<rect x='{NAME_WIDTH}' y='{y}' width='{length}' height='16' fill='{CHART_COLOUR}'/>"
    name = _write(_fit(amount.name), x=NAME_WIDTH - 10, y=y + 12, style="text-anchor='end'")
    return name + box + _write(f"{amount.n:,.0f}", x=NAME_WIDTH + length + 6, y=y + 12)


def _write(text: str, *, x: int, y: int, style: str = "") -> str:
    font = style if "font-size" in style else f"font-size='12' {style}"
    return f"<text x='{x}' y='{y}' {font} fill='{TEXT_COLOUR}'>{escape_xml(text)}</text>"


def _fit(name: str) -> str:
    line = clean(name)
    return line if len(line) <= MAX_NAME_CHARS else line[: MAX_NAME_CHARS - 1].rstrip() + "…"
