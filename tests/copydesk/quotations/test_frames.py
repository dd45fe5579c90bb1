"""Behaviour of quotations in many frames: the words and who says them, for names of many regions.

The frames are those of news: orders of content, cue and source, colons, documents, second hand.
"""

import pytest

import copydesk

pytestmark = pytest.mark.model

NAMES = ["Ida Brandt", "Khalid al-Rashidi", "Zsófia Kerekes"]
WORDS = "The harbour will close for good"
CLAUSE = "the harbour will close for good"
BEFORE = "The council of Tarn met on Monday to talk about the fees."
AFTER = "The council meets again on Friday."


def page(*paragraphs):
    return "\n\n".join([BEFORE, *paragraphs, AFTER])


def said(*paragraphs):
    """Return what is said in a text: content without marks at its ends, speaker, assertion."""
    return [
        (quote.content.strip("“”‘’ .,"), quote.speaker, quote.row.assertion.value)
        for quote in copydesk.quotes(page(*paragraphs), is_copy=True)
        if quote.row.is_speech
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "frame",
    [
        "“{words},” {name} said.",
        "“{words},” said {name}, a baker from Tarn.",
        "{name}, who has led the union since 2028, said: “{words}.”",
        "{name} remembers the night well: “{words}.”",
        "{name} shares that view: “{words}.”",
        "In the words of {name}: “{words}.”",
        "To quote {name}: “{words}.”",
        "Then came {name}: “{words}.”",
        "{name} was quoted as saying: “{words}.”",
        "{name} was quoted by the Holm Daily as saying: “{words}.”",
        "The Holm Daily quoted {name} as saying: “{words}.”",
        "A statement from {name} read: “{words}.”",
        "{name}’s letter to the council read: “{words}.”",
        "“{words},” said a statement attributed to {name}.",
        "“{words},” {name} would say.",
        "“{words},” {name} likes to say.",
        "{name} pointed out that {clause}.",
        "{name} made it clear that {clause}.",
        "{name} is adamant that {clause}.",
        "{name} said, among other things, that {clause}.",
        "{name}, who said {clause}, will speak on Friday.",
        "{name} was among those who said {clause}.",
        "Union leader {name} told a news conference that {clause}.",
    ],
)
def test_the_words_of_a_frame_are_those_of_its_speaker(name, frame):
    found = said(frame.format(name=name, words=WORDS, clause=CLAUSE))
    assert [(content.removeprefix("that ").lower(), who, how) for content, who, how in found] == [
        (CLAUSE, name, "said")
    ]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        (
            "Paul Orr asked Ted Farr if the plan was sound. “It is mad,” he said.",
            "It is",
            "Ted Farr",
        ),
        ("Ida Orr asked Ted Farr if it was sound. “I wonder,” she said.", "I wonder", "Ida Orr"),
        (
            "Paul Orr told Ted Farr that it was sound. “It is not mad,” he said.",
            "It is",
            "Paul Orr",
        ),
    ],
)
def test_who_is_asked_answers(text, content, speaker):
    assert [who for words, who, _ in said(text) if words.startswith(content)] == [speaker]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Paul Holm wept. In the words of Ida Brandt, “nobody is safe”.", "nobody", "Ida Brandt"),
        ("The port is, in the words of Ida Brandt, “a dark place”.", "a dark place", "Ida Brandt"),
        ("“Where to?” groaned Paul Holm. “Nowhere,” shrugged pensioner Ida Brandt.", "Nowhere",
         "Ida Brandt"),
        ("“Nobody asked us,” sighed ferry captain Ida Brandt from her house.", "Nobody",
         "Ida Brandt"),
        ("“It burned,” said a homeless man who goes by the name “Pebble”.", "It burned", "Pebble"),
        ("“We ran,” said a woman who gave her name only as Amina.", "We ran", "Amina"),
        ("“It is over,” said a fighter known as Abu Omar.", "It is over", "Abu Omar"),
        ("“I left,” said a mother of two named Ida Brandt.", "I left", "Ida Brandt"),
        ("Downing Street called the plan “deeply flawed”.", "the plan", "Downing Street"),
        ("The Saltport crews’ union said the plan was “absurd”.", "the plan",
         "Saltport crews’ union"),
    ],
)  # fmt: skip
def test_who_speaks_is_found_by_what_they_are_called(text, content, speaker):
    assert [who for words, who, _ in said(text) if words.startswith(content)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "A letter to Ida Brandt said the boats were old.",
        "A report on Ida Brandt’s firm said the boats were old.",
        "Ida Brandt was asked whether the boats were old.",
        "Ida Brandt has been told that the boats were old.",
        "“A man known to the police,” he said.",
    ],
)
def test_who_is_only_written_or_spoken_to_says_nothing(text):
    assert [who for _, who, _ in said(text)] in ([], [None])


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            ["Ida Brandt gave two reasons:", "“{words}.”", "“Nobody pays.”", "Holm left."],
            [(f"{WORDS}. Nobody pays", "Ida Brandt")],
        ),
        (
            ["Ida Brandt gave two reasons:", "1. “{words}.”", "2. “Nobody pays.”"],
            [(f"{WORDS}. Nobody pays", "Ida Brandt")],
        ),
        (
            ["Ida Brandt wrote:", "“{words}.”", "“Nobody pays,” replied Paul Holm."],
            [(WORDS, "Ida Brandt"), ("Nobody pays", "Paul Holm")],
        ),
        (
            ["Q: What will happen?", "Ida Brandt: {words}.", "Q: And then?",
             "Ida Brandt: Nothing."],
            [
                ("What will happen?", None),
                (WORDS, "Ida Brandt"),
                ("And then?", None),
                ("Nothing", "Ida Brandt"),
            ],
        ),
        (
            ["Ida Brandt is the mayor.", "Holm Daily: What will happen?", "Brandt: {words}.",
             "Holm Daily: And then?", "Brandt: Nothing."],
            [
                ("What will happen?", None),
                (WORDS, "Ida Brandt"),
                ("And then?", None),
                ("Nothing", "Ida Brandt"),
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_below_a_colon_is_of_whom_it_names(paragraphs, expected):
    found = said(*(paragraph.format(words=WORDS) for paragraph in paragraphs))
    assert [(content, who) for content, who, _ in found] == expected


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["Ida Brandt: 1,769.", "Paul Holm: 547.", "Ida Brandt and Paul Holm were counted."],
        ["Brandt: Now or never.", "Ida Brandt needs a win.", "Holm: A surge.", "Paul Holm leads."],
    ],
)
def test_headings_and_figures_with_a_name_are_no_speech(paragraphs):
    assert said(*paragraphs) == []


def test_an_answer_after_a_question_of_the_author_is_a_quotation_of_its_own():
    found = said("Ida Brandt smiles. “I like it here.” Would she leave? “Never.”")
    assert [(content, who) for content, who, _ in found] == [
        ("I like it here", "Ida Brandt"),
        ("Never", "Ida Brandt"),
    ]


def test_a_headline_has_the_speaker_whom_the_text_names_for_its_words():
    text = (
        "‘We were lied to’, says widow of skipper\n\nThe widow of a skipper spoke on Monday.\n\n"
        "‘We were lied to from the first day,’ said Gwenllian Pryce, 58."
    )
    quotes = copydesk.quotes(text, is_copy=True)
    assert {quote.speaker for quote in quotes if quote.content.startswith("We were")} == {
        "Gwenllian Pryce"
    }


def test_words_that_somebody_hears_are_not_those_of_who_reports_it():
    text = page("‘The cook told me: “Say you saw nothing,”’ said Ida Brandt.")
    inner = [q for q in copydesk.quotes(text, is_copy=True) if q.content.startswith("Say you")]
    assert all(quote.speaker != "Ida Brandt" for quote in inner)
