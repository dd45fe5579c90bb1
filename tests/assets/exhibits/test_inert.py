"""Scraped text in Markdown is shown as it is and does nothing; `tests/browser` looks at it too."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.exhibits.inert import (
    JOINER,
    MAX_CELL_CHARS,
    MAX_INLINE,
    clean,
    escape,
    write_table,
)

ESCAPED = re.compile(r"\\([\\`*_\[\]<>&|~$@^{}])")
BARE = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>&|~$@^{}]")
# What GitHub's extension of Markdown makes a link of, whatever is escaped.
ADDRESS = re.compile(r"https?://|www\.|[-.\w+]@[-\w]", re.IGNORECASE)
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["http://a.b", "HTTPS://", "www.", "a@b.c", "|", "\\", "`", "<b>", "![x](y)", "\n", " "]
        )
    ).map("".join),
)


def undo(markdown):
    """Return the text that Markdown shows."""
    return ESCAPED.sub(r"\1", markdown.replace(JOINER, ""))


@given(TEXTS)
def test_the_text_is_shown_as_it_is(text):
    assert undo(escape(text)) == clean(text)


@given(TEXTS)
def test_no_character_keeps_its_meaning(text):
    assert not BARE.search(escape(text))
    assert not ADDRESS.search(ESCAPED.sub(r"\1", escape(text)))


@given(st.text())
def test_a_cell_is_one_line_and_not_long(text):
    assert len(clean(text)) <= MAX_CELL_CHARS
    assert len(clean(text).splitlines()) <= 1
    assert clean(clean(text)) == clean(text)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_a_table_has_its_columns_and_is_shown_without_a_click(rows):
    lines = write_table(["said", "where"], rows).split("\n")
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {3}
    assert len(lines) <= len(rows) + 2
    assert len("\n".join(lines)) <= MAX_INLINE or len(lines) == 3


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (1234567, "1,234,567"),
        (0.12345, "0.123"),
        (["AP", "IANS"], "AP; IANS"),
        ("a | b", r"a \| b"),
        ("<img src=x>", r"\<img src=x\>"),
        ("line\u2028end", "line end"),
        ("'; DROP TABLE said; --", "'; DROP TABLE said; --"),
    ],
)
def test_values_are_spelt_for_people(value, cell):
    assert write_table(["value"], [[value]]).split("\n")[2] == f"| {cell} |"
