"""Behaviour of `cleaning.copytext`: copy as one text, and the exact way back to the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.copytext import compose_copy, copy_of_text
from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.values import COPY_LABELS, Label

HEADLINE = "Ferries stand still for a third day"
FIRST = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
SECOND = (
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
                "\n",
                "\r\n",
                "\r",
                "\u2028",
                "Read also:",
                "Name *",
                "\xa0",
            ),
            *(" (Source: wire.example) ", "PORT ELSA, May 3 (AP) — ", "e\u0301", "👩‍✈️", "“", "\0"),
        )
    )
    | st.text(max_size=10),
    max_size=15,
).map("".join)


def copy_of(text):
    raw = page_of_text("a1", text)
    return compose_copy(raw, label_page(raw))


def test_copy_is_what_is_left_when_boilerplate_is_gone():
    copy = copy_of(f"Skip to content\n{HEADLINE}\nBy Ida Brandt\n{FIRST}\nRead also:\n{SECOND}\n")
    assert copy.text == f"{HEADLINE}\n\n{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\v", "\u2028", "\u2029", "\x85"])
def test_paragraphs_are_kept_apart_whatever_ended_their_lines(line_end):
    assert copy_of(line_end.join([HEADLINE, FIRST, SECOND])).text == (
        f"{HEADLINE}\n\n{FIRST}\n\n{SECOND}"
    )


def test_what_was_one_line_stays_one_paragraph():
    copy = copy_of(f"{HEADLINE}\n{FIRST} (Source: wire.example) {SECOND}\n{SECOND[:-1]}, too.")
    assert copy.text.split("\n\n")[1] == f"{FIRST} {SECOND}"


def test_a_span_over_two_paragraphs_is_two_spans_on_the_page():
    text = f"{HEADLINE}\n{FIRST}\nRead also:\n{SECOND}"
    copy = copy_of(text)
    start, end = copy.text.index("for the winter"), copy.text.index("along the front")
    assert [text[a:b] for a, b in copy.to_raw(start, end)] == ["for the winter.", "Shops "]


def test_a_span_between_paragraphs_stands_nowhere_on_the_page():
    copy = copy_of(f"{HEADLINE}\n{FIRST}\n{SECOND}")
    between = copy.text.index("\n\n")
    assert copy.to_raw(between, between + 2) == []


@pytest.mark.parametrize(
    ("words", "label"),
    [("Ferries", Label.HEADLINE), ("Crews", Label.BODY), ("council.", Label.BODY)],
)
def test_an_offset_knows_the_kind_of_segment_it_is_in(words, label):
    copy = copy_of(f"{HEADLINE}\n{FIRST}\n{SECOND}")
    assert copy.piece_at(copy.text.index(words)).label is label


def test_a_page_without_copy_has_an_empty_copy():
    copy = copy_of("Skip to content\nLatest")
    assert (copy.text, copy.pieces) == ("", ())


def test_a_text_that_is_copy_throughout_keeps_its_offsets():
    text = f"  {FIRST}\r\n\n{SECOND}\n"
    copy = copy_of_text("a1", text)
    start, end = text.index("Shops"), text.index("council.")
    assert copy.text == text
    assert copy.to_raw(start, end) == [(start, end)]


@given(PAGES, st.data())
def test_any_span_of_the_copy_is_those_words_on_the_page(text, data):
    copy = copy_of(text)
    start = data.draw(st.integers(0, len(copy.text)))
    end = data.draw(st.integers(start, len(copy.text)))
    spans = copy.to_raw(start, end)
    found = "".join(text[span.start : span.end] for span in spans)
    assert "".join(found.split()) == "".join(copy.text[start:end].split())
    assert all(span.start < span.end for span in spans)
    assert spans == sorted(spans)


@given(PAGES, st.data())
def test_a_span_inside_a_paragraph_is_one_span_of_the_page_exactly(text, data):
    copy = copy_of(text)
    for piece in copy.pieces:
        start = data.draw(st.integers(piece.start, piece.end - 1))
        end = data.draw(st.integers(start + 1, piece.end))
        (span,) = copy.to_raw(start, end)
        assert text[span.start : span.end] == copy.text[start:end]


@given(PAGES)
def test_each_piece_of_the_copy_is_a_segment_of_copy(text):
    raw = page_of_text("a1", text)
    segments = label_page(raw)
    copy = compose_copy(raw, segments)
    pieces = [(copy.text[p.start : p.end], p.label) for p in copy.pieces]
    copied = [s for s in segments if s.label in COPY_LABELS]
    assert pieces == [(text[s.start : s.end].strip(), s.label) for s in copied]
    for piece in copy.pieces:
        end = piece.raw_start + piece.end - piece.start
        assert copy.text[piece.start : piece.end] == text[piece.raw_start : end]


@given(PAGES)
def test_a_text_that_is_copy_throughout_is_found_where_it_stands(text):
    copy = copy_of_text("a1", text)
    for piece in copy.pieces:
        assert copy.to_raw(piece.start, piece.end) == [(piece.start, piece.end)]
