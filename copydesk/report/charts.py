"""Draw the charts of the overview as SVG, in colours that its style sheet sets.

Altair and vl-convert draw without a browser. Every colour is a number that stands for a role; the
style sheet gives it the colour of the scheme, so that one drawing serves light and dark.
"""

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

from copydesk.errors import ReportError

FILL = "#000001"  # style.css sets all three
INK = "#000002"  # words and numbers
LINE = "#000003"  # axes
WIDTH = 420  # in units of the drawing
ROW = 26
HEIGHT = 170
FONT = "sans-serif"
FONT_SIZE = 13
MISSING = "charts need altair and vl-convert-python: pip install 'copydesk[report]'"
CHAR_WIDTH = 8  # of the widest of the fonts that readers may have: the one here is not theirs
FEW = 6  # columns whose names fit side by side
MANY = 14  # columns, above which only some are labelled
Pair = tuple[str, int]


def need_charts() -> None:
    """Refuse where the libraries that draw are not installed.

    Raises: ReportError: saying what to install.
    """
    if not all(importlib.util.find_spec(name) for name in ("altair", "vl_convert")):
        raise ReportError(MISSING)


def draw_rows(pairs: Sequence[Pair]) -> str:
    """Return horizontal bars, one for each name, in the given order; empty without any."""
    return _draw(pairs, is_upright=False) if pairs else ""


def draw_columns(pairs: Sequence[Pair]) -> str:
    """Return upright bars, one for each name, in the given order; empty without any."""
    return _draw(pairs, is_upright=True) if pairs else ""


def _draw(pairs: Sequence[Pair], *, is_upright: bool) -> str:
    names = [name for name, _ in pairs]
    if is_upright:
        step = -(-len(names) // MANY)
        design = _design_columns(tuple(names[::step]), is_slanted=len(names) > FEW)
    else:
        design = _design_rows(len(names), room=CHAR_WIDTH * max(map(len, names)))
    return _fill(design, pairs)


def _fill(design: dict[str, Any], pairs: Sequence[Pair]) -> str:
    """Return the drawing of a chart with these numbers."""
    import vl_convert  # noqa: PLC0415 - an extra, and slow to load

    given, *derived = design["data"]
    values = [{"name": name, "n": n} for name, n in pairs]
    svg: str = vl_convert.vega_to_svg(design | {"data": [given | {"values": values}, *derived]})
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")


@cache
def _design_rows(n_rows: int, *, room: int) -> dict[str, Any]:
    """Return the chart of so many rows, without its numbers; `room` is that of the names."""
    import altair as alt  # noqa: PLC0415 - an extra, and slow to load

    axis = alt.Axis(
        ticks=False, domain=False, labelLimit=room, labelPadding=6, minExtent=room, maxExtent=room
    )
    names = alt.Y("name:N", sort=None, title=None, axis=axis, scale=alt.Scale(paddingInner=0.3))
    base = alt.Chart(alt.InlineData(values=[]), width=WIDTH - room, height=ROW * n_rows).encode(
        y=names, x=alt.X("n:Q", title=None, axis=None)
    )
    numbers = base.mark_text(align="left", dx=5, color=INK, fontSize=FONT_SIZE).encode(
        text=alt.Text("n:Q", format=",d")
    )
    return _finish(base.mark_bar(color=FILL) + numbers)


@cache
def _design_columns(labelled: tuple[str, ...], *, is_slanted: bool) -> dict[str, Any]:
    """Return the chart of columns, of which some are labelled, without its numbers."""
    import altair as alt  # noqa: PLC0415 - an extra, and slow to load

    axis = alt.Axis(ticks=False, values=list(labelled), labelAngle=-45 if is_slanted else 0)
    names = alt.X("name:N", sort=None, title=None, axis=axis, scale=alt.Scale(paddingInner=0.25))
    numbers = alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=4, format=",d", minExtent=40))
    base = alt.Chart(alt.InlineData(values=[]), width=WIDTH - 20, height=HEIGHT)
    return _finish(base.encode(x=names, y=numbers).mark_bar(color=FILL))


def _finish(chart: Any) -> dict[str, Any]:  # noqa: ANN401 - a chart or layers of charts
    """Return a chart in our colours, as Vega draws it.

    The step from Vega-Lite to Vega takes half the time of a drawing, and depends on no numbers.
    """
    import vl_convert  # noqa: PLC0415 - an extra, and slow to load

    coloured = (
        chart.configure(background="transparent", font=FONT)
        .configure_view(stroke="transparent")
        .configure_axis(
            labelColor=INK,
            labelFontSize=FONT_SIZE,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
        )
    )
    finished: dict[str, Any] = vl_convert.vegalite_to_vega(coloured.to_dict())
    return finished
