"""Behaviour of `mentions.edges` and `mentions.acronyms`: where names begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.mentions.acronyms import abbreviates, find_acronyms
from copydesk.mentions.name import name_parts
from copydesk.mentions.names import find_names

NAMES_OF_REGIONS = {
    "Arabic": ["Khalid bin Nasser al-Harun", "Samira El Badrani", "Omar Abdel Fattah"],
    "Turkish": ["Şule Karadağ", "Emre Yıldıran"],
    "Persian": ["Parvaneh Golestani", "Kaveh Shirdel"],
    "Indian": ["R K Venkataswamy", "Meenakshi Iyengar", "Harpreet Kaur Dhillon"],
    "Chinese": ["Zhao Weimin", "Ouyang Lihua"],
    "Vietnamese": ["Tran Van Dung", "Nguyen Van Bich"],
    "Korean": ["Han Seo-yun", "Bae Do-hyun"],
    "West African": ["Kwabena Asante-Ofori", "Adaeze Nwachukwu", "Fatoumata Diabira"],
    "East African": ["Wanjiru Kimathi", "Juma Otienga"],
    "Southern African": ["Nomvula Dlakama", "Thabo Mokgosi"],
    "Slavic": ["Ivan Petrovich Sidorenko", "Zofia Wierzbowska"],
    "Iberian": ["Ana Ortega Villalba", "Maria de la Peña Soto"],
    "Dutch": ["Pieter van der Holm", "Sanne ten Brink"],
}
PEOPLE = [name for names in NAMES_OF_REGIONS.values() for name in names]


@pytest.mark.parametrize(
    ("short", "name", "is_one"),
    [
        ("NFB", "National Ferry Board", True),
        ("Confer", "Confederation of Ferries", True),
        ("SLTD", "Board of Lighthouses", True),
        ("MinTrans", "Ministry of Transport", True),
        ("Ohio", "National Ferry Board", False),
        ("Monday", "Ministry of Transport", False),
        ("OK", "National Ferry Board", False),
    ],
)
def test_an_acronym_has_the_letters_of_its_name_or_is_in_capitals(short, name, is_one):
    assert abbreviates(short, name) is is_one


def test_an_acronym_is_found_after_its_name():
    text = "The National Ferry Board (NFB) met. The Harbour Trust (in Elsa) did not."
    places = [(4, 24), (text.index("Harbour"), text.index(" (in"))]
    assert [(i, text[slice(*span)]) for i, span in find_acronyms(text, places)] == [(0, "NFB")]


@given(st.text(alphabet="AbC .()“”", max_size=40), st.integers(0, 20), st.integers(1, 20))
def test_an_acronym_is_inside_brackets_after_the_name(text, start, length):
    end = min(len(text), start + length)
    for _, span in find_acronyms(text, [(start, end)] if start < end else []):
        assert span.start > end
        assert "(" in text[end : span.start]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Pieter van der Holm", ("pieter", "holm")),
        ("Van der Holm", ("holm",)),
        ("Maria de la Peña Soto", ("maria", "peña", "soto")),
        ("Ida “Idy” Brandt", ("ida", "brandt")),
        ("Lady Brandt", ("brandt",)),
        ("van", ("van",)),
    ],
)
def test_a_name_is_compared_without_particles_and_nicknames(name, parts):
    assert name_parts(name) == parts


@given(st.text(max_size=30))
def test_every_name_has_a_part(name):
    assert len(name_parts(name)) >= 1


def names_of(parsed, *words, ents, pos=None):
    rows = [
        (word, "dep", 0, (pos or {}).get(word, "PROPN" if word[0].isupper() else "NOUN"))
        for word in words
    ]
    doc = parsed(*rows, ents=ents)
    return [(name.text, name.label) for name in find_names(doc, doc.text)]


@pytest.mark.parametrize(
    "title", ["Gen", "Pol Col", "King", "Sheikh", "Crown Prince", "Datuk", "Supt"]
)
@pytest.mark.parametrize("name", ["Holm", "Ida Brandt"])
def test_titles_are_no_part_of_a_name(parsed, title, name):
    words = [*title.split(), *name.split()]
    found = names_of(parsed, *words, ents=["B-PERSON"] + ["I-PERSON"] * (len(words) - 1))
    assert found == [(name, "PERSON")]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Baker Ida Brandt", "Ida Brandt"),
        ("Plumber Tau Mohau", "Tau Mohau"),
        ("Baker Brandt", "Baker Brandt"),
        ("Carter Ida Brandt", "Carter Ida Brandt"),
    ],
)
def test_a_trade_is_no_part_of_a_name_that_has_two_others(parsed, words, name):
    found = names_of(parsed, *words.split(), ents=["B-PERSON", *["I-PERSON"] * words.count(" ")])
    assert found == [(name, "PERSON")]


@pytest.mark.parametrize("title", ["Lady", "Lord"])
def test_peers_keep_what_a_single_name_is_called_by(parsed, title):
    assert names_of(parsed, title, "Holm", ents=["B-PERSON", "I-PERSON"]) == [
        (f"{title} Holm", "PERSON")
    ]
    assert names_of(parsed, title, "Ida", "Holm", ents=["B-PERSON", "I-PERSON", "I-PERSON"]) == [
        ("Ida Holm", "PERSON")
    ]


@pytest.mark.parametrize("letters", ["KC", "MP", "OBE", "PhD".upper()])
def test_letters_after_a_name_are_no_part_of_it(parsed, letters):
    found = names_of(parsed, "Ida", "Brandt", letters, ents=["B-PERSON", "I-PERSON", "I-PERSON"])
    assert found == [("Ida Brandt", "PERSON")]


@pytest.mark.parametrize("title", ["Sheikh", "Prince", "King"])
def test_a_title_alone_is_no_name(parsed, title):
    assert names_of(parsed, "the", title, "spoke", ents=["O", "B-PERSON", "O"]) == []


@pytest.mark.model
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("title", ["Dr", "Judge", "Senator"])
def test_the_capitalised_run_after_a_title_is_one_name(parse, title, name):
    text = f"On Monday the clinic was shut, and {title} {name} said that nobody was hurt."
    found = [n.text for n in find_names(parse(text), text) if n.label == "PERSON"]
    assert found == [name]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Finance chief Per Lundgaard told analysts that the dividend was safe.", "Per Lundgaard"),
        ("Union leader BORIS KRANTZ said that his members would strike.", "BORIS KRANTZ"),
        ("Pope Clement sent a letter to the families of the drowned.", "Clement"),
        ("The inquiry of Mr Justice Tolliver heard from the crew of the ferry.", "Tolliver"),
    ],
)
def test_no_given_name_is_lost_to_a_title(parse, text, name):
    assert name in [n.text for n in find_names(parse(text), text) if n.label == "PERSON"]


@pytest.mark.parametrize(
    ("text", "sum_of_money"),
    [
        ("It cost GH₵180,000.50 in all.", "GH₵180,000.50"),
        ("It cost RM69.6 million in all.", "RM69.6 million"),
        ("It cost 440 million baht in all.", "440 million baht"),
        ("It cost Rs 4000 in all.", "Rs 4000"),
        ("It cost NT$134.8 billion in all.", "NT$134.8 billion"),
    ],
)
def test_a_sum_of_money_is_found_in_any_currency(parsed, text, sum_of_money):
    doc = parsed(*((word, "dep", 0, "X") for word in text.rstrip(".").split()))
    found = [n.text for n in find_names(doc, doc.text) if n.label == "MONEY"]
    assert found == [sum_of_money]


@pytest.mark.parametrize(
    "text", ["40 per cent of them", "It sailed 500 miles", "Room RM5A", "5 crownsmen"]
)
def test_other_figures_are_no_money(parsed, text):
    doc = parsed(*((word, "dep", 0, "X") for word in text.split()))
    assert [n.text for n in find_names(doc, doc.text) if n.label == "MONEY"] == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Luckily, Halverstam agreed. Ole Halverstam is happy.", ["Halverstam", "Ole Halverstam"]),
        ("Datuk Seri Ibrahim Rahmat spoke on Monday.", ["Ibrahim Rahmat"]),
        ("ROAD WILL NOT BE CLOSED\n\nIda Brandt said so.", ["Ida Brandt"]),
        ("Alano De La Rosa came. De La Rosa spoke.", ["Alano De La Rosa", "De La Rosa"]),
    ],
)
def test_people_have_no_words_of_the_sentence_in_their_names(parse, text, people):
    assert [n.text for n in find_names(parse(text), text) if n.label == "PERSON"] == people
