"""Behaviour of `mentions.pronouns`: a pronoun stands for the likeliest, or for nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_pronouns, load_titles
from copydesk.lexicons.names import load_name_genders
from copydesk.mentions.chains import chain_names
from copydesk.mentions.descriptions import resolve_descriptions
from copydesk.mentions.names import find_names
from copydesk.mentions.pronouns import resolve_pronouns

PRONOUNS = load_pronouns(ENGLISH)

WORDS = ["Ida Brandt", "Paul Holm", "Mr Holm", "Saltport Union", "It", "they", "he", "she", "his",
         "her", "himself", "saw", "said", "and", "the ferry", ".", ",", "“", "”", "\n"]  # fmt: skip

pytestmark = pytest.mark.model


def read_pronouns(doc, names, barred=None):
    """Return whom the pronouns of a text stand for, those of people and those that speak."""
    chains = chain_names(names)
    described = resolve_descriptions(doc, names, chains)
    return resolve_pronouns(doc, names, chains, described, barred or {})


def referents(doc, text):
    """Return the pronouns of a text in order, each with the name that it stands for, or None."""
    names = find_names(doc, text)
    found = read_pronouns(doc, names)
    return [
        (token.text, names[found[token.i].head].text if token.i in found else None)
        for token in doc
        if token.lower_ in PRONOUNS.people | PRONOUNS.organisations
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paul Holm sailed. He sang.", [("He", "Paul Holm")]),
        ("Paul Holm met Ida Brandt. She sang.", [("She", "Ida Brandt")]),
        ("Paul Holm met Ida Brandt. He sang and she smiled.",
         [("He", "Paul Holm"), ("she", "Ida Brandt")]),
        ("Ida Brandt left. Her ship sank.", [("Her", "Ida Brandt")]),
        ("Paul Holm hurt himself.", [("himself", "Paul Holm")]),
        ("Paul Holm met Carl Lund on the quay. He was late. He had missed the ferry.",
         [("He", "Paul Holm"), ("He", "Paul Holm")]),
        ("Carl Lund came on Monday. Paul Holm asked him to stay.", [("him", "Carl Lund")]),
        (("They say that Paul Holm’s words harm Paul Holm and that Paul Holm knows it. Carl Lund "
         "voted for Paul Holm. He said so."), [("They", None), ("it", None), ("He", "Carl Lund")]),
        ("Warren sailed. Ida Warren’s crew sang. She smiled.", [("She", "Ida Warren")]),
        ("In his speech on Monday, Paul Holm thanked the crews.", [("his", "Paul Holm")]),
        ("Mrs Quillan owns the ferry. She sold it.",
         [("She", "Quillan"), ("it", None)]),
        ("Ida Brandt sailed. He sang.", [("He", None)]),
        ("Zorba Lund met Ida Brandt. He said no. She said yes.",
         [("He", "Zorba Lund"), ("She", "Ida Brandt")]),
        ("Paul Holm met his wife, Xenna Lund. She sang.",
         [("his", "Paul Holm"), ("She", "Xenna Lund")]),
        ("The ferry sailed. She sank.", [("She", None)]),
        ("Mayor Ida Holm met Berit Lund. The mayor smiled. She sang.", [("She", "Ida Holm")]),
    ],
)  # fmt: skip
def test_a_pronoun_refers_to_the_likeliest_person_of_its_gender(parse, text, expected):
    assert referents(parse(text), text) == expected


NEW_SUBJECTS = [
    # The subject of the sentence before, not whoever the article was about until then.
    "Paul Holm paid for it, and Holm is proud. Kofi Danso, a trader, was less happy. He sang.",
    "Paul Holm opened the quay.\n\nBut Kofi Danso has doubts. He sang.",
    "Paul Holm spoke of Carl Lund.\n\nKofi Danso handed Paul Holm a letter. He sang.",
    "After Paul Holm had left, it was Kofi Danso who opened the quay. He sang.",
    "Paul Holm opened the quay. The first to speak was Kofi Danso. He sang.",
    "Paul Holm spoke first. It was Holm's deputy, Kofi Danso, who opened the quay. He sang.",
    # Whom somebody asks answers, not whom they ask about.
    "Reporters asked Kofi Danso about Paul Holm. He sang.",
    "Kofi Danso sat down in the bar. I asked if Paul Holm would win. He sang.",
]


@pytest.mark.parametrize("text", NEW_SUBJECTS)
def test_who_comes_in_as_a_subject_is_meant(parse, text):
    assert referents(parse(text), text)[-1] == ("He", "Kofi Danso")


@pytest.mark.parametrize(
    "text",
    [
        "Paul Holm was jailed on Friday. A witness described the night. He sang.",
        "Paul Holm was jailed on Friday.\n\nAnother villager told the court about it. He sang.",
        "Ida Brandt was jailed on Friday. The victim wept in court. She sang.",
        "Paul Holm was jailed on Friday. A man from the coast saw it. He sang.",
    ],
)
def test_somebody_without_a_name_comes_before_the_one_talked_about(parse, text):
    assert referents(parse(text), text)[-1][1] is None


@pytest.mark.parametrize(
    ("text", "referent"),
    [
        ("Paul Holm was jailed. A woman from the coast saw it. He sang.", "Paul Holm"),
        ("The first witness was Kofi Danso. He sang.", "Kofi Danso"),
        ("A lawyer, Kofi Danso, came in. He sang.", "Kofi Danso"),
        ("Kofi Danso, a lawyer, came in. The lawyer waited. He sang.", "Kofi Danso"),
    ],
)
def test_a_noun_beside_a_name_is_nobody_new(parse, text, referent):
    assert referents(parse(text), text)[-1] == ("He", referent)


@pytest.mark.parametrize("marker", ["uses they/them pronouns", "goes by they", "is non-binary"])
def test_they_is_one_person_where_the_text_says_so(parse, marker):
    text = f"Robin Lund, who {marker}, won the cups. They said the races were hard."
    assert referents(parse(text), text)[-1] == ("They", "Robin Lund")


def test_they_is_nobody_where_the_text_does_not_say_so(parse):
    text = "Robin Lund won the cups. They said the races were hard."
    assert referents(parse(text), text)[-1] == ("They", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Saltport Union called a strike. It said the crews had no choice.",
         [("It", "Saltport Union")]),
        ("Northreach Ltd cut pay on Monday. They said money was short.",
         [("They", "Northreach Ltd")]),
        ("Norway closed its ports. “Nobody sails,” it added.", [("it", "Norway")]),
        ("The Saltport Union said ferries would stop. “The crews agree,” it said.",
         [("it", "Saltport Union")]),
        ("The Saltport Union called a strike. The crews met. They said they had no choice.",
         [("They", None), ("they", None)]),
        ("The Saltport Union called a strike. It rained.", [("It", None)]),
        ("The Saltport Union struck. It rained. Fog came in. Rain fell. It said no.",
         [("It", None), ("It", None)]),
        ("Ida Brandt leads the union. They said no.", [("They", None)]),
        ("The Saltport Union told crews to strike. They said pay was low.", [("They", None)]),
    ],
)  # fmt: skip
def test_it_and_they_stand_for_the_body_that_spoke_last(parse, text, expected):
    assert referents(parse(text), text) == expected


def test_a_pronoun_stands_for_nobody_who_is_barred(parse):
    text = "Ida Brandt met Berit Lund. She sang."
    doc = parse(text)
    names = find_names(doc, text)
    she = next(token.i for token in doc if token.text == "She")
    assert names[read_pronouns(doc, names)[she].head].text == "Ida Brandt"
    assert names[read_pronouns(doc, names, {she: frozenset({0})})[she].head].text == "Berit Lund"
    assert read_pronouns(doc, names, {she: frozenset({0, 1})}) == {}


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_text_gives_heads_of_persons(parse, words):
    text = " ".join(words)
    doc = parse(text)
    names = find_names(doc, text)
    chains = chain_names(names)
    for i, found in read_pronouns(doc, names).items():
        assert chains[found.head].head == found.head
        assert (names[found.head].label == "PERSON") == (doc[i].lower_ in PRONOUNS.people)
        assert 0 <= found.rival <= 1


def test_a_given_name_shows_one_gender():
    names = load_name_genders(ENGLISH)
    assert {*names.values()} == {"female", "male"}
    assert all(name == name.casefold() and name.isascii() for name in names)
    assert not names.keys() & load_titles(ENGLISH).honorifics
