"""Behaviour of `quotations.find`: tagger and rules together pass over no words in marks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.quotations.find import find_quotes
from copydesk.quotations.methods import QuoteMethod
from copydesk.quotations.quotation import type_of_content
from copydesk.text.quote_marks import find_quoted
from copydesk.values import QuoteType, Span

TAGGER = QuoteMethod.TAGGER
PARTS = st.sampled_from([*"“”\"'‘’", "''", "«", " ", "\n\n", ".", ",", "Ida Holm said", "he said",
                         "that", "We will not sail today", "no", "👩‍✈️", "\u200b", "é"])  # fmt: skip


def found(doc, text, method=QuoteMethod.TAGGER):
    """Return the quotations of a text: type, content, cue and source."""
    return [
        (
            quotation.type.value,
            [text[slice(*span)] for span in quotation.content],
            quotation.cue and text[slice(*quotation.cue)],
            quotation.source and text[slice(*quotation.source)],
        )
        for quotation in find_quotes(doc, text, method)
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“We will not sail,” union leader Ida Holm told crews on Monday.",
            [("direct", ["We will not sail,"], "told", "union leader Ida Holm")],
        ),
        (
            "Ida Holm said the strike was “an insult to everybody” on the islands.",
            [
                (
                    "mixed",
                    ["the strike was “an insult to everybody” on the islands"],
                    "said",
                    "Ida Holm",
                )
            ],
        ),
        (
            "“We will not sail,” Ida Holm said. “And nobody will pay us.”",
            [
                (
                    "direct",
                    ["We will not sail,", "And nobody will pay us."],
                    "said",
                    "Ida Holm",
                )
            ],
        ),
        ("The ferry sailed at noon.", []),
        ("", []),
    ],
)
def test_quotations_are_found_with_cue_and_source(parse, text, expected):
    assert found(parse(text), text) == expected


@pytest.mark.model
@pytest.mark.parametrize("method", QuoteMethod)
@pytest.mark.parametrize(
    ("text", "voiced"),
    [
        ("“We will not sail,” Ida Holm said.", [True]),
        ("Ida Holm said that nobody would sail.", [True]),
        ("According to Ida Holm, nobody will sail on Monday.", [True]),
        ("Ida Holm believes that nobody will sail.", [False]),
        ("The 37-year-old said that nobody would sail.", [True]),
        ("Ida Holm thinks the plan is “an insult to everybody”.", [True]),
    ],
)
def test_what_is_only_thought_is_no_speech(parse, text, voiced, method):
    assert [quotation.is_speech for quotation in find_quotes(parse(text), text, method)] == voiced


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Paul Lund failed to declare a gold watch.",
        "The court allowed Paul Lund to sell the boat.",
        "The election was called in May.",
        "The board agreed a target of nine boats.",
        "The union has not claimed responsibility for the fire.",
        "The meeting is known as “Best of the Boats”.",
        "A new law will ban “unfair” contracts.",
        "All went according to plan.",
        "A placard read “No entry for boats today”.",
        "The cabins are part of what the council calls alpine living that respects the lake.",
        "These races are part of what Saltcorp calls the Northern Plan, which runs until May.",
        "Lund marched against what the former governor described as a threat to the islands.",
        "Well, let’s call it what it is: a tax.",
        "She wore a dress that revealed the scar on her neck.",
        "Police unsealed warrants that revealed a number of knives.",
        "He began a reform that emphasised harbours and schools.",
        "Fans want it, with a quick look at their forum revealing ideas on how to mend the ferry.",
        "Thursday’s storms came as predicted in the north of the island.",
        "On Friday Holm Bank reports as it waits for its sale to be approved.",
        "They were likely to be perceived by voters as “too old for the job at hand”.",
        "The island is known for a few sayings: it is “a new world” made of boats.",
        "Lund told the truth about the threat posed by the dam.",
        "The board has dismissed the director of the port.",
        "It was given the title of “Northern Island Sailing Championship of 2031.” The team won.",
        "1925-40: “Paul Lund. Keeper of the lighthouse. His code was to be awake.” It was stolen.",
    ],
)
def test_what_states_nothing_is_no_speech(parse, text):
    assert [quote for quote in find_quotes(parse(text), text, TAGGER) if quote.is_speech] == []


@pytest.mark.model
def test_an_utterance_inside_a_quotation_is_whole(parse):
    text = "Ida Holm said Paul Lund told her: “This is a special day. We are going to sail.”"
    contents = [text[slice(*q.content[0])] for q in find_quotes(parse(text), text, TAGGER)]
    assert contents[1:] == ["This is a special day. We are going to sail."]


@pytest.mark.model
def test_what_a_quotation_reports_of_others_is_found_inside_it(parse):
    text = "Ida Holm said on Monday that Paul Lund had told her that the crews would be paid."
    assert [source for _, _, _, source in found(parse(text), text)] == ["Ida Holm", "Paul Lund"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ([(1, 17)], QuoteType.DIRECT),
        ([(0, 18)], QuoteType.DIRECT),
        ([(0, 31)], QuoteType.MIXED),
        ([(19, 31)], QuoteType.INDIRECT),
        ([(1, 17), (19, 31)], QuoteType.MIXED),
    ],
)
def test_marks_decide_the_type(content, kind):
    text = "“We will not sail” and will pay"
    spans = [Span(*span) for span in content]
    assert type_of_content(spans, text, find_quoted(text)) is kind


def test_marks_around_a_cue_are_those_of_whoever_reports():
    text = "“She urged them to wait,” he said"
    content, inside, outside = Span(11, 23), Span(5, 10), Span(29, 33)
    quoted = find_quoted(text)
    assert type_of_content([content], text, quoted, cue=inside) is QuoteType.INDIRECT
    assert type_of_content([content], text, quoted, cue=outside) is QuoteType.DIRECT


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Sir Keith Lewis, QC, said the court erred.", "the court erred"),
        ("Marsh conceded his side rode their luck.", "his side rode their luck"),
    ],
)
def test_what_somebody_named_says_where_the_tagger_is_silent_is_found(parse, text, content):
    assert [words for _, (words,), *_ in found(parse(text), text)] == [content]


@pytest.mark.model
@settings(max_examples=40)
@given(st.lists(PARTS, max_size=12).map(" ".join))
def test_any_text_gives_contents_that_are_in_it(parse, text):
    for quotation in find_quotes(parse(text), text, QuoteMethod.TAGGER):
        assert quotation.content
        assert all(0 <= start < end <= len(text) for start, end in quotation.content)
        assert 0 <= quotation.score <= 1
