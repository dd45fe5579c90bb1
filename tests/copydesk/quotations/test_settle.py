"""Behaviour of `quotations.settle`: who says something is the subject of what reports it."""

import pytest

import copydesk

pytestmark = pytest.mark.model


def source_of(text, content):
    """Return the source of the quotation that begins with `content`, `that` left out."""
    quotes = copydesk.quotes(text, is_copy=True)
    found = [q.source for q in quotes if q.content.removeprefix("that ").startswith(content)]
    return found[0] if found else "not found"


CASES = """
The new board of the union came in with the help of the Circle, and declared that it would strike.
    it would -> The new board of the union
He gave me the same look when I interviewed him at Tarn and asked him if he’d read the diaries.
    if he’d -> I
The minister, Mohlo Molek, would not confirm whether the ministry knows and said: “Send a letter.”
    Send a -> The minister, Mohlo Molek
He said not all guests were kind, with some calling her out, saying she was wasting money.
    she was -> some
His relatives watched the film, according to their lawyers, and said they had “more questions now”.
    they had -> His relatives
Ida Brandt, calling the report “a bad joke”, left the room.
    the report -> Ida Brandt
Ole Lund, citing figures that the boats were safe, opened the harbour.
    figures that -> Ole Lund
Insisting that the port was safe, Ida Brandt opened the gates.
    the port -> Ida Brandt
"""


PASSED_ON = """
Anna Lund, a councillor in Port Elsa, liked a tweet saying that nurses should leave.
    nurses should -> a tweet
Paul Holm shared a post saying that nurses should leave.
    nurses should -> a post
Paul Holm wrote a post saying that nurses should leave.
    nurses should -> Paul Holm
Paul Holm issued a statement saying that nurses should leave.
    nurses should -> Paul Holm
Paul Holm saw a man shouting that nurses should leave.
    nurses should -> a man
The bridge, described by Paul Holm as “a disgrace,” will close in May.
    The bridge -> Paul Holm
Anna Lund, described by her colleagues as “a quiet woman,” left at noon.
    as “a quiet -> her colleagues
Paul Holm was told by Ida Berg that the bridge would close.
    the bridge would -> Ida Berg
Anna Lund showed us a copy of a card in which a clerk wrote that the port was closed.
    the port was -> a clerk
Anna Lund read a post from a nurse that said: “We are lost.”
    We are -> a post from a nurse
Paul Holm was quoted by the paper as saying that nurses should leave.
    nurses should -> Paul Holm
"""


@pytest.mark.parametrize("case", PASSED_ON.strip().split("\n")[::2])
def test_who_passes_words_on_or_is_described_by_them_does_not_say_them(case):
    lines = PASSED_ON.strip().split("\n")
    content, source = lines[lines.index(case) + 1].strip().split(" -> ")
    assert source_of(case, content) == source


@pytest.mark.parametrize("case", CASES.strip().split("\n")[::2])
def test_a_second_verb_shares_the_subject_of_the_first(case):
    lines = CASES.strip().split("\n")
    content, source = lines[lines.index(case) + 1].strip().split(" -> ")
    assert source_of(case, content) == source


@pytest.mark.parametrize(
    ("content", "source"), [("It is late", "Anna Munk"), ("We are tired", "Carl Brandt, a nurse")]
)
def test_a_source_ends_with_its_sentence(content, source):
    text = "“It is late,” said Anna Munk. Carl Brandt, a nurse, told the Post: “We are tired.”"
    assert source_of(text, content) == source


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Mr Holm denied it and reacted angrily when asked about building permits.", "building"),
        ("Asked to comment on the findings in May, Ida Brandt said: “Nothing.”", "to comment"),
        ("Ida Brandt dodged several questions on whether she would keep the gifts.", "whether"),
        ("Ida Brandt was asked whether she would keep the gifts.", "whether"),
        ("Warning to Scots over poor diet and excessive drinking", "over"),
    ],
)
def test_whom_somebody_asks_is_no_source(text, content):
    assert source_of(text, content) in {None, "not found"}


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        ("General said to be ill", "to be ill", None),
        ("The general, said to have sold his boats, left.", "to have sold", None),
        ("She said to be careful on the quay.", "to be careful", "She"),
    ],
)
def test_nobody_says_what_others_are_said_to_be(text, content, source):
    assert source_of(text, content) == source


def test_what_a_source_reports_of_others_words_is_found_inside_of_its_own():
    inner = "that between 2010 and 2030, the share of boats that leak rose from 5% to 9%"
    outer = f"figures from the Port Elsa Boat Survey revealed {inner}"
    text = f"Dr Ida Munk also said that {outer}."
    rows = [(q.source, q.content) for q in copydesk.quotes(text, is_copy=True)]
    assert rows == [
        ("Dr Ida Munk", outer),
        ("figures from the Port Elsa Boat Survey", inner),
    ]
