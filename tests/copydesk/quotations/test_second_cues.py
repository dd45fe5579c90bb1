"""Behaviour of `quotations.second_cues`: each verb of speech has its own words."""

import pytest

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.speech import load_cues
from copydesk.quotations.second_cues import split_cues
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.values import Span

pytestmark = pytest.mark.model


def split(doc, content, cue):
    """Return the contents and the cues of a quotation that is split."""
    places = [
        Span(doc.text.index(words), doc.text.index(words) + len(words)) for words in (content, cue)
    ]
    found = TaggedQuotation((places[0],), places[1], None, 0.9)
    return [
        (doc.text[slice(*each.content[0])], doc.text[slice(*each.cue)])
        for each in split_cues(found, doc, load_cues(ENGLISH))
    ]


@pytest.mark.parametrize(
    ("text", "content", "cue", "expected"),
    [
        pytest.param(
            "Ida Holm called the plan a lie, adding that the crews would sail on Friday.",
            "the plan a lie, adding that the crews would sail on Friday",
            "called",
            [("the plan a lie", "called"), ("that the crews would sail on Friday", "adding")],
            id="a participle has its own words",
        ),
        pytest.param(
            "Holm acknowledged the delay, stating that nobody was hurt and noting it was late.",
            "the delay, stating that nobody was hurt and noting it was late",
            "acknowledged",
            [
                ("the delay", "acknowledged"),
                ("that nobody was hurt", "stating"),
                ("it was late", "noting"),
            ],
            id="so has each of several",
        ),
        pytest.param(
            "Ida Holm said that the mayor had slept, and accused the council of lying.",
            "that the mayor had slept, and accused the council of lying",
            "said",
            [("that the mayor had slept", "said"), ("the council of lying", "accused")],
            id="whoever is accused is in what is said",
        ),
        pytest.param(
            "Ida Holm said Ola Vik had left the island, claiming that he was ill.",
            "Ola Vik had left the island, claiming that he was ill",
            "said",
            [("Ola Vik had left the island, claiming that he was ill", "said")],
            id="a participle of somebody else stays in the words",
        ),
        pytest.param(
            "Ida Holm condemned the ban, using a loudspeaker.",
            "the ban, using a loudspeaker",
            "condemned",
            [("the ban, using a loudspeaker", "condemned")],
            id="other participles are no cue",
        ),
    ],
)
def test_a_content_falls_apart_by_its_verbs_of_speech(parse, text, content, cue, expected):
    assert split(parse(text), content, cue) == expected
