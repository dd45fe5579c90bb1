"""Behaviour of `quotations.repair`: what the tagger took together falls apart by its cues."""

import pytest

from copydesk.quotations.repair import repair_content, split_repeats
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.rows import Span
from copydesk.text.quote_marks import find_quoted


def span_in(text, words):
    start = text.index(words)
    return Span(start, start + len(words))


def repair(doc, text, content, cue):
    """Return the contents and cues that a tagged quotation is repaired to."""
    spans = tuple(span_in(text, words) for words in content)
    found = TaggedQuotation(spans, span_in(text, cue), None, 0.9)
    return [
        ([text[slice(*s)] for s in each.content], each.cue and text[slice(*each.cue)])
        for each in repair_content(found, doc, text, quoted=find_quoted(text))
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "cue", "expected"),
    [
        pytest.param(
            "“We will not sail today,” Ida Holm said.",
            ["We will not"],
            "said",
            [(["We will not sail today,"], "said")],
            id="content goes to its closing mark",
        ),
        pytest.param(
            "“We will not sail today,” Ida Holm said.",
            ["We", "not sail"],
            "said",
            [(["We will not sail today,"], "said")],
            id="two parts of one passage are one",
        ),
        pytest.param(
            "Still, Ida Holm said: “We will not sail.”",
            ["Still", "We will not sail."],
            "said",
            [(["We will not sail."], "said")],
            id="a word beside an utterance is not said",
        ),
        pytest.param(
            "“We wait,” Ida Holm said, but the crews of the north will not sail.",
            ["We wait,", "the crews of the north will not sail"],
            "said",
            [(["We wait,"], "said")],
            id="a clause beside an utterance is the reporter's, if the cue does not report it",
        ),
        pytest.param(
            "Ida Holm repeated her promise and stressed that nobody would sail.",
            ["her promise and stressed that nobody would sail"],
            "repeated",
            [(["her promise"], "repeated"), (["that nobody would sail"], "stressed")],
            id="a second verb of speech has a content of its own",
        ),
        pytest.param(
            "The Courier quoted union officials as saying that nobody would sail.",
            ["union officials as saying that nobody would sail"],
            "quoted",
            [(["nobody would sail"], "as saying")],
            id="who is quoted by another speaks",
        ),
        pytest.param(
            "Ida Holm said the crews wanted to stay and said so.",
            ["the crews wanted to stay and said so"],
            "said",
            [(["the crews wanted to stay and said so"], "said")],
            id="a verb inside the content that others do",
        ),
    ],
)
def test_a_tagged_quotation_is_repaired(parse, text, content, cue, expected):
    assert repair(parse(text), text, content, cue) == expected


def test_a_part_that_repeats_the_words_of_one_nearer_to_the_cue_is_apart():
    text = "We will not sail. “We will not sail,” she said."
    content = [Span(0, 17), Span(19, 35)]
    assert split_repeats(content, Span(42, 46), text) == [(Span(19, 35),), (Span(0, 17),)]
