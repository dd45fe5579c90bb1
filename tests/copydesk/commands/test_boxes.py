"""Behaviour of `commands.boxes`: a table fits the terminal, and says what it leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.commands.boxes import Column, draw_table, fit_widths

SPEAKER = Column("speaker", "varchar", is_number=False)
CONTENT = Column("content", "varchar", is_number=False)
N = Column("n", "int64", is_number=True)


def test_a_small_table_looks_like_one_of_duckdb():
    assert draw_table([SPEAKER, N], [["Ada", "7"], ["Zoe", "12"]], width=80).lines == [
        "┌─────────┬───────┐",
        "│ speaker │   n   │",
        "│ varchar │ int64 │",
        "├─────────┼───────┤",
        "│ Ada     │     7 │",
        "│ Zoe     │    12 │",
        "└─────────┴───────┘",
    ]


def test_long_text_is_wrapped_and_cut_after_four_lines():
    text = "No islander should have to choose between a hospital appointment and a wage"
    assert draw_table([SPEAKER, CONTENT], [["Ada", text], ["Zoe", "No"]], width=30).lines == [
        "┌─────────┬──────────────────┐",
        "│ speaker │     content      │",
        "│ varchar │     varchar      │",
        "├─────────┼──────────────────┤",
        "│ Ada     │ No islander      │",
        "│         │ should have to   │",
        "│         │ choose between a │",
        "│         │ hospital…        │",
        "├─────────┼──────────────────┤",
        "│ Zoe     │ No               │",
        "└─────────┴──────────────────┘",
    ]


def test_columns_that_do_not_fit_are_left_out_from_the_right():
    columns = [Column(f"c{n}", "varchar", is_number=False) for n in range(9)]
    drawn = draw_table(columns, [["x" * 20] * 9], width=80)
    assert drawn.left_out == ["c5", "c6", "c7", "c8"]
    assert {len(line) for line in drawn.lines} == {80}


def test_what_moves_the_cursor_is_not_printed():
    drawn = draw_table([CONTENT], [["a\x1b[2Jb\nc\td"]], width=80)
    assert "│ a [2Jb c d │" in drawn.lines


@pytest.mark.parametrize("name", ["Łucja Kowalska", "田中太郎", "e\u0301lan"])
def test_columns_stay_in_line_whatever_the_letters(name):
    narrow = draw_table([SPEAKER], [[name]], width=80).lines
    plain = {"Łucja Kowalska": 14, "田中太郎": 8, "e\u0301lan": 7}[name]
    assert len(narrow[0]) == plain + 4


def test_a_wide_terminal_gets_wider_columns_not_only_more():
    columns = [Column(f"c{n}", "varchar", is_number=False) for n in range(9)]
    assert len(draw_table(columns, [["word " * 20] * 9], width=80).left_out) == 5
    assert len(draw_table(columns, [["word " * 20] * 9], width=200).left_out) == 5


def test_a_name_is_never_cut():
    named = Column("speaker_reason", "varchar", is_number=False)
    drawn = draw_table([named, CONTENT], [["x" * 30, "word " * 20]], width=40)
    assert "speaker_reason" in drawn.lines[1]


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(1, 30)), min_size=1, max_size=30),
    st.integers(20, 250),
)
def test_a_table_is_never_wider_than_the_terminal(columns, width):
    natural = [max(pair) for pair in columns]
    least = [min(pair) for pair in columns]
    widths = fit_widths(natural, least, width=width)
    assert 1 <= len(widths) <= len(columns)
    assert sum(widths) + 3 * len(widths) + 1 <= width
    assert all(0 < w <= n for w, n in zip(widths, natural, strict=False))


@given(st.lists(st.text(max_size=90), min_size=1, max_size=5), st.integers(20, 120))
def test_any_text_can_be_drawn(row, width):
    columns = [Column(f"c{n}", "varchar", is_number=False) for n in range(len(row))]
    drawn = draw_table(columns, [row], width=width)
    assert all("\n" not in line for line in drawn.lines)
