"""Draw bars as SVG that a page can hold, in colours that its style sheet sets.

Altair and vl-convert draw without a browser. Every colour is a number that stands for a role; the
style sheet gives it the colour of the scheme, so that one drawing serves light and dark.
"""

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

from copydesk.errors import ReportError

BAR = "#000001"  # the bars; style.css sets all three
INK = "#000002"  # words and numbers
LINE = "#000003"  # axes
WIDTH = 400  # of the bars, in units of the drawing, without the words beside them
ROW = 26
HEIGHT = 170
FONT = "sans-serif"
MISSING = "charts need altair and vl-convert-python: pip install 'copydesk[report]'"
MANY = 14  # columns, above which only some are labelled
Pair = tuple[str, int]


def need_charts() -> None:
    """Refuse where the libraries that draw are not installed.

    Raises: ReportError: saying what to install.
    """
    if not all(importlib.util.find_spec(name) for name in ("altair", "vl_convert")):
        raise ReportError(MISSING)


@cache
def draw_rows(pairs: tuple[Pair, ...]) -> str:
    """Return horizontal bars, one for each name, in the given order; empty without any."""
    return _draw(pairs, is_upright=False) if pairs else ""


@cache
def draw_columns(pairs: tuple[Pair, ...]) -> str:
    """Return upright bars, one for each name, in the given order; empty without any."""
    return _draw(pairs, is_upright=True) if pairs else ""


def _draw(pairs: Sequence[Pair], *, is_upright: bool) -> str:
    import altair as alt  # noqa: PLC0415 - an extra, and slow to load
    import vl_convert  # noqa: PLC0415

    data: Any = alt.Data(values=[{"name": name, "n": n} for name, n in pairs])
    names: dict[str, Any] = {"type": "nominal", "sort": None, "title": None}
    axis: dict[str, Any] = {"ticks": False, "domain": is_upright, "labelLimit": 190}
    if is_upright:
        step = -(-len(pairs) // MANY)
        axis["values"] = [name for name, _ in pairs][::step]
        axis["labelAngle"] = -45 if len(pairs) > 6 else 0  # noqa: PLR2004 - as fit side by side
        base = alt.Chart(data, width=WIDTH, height=HEIGHT).encode(
            x=alt.X("name", axis=alt.Axis(**axis), scale=alt.Scale(paddingInner=0.25), **names),
            y=alt.Y("n", type="quantitative", title=None, axis=alt.Axis(tickCount=4, format=",d")),
        )
        chart = base.mark_bar(color=BAR)
    else:
        base = alt.Chart(data, width=WIDTH - 120, height=ROW * len(pairs)).encode(
            y=alt.Y("name", axis=alt.Axis(**axis), scale=alt.Scale(paddingInner=0.3), **names),
            x=alt.X("n", type="quantitative", title=None, axis=None),
        )
        numbers = base.mark_text(align="left", dx=5, color=INK, fontSize=13).encode(
            text=alt.Text("n", type="quantitative", format=",d")
        )
        chart = base.mark_bar(color=BAR) + numbers
    drawn = (
        chart.configure(background="transparent", font=FONT)
        .configure_view(stroke="transparent")
        .configure_axis(
            labelColor=INK, labelFontSize=13, gridColor=LINE, domainColor=LINE, tickColor=LINE
        )
    )
    svg: str = vl_convert.vegalite_to_svg(drawn.to_json())
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
