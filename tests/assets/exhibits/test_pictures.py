"""Charts are small, whole and safe, whatever the names in them are."""

import base64
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from assets.exhibits.inert import MAX_INLINE
from assets.exhibits.pictures import MAX_AMOUNTS, Amount, draw_chart

TEXT, PATH = "{http://www.w3.org/2000/svg}text", "{http://www.w3.org/2000/svg}path"
AMOUNTS = st.lists(
    st.builds(Amount, st.text(max_size=40), st.integers(min_value=0, max_value=10**9))
)


def read(markdown):
    """Return the chart as XML."""
    code = re.fullmatch(r"!\[.*\]\(data:image/svg\+xml;base64,(.+)\)", markdown)[1]
    return ET.fromstring(base64.b64decode(code))  # noqa: S314 - our own


@given(AMOUNTS)
def test_a_chart_is_whole_and_shown_without_a_click(amounts):
    chart = draw_chart("quotations by speaker", amounts)
    assert len(chart) <= MAX_INLINE
    names = read(chart).findall(f".//{TEXT}")[1:]
    assert len(names) <= min(MAX_AMOUNTS, len(amounts))
    assert bool(names) == bool(amounts)


def test_the_largest_come_first_and_the_rest_is_one():
    amounts = [Amount(f"Speaker {n}", n) for n in range(1, 21)]
    names = [each.text for each in read(draw_chart("by speaker", amounts)).iter(TEXT)]
    assert names[:3] == ["By speaker", "Speaker 20 · 20", "Speaker 19 · 19"]
    n_shown = len(names) - 2
    rest = sum(range(1, 21 - n_shown))
    assert names[-1] == f"{20 - n_shown} others · {rest}"


def test_lengths_are_in_proportion():
    chart = read(draw_chart("files", [Amount("txt", 100), Amount("html", 50)]))
    (path,) = chart.findall(PATH)
    whole, half = (int(length) for length in re.findall(r"h(\d+)", path.get("d")))
    assert whole == 2 * half


def test_a_name_is_text_only():
    chart = read(draw_chart("outlets", [Amount("<script>alert(1)</script>", 1)]))
    assert [each.tag for each in chart.iter() if "script" in each.tag] == []
    assert any("<script>alert(1)" in (each.text or "") for each in chart.iter(TEXT))
