"""Behaviour of `mentions.chains`: names of one person are joined, those of two are not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.mentions.chains import chain_names, is_same_person
from copydesk.mentions.names import Name

NAMES = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("Ida Brandt", "Brandt", "Paul Brandt", "I. Brandt", "Ida", "Holm", "Paul Holm"),
                *("Holmes", "Harbour Crews Union", "HCU", "H.C.U.", "Norland", "the", "Ørsted"),
            )
        )
        | st.text(min_size=1, max_size=10).filter(str.strip),
        st.sampled_from(["PERSON", "ORG", "GPE"]),
    ),
    max_size=10,
)


def in_order(*names):
    """Return names as they follow each other in an article, each a (text, label) pair."""
    rows, at = [], 0
    for text, label in names:
        rows.append(Name(at, at + len(text), text, label, None, "ner"))
        at += len(text) + 1
    return rows


def people(*texts):
    return in_order(*((text, "PERSON") for text in texts))


def chains(names):
    """Return each name with the best name for the same referent and what joined them."""
    return [
        (name.text, names[chain.head].text, chain.rule)
        for name, chain in zip(names, chain_names(names), strict=True)
    ]


@pytest.mark.parametrize(
    ("texts", "head", "rule"),
    [
        (["Ida Brandt", "Ida Brandt"], "Ida Brandt", "same_name"),
        (["Ida Brandt", "IDA BRANDT’s"], "Ida Brandt", "same_name"),
        (["Ida Brandt", "Brandt"], "Ida Brandt", "surname"),
        (["Ida Warren", "Warren"], "Ida Warren", "surname"),
        (["Nelson", "Ida Nelson", "Nelson"], "Ida Nelson", "surname"),
        (["Brandt", "Ida Brandt", "Brandt"], "Ida Brandt", "surname"),
        (["Ida Brandt", "Ida"], "Ida Brandt", "given_name"),
        (["Ida Brandt", "Brant"], "Ida Brandt", "misspelt_surname"),
        (["Antony Miller", "Anthony Miller"], "Antony Miller", "variant_spelling"),
        (["Ida Brandt", "I. Brandt"], "Ida Brandt", "variant_spelling"),
        (["Omar al-Sayed", "Sayed"], "Omar al-Sayed", "surname"),
        (["Ida Brandt", "Paul Brandt", "Brandt"], "Brandt", "own_name"),
        (["Ida Brandt", "Ida Holm", "Ida"], "Ida", "own_name"),
        (["Ida Brandt", "Paul Holm"], "Paul Holm", "own_name"),
        (["Ida Brandt", "Paul Brandt"], "Paul Brandt", "own_name"),
        (["Paul Miller", "Tom Tiller", "Miller"], "Paul Miller", "surname"),
        (["Tom Tiller", "Miller"], "Miller", "own_name"),
        (["Paul Barkley", "Barkleys"], "Barkleys", "own_name"),
        (["Ole Holm", "Ole Holm Jr.", "Holm Jr."], "Ole Holm Jr.", "surname_and_title"),
        (["Ole Holm", "Ole Holm Jr.", "Holm"], "Ole Holm", "surname_and_title"),
        (["Ole Holm Jr.", "Holm"], "Ole Holm Jr.", "surname"),
        (["J. Holm", "Ida Holm", "Jens Holm"], "J. Holm", "variant_spelling"),
        (["J. Holm", "Jens Holm", "Jane Holm"], "Jane Holm", "own_name"),
    ],
)
def test_the_last_name_is_joined_to_the_one_person_that_is_left_for_it(texts, head, rule):
    assert chains(people(*texts))[-1] == (texts[-1], head, rule)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["Ida Brandt", "Brandt", "Paul Brandt", "Brandt"],
            [("Ida Brandt", "surname_so_far"), ("Brandt", "own_name")],
        ),
        (
            ["Brandt", "Ida Brandt", "Brandt", "Paul Brandt", "Brandt", "Paul Brandt"],
            [("Brandt", "own_name"), ("Ida Brandt", "surname_so_far"), ("Brandt", "same_name")],
        ),
        (
            ["Ida Brandt", "I. Brandt", "Brandt", "Paul Brandt"],
            [("Ida Brandt", "surname_so_far")],
        ),
    ],
)
def test_a_surname_of_two_is_that_of_the_only_one_named_so_far(texts, expected):
    found = [(head, rule) for name, head, rule in chains(people(*texts)) if name == "Brandt"]
    assert found == expected


FAR = ["Ole Vik"] * 80  # names between, of more than 500 characters


@pytest.mark.parametrize(
    ("texts", "head"),
    [
        pytest.param(
            ["Ida Holm", "Holm", "Holm", "Paul Holm", *FAR, "Holm"], "Ida Holm", id="far from him"
        ),
        pytest.param(["Ida Holm", "Holm", "Holm", "Paul Holm", "Holm"], "Holm", id="near him"),
        pytest.param(
            ["Ida Holm", "Holm", "Holm", "Paul Holm", "Ida Holm", "Holm"], "Ida Holm", id="near her"
        ),
        pytest.param(
            ["Ida Holm", "Holm", "Paul Holm", *FAR, "Holm"], "Holm", id="called so once only"
        ),
        pytest.param(
            ["Ida Holm", "Holm", "Paul Holm", *FAR, *["Holm"] * 5], "Ida Holm", id="many times then"
        ),
        pytest.param(["Ida Holm", "Paul Holm", *FAR, *["Holm"] * 6], "Holm", id="never before him"),
        pytest.param(
            ["Ida Holm", "Holm", "Holm", "Paul Holm", *FAR, "Paul", "Holm"],
            "Holm",
            id="a given name is near as well",
        ),
    ],
)
def test_a_surname_is_that_of_whom_the_article_calls_by_it(texts, head):
    assert chains(people(*texts))[-1][:2] == ("Holm", head)


def test_a_headline_calls_by_surname_whom_the_article_does():
    found = chains(people("Holm", "Ida Holm", "Holm", "Holm", "Paul Holm"))
    assert found[0] == ("Holm", "Ida Holm", "surname_of_lead")


def test_mr_is_not_a_woman_whom_the_article_calls_by_surname():
    named = people("Ida Holm", "Holm", "Holm", "Paul Holm", *FAR, "Holm")
    named[-1] = replace(named[-1], title="Mr")
    assert chains(named)[-1] == ("Holm", "Paul Holm", "surname_and_title")


@given(st.lists(st.sampled_from(["Ida Holm", "Paul Holm", "Ole Holm", "Holm", "Vik"]), max_size=30))
def test_a_bare_surname_leads_to_somebody_who_has_it(texts):
    named = people(*texts)
    for name, chain in zip(named, chain_names(named), strict=True):
        assert named[chain.head].text.split()[-1] == name.text.split()[-1]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("Ida Brandt", None), ("Paul Brandt", None), ("Brandt", "Mr"), ("Brandt", "Ms")],
            [("Paul Brandt", "surname_and_title"), ("Ida Brandt", "surname_and_title")],
        ),
        ([("Ida Brandt", None), ("Brandt", "Mr")], [("Brandt", "own_name")]),
        ([("Ida Brandt", None), ("Brandt", "Mrs")], [("Ida Brandt", "surname")]),
        ([("Brandt", "Mr"), ("Brandt", "Mrs")], [("Brandt", "own_name"), ("Brandt", "own_name")]),
        (
            [("Ole Brandt", None), ("Paul Brandt", None), ("Brandt", "Mr"), ("Brandt", "Mr")],
            [("Brandt", "own_name"), ("Brandt", "same_name")],
        ),
    ],
)
def test_mr_and_ms_keep_two_of_one_surname_apart(rows, expected):
    named = people(*(text for text, _ in rows))
    named = [replace(n, title=title) for n, (_, title) in zip(named, rows, strict=True)]
    assert [(head, rule) for name, head, rule in chains(named) if name == "Brandt"] == expected


def test_an_initial_that_two_people_share_stays_by_itself():
    assert chains(people("John Hale", "Jane Hale", "J. Hale"))[-1] == (
        "J. Hale",
        "J. Hale",
        "own_name",
    )


@pytest.mark.parametrize(
    ("names", "head", "rule"),
    [
        ([("Harbour Crews Union", "ORG"), ("HCU", "ORG")], "Harbour Crews Union", "acronym"),
        ([("HCU", "ORG"), ("Harbour Crews Union", "ORG")], "Harbour Crews Union", "own_name"),
        ([("United Isles", "GPE"), ("U.I.", "GPE")], "United Isles", "acronym"),
        (
            [("Harbour Crews Union", "ORG"), ("Heavy Craft United", "ORG"), ("HCU", "ORG")],
            "HCU",
            "own_name",
        ),
        ([("Norland", "GPE"), ("Norland", "ORG")], "Norland", "own_name"),
        ([("H.C.U.", "GPE"), ("H.C.U.", "ORG")], "H.C.U.", "own_name"),
    ],
)
def test_an_acronym_is_joined_to_the_one_name_it_abbreviates(names, head, rule):
    assert chains(in_order(*names))[-1] == (names[-1][0], head, rule)


@pytest.mark.parametrize(
    ("names", "head"),
    [
        (
            [*[("Ida Maplin", "PERSON")] * 2, ("Miplin", "ORG")],
            "Miplin",
        ),
        ([*[("Ida Maplin", "PERSON")] * 3, ("Maplen", "ORG")], "Ida Maplin"),
    ],
)
def test_what_the_parser_takes_for_a_body_is_a_misspelling_only_of_a_frequent_name(names, head):
    assert chains(in_order(*names))[-1][1] == head


@given(NAMES)
def test_the_head_of_any_chain_is_its_own_head(names):
    rows = in_order(*names)
    found_chains = chain_names(rows)
    assert len(found_chains) == len(rows)
    assert all(found_chains[chain.head].head == chain.head for chain in found_chains)


@given(NAMES)
def test_a_name_without_a_head_of_its_own_says_what_joined_it(names):
    for i, chain in enumerate(chain_names(in_order(*names))):
        assert (chain.rule == "own_name") == (chain.head == i)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Antony Miller", "Anthony Miller"),
        ("Ida Brandt", "IDA BRANDT"),
        ("Ida Brandt", "I. Brandt"),
        ("Ida Brandt", "Ida M. Brandt"),
        ("Omar al-Sayed", "Omar Sayed"),
    ],
)
def test_spellings_of_one_full_name_are_one_person(name, other):
    assert is_same_person(name, other)
    assert is_same_person(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ida Brandt", "Ida Holm"),
        ("Ida Brandt", "Paul Brandt"),
        ("Isaac Hale", "Michael Hale"),
        ("John Hale", "Jane Hale"),
        ("John Hale", "Joan Hale"),
        ("Paul Brandt", "Paula Brandt"),
        ("Mario Brandt", "Maria Brandt"),
        ("Christina Brandt", "Christian Brandt"),
        ("Ole Brandt", "Ole Brandt Jr."),
        ("Daniel Ruiz", "Daniela Ruiz"),
        ("Brandt", "Ida Brandt"),
    ],
)
def test_two_people_of_one_family_stay_two_people(name, other):
    assert not is_same_person(name, other)
    assert not is_same_person(other, name)


@pytest.mark.parametrize(
    ("full", "part", "rule"),
    [
        ("Ana Ortega Villalba", "Ortega Villalba", "variant_spelling"),
        ("Ana Ortega Villalba", "Ortega", "surname"),
        ("Ivan Petrovich Sidorenko", "Ivan Petrovich", "given_name"),
        ("Mohamad Ali Zein El Dine", "Zein El Dine", "surname"),
        ("Pieter van der Holm", "Van der Holm", "surname"),
        ("Maria de la Peña Soto", "De la Peña", "surname"),
        ("Zhao Weimin", "Zhao", "given_name"),
    ],
)
def test_part_of_a_name_stands_for_the_whole(full, part, rule):
    names = [Name(0, 9, full, "PERSON", None, "ner"), Name(20, 29, part, "PERSON", None, "ner")]
    assert chain_names(names)[1] == (0, rule)


def test_the_whole_name_of_a_person_is_no_part_of_a_headline():
    texts = ["Ida Brandt Cast", "Ida Brandt", "Brandt"]
    names = [Name(9 * i, 9 * i + 5, t, "PERSON", None, "ner") for i, t in enumerate(texts)]
    chains = chain_names(names)
    assert chains[1].head == 1
    assert chains[2].head == 1


def test_a_lady_is_another_person_than_a_man_of_her_surname():
    names = [
        Name(0, 9, "Paul Brandt", "PERSON", "Sir", "ner"),
        Name(20, 29, "Lady Brandt", "PERSON", None, "ner"),
        Name(30, 39, "Brandt", "PERSON", "Mrs", "ner"),
    ]
    assert [chain.head for chain in chain_names(names)][:2] == [0, 1]
    assert chain_names(names)[2].head != 0


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Ida", "Ana", "Brandt", "Holm", "van", "de"]), min_size=1, max_size=4
        ),
        max_size=8,
    )
)
def test_every_chain_ends_at_a_head(words):
    names = [
        Name(30 * i, 30 * i + 9, " ".join(each), "PERSON", None, "ner")
        for i, each in enumerate(words)
    ]
    chains = chain_names(names)
    assert all(chains[chain.head].head == chain.head for chain in chains)


@pytest.mark.parametrize(
    ("gender", "heads"), [("male", [0, 1, 1]), ("female", [0, 0, 0]), (None, [0, 0, 0])]
)
def test_a_surname_that_is_shown_to_be_another_persons_is_so_throughout(gender, heads):
    names = people("Mary Brandt", "Brandt", "Brandt")
    names[1] = replace(names[1], gender=gender)
    assert [chain.head for chain in chain_names(names)] == heads
