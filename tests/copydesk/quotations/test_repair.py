"""Behaviour of `quotations.repair`: what the tagger took together falls apart by its cues."""

import pytest

from copydesk.quotations.repair import repair_content, split_repeats
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.quote_marks import find_quoted
from copydesk.values import Span


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
            "The union warned that nobody would sail: “We are tired,” its clerk Ola Vik told us.",
            ["that nobody would sail: “We are tired,”"],
            "warned",
            [(["that nobody would sail"], "warned"), (["We are tired,"], "told")],
            id="an utterance with an attribution of its own is not the first one's",
        ),
        pytest.param(
            "The union warned: “We are tired,” and its secretary agreed.",
            ["We are tired,"],
            "warned",
            [(["We are tired,"], "warned")],
            id="what others do behind an utterance is no attribution",
        ),
        pytest.param(
            "Ida Holm said the crews were “tired.” Ola Vik said nothing.",
            ["the crews were “tired.”"],
            "said",
            [(["the crews were “tired.”"], "said")],
            id="the next sentence is no attribution",
        ),
        pytest.param(
            "Ida Holm condemned the ban, using a loudspeaker to reach the crews.",
            ["the ban, using a loudspeaker to reach the crews"],
            "condemned",
            [(["the ban"], "condemned")],
            id="what somebody does beside it is not said",
        ),
        pytest.param(
            "Ida Holm said that the crews would not sail, shaking her head.",
            ["that the crews would not sail, shaking her head"],
            "said",
            [(["that the crews would not sail"], "said")],
            id="a gesture is not said",
        ),
        pytest.param(
            "Holm told the board there was “no need to panic”, but urged them to buy boats.",
            ["there was “no need to panic”, but urged them to buy boats"],
            "told",
            [(["there was “no need to panic”"], "told"), (["them to buy boats"], "urged")],
            id="a turn after words between marks",
        ),
        pytest.param(
            "Ida Holm suggested the owners had left the island, without giving any details.",
            ["the owners had left the island, without giving any details"],
            "suggested",
            [(["the owners had left the island"], "suggested")],
            id="what is withheld is not said",
        ),
        pytest.param(
            "The minister, insisting that the port was safe, left the room.",
            ["that the port was safe, left the room"],
            "insisting",
            [(["that the port was safe"], "insisting")],
            id="a participle between commas ends before what its subject does",
        ),
        pytest.param(
            "“It was dark”, said Holm, adding: “We saw nothing,” before she left the room.",
            ["“We saw nothing,” before she left the room"],
            "adding",
            [(["We saw nothing,"], "adding")],
            id="a whole utterance after a colon ends with its marks",
        ),
        pytest.param(
            "Holm wrote: “We saw nothing,” and “We heard nothing.”",
            ["“We saw nothing,” and “We heard nothing.”"],
            "wrote",
            [(["“We saw nothing,” and “We heard nothing.”"], "wrote")],
            id="two utterances after a colon stay together",
        ),
        pytest.param(
            "Holm wrote: “Fog!” is the best film of the year.",
            ["“Fog!” is the best film of the year"],
            "wrote",
            [(["“Fog!” is the best film of the year"], "wrote")],
            id="a title after a colon keeps what is said of it",
        ),
        pytest.param(
            "Holm called it “A Bad Joke,” a film of the year, in passing.",
            ["“A Bad Joke,” a film of the year"],
            "called",
            [(["“A Bad Joke,” a film of the year"], "called")],
            id="without a colon words may go on after marks",
        ),
        pytest.param(
            "Ida Holm said the owners had left the island, leaving the crews without pay.",
            ["the owners had left the island, leaving the crews without pay"],
            "said",
            [(["the owners had left the island, leaving the crews without pay"], "said")],
            id="what follows from something is said",
        ),
        pytest.param(
            "Although the company vowed to pay the crews in May, little has happened.",
            ["to pay the crews in May, little has happened"],
            "vowed",
            [(["to pay the crews in May"], "vowed")],
            id="a side clause ends before the main clause",
        ),
        pytest.param(
            "While officials claim the plan is not final, it could raise rents.",
            ["the plan is not final, it could raise rents"],
            "claim",
            [(["the plan is not final"], "claim")],
            id="a side clause without that ends before the main clause",
        ),
        pytest.param(
            "The board added that after a meeting in May, Ola Vik confirmed the ferry would sail.",
            ["that after a meeting in May"],
            "added",
            [(["that after a meeting in May, Ola Vik confirmed the ferry would sail"], "added")],
            id="a clause is taken to its verb",
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
            "Holding up a letter, Ida Holm said, “We will not sail.”",
            ["Holding up a letter", "We will not sail."],
            "said",
            [(["We will not sail."], "said")],
            id="what sets the scene is not said",
        ),
        pytest.param(
            "“In the end,” Ida Holm said, “we will not sail.”",
            ["In the end,", "we will not sail."],
            "said",
            [(["In the end,", "we will not sail."], "said")],
            id="an utterance that goes on after its cue",
        ),
        pytest.param(
            "Ida Holm admitted that the owners paid her rent but insisted it was a loan.",
            ["that the owners paid her rent but insisted it was a loan"],
            "admitted",
            [(["that the owners paid her rent"], "admitted"), (["it was a loan"], "insisted")],
            id="a verb of speech after `but` goes with the cue",
        ),
        pytest.param(
            "Ida Holm promised to answer but did not do so.",
            ["to answer but did not do so"],
            "promised",
            [(["to answer"], "promised")],
            id="what somebody did is not what they promised",
        ),
        pytest.param(
            "Ida Holm said that she would stay, as did Paul Lund.",
            ["that she would stay, as did Paul Lund"],
            "said",
            [(["that she would stay"], "said")],
            id="what another did is the author's",
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


@pytest.mark.model
def test_words_after_another_subject_are_that_ones(parse):
    text = "“We wait,” Paul Holm said, and his brother cut in. “We sail.”"
    spans = (span_in(text, "We wait,"), span_in(text, "We sail."))
    found = TaggedQuotation(spans, span_in(text, "said"), span_in(text, "Paul Holm"), 0.9)
    repaired = repair_content(found, parse(text), text, quoted=find_quoted(text))
    assert [each.source and text[slice(*each.source)] for each in repaired] == [
        "Paul Holm",
        "his brother",
    ]


def test_a_part_that_repeats_the_words_of_one_nearer_to_the_cue_is_apart():
    text = "We will not sail. “We will not sail,” she said."
    content = [Span(0, 17), Span(19, 35)]
    assert split_repeats(content, Span(42, 46), text) == [(Span(19, 35),), (Span(0, 17),)]
