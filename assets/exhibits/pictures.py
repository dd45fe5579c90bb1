"""Draw amounts as an SVG chart in Markdown, which Dagster's UI shows on the page of an asset.

A chart in a data address runs no script and loads nothing. Drawing it takes no library: one
would take longer to import than all the numbers of a run take to compute. It is so small that the
UI shows it without a click.
"""

import base64
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape as escape_xml

from assets.exhibits.inert import MAX_INLINE, clean

MAX_AMOUNTS = 9
MAX_NAME_CHARS = 22
WIDTH = 340  # pixels; the UI shows the page of an asset beside two other columns
NAME_WIDTH = 190
ROW_HEIGHT = 20
TITLE_HEIGHT = 26
THICKNESS = 14
GAP = 8
CHART_COLOUR = "#4f7cac"
REST_COLOUR = "#aebccb"
TEXT_COLOUR = "#5b6470"  # readable on the light and on the dark page
FONT = "font-family='sans-serif' font-size='12'"


class Amount(NamedTuple):
    """A name and how much of it there is."""

    name: str
    n: float


def draw_chart(title: str, amounts: Sequence[Amount]) -> str:
    """Return Markdown with a chart of the largest amounts, and of the rest as one.

    There are as many as the UI shows without a click.
    """
    ordered = sorted(amounts, key=lambda amount: (-amount.n, amount.name))
    for most in range(MAX_AMOUNTS, 1, -1):
        picture = _draw(title, ordered, most)
        if len(picture) <= MAX_INLINE:
            return picture
    return _draw(title, ordered, 1)


def _draw(title: str, ordered: Sequence[Amount], most: int) -> str:
    shown, rest = (
        (ordered, []) if len(ordered) <= most else (ordered[: most - 1], ordered[most - 1 :])
    )
    svg = _write_svg(title, shown, rest)
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _write_svg(title: str, shown: Sequence[Amount], rest: Sequence[Amount]) -> str:
    others = [Amount(f"{len(rest):,} others", sum(each.n for each in rest))] if rest else []
    drawn = [*shown, *others]
    height = TITLE_HEIGHT + ROW_HEIGHT * max(len(drawn), 1)
    most = max((amount.n for amount in drawn), default=0) or 1
    names = "".join(_write_name(amount, place) for place, amount in enumerate(drawn))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' {FONT} "
        f"fill='{TEXT_COLOUR}'><text y='14' font-weight='700'>{escape_xml(title.capitalize())}"
        f"</text><g text-anchor='end' transform='translate({NAME_WIDTH})'>{names}</g>"
        f"{_draw_lengths(shown, most, CHART_COLOUR, first=0)}"
        f"{_draw_lengths(others, most, REST_COLOUR, first=len(shown))}</svg>"
    )


def _write_name(amount: Amount, place: int) -> str:
    name = clean(amount.name, max_chars=MAX_NAME_CHARS)
    y = TITLE_HEIGHT + place * ROW_HEIGHT + 11  # the foot of the letters
    return f"<text y='{y}'>{escape_xml(name)} · {amount.n:,.0f}</text>"


def _draw_lengths(amounts: Sequence[Amount], most: float, colour: str, *, first: int) -> str:
    """Return one path with a line for each amount, as long as it is large."""
    if not amounts:
        return ""
    steps = []
    for place, amount in enumerate(amounts, start=first):
        length = max(round((WIDTH - NAME_WIDTH - GAP) * amount.n / most), 1)
        y = TITLE_HEIGHT + place * ROW_HEIGHT + THICKNESS // 2
        steps.append(f"M{NAME_WIDTH + GAP} {y}h{length}")
    return f"<path stroke='{colour}' stroke-width='{THICKNESS}' d='{''.join(steps)}'/>"
