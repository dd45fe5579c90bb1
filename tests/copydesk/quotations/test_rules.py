"""Behaviour of `quotations.rules`: who said what, by marks and by the parse."""

import pytest

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.speech import load_cues
from copydesk.quotations.rules import find_quotations
from copydesk.quotations.spoken import is_speech_cue

pytestmark = pytest.mark.model


def quotations(doc, text):
    """Return (type, content, cue, source) of each quotation, as a reader would note them."""

    def words(span):
        return None if span is None else text[slice(*span)]

    return [
        (q.type.value, [words(span) for span in q.content], words(q.cue), words(q.source))
        for q in find_quotations(doc, text)
    ]


@pytest.mark.parametrize(
    ("text", "content", "cue", "source"),
    [
        ("“We will not sail,” Anna Miller said.", "We will not sail,", "said", "Anna Miller"),
        ("“We will not sail,” said Anna Miller.", "We will not sail,", "said", "Anna Miller"),
        ("Anna Miller said: “We will not sail.”", "We will not sail.", "said", "Anna Miller"),
        ("Anna Miller said, “We will not sail.”", "We will not sail.", "said", "Anna Miller"),
        ("“Will you pay us?” asked Paul Holm.", "Will you pay us?", "asked", "Paul Holm"),
        ("“Pay us!” the crews shouted.", "Pay us!", "shouted", "the crews"),
        ("“We will sail,” she told the crews.", "We will sail,", "told", "she"),
        ("Anna Miller: “We will not sail.”", "We will not sail.", None, "Anna Miller"),
        (
            "Anna Miller, who leads the union, warned: “The port will stand still.”",
            "The port will stand still.",
            "warned",
            "Anna Miller",
        ),
        (
            "“We will not sail,” said Anna Miller, the leader of the union.",
            "We will not sail,",
            "said",
            "Anna Miller, the leader of the union",
        ),
        (
            "“They pay us nothing,” the union wrote in a letter.",
            "They pay us nothing,",
            "wrote",
            "the union",
        ),
        ("“It is quiet here.”", "It is quiet here.", None, None),
    ],
)
def test_words_between_marks_are_a_direct_quotation(parse, text, content, cue, source):
    assert quotations(parse(text), text) == [("direct", [content], cue, source)]


def test_words_between_marks_that_a_verb_of_speech_governs_are_quoted(parse):
    text = "Paul Holm called the offer “a disgrace”."
    ((kind, (content,), cue, source),) = quotations(parse(text), text)
    assert (kind, cue, source) == ("mixed", "called", "Paul Holm")
    assert "a disgrace" in content


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ('"We will not sail," Anna Miller said.', "We will not sail,"),
        ("''We will not sail,'' Anna Miller said.", "We will not sail,"),
        ("``We will not sail,'' Anna Miller said.", "We will not sail,"),
        ("‘We will not sail,’ Anna Miller said.", "We will not sail,"),
        ("'We won't sail,' Anna Miller said.", "We won't sail,"),
        ("«We will not sail,» Anna Miller said.", "We will not sail,"),
        ("”We will not sail,” Anna Miller said.", "We will not sail,"),
        ('"We will not sail,” Anna Miller said.', "We will not sail,"),
        ('“We will not sail," Anna Miller said.', "We will not sail,"),
        ("“We will not sail”, Anna Miller said.", "We will not sail"),
    ],
)
def test_marks_of_any_kind_are_quotation_marks(parse, text, content):
    assert quotations(parse(text), text) == [("direct", [content], "said", "Anna Miller")]


@pytest.mark.parametrize(
    ("text", "content", "cue", "source"),
    [
        (
            "Anna Miller said that the crews would not sail.",
            "the crews would not sail",
            "said",
            "Anna Miller",
        ),
        (
            "Anna Miller said the crews would not sail on Monday.",
            "the crews would not sail on Monday",
            "said",
            "Anna Miller",
        ),
        (
            "The crews will not sail, Anna Miller said.",
            "The crews will not sail",
            "said",
            "Anna Miller",
        ),
        (
            "Anna Miller denied that the crews had walked out.",
            "the crews had walked out",
            "denied",
            "Anna Miller",
        ),
        ("The crews believe the owners will pay.", "the owners will pay", "believe", "The crews"),
        (
            "Anna Miller urged the crews to return to work.",
            "to return to work",
            "urged",
            "Anna Miller",
        ),
        (
            "According to Anna Miller, nine ferries lay at the quay.",
            "nine ferries lay at the quay",
            "According to",
            "Anna Miller",
        ),
        (
            "In the words of Anna Miller, the port is asleep.",
            "the port is asleep",
            "In the words of",
            "Anna Miller",
        ),
        (
            "Nine ferries lay at the quay, according to the harbour office.",
            "Nine ferries lay at the quay",
            "according to",
            "the harbour office",
        ),
        (
            "Paul Holm, the mayor of the town, told reporters that the quay would reopen.",
            "the quay would reopen",
            "told",
            "Paul Holm, the mayor of the town",
        ),
    ],
)
def test_a_reported_clause_is_an_indirect_quotation(parse, text, content, cue, source):
    assert quotations(parse(text), text) == [("indirect", [content], cue, source)]


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        (
            "The mayor said the offer was “an insult to the crews” on Monday.",
            "the offer was “an insult to the crews” on Monday",
            "The mayor",
        ),
        (
            "Anna Miller said the crews “will not sail” before Monday.",
            "the crews “will not sail” before Monday",
            "Anna Miller",
        ),
        (
            'Anna Miller said the talks were "over" and that she would leave.',
            'the talks were "over" and that she would leave',
            "Anna Miller",
        ),
    ],
)
def test_a_reported_clause_with_words_between_marks_is_mixed(parse, text, content, source):
    assert quotations(parse(text), text) == [("mixed", [content], "said", source)]


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            "“We will not sail,” Anna Miller said. “Not one ferry.”",
            ["We will not sail,", "Not one ferry."],
        ),
        (
            "“We will not sail,” Anna Miller said, “until the owners pay us.”",
            ["We will not sail,", "until the owners pay us."],
        ),
        (
            "Anna Miller said: “We have waited for years.\n\n“We will not wait any longer.”",
            ["We have waited for years.", "We will not wait any longer."],
        ),
        (
            "“We have waited for years,” Anna Miller said. “We were patient.\n\n“We are tired.”",
            ["We have waited for years,", "We were patient.", "We are tired."],
        ),
        (
            "“We have waited for years.\n\n“We will not wait any longer,” Anna Miller said.",
            ["We have waited for years.", "We will not wait any longer,"],
        ),
    ],
)
def test_parts_of_one_utterance_are_one_quotation(parse, text, contents):
    assert quotations(parse(text), text) == [("direct", contents, "said", "Anna Miller")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "“We will sail,” Anna Miller said.\n\n“We will stay,” Paul Holm said.",
            [("We will sail,", "Anna Miller"), ("We will stay,", "Paul Holm")],
        ),
        (
            "“We will pay,” Anna Miller said. Paul Holm replied: “When?”",
            [("We will pay,", "Anna Miller"), ("When?", "Paul Holm")],
        ),
        (
            "Anna Miller told the crews: “Go home.” “We will not,” they answered.",
            [("Go home.", "Anna Miller"), ("We will not,", "they")],
        ),
        (
            "“We will sail,” Anna Miller said. The crews left.\n\n“The port is open.”",
            [("We will sail,", "Anna Miller"), ("The port is open.", None)],
        ),
    ],
)
def test_utterances_of_several_speakers_stay_apart(parse, text, found):
    rows = quotations(parse(text), text)
    assert [(content, source) for _, (content,), _, source in rows] == found


