"""Behaviour of `mentions.descriptions`: a description stands for the one person called so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_kinds, load_titles
from copydesk.mentions.chains import chain_names
from copydesk.mentions.descriptions import resolve_descriptions
from copydesk.mentions.names import find_names

WORDS = ["Mayor Ida Brandt", "Saltport Union", "the union", "the mayor", "The company", "said",
         "of Saltport", "Northreach Ltd", ",", ".", "a ferry company", "who",
         "this team", "\n"]  # fmt: skip

pytestmark = pytest.mark.model


def described(doc, text):
    """Return each description of a text with the best names of those it can stand for."""
    names = find_names(doc, text)
    found = resolve_descriptions(doc, names, chain_names(names))
    return [
        (text[slice(*description.span)], [names[head].text for head in description.heads])
        for description in found.values()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mayor Ida Holm came. The mayor sang.", [("The mayor", ["Ida Holm"])]),
        ("Ida Holm, the mayor of Saltport, came. The mayor of Saltport sang.",
         [("The mayor of Saltport", ["Ida Holm"])]),
        ("Spokeswoman Ida Holm came. “No,” the spokesperson said.",
         [("the spokesperson", ["Ida Holm"])]),
        ("Prime Minister Ida Holm came. The next day the Prime Minister left.",
         [("the Prime Minister", ["Ida Holm"])]),
        ("Home Secretary Ida Holm met Shadow Home Secretary Paul Lund. The Home Secretary sang.",
         [("The Home Secretary", ["Ida Holm"])]),
        ("Mayor Ida Holm met Mayor Paul Lund. The mayor sang.",
         [("The mayor", ["Ida Holm", "Paul Lund"])]),
        ("Mayor Ida Holm came. It rained all day. It froze. Mayor Paul Lund left. The mayor ate.",
         [("The mayor", ["Paul Lund"])]),
        ("Mayor Ida Holm came. The former mayor sang.", [("The former mayor", [])]),
        ("Mayor Ida Holm came. The mayor of Westhaven sang.", [("The mayor of Westhaven", [])]),
        ("Deputy Minister Ida Holm came. The deputy sang.", [("The deputy", [])]),
        ("The Saltport Ferry Union met. Crews said the union had won.",
         [("the union", ["Saltport Ferry Union"])]),
        ("Northreach Ltd lost money. The company cut pay.", [("The company", ["Northreach Ltd"])]),
        ("Northreach Ltd lost money. The bank did not.", [("The bank", [])]),
        ("Paul Holm drove to Saltcorp. The hospital treated him.", [("The hospital", [])]),
        ("Ida Holm, adviser to the president, met crews. The president sang.",
         [("the president", []), ("The president", [])]),
        ("Former President Paul Lund spoke. The president answered.", [("The president", [])]),
        ("Former President Paul Lund spoke. The former president sang.",
         [("The former president", ["Paul Lund"])]),
        ("Vice President Ida Holm spoke. The president answered.", [("The president", [])]),
        ("Saltcorp CEO Ida Holm spoke. The chief executive sang.",
         [("The chief executive", ["Ida Holm"])]),
        ("Sen. Ida Holm spoke. The senator sang.", [("The senator", ["Ida Holm"])]),
        ("The president came. It rained. It froze. It snowed. President Ida Holm sang.",
         [("The president", [])]),
        ("Workers left Saltcorp last year. The company said nothing.",
         [("The company", ["Saltcorp"])]),
    ],
)  # fmt: skip
def test_a_description_stands_for_those_who_are_called_so(parse, text, expected):
    assert described(parse(text), text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Ida Holm came. A mayor sang.",
        "Mayor Ida Holm came. The mayors sang.",
        "The mayor, Ida Holm, came.",
        "Ida Holm is the mayor.",
        "Mayor Paul Lund left. The mayor is Ida Holm.",
        "Mayor Ida Holm came. The mayor who lost sang.",
        "Northreach Ltd lost money. The company that won sang.",
    ],
)
def test_what_names_nobody_definite_or_stands_by_a_name_is_no_description(parse, text):
    assert described(parse(text), text) == []


@settings(max_examples=40)
@given(words=st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_text_gives_heads_of_persons_and_bodies(parse, words):
    text = " ".join(words)
    doc = parse(text)
    names = find_names(doc, text)
    chains = chain_names(names)
    for i, description in resolve_descriptions(doc, names, chains).items():
        assert description.span.start <= doc[i].idx < description.span.end
        for head in description.heads:
            assert chains[head].head == head
            assert names[head].label in {"PERSON", "ORG"}


def test_the_words_of_organisations_are_in_lower_case_and_no_office():
    kinds = load_kinds(ENGLISH)
    words = {word for noun, others in kinds.kinds.items() for word in (noun, *others)}
    words |= kinds.places | kinds.after | kinds.before | kinds.endings | kinds.inside
    assert all(word == word.lower() for word in words)
    assert not kinds.kinds.keys() & load_titles(ENGLISH).titles
    assert kinds.generic <= kinds.kinds.keys()
