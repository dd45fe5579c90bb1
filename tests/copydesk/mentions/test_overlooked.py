"""Behaviour of `mentions.overlooked`: names that the parser takes for none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.names import load_name_words
from copydesk.mentions.names import find_names

OPENING = "Paul Miller praised the new market on Monday.\n\n"


def people_of(parse, text):
    return [n.text for n in find_names(parse(text), text) if n.label == "PERSON"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "she"),
    [
        ("Liesbeth de Groot", "she"),
        ("Dalal Sabbagh", "she"),
        ("Chinonso Obi", "he"),
        ("Ryu Hye-won", "she"),
        ("Thandeka Zulu", "she"),
        ("Lerato Mokoena", "she"),
    ],
)
def test_a_name_of_any_region_is_found_where_the_person_speaks(parse, name, she):
    text = f"{OPENING}{name} has sold fish there for ten years. “It is too loud,” {she} said."
    assert people_of(parse, text) == ["Paul Miller", name]


@pytest.mark.model
@pytest.mark.parametrize(
    "name",
    [
        "Seán Mac Giolla Brandt",
        "Nasir ad-Din Karim",
        "Jan van ’t Holm",
        "Gerard ’t Holm",
        "Rhys ap Owain",
        "Máire Nic Aodha",
        "Salah ud-Din Khan",
    ],
)
def test_a_name_with_a_particle_of_any_language_is_whole(parse, name):
    text = f"{OPENING}{name} said that the market was too loud. Mayor {name} agreed."
    assert people_of(parse, text) == ["Paul Miller", name, name]


@pytest.mark.model
def test_a_pronoun_in_capitals_is_no_name(parse):
    text = "MAYOR ANNA LUND SAID THE BRIDGE WAS SAFE. “WE ARE GLAD,” SHE SAID."
    assert "SHE" not in [name.text for name in find_names(parse(text), text)]


@pytest.mark.model
@pytest.mark.parametrize(
    "heading", ["‘Signs of life’: Corwell Bank", "‘A sell-off’: Harrow Securities"]
)
@pytest.mark.parametrize(
    "name", ["Royce Mendry", "David Wattle", "Ida Quill", "Chinonso Obi", "Dalal Sabbagh"]
)
def test_a_name_is_whole_at_the_start_of_a_line_below_a_signed_heading(parse, heading, name):
    surname = name.split()[-1]
    text = f"{heading}\n{name} of Elsa Fund said the sell-off was over.\n“It is,” {surname} said."
    people = [person for person in people_of(parse, text) if surname in person]
    assert people == [name, surname]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Saltport Bridge was closed for a week. “It is too old,” she said.",
        "New Market Prices Are Too High. “It is too loud,” she said.",
    ],
)
def test_a_place_and_a_headline_are_no_person(parse, text):
    assert people_of(parse, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Choi Dong-hyun", True),
        ("Tsai Ing-wen", True),
        ("New York-based", False),
        ("Hong Kong-run", False),
        ("White House-led", False),
    ],
)
def test_a_family_name_before_two_syllables_is_a_form_of_names(text, found):
    assert bool(load_name_words(ENGLISH).hyphenated.fullmatch(text)) is found


@pytest.mark.model
@given(st.text(alphabet="AZaz -.\n“”", max_size=60))
def test_no_two_names_overlap_in_any_text(parse, text):
    names = find_names(parse(text), text)
    assert all(one.end <= other.start for one, other in pairwise(names))
