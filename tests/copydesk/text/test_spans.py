"""Behaviour of `text.spans`: what comparing all with all finds, without comparing all."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.spans import SpanIndex, char_before, skip_spaces_before

SPANS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: tuple(sorted(pair)))


@given(st.lists(SPANS), SPANS)
def test_index_finds_what_comparing_all_finds(spans, asked):
    found = sorted(SpanIndex(spans).overlapping(*asked))
    assert found == [
        i for i, (start, end) in enumerate(spans) if start < asked[1] and asked[0] < end
    ]
    assert SpanIndex(spans).overlaps(*asked) is bool(found)


@given(st.text(" ab\n"), st.integers(0, 10))
def test_character_before_is_the_last_one_that_is_not_a_space(text, at):
    at = min(at, len(text))
    before = text[:at].rstrip(" ")
    assert char_before(text, at) == before[-1:]
    assert skip_spaces_before(text, at) == len(before)
