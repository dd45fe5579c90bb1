"""Behaviour of open quoted paragraphs: of an interview, and of whom a text still speaks."""

import pytest

import copydesk

pytestmark = pytest.mark.model

INTERVIEW = """For this interview I met Ida Brandt in her office above the quay.

“I never wanted to lead a port,” says Brandt.

Is the mayor a good leader?

“Well, I’m fully supportive of him, and I want him to succeed.”

But you’ve just written a book for him, I say.

“No, I wrote the book for leaders. The lessons are the same wherever you are.”

Why was there such a turn away from the port?

“Because we thought that they were chaotic, and I said so.”

If you speak to sailors, they’ll tell you the sea is rougher than it was. Brandt is unconvinced.

“I think about that a lot, because I respect them. I find it hard to believe.”"""


def speakers(text):
    """Return who says each quotation that is all between marks."""
    quotes = copydesk.quotes(text, is_copy=True)
    return {q.speaker for q in quotes if q.type == "direct" and q.assertion == "said"}


def test_open_paragraphs_of_an_interview_are_those_of_the_one_who_is_asked():
    assert speakers(INTERVIEW) == {"Ida Brandt"}


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        ("She has already been forced to sell her field.", "Ida Brandt"),
        ("Brandt walks to the quay every night.", "Ida Brandt"),
    ],
)
def test_a_quoted_paragraph_is_of_who_spoke_last_if_the_text_still_speaks_of_them(between, speaker):
    text = f"“This is our daily life now,” Ida Brandt said.\n\n{between}\n\n“It breaks my heart.”"
    found = copydesk.quotes(
        f"Tarn is a port.\n\n{text}\n\nThe council meets on Friday.", is_copy=True
    )
    assert [q.speaker for q in found if q.content.startswith("It breaks")] == [speaker]
