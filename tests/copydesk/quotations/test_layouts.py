"""Behaviour of speech that a layout sets off: `quotations.layouts` and `quotations.signed`."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.set_off import find_set_off
from copydesk.text.quote_marks import find_quoted

NAMES = ("Ida Holm", "Paul Lund")


def set_off(doc, text):
    """Return source, rule and content of what the layout of a text sets off."""
    return [
        (
            each.source and text[slice(*each.source)],
            each.rule.removeprefix("layout_"),
            " ".join(text[slice(*part)] for part in each.content),
        )
        for each in find_set_off(doc, text, find_quoted(text), language=ENGLISH)
    ]


def page(*lines):
    """Return a page of lines below a headline."""
    return "\n\n".join(["Harbour news", *lines])


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            page(
                "Ida Holm runs the pier. We spoke to Ida Holm on Monday.",
                "Q: Did the talks fail?",
                "A: They did. Nobody listened to us.",
                "And nobody will.",
                "Q: Will you stay?",
                "Holm: That is for the owners to say.",
            ),
            [
                (None, "question", "Did the talks fail?"),
                ("Ida Holm", "answer", "They did. Nobody listened to us. And nobody will."),
                (None, "question", "Will you stay?"),
                ("Holm", "label", "That is for the owners to say."),
            ],
            id="questions and answers",
        ),
        pytest.param(
            page(
                "The board met on Monday.",
                "CAPT. ORTEGA: The wall leaks.",
                "MS. HALVORSEN: Then close it.",
                "(Laughter.)",
                "CAPT. ORTEGA: Gladly.",
            ),
            [
                ("CAPT. ORTEGA", "label", "The wall leaks."),
                ("MS. HALVORSEN", "label", "Then close it."),
                ("CAPT. ORTEGA", "label", "Gladly."),
            ],
            id="a transcript",
        ),
        pytest.param(
            page(
                "We met Ida Holm to talk about boats.",
                "How did you start?",
                "My father had a yard and I swept it.",
                "Would you do it again?",
                "I would. We all would.",
            ),
            [
                (None, "question", "How did you start?"),
                ("Ida Holm", "answer", "My father had a yard and I swept it."),
                (None, "question", "Would you do it again?"),
                ("Ida Holm", "answer", "I would. We all would."),
            ],
            id="an interview with questions in bold",
        ),
        pytest.param(
            page("“It leaks at all ends.” – Ida Holm, skipper"),
            [("Ida Holm", "signature", "It leaks at all ends.")],
            id="signed after a dash",
        ),
        pytest.param(
            page("“It leaks at all ends.”", "— Ida Holm, skipper"),
            [("Ida Holm", "signature", "It leaks at all ends.")],
            id="signed in the next line",
        ),
        pytest.param(
            page("The letter says more.", "Dear Editor,", "I saw the pier. We will not pay.",
                 "Yours sincerely,", "Ida Holm"),
            [("Ida Holm", "letter", "I saw the pier. We will not pay.")],
            id="a letter",
        ),
        pytest.param(
            page("The mayor Ida Munk spoke with this paper.", "EP: Is the pier safe?",
                 "IM: It is not. We will close it.", "EP: And then?", "IM: We build another."),
            [
                (None, "question", "Is the pier safe?"),
                ("IM", "label", "It is not. We will close it."),
                (None, "question", "And then?"),
                ("IM", "label", "We build another."),
            ],
            id="initials of a speaker and of a paper",
        ),
        pytest.param(
            page("In her letter, Ida Holm wrote:", "I have warned you. I will not do it again.",
                 "The pier is old."),
            [("Ida Holm", "block", "I have warned you. I will not do it again.")],
            id="a block that is introduced",
        ),
        pytest.param(
            page("Ida Holm replied:", "> The pier stays.", "> For ever.", "It is old."),
            [("Ida Holm", "block", "The pier stays. For ever.")],
            id="a block that is set off",
        ),
        pytest.param(
            page("Thank you for everything. pic.example/abc", "— Ida Holm (@idaholm) May 3, 2031"),
            [("Ida Holm", "post", "Thank you for everything.")],
            id="a post that is signed",
        ),
        pytest.param(
            page("Ida Holm (@idaholm): You owe me a chair."),
            [("Ida Holm", "post", "You owe me a chair.")],
            id="a post with the name in front",
        ),
        pytest.param(
            page("‘We are not done’: Harbour Board"),
            [("Harbour Board", "heading", "We are not done")],
            id="a heading",
        ),
        pytest.param(
            page("‘We are not done’: Ida Holm on the pier"),
            [("Ida Holm", "heading", "We are not done")],
            id="a heading with the topic",
        ),
        pytest.param(
            page("Tweet from @harbourfire: Please call us about the pier."),
            [("@harbourfire", "post", "Please call us about the pier.")],
            id="a post whose handle is named",
        ),
        pytest.param(
            page("The storm is here.", "14:05 Mayor Ida Holm: Stay at home. It is bad."),
            [("Mayor Ida Holm", "label", "Stay at home. It is bad.")],
            id="an item of a live blog",
        ),
    ],
)  # fmt: skip
def test_layouts_with_speech_are_read(parse, text, expected):
    assert set_off(parse(text), text) == expected


@pytest.mark.model
def test_an_interview_without_a_headline_begins_with_its_first_line(parse):
    lines = ("Ida Holm: Is it over?", "Paul Lund: It is not.", "Ida Holm: When will it be?")
    text = "\n\n".join([*lines, "Paul Lund: In May."])
    assert [said for *_, said in set_off(parse(text), text)] == [
        "Is it over?",
        "It is not.",
        "When will it be?",
        "In May.",
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        page("Location: The old pier.", "Price: Four crowns a day.", "When: Every Monday in May."),
        page("Oct. 6, 1923: First ferry.", "Sept. 29, 1946: The pier burns down."),
        page("Ida Holm: why the pier is old", "The pier was built in 1922."),
        page("What is a pier?", "A pier is a walk over water.", "What does it cost?",
             "It costs four crowns.", "Who built it?", "The city of Dunmere built it."),
        page("The list:", "- Ida Holm", "- Paul Lund"),
        page("Why did the board sell the pier? Ida Holm has doubts.", "She left."),
        page("“The Tin Lighthouse” – a novel of the coast that will be read for years to come, "
             "and that the jury of the city has praised for what it says about the sea"),
        page(
            "The board has elected Ida Holm and Paul Lund. They will share the work:",
            "Ida Holm: Finances, membership, and the yearly report to the council.",
            "Paul Lund: Boats, moorings, and the repair of the quay.",
        ),
    ],
)  # fmt: skip
def test_other_layouts_are_no_speech(parse, text):
    assert set_off(parse(text), text) == []


@pytest.mark.model
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(["We stay here.", "Who pays for it?"])),
        min_size=2,
        max_size=6,
    )
)
def test_each_turn_of_a_transcript_is_said_by_its_label(parse, turns):
    lines = [f"{name.split()[-1].upper()}: {words}" for name, words in turns]
    text = page("Ida Holm met Paul Lund on Monday.", *lines)
    expected = [(name.split()[-1].upper(), "label", words) for name, words in turns]
    assert set_off(parse(text), text) == expected


@pytest.mark.model
@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Q: Why?", "A: No.", "HOLM: I stay.", "“We go.”", "— Ida Holm", ">", ":",
                         "Dear Editor,", "Yours,", "@ida: hello", "Ida Holm wrote:", "Who?", "-"]),
        max_size=8,
    )
)  # fmt: skip
@example(["Ida Holm wrote:", ">"])
def test_what_is_set_off_lies_in_the_text_and_never_twice(parse, lines):
    text = "\n\n".join(lines)
    found = find_set_off(parse(text), text, find_quoted(text), language=ENGLISH)
    parts = [part for each in found for part in each.content]
    assert all(0 <= part.start < part.end <= len(text) for part in parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))
