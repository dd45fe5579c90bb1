"""Behaviour of `quotations.paragraphs`: marks decide whose words a quoted paragraph is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.paragraphs import Layout, settle_paragraphs
from copydesk.quotations.quotation import Quotation
from copydesk.text.quote_marks import find_quoted
from copydesk.values import QuoteType, Span

LINES = st.lists(
    st.sampled_from(
        [
            "“We will stay.",
            "“We will stay.”",
            "“We will stay,” Ida Holm said.",
            "Ida Holm said: “We will stay.",
            "Paul Lund has doubts.",
            "Paul Lund said no. “Never.”",
            "",
        ]
    ),
    min_size=1,
    max_size=8,
)


def layout_of(text):
    """Return the layout of a text."""
    return Layout(text, find_quoted(text), language=ENGLISH)


def quotation(text, parts, cue=None, source=None, kind=QuoteType.DIRECT):
    """Return a quotation of the words of a text."""

    def place(words):
        start = text.index(words)
        return Span(start, start + len(words))

    return Quotation(
        tuple(place(part) for part in parts),
        kind,
        cue and place(cue),
        source and place(source),
        "tagger",
    )


def settled(text, *found):
    """Return the contents and sources of quotations that keep to their paragraphs."""
    return [
        (
            [text[slice(*part)] for part in each.content],
            each.source and text[slice(*each.source)],
        )
        for each in settle_paragraphs(found, layout_of(text))
    ]


def test_a_passage_that_does_not_close_continues_in_the_next_paragraph():
    text = "Ida Holm spoke: “We stay.\n\n“We wait.\n\n“We win,” she said."
    found = [
        quotation(text, ["We stay."], source="Ida Holm"),
        quotation(text, ["We win,"], cue="said", source="she"),
    ]
    assert settled(text, *found) == [(["We stay.", "We wait.", "We win,"], "she")]


def test_a_bare_paragraph_takes_the_speaker_of_the_one_before():
    text = "Ida Holm said no.\n\n“We stay.”\n\nPaul Lund left.\n\n“Good.”"
    found = [
        quotation(text, ["no"], cue="said", source="Ida Holm", kind=QuoteType.INDIRECT),
        quotation(text, ["We stay."]),
        quotation(text, ["Good."], source="Ida Holm"),
    ]
    assert settled(text, *found) == [
        (["no"], "Ida Holm"),
        (["We stay."], "Ida Holm"),
        (["Good."], None),
    ]


def test_a_paragraph_that_also_reports_takes_nobody_from_another_one():
    text = "The council met.\n\n“We will stay.” Ida Holm shook her head."
    found = quotation(text, ["We will stay."], source="The council")
    assert settled(text, found) == [(["We will stay."], None)]


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        (
            "“We stay,” she said.\n\nThe pier is old.\n\n“We win.”",
            ["We stay,", "We win."],
            [(["We stay,"], "she"), (["We win."], None)],
        ),
        (
            "“We stay,” she said.\n\n“We win.”",
            ["We stay,", "We win."],
            [(["We stay,", "We win."], "she")],
        ),
        (
            "Strike to go on\n\n“We stay,” she said.",
            ["Strike to go on", "We stay,"],
            [(["We stay,"], "she")],
        ),
    ],
)
def test_a_content_crosses_only_lines_that_are_quoted(text, parts, expected):
    assert settled(text, quotation(text, parts, cue="said", source="she")) == expected


def test_two_names_are_two_speakers_where_a_mark_is_missing():
    text = "“We stay,” said Ida Holm. “We win.\n\n“We lose,” said Paul Lund."
    found = [
        quotation(text, ["We stay,", "We win."], cue="said", source="Ida Holm"),
        Quotation(
            (Span(text.index("We lose"), text.index("We lose") + 8),),
            QuoteType.DIRECT,
            Span(text.rindex("said"), text.rindex("said") + 4),
            Span(text.index("Paul Lund"), text.index("Paul Lund") + 9),
            "tagger",
        ),
    ]
    assert [source for _, source in settled(text, *found)] == ["Ida Holm", "Paul Lund"]


def test_a_part_in_front_of_a_cue_joins_the_part_after_it():
    text = "“He better live,” she said. “I swear it.”"
    found = [
        quotation(text, ["He better live,"]),
        quotation(text, ["I swear it."], cue="said", source="she"),
    ]
    assert settled(text, *found) == [(["He better live,", "I swear it."], "she")]


def test_who_says_i_does_not_speak_on():
    text = "I asked why. “Because I said so.”\n\n“Go home.”"
    found = [
        quotation(text, ["Because I said so."], source="I"),
        quotation(text, ["Go home."]),
    ]
    assert settled(text, *found)[-1] == (["Go home."], None)


@given(LINES)
def test_every_passage_is_in_one_utterance(lines):
    layout = layout_of("\n\n".join(lines))
    numbers = [number for utterance in layout.utterances for number in utterance]
    assert numbers == list(range(len(layout.quoted)))


@given(LINES)
def test_an_utterance_crosses_no_line_without_marks(lines):
    layout = layout_of("\n\n".join(lines))
    for utterance in layout.utterances:
        for before, after in pairwise(utterance):
            between = layout.text[layout.quoted[before].end : layout.quoted[after].start]
            assert not any(char.isalnum() for char in between)


@given(LINES)
def test_settled_quotations_lose_no_quoted_word_and_gain_no_other(lines):
    text = "\n\n".join(lines)
    layout = layout_of(text)
    found = [
        Quotation((Span(p.start, p.end),), QuoteType.DIRECT, None, None, "marks")
        for p in layout.quoted
    ]
    contents = [part for each in settle_paragraphs(found, layout) for part in each.content]
    assert sorted(contents) == sorted((p.start, p.end) for p in layout.quoted)
