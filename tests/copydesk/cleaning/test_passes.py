"""Behaviour of `cleaning.passes` on lines whose decisions are given."""

import pytest

from copydesk.cleaning.decisions import LINE_MODEL, Decision, Labelling
from copydesk.cleaning.passes import keep_attributed
from copydesk.values import Label

DOUBTFUL = Decision(Label.BOILERPLATE, LINE_MODEL, 0.8)
SURE = Decision(Label.BOILERPLATE, LINE_MODEL, 0.95)
RULED = Decision(Label.PROMO, "newsletter", 0.95)
QUOTING = "“We had no fuel left and no money to buy any,” the skipper said on Monday."


@pytest.mark.parametrize(
    ("line", "decision", "label"),
    [
        (QUOTING, DOUBTFUL, Label.BODY),
        (
            'The skipper told the court: "We had no fuel left, and nobody came to help."',
            DOUBTFUL,
            Label.BODY,
        ),
        (QUOTING, SURE, Label.BOILERPLATE),
        (QUOTING, RULED, Label.PROMO),
        ("“We had no fuel left and no money,” the skipper said", DOUBTFUL, Label.BOILERPLATE),
        (
            "The skipper said that they had no fuel left and no money to buy any.",
            DOUBTFUL,
            Label.BOILERPLATE,
        ),
        (
            "The “pack of cards” that fell down on Monday was a house, the skipper said.",
            DOUBTFUL,
            Label.BOILERPLATE,
        ),
        (
            "“We had no fuel left”: read the long story of the ferries and their crews.",
            DOUBTFUL,
            Label.BOILERPLATE,
        ),
    ],
)
def test_a_doubtful_sentence_that_quotes_and_attributes_is_copy(line, decision, label):
    page = Labelling(lines=[line], rules=[None], decisions=[decision])
    assert keep_attributed(page).decisions[0].label is label