@pytest.mark.parametrize(
    "text",
    [
        "Nine ferries lay at the quay on Monday.",
        "The so-called “quiet port” is loud.",
        "The song is called “Harbour Lights” and was played twice.",
        "It is said that the port never sleeps.",
        "The crews’ boats don’t sail.",
        "",
        "\n\n",
    ],
)
def test_where_nobody_speaks_there_is_no_quotation(parse, text):
    assert quotations(parse(text), text) == []


def test_who_is_asked_does_not_ask(parse):
    text = "Asked whether the crews would sail, Anna Miller said: “No.”"
    sources = {content[0]: source for _, content, _, source in quotations(parse(text), text)}
    assert sources["No."] == "Anna Miller"
    assert sources.get("whether the crews would sail") is None


def test_what_is_inside_a_direct_quotation_is_not_reported_again(parse):
    text = "“The mayor told me that he would pay,” Anna Miller said."
    found = [content for _, content, *_ in quotations(parse(text), text)]
    assert found == [["The mayor told me that he would pay,"]]


def test_an_unclosed_mark_costs_its_own_paragraph_at_most(parse):
    text = "“We will not sail, Anna Miller said. The crews left.\n\n“We will stay,” Paul Holm said."
    assert quotations(parse(text), text)[-1] == ("direct", ["We will stay,"], "said", "Paul Holm")


@pytest.mark.parametrize(
    ("pos", "lemma", "is_cue"),
    [("VERB", "say", True), ("NOUN", "say", False), ("VERB", "sail", False), ("AUX", "go", True)],
)
def test_a_verb_of_speech_is_a_cue(parsed, pos, lemma, is_cue):
    doc = parsed(("She", "nsubj", 1, "PRON"), ("says", "ROOT", 1, pos), lemmas=["she", lemma])
    assert is_speech_cue(doc[1], load_cues(ENGLISH)) is is_cue


def test_the_subject_of_a_cue_is_the_source_in_a_parse_by_hand(parsed):
    doc = parsed(
        ("Miller", "nsubj", 1, "PROPN"),
        ("said", "ROOT", 1, "VERB"),
        ("that", "mark", 4, "SCONJ"),
        ("crews", "nsubj", 4, "NOUN"),
        ("slept", "ccomp", 1, "VERB"),
        (".", "punct", 1, "PUNCT"),
        lemmas=["Miller", "say", "that", "crew", "sleep", "."],
    )
    assert quotations(doc, doc.text) == [("indirect", ["crews slept"], "said", "Miller")]


@pytest.mark.parametrize(
    "text",
    [
        "“”’’'' said said said: “",
        "said",
        "“\n“\n“ said",
        '" " " " said he " "',
        "according to",
        "According to\n\nAnna Miller\r\nsaid “\xa0”",
        "e\u0301 “👩‍✈️ said” \u0301 she said, “\0",
        "Anna Miller: “We\u2028will” : “ sail",
        "said Anna Miller said Paul Holm said “We” said",
    ],
)
def test_quotations_in_odd_text_are_inside_it(parse, text):
    for quotation in find_quotations(parse(text), text):
        spans = [*quotation.content, quotation.cue or (0, 1), quotation.source or (0, 1)]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert list(quotation.content) == sorted(quotation.content)


@pytest.mark.model
def test_a_participle_after_a_quotation_does_not_take_it_from_its_speaker(parse):
    text = (
        "She put it plainly in a meeting with the owners. Anna Miller expressed her doubts to the "
        "council: “We are working to make sure that nobody drowns,” reflecting on the winter."
    )
    ((_, _, cue, source),) = quotations(parse(text), text)
    assert (cue, source) == ("expressed", "Anna Miller")
