"""Behaviour of `copydesk.report.marked`: pieces that share their marks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.marked import Mark, cut_spans

TEXT = "The minister, Anna Miller, said no."


def pieces_of(marks, text=TEXT, spans=None):
    (cut,) = cut_spans(text, spans or [(0, len(text))], marks)
    return [(piece.text, piece.kinds) for piece in cut]


def test_text_without_marks_is_one_piece():
    assert pieces_of([]) == [(TEXT, [])]


def test_marks_that_overlap_share_a_piece():
    assert pieces_of([Mark(0, 25, "source"), Mark(14, 25, "name")]) == [
        ("The minister, ", ["source"]),
        ("Anna Miller", ["name", "source"]),
        (", said no.", []),
    ]


def test_the_innermost_name_is_the_one_that_leads_somewhere():
    (cut,) = cut_spans(
        TEXT, [(0, 25)], [Mark(0, 25, "name", "a body"), Mark(14, 25, "name", "Anna Miller")]
    )
    assert [piece.name.title for piece in cut] == ["a body", "Anna Miller"]


def test_mark_over_two_lines_is_in_both():
    cut = cut_spans("No, she\nsaid.", [(0, 8), (8, 13)], [Mark(4, 10, "cue")])
    assert [[(p.text, p.kinds) for p in line] for line in cut] == [
        [("No, ", []), ("she\n", ["cue"])],
        [("sa", ["cue"]), ("id.", [])],
    ]


@st.composite
def marked_texts(draw):
    text = draw(st.text(max_size=60))
    places = st.integers(0, len(text))
    pairs = st.tuples(places, places).map(sorted)
    marks = draw(st.lists(st.builds(lambda p, k: Mark(*p, k), pairs, st.sampled_from("abc"))))
    cuts = sorted({0, len(text), *draw(st.lists(places, max_size=5))})
    return text, list(pairwise(cuts)), marks


@given(marked_texts())
def test_pieces_are_the_text_and_each_has_the_marks_around_it(drawn):
    text, spans, marks = drawn
    cut = cut_spans(text, spans, marks)
    assert ["".join(p.text for p in line) for line in cut] == [text[a:b] for a, b in spans]
    for piece in (piece for line in cut for piece in line):
        end = piece.start + len(piece.text)
        assert text[piece.start : end] == piece.text
        around = [m for m in marks if m.start <= piece.start and end <= m.end and m.start < m.end]
        assert sorted(piece.marks) == sorted(around)
