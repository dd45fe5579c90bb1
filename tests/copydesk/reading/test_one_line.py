"""Behaviour of `reading.one_line`: the edges of a text on one line are lines again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.one_line import split_one_line

COPY = (
    "The crews of Port Elsa said on Monday that no ferry would sail until the owners had paid. "
    "“We have waited for a year,” said Ida Brandt. “We will wait no longer, and nor will they.” "
    "The owners told the harbour office that they had asked a court for an order on the strike. "
    "The court is to hear both sides on Friday, according to its spokesman, who gave no hour."
)
TITLE = "Ferries stand still for a third day"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{TITLE} By Ida Brandt {COPY}" + " x" * 40, [TITLE, "By Ida Brandt"]),
        (
            f"{TITLE} By Ida Brandt and Per Holm PORT ELSA (AP) — {COPY}",
            [TITLE, "By Ida Brandt and Per Holm"],
        ),
        (
            f"{TITLE} By Ida Brandt {COPY} Sign up now. © 2031 Harbour Post. All rights reserved.",
            [TITLE, "By Ida Brandt"],
        ),
        (f"{TITLE} By Ida Marie Brandt {COPY} x", [TITLE, "By Ida Marie Brandt"]),
        (f"{TITLE} By Ida van der Holm {COPY} x", [TITLE, "By Ida van der Holm"]),
        (
            f"{TITLE} By Ida Brandt, Per Holm & Odile Krag {COPY}",
            [TITLE, "By Ida Brandt, Per Holm & Odile Krag"],
        ),
        (
            f"Will the ferries sail? By Ida Brandt {COPY} {COPY}",
            ["Will the ferries sail?", "By Ida Brandt"],
        ),
        (
            f"Crews call on U.S. owners to pay By Ida Brandt {COPY}",
            ["Crews call on U.S. owners to pay", "By Ida Brandt"],
        ),
        (f"{TITLE} By Ida Brandt May 3, 2031 {COPY}", [TITLE, "By Ida Brandt", "May 3, 2031"]),
        (
            f"{TITLE} By Ida Brandt Saturday, 3 May 2031 {COPY}",
            [TITLE, "By Ida Brandt", "Saturday, 3 May 2031"],
        ),
        (
            f"{TITLE} By Ida Brandt | May 3, 2031 | {COPY}",
            [TITLE, "By Ida Brandt |", "May 3, 2031 |"],
        ),
        (
            f"{TITLE} By Ida Brandt ida@post.example {COPY}",
            [TITLE, "By Ida Brandt ida@post.example"],
        ),
        (f"{TITLE} By Ida Brandt (@idabrandt) {COPY}", [TITLE, "By Ida Brandt (@idabrandt)"]),
        (f"{TITLE} BY IDA BRANDT {COPY} x", [TITLE, "BY IDA BRANDT"]),
        (
            f"{TITLE} Published: 3 May 2031 By Ida Brandt {COPY}",
            [TITLE, "Published: 3 May 2031", "By Ida Brandt"],
        ),
    ],
)
def test_headline_and_byline_are_lines_of_their_own(text, lines):
    split = split_one_line(text)
    assert split.split("\n")[: len(lines)] == lines
    assert split.split("\n")[len(lines)].startswith(("The crews", "PORT ELSA"))
    assert split.replace("\n", " ") == text


PROMPTS = "Sign up for our newsletter. © 2031 Harbour Post. All rights reserved."


@pytest.mark.parametrize("head", [f"{TITLE} By Ida Brandt ", "", f"{TITLE}\n", f"{TITLE}\n\nBy\n"])
@pytest.mark.parametrize(
    ("tail", "lines"),
    [
        (PROMPTS, ["Sign up for our newsletter.", "© 2031 Harbour Post.", "All rights reserved."]),
        (f"They left. {PROMPTS}", PROMPTS.replace(". ", ".|").split("|")),
        (
            "Follow us on Facebook. More tomorrow. © 2031 Harbour Post.",
            ["Follow us on Facebook.", "More tomorrow.", "© 2031 Harbour Post."],
        ),
    ],
)
def test_prompts_at_the_end_are_lines_of_their_own(head, tail, lines):
    copy = f"{head}{COPY} {COPY}"
    split = split_one_line(f"{copy} {tail}").split("\n")
    assert split[-len(lines) :] == lines
    assert split[-len(lines) - 1].endswith((COPY, "They left."))


@pytest.mark.parametrize(
    "tail",
    [
        "They left. She did not. Nobody knew why.",
        "“We wait. We will go home. We have had it,” she said.",
        '"We wait. We will go home. We have had it," she said.',
        "That was said by Mr. Holm. They met Dr. Krag.",
        "Sign up for our newsletter. The owners said that they would pay what they owe on Friday.",
        "“Sign up for our newsletter. Follow us on Facebook,” they told him.",
    ],
)
def test_the_last_sentences_of_the_copy_stay_with_it(tail):
    text = f"{COPY} {COPY} {tail}"
    assert split_one_line(text) == text


@pytest.mark.parametrize("text", ["", TITLE, f"{TITLE}\n{COPY}", COPY, f"{COPY}\n{COPY}"])
def test_other_texts_stay(text):
    assert split_one_line(text) == text


@given(st.lists(st.sampled_from([*COPY.split(". "), *PROMPTS.split(". "), "They left"])))
def test_a_text_keeps_its_words(sentences):
    text = f"{COPY} {COPY} {'. '.join(sentences)}."
    split = split_one_line(text)
    assert split.split() == text.split()


@given(st.text(alphabet="Ab. By“”\n", min_size=400, max_size=600))
def test_only_spaces_become_line_ends(text):
    split = split_one_line(text)
    assert len(split) == len(text)
    assert all(
        one == other or (one, other) == (" ", "\n") for one, other in zip(text, split, strict=True)
    )
