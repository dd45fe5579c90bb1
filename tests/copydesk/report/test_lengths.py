"""Behaviour of `report.lengths`: as long as their numbers, whatever these are."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from copydesk.report.lengths import STRIP_HEIGHT, STRIP_WIDTH, WIDTH, draw_length, draw_strip

COLUMN = re.compile(r"M([\d.]+) 70v-([\d.]+)h([\d.]+)V70z")
COUNTS = st.lists(st.integers(0, 10**12), max_size=60)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_line_is_as_long_as_its_share_of_the_largest(n, more):
    line = etree.fromstring(str(draw_length(n, n + more)))[0]
    assert abs(float(line.get("width")) - (WIDTH * n / (n + more) if n else 0)) < 0.01


@given(COUNTS)
def test_a_strip_has_a_column_for_each_number_inside_its_edges(counts):
    columns = [tuple(map(float, each)) for each in COLUMN.findall(draw_strip(counts))]
    assert len(columns) == len(counts)
    for (x, height, width), n in zip(columns, counts, strict=True):
        assert abs(height - STRIP_HEIGHT * n / max(*counts, 1)) < 0.01
        assert 0 <= x <= x + width <= STRIP_WIDTH + 0.02


def test_columns_reach_from_edge_to_edge():
    first, *_, last = COLUMN.findall(draw_strip([1] * 7))
    assert float(first[0]) == 0
    assert abs(float(last[0]) + float(last[2]) - STRIP_WIDTH) < 0.02
