"""Behaviour of `statements.differences`: what a version changes, in a form that people can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.statements.differences import compare_words, letters_of
from copydesk.statements.words import read_words

SPEECH = "The boats stay. We will not sail until the owners have paid us. Nobody is sorry."


@pytest.mark.parametrize(
    ("version", "relation", "difference"),
    [
        (SPEECH.upper(), "exact", ""),
        ("we will not sail", "excerpt", ""),
        ("The boats stay … nobody is sorry", "excerpt", ""),
        ("We will not [leave] until the owners have paid us", "excerpt",
         "We will not [-sail-] {+[leave]+} until the owners have …"),
        ("We won't sail", "variant", "We [-will not-] {+won't+} sail …"),
        ("we will not ever sail until the owners have paid us", "variant",
         "we will not {+ever+} sail until the owners …"),
        ("We will sail until the owners have paid us.", "variant",
         "We will [-not-] sail until the owners …"),
        ("We will not sail until the owner has paid us.", "variant",
         "… not sail until the [-owners have-] {+owner has+} paid us."),
        ("Nobody is sorry. That was all they wanted to tell us", "excerpt", ""),
    ],
)  # fmt: skip
def test_a_difference_reads_as_wdiff_writes_it(version, relation, difference):
    found = compare_words(read_words([SPEECH]), read_words([version]))
    assert (found.relation, found.difference) == (relation, difference)
    assert found.is_misquote == (relation == "variant")


@given(st.text("abc .…[]", max_size=30), st.text("abc .…[]", max_size=30))
def test_any_two_texts_can_be_compared(one, other):
    head, version = read_words([one]), read_words([other])
    found = compare_words(head, version)
    assert 0 <= found.similarity <= 1
    assert found.is_misquote == (found.relation == "variant")
    if letters_of(head) == letters_of(version):
        assert (found.relation, found.difference) == ("exact", "")
