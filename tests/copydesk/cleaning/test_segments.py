"""Behaviour of `cleaning.segments`: segments rebuild their page, and say what each part is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.values import Label

HEADLINE = "Ferries stand still for a third day"
FIRST = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
SECOND = (
    "The harbour office counted nine ferries at the quay in the morning, and it expects four "
    "more before the weekend begins."
)
THIRD = (
    "Shops along the front have begun to run out of bread, milk and newspapers, several of "
    "their owners told the town council."
)
PAGES = st.lists(
    st.sampled_from(
        (
            *(
                HEADLINE,
                FIRST,
                SECOND,
                f"PORT ELSA, May 3 (AP) — {THIRD}",
                "(Source: wire.example)",
            ),
            *("Leave a Reply", "By Ida Brandt", "See also  Port chief resigns", "Name *", "“", " "),
            *("\t", "\n", "\n\n", "\r\n", "\r", "\u2028", "\xa0", "e\u0301", "\u0301", "\0"),
        )
    )
    | st.text(max_size=10),
    max_size=15,
).map("".join)


def segments(text):
    """Return (label, text) of each segment of a page but the white space."""
    found = label_page(page_of_text("a1", text))
    return [(s.label.value, text[s.start : s.end]) for s in found if s.label is not Label.BLANK]


def test_the_dateline_is_cut_off_the_first_paragraph_only():
    text = f"{HEADLINE}\n\nPORT ELSA, May 3 (AP) — {FIRST}\n\nSOUTH QUAY — {SECOND}\n"
    assert segments(text) == [
        ("headline", HEADLINE),
        ("dateline", "PORT ELSA, May 3 (AP) — "),
        ("body", FIRST),
        ("body", f"SOUTH QUAY — {SECOND}"),
    ]


def test_a_source_in_brackets_is_cut_out_of_its_paragraph():
    text = f"{HEADLINE}\n{FIRST} (Source: https://wire.example/1) {SECOND}\n{THIRD}"
    assert segments(text)[1:4] == [
        ("body", FIRST),
        ("source_note", " (Source: https://wire.example/1)"),
        ("body", f" {SECOND}"),
    ]


def test_a_paragraph_that_ends_with_its_source_in_brackets_is_body():
    text = f"{HEADLINE}\n{FIRST}\n{SECOND} (Source: https://wire.example/1)\n"
    assert segments(text)[2:] == [
        ("body", SECOND),
        ("source_note", " (Source: https://wire.example/1)"),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n", "\u2028"])
def test_a_page_is_labelled_alike_whatever_ends_its_lines(line_end):
    lines = [HEADLINE, "By Ida Brandt", FIRST, "Read also:", THIRD, "Leave a Reply"]
    assert segments(line_end.join(lines)) == segments("\n".join(lines))


def test_an_empty_page_has_no_segments():
    assert label_page(page_of_text("a1", "")) == []


def test_a_page_of_white_space_is_blank():
    (segment,) = label_page(page_of_text("a1", "\n \r\n"))
    assert (segment.label, segment.start, segment.end) == (Label.BLANK, 0, 4)


@given(PAGES)
def test_segments_rebuild_any_page(text):
    found = label_page(page_of_text("a1", text))
    assert "".join(text[s.start : s.end] for s in found) == text
    assert [s.seq for s in found] == list(range(len(found)))


@given(PAGES)
def test_segments_are_never_empty_and_say_who_decided_and_how_surely(text):
    for segment in label_page(page_of_text("a1", text)):
        assert segment.start < segment.end
        assert segment.rule
        assert 0 <= segment.score <= 1


@given(PAGES)
def test_only_white_space_is_blank(text):
    for segment in label_page(page_of_text("a1", text)):
        if segment.label is Label.BLANK:
            assert not any(char.isalnum() for char in text[segment.start : segment.end])


@given(PAGES)
def test_a_page_has_one_headline_and_one_dateline_at_most(text):
    found = [segment.label for segment in label_page(page_of_text("a1", text))]
    assert found.count(Label.HEADLINE) <= 1
    assert found.count(Label.DATELINE) <= 1
