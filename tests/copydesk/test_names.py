"""Behaviour of `copydesk.names`: names with their titles, and those of one bearer chained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.names import Name, add_names, chain_names, compare_key, find_names, is_same_person

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
    """Return each name with the best name of its bearer and what joined them."""
    return [
        (name.text, names[chain.head].text, chain.rule)
        for name, chain in zip(names, chain_names(names), strict=True)
    ]


def found(doc):
    return [(name.text, name.label, name.title) for name in find_names(doc, doc.text)]


@pytest.mark.parametrize(
    ("texts", "head", "rule"),
    [
        (["Ida Brandt", "Ida Brandt"], "Ida Brandt", "same_name"),
        (["Ida Brandt", "IDA BRANDT’s"], "Ida Brandt", "same_name"),
        (["Ida Brandt", "Brandt"], "Ida Brandt", "surname"),
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
    ],
)
def test_the_last_name_is_joined_to_the_one_bearer_that_is_left_for_it(texts, head, rule):
    assert chains(people(*texts))[-1] == (texts[-1], head, rule)


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
        ("Daniel Ruiz", "Daniela Ruiz"),
        ("Brandt", "Ida Brandt"),
    ],
)
def test_two_people_of_one_family_stay_two_people(name, other):
    assert not is_same_person(name, other)
    assert not is_same_person(other, name)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ida Brandt’s", "ida brandt"),
        ("U.S.", "us"),
        ("J. Hale", "j hale"),
        ("Omar al-Sayed", "omar sayed"),
        ("  Ida   Brandt ", "ida brandt"),
        ("the crews'", "the crews"),
    ],
)
def test_names_are_compared_without_case_possessive_and_dots(text, key):
    assert compare_key(text) == key


@given(st.text(max_size=20))
def test_comparing_never_depends_on_case_or_blanks(text):
    assert compare_key(f" {text} ") == compare_key(text)
    assert compare_key(text) == compare_key(text.casefold())


@pytest.mark.parametrize(
    ("rows", "ents", "name"),
    [
        (
            [("the", "det", 1), ("Harbour", "nsubj", 2, "PROPN"), ("shut", "ROOT", 2, "VERB")],
            ["B-ORG", "I-ORG", "O"],
            ("Harbour", "ORG", None),
        ),
        (
            [("Brandt", "poss", 2, "PROPN"), ("’s", "case", 0, "PART"), ("crew", "ROOT", 2)],
            ["B-PERSON", "I-PERSON", "O"],
            ("Brandt", "PERSON", None),
        ),
        (
            [("“", "punct", 1, "PUNCT"), ("Aurora", "ROOT", 1, "PROPN"), ("”", "punct", 1)],
            ["B-PRODUCT", "I-PRODUCT", "I-PRODUCT"],
            ("Aurora", "PRODUCT", None),
        ),
        (
            [
                ("Mayor", "compound", 1, "PROPN"),
                ("Holm", "nsubj", 2, "PROPN"),
                ("spoke", "ROOT", 2, "VERB"),
            ],
            ["O", "B-PERSON", "O"],
            ("Holm", "PERSON", "Mayor"),
        ),
        (
            [
                ("union", "compound", 1),
                ("leader", "compound", 2),
                ("Brandt", "nsubj", 3, "PROPN"),
                ("spoke", "ROOT", 3, "VERB"),
            ],
            ["O", "O", "B-PERSON", "O"],
            ("Brandt", "PERSON", "union leader"),
        ),
        (
            [
                ("Brandt", "nsubj", 5, "PROPN"),
                (",", "punct", 0, "PUNCT"),
                ("a", "det", 3, "DET"),
                ("pilot", "appos", 0),
                (",", "punct", 0, "PUNCT"),
                ("spoke", "ROOT", 5, "VERB"),
            ],
            ["B-PERSON", "O", "O", "O", "O", "O"],
            ("Brandt", "PERSON", "pilot"),
        ),
        (
            [
                ("Brandt", "nsubj", 3, "PROPN"),
                (",", "punct", 0, "PUNCT"),
                ("smiling", "advcl", 3, "VERB"),
                ("spoke", "ROOT", 3, "VERB"),
            ],
            ["B-PERSON", "O", "O", "O"],
            ("Brandt", "PERSON", None),
        ),
        (
            [("winter", "compound", 1), ("Holm", "nsubj", 2, "PROPN"), ("fell", "ROOT", 2, "VERB")],
            ["O", "B-PERSON", "O"],
            ("Holm", "PERSON", None),
        ),
    ],
)
def test_a_name_is_found_without_what_hangs_on_it_and_with_its_title(parsed, rows, ents, name):
    assert found(parsed(*rows, ents=ents)) == [name]


def test_a_name_that_the_parser_overlooked_is_found_again(parsed):
    doc = parsed(
        ("Ida", "compound", 1, "PROPN"),
        ("Brandt", "nsubj", 2, "PROPN"),
        ("left", "ROOT", 2, "VERB"),
        (".", "punct", 2, "PUNCT"),
        ("Brandt", "nsubj", 5, "PROPN"),
        ("slept", "ROOT", 5, "VERB"),
        ents=["B-PERSON", "I-PERSON", "O", "O", "O", "O"],
    )
    assert found(doc) == [("Ida Brandt", "PERSON", None), ("Brandt", "PERSON", None)]


def test_a_surname_is_a_person_though_the_parser_takes_it_for_a_place(parsed):
    doc = parsed(
        ("Ida", "compound", 1, "PROPN"),
        ("Brandt", "nsubj", 2, "PROPN"),
        ("left", "ROOT", 2, "VERB"),
        (".", "punct", 2, "PUNCT"),
        ("Brandt", "nsubj", 5, "PROPN"),
        ("slept", "ROOT", 5, "VERB"),
        ents=["B-PERSON", "I-PERSON", "O", "O", "B-GPE", "O"],
    )
    assert [label for _, label, _ in found(doc)] == ["PERSON", "PERSON"]


@pytest.mark.parametrize("words", [("Brandt", "crossing"), ("Lake", "Brandt")])
def test_a_word_beside_a_name_tells_that_it_is_a_place(parsed, words):
    doc = parsed(
        (words[0], "compound", 1, "PROPN"),
        (words[1], "ROOT", 1, "PROPN"),
        ents=["B-PERSON", "O" if words[1].islower() else "I-PERSON"],
    )
    assert [label for _, label, _ in found(doc)] == ["LOC"]


@pytest.mark.parametrize(
    ("words", "tags", "names"),
    [
        (["about", "$", "5", "million"], ["B-MONEY", "I-MONEY", "I-MONEY", "I-MONEY"], 1),
        (["5", "million"], ["B-MONEY", "I-MONEY"], 0),
        (["two", "years"], ["B-DATE", "I-DATE"], 0),
        (["last", "Monday"], ["B-DATE", "I-DATE"], 1),
        (["81-year-old"], ["B-DATE"], 0),
    ],
)
def test_a_date_has_a_place_on_the_calendar_and_money_a_currency(parsed, words, tags, names):
    doc = parsed(*((word, "ROOT", i, "NUM") for i, word in enumerate(words)), ents=tags)
    assert len(found(doc)) == names


def test_numbers_and_times_are_no_names(parsed):
    doc = parsed(
        ("Nine", "nummod", 1, "NUM"),
        ("ferries", "ROOT", 1),
        ents=["B-CARDINAL", "O"],
    )
    assert found(doc) == []


def test_a_name_at_a_given_place_is_added_where_the_parser_sees_a_proper_noun(parsed):
    doc = parsed(("Norland", "nsubj", 1, "PROPN"), ("shut", "ROOT", 1, "VERB"))
    assert [name.text for name in add_names(doc, [], [(0, 7)])] == ["Norland"]
    assert add_names(doc, [], [(8, 12)]) == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "US Secretary of State Anna Miller landed in Norway. Miller spoke to Paul Holm.",
            ["US", "Anna Miller", "Norway", "Miller", "Paul Holm"],
        ),
        ("Paul Holm’s crew left France for Norway.", ["Paul Holm", "France", "Norway"]),
        ("Nobody spoke.", []),
    ],
)
def test_names_of_real_sentences_are_found_in_order(parse, text, names):
    doc = parse(text)
    assert [name.text for name in find_names(doc, text) if name.label != "DATE"] == names


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        "“”’’ \xa0 e\u0301 👩‍✈️",
        "Paul Holm\n\nPaul Holm, the mayor’s\r\nMr.",
        "PAUL HOLM PAUL HOLM (((",
    ],
)
def test_names_in_odd_text_stand_where_they_say_and_never_overlap(parse, text):
    at = 0
    for name in find_names(parse(text), text):
        assert at <= name.start < name.end
        assert text[name.start : name.end] == name.text
        at = name.end
