"""Behaviour of `extraction.parsing`: whatever the text is, its tokens are its text."""

import pytest

from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.parsing import parse_copies

RUNS = 2_000


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Ida Holm said: “We will not sail.”\n\nNobody sailed.",
        "",
        pytest.param("She said: " + "“" * RUNS + " and left.", id="marks without a blank"),
        pytest.param("x" * RUNS, id="one long word"),
        pytest.param("é👩‍✈️" * RUNS, id="signs of several code points"),
    ],
)
def test_tokens_put_together_are_the_text(text):
    (doc,) = parse_copies([copy_of_text("a1", text)])
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)
