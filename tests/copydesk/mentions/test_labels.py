"""Behaviour of `mentions.labels` and `mentions.evidence`: what a name is a name of."""

import pytest

from copydesk.mentions.names import find_names


def labels_of(parse, text, name):
    return {n.label for n in find_names(parse(text), text) if n.text == name}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("The talks were held in the town of Karvasto on Monday.", "Karvasto", "GPE"),
        ("The crew fled to Karvasto. A bus from Karvasto district came.", "Karvasto", "GPE"),
        ("Karvasto residents protested. Karvasto is calm.", "Karvasto", "GPE"),
        ("The newspaper Ranteli quoted the crew. Ranteli is read by sailors.", "Ranteli", "ORG"),
        (
            "He read it in the words of newspaper Tarns Allehanda. Tarns Allehanda said so twice.",
            "Tarns Allehanda",
            "ORG",
        ),
        ("Dunarex is a company that builds cranes. Dunarex grew.", "Dunarex", "ORG"),
        ("The director of Odvika resigned. Odvika shares fell.", "Odvika", "ORG"),
        ("Advocate Busiwe Mkhabela, 41, argued that it was late.", "Busiwe Mkhabela", "PERSON"),
        ("Kumarasena, who sold the ferry, went home to his wife.", "Kumarasena", "PERSON"),
        ("Ferries to Israel stopped. The Adath Israel choir sang in Israel.", "Israel", "GPE"),
    ],
)
def test_the_words_beside_a_name_show_what_it_is(parse, text, name, label):
    assert labels_of(parse, text, name) <= {label}
    assert labels_of(parse, text, name)


def test_a_body_called_by_the_first_word_of_its_name_is_no_person(parsed):
    doc = parsed(
        ("Marlowater", "compound", 1, "PROPN"),
        ("Capital", "nsubj", 2, "PROPN"),
        ("fell", "ROOT", 2, "VERB"),
        (".", "punct", 2, "PUNCT"),
        ("Marlowater", "nsubj", 5, "PROPN"),
        ("rose", "ROOT", 5, "VERB"),
        ents=["B-ORG", "I-ORG", "O", "O", "B-PERSON", "O"],
    )
    assert [(n.text, n.label) for n in find_names(doc, doc.text)] == [
        ("Marlowater Capital", "ORG"),
        ("Marlowater", "ORG"),
    ]


def test_a_country_in_the_name_of_somebody_stays_a_country(parsed):
    words = ["Adath", "Israel", "sang", "of", "Israel", "and", "Israel"]
    doc = parsed(
        *((word, "dep", 0, "PROPN" if word[0].isupper() else "X") for word in words),
        ents=["B-PERSON", "I-PERSON", "O", "O", "B-GPE", "O", "B-GPE"],
    )
    assert [n.label for n in find_names(doc, doc.text)] == ["PERSON", "GPE", "GPE"]


def test_an_acronym_is_what_its_name_is(parsed):
    words = ["Harbour", "Crews", "Union", "(", "HCU", ")", "met", ".", "HCU", "won"]
    doc = parsed(
        *((word, "dep", 0, "PROPN" if word[0].isupper() else "X") for word in words),
        ents=["B-ORG", "I-ORG", "I-ORG", *["O"] * 5, "B-PERSON", "O"],
    )
    found = {(n.text, n.label) for n in find_names(doc, doc.text)}
    assert ("HCU", "ORG") in found
    assert ("HCU", "PERSON") not in found


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Teresa May resigned. May said that it was time.", {"PERSON"}),
        ("Teresa May resigned in May. She left.", {"DATE"}),
        ("The ferry was late. It sank in May.", {"DATE"}),
    ],
)
def test_a_person_called_like_a_month_is_no_date(parse, text, labels):
    assert {n.label for n in find_names(parse(text), text) if n.text == "May"} == labels


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("The clerk known as “Grey Tern” died on Friday. Grey Tern was 95.", "Grey Tern", "PERSON"),
        ("She revealed herself as “Grey Tern” on Monday. Grey Tern wept.", "Grey Tern", "PERSON"),
        ("It is in a village called Karvasto. Karvasto is calm.", "Karvasto", "GPE"),
    ],
)
def test_whoever_is_called_by_a_name_shows_what_it_is(parse, text, name, label):
    assert labels_of(parse, text, name) == {label}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Halverstam was found guilty of killing his pregnant wife.", "male"),
        ("Halverstam, 32, disappeared from her home on Monday.", "female"),
        ("Halverstam praised his work.", None),
        ("Halverstam met the mayor and his wife.", None),
    ],
)
def test_relatives_and_home_show_the_gender_of_a_person(parse, text, gender):
    assert [n.gender for n in find_names(parse(text), text) if n.text == "Halverstam"] == [gender]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("AdWorks", "ORG"),
        ("MacIntyre", "PERSON"),
        ("DeSantis", "PERSON"),
        ("Gull-2", "PRODUCT"),
        ("Norvik School", "ORG"),
        ("Ida School", "PERSON"),
    ],
)
def test_the_form_of_a_name_shows_that_it_is_no_persons(parsed, name, label):
    words = name.split()
    doc = parsed(
        *((word, "compound", len(words) - 1, "PROPN") for word in words[:-1]),
        (words[-1], "ROOT", len(words) - 1, "PROPN"),
        ents=["B-PERSON", *(["I-PERSON"] * (len(words) - 1))],
    )
    assert [n.label for n in find_names(doc, doc.text)] == [label]


@pytest.mark.parametrize("word", ["College", "Commission", "»", "王美花"])
def test_a_common_noun_and_foreign_letters_are_no_name_of_a_body(parsed, word):
    doc = parsed((word, "ROOT", 0, "PROPN"), ents=["B-ORG"])
    assert find_names(doc, doc.text) == []
