"""Behaviour of the edges of contents: whole clauses, without whom they are said to."""

import pytest

import copydesk

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "He then told these leaders, who had met on an island, what he would do: “Buy boats.”",
            "what he would do: “Buy boats.”",
        ),
        (
            (
                "“We sail,” Munk said. “There are lows that the new board is now exploring.” At "
                "the same time, he added: “It speaks to her courage.”"
            ),
            "We sail, There are lows that the new board is now exploring.",
        ),
        ("The plan, described by Jean Orr as “mad”, will cost £4m.", "The plan as “mad”"),
        ("14:25 “Stay at home and wait,” says Mayor Ida Munk.", "Stay at home and wait,"),
        (
            "Abara said he was tired, that the fans had been kind and that he would stay.",
            "he was tired, that the fans had been kind and that he would stay",
        ),
        (
            "Her father, Paul Holm, confirmed his daughter’s passing to Tarn News.",
            "his daughter’s passing",
        ),
        ("Saltcorp said of the accident, “We respect our workers.”", "We respect our workers."),
        (
            "The contract is, according to Ida Brandt, the biggest of all, and it ends in May.",
            "The contract is the biggest of all",
        ),
        (
            (
                "Prices on the Tarn lines are rising, led by fish that buyers now fight for, "
                "he added."
            ),
            "Prices on the Tarn lines are rising, led by fish that buyers now fight for",
        ),
        (
            (
                "At the weekly dinners, Anna Lund said on the harbour podcast, sailors with long "
                "beards were there to sing."
            ),
            "At the weekly dinners sailors with long beards were there to sing",
        ),
        (
            (
                "In the first weeks, Paul Holm told Radio Elsa, nurses from the islands were there "
                "to help."
            ),
            "nurses from the islands were there to help",
        ),
        (
            "Ida Brandt promised the crews that the port would stay open.",
            "that the port would stay open",
        ),
    ],
)
def test_a_content_is_all_that_is_said_and_no_more(text, content):
    assert next(quote.content for quote in copydesk.quotes(text, is_copy=True)) == content
