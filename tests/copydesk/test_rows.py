"""Behaviour of `rows`: ids that never change, and the words the tables use."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.rows import Segment, content_id
from copydesk.values import (
    COPY_LABELS,
    GroupRelation,
    Label,
    MentionKind,
    Precision,
    QuoteType,
    StoryRelation,
)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (
            Label,
            """headline deck byline dateline body subhead caption credit teaser promo comments
            navigation legal correction contributor source_note duplicate blank boilerplate""",
        ),
        (MentionKind, "named nominal pronominal"),
        (QuoteType, "direct indirect mixed"),
        (StoryRelation, "sole exact near same_event"),
        (GroupRelation, "exact excerpt variant"),
        (Precision, "day month_day"),
    ],
)
def test_a_closed_set_holds_the_words_that_the_tables_promise(words, values):
    assert {word.value for word in words} == set(values.split())


def test_copy_is_what_the_newsroom_wrote_to_be_read():
    assert {label.value for label in COPY_LABELS} == {"headline", "deck", "subhead", "body"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("may-bundle", "page.txt", "00ff"), "931eb9302563dd9bab10ff8bec441140"),
        (("Ærø", 0, 17), "8803556f329e265f12b6d342d58fd3bb"),
    ],
)
def test_an_id_is_the_same_in_every_release(parts, expected):
    assert content_id(*parts) == expected


@pytest.mark.parametrize(
    ("parts", "others"),
    [
        (("a", "b"), ("b", "a")),
        (("ab", "c"), ("a", "bc")),
        (("a", "b"), ("a",)),
        (("a", ""), ("a",)),
        (("a1", 1, 23), ("a1", 12, 3)),
    ],
)
def test_other_parts_or_another_order_give_another_id(parts, others):
    assert content_id(*parts) != content_id(*others)


@given(st.lists(st.text(st.characters()) | st.integers()))
def test_an_id_is_128_bits_in_hex_for_any_parts(parts):
    assert re.fullmatch("[0-9a-f]{32}", content_id(*parts))
    assert content_id(*parts) == content_id(*parts)


def test_a_row_cannot_be_changed():
    row = Segment("a1", 0, 0, 5, Label.BODY, "long_sentence", 0.9, "may")
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.label = Label.BLANK
