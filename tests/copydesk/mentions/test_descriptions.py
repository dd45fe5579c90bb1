"""Behaviour of `mentions.descriptions`: a description stands for the one person called so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_kinds, load_titles
from copydesk.mentions.chains import chain_names
from copydesk.mentions.descriptions import BESIDE_NAME, resolve_descriptions
from copydesk.mentions.names import find_names

WORDS = ["Mayor Ida Brandt", "Saltport Union", "the union", "the mayor", "The company", "said",
         "of Saltport", "Northreach Ltd", ",", ".", "a ferry company", "who",
         "this team", "\n"]  # fmt: skip

pytestmark = pytest.mark.model


def described(doc, text, *, beside=False):
    """Return each description of a text, beside names or not, with whom it can stand for."""
    names = find_names(doc, text)
    found = resolve_descriptions(doc, names, chain_names(names))
    return [
        (text[slice(*description.span)], [names[head].text for head in description.heads])
        for description in found.values()
        if (description.clue in BESIDE_NAME) == beside
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
        ("Advocate Ida Holm came. The young lawyer sang.", [("The young lawyer", ["Ida Holm"])]),
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
        ("They read newspaper Dagens Holm. The paper said that crews had lied.",
         [("The paper", ["Dagens Holm"])]),
    ],
)  # fmt: skip
def test_a_description_stands_for_those_who_are_called_so(parse, text, expected):
    assert described(parse(text), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor spoke at noon. “We wait,” Ida Holm said.", ["Ida Holm"]),
        ("The Prime Minister spoke at noon. Ida Holm said that they wait.", ["Ida Holm"]),
        ("Prime Minister Ida Holm spoke. PM says she will wait.", ["Ida Holm"]),
        (
            "PM resigns\n\nPrime Minister Ida Holm said on Monday that she had resigned.",
            ["Ida Holm"],
        ),
        ("Mayor resigns\n\nMayor Ida Holm said on Monday that she had resigned.", ["Ida Holm"]),
        ("The mayor spoke at noon. “We wait,” Ida Holm, a baker, said.", [None]),
        ("The mayor spoke at noon. “We wait,” baker Ida Holm said.", [None]),
        ("Ida Holm left. The mayor spoke at noon. “We wait,” Ida Holm said.", [None]),
        ("The mayor spoke. The judge nodded. “We wait,” Ida Holm said.", [None, None]),
        ("The mayor spoke. “We wait,” Ida Holm said. “No,” Paul Lund said.", [None]),
        ("They met the mayor at noon. “We wait,” Ida Holm said.", [None]),
        ("The mayor spoke at noon.\n\n“We wait,” Ida Holm said.", [None]),
        ("Crews met Paul Lund. The mayor spoke at noon. “We wait,” Ida Holm said.", [None]),
        ("The mayor spoke. It rained. It snowed. “We wait,” Ida Holm said.", [None]),
        (
            "The mayor spoke at noon. “We wait,” Ida Holm said. It rained. The mayor ate.",
            ["Ida Holm", "Ida Holm"],
        ),
    ],
)
def test_an_office_introduces_its_holder(parse, text, expected):
    found = described(parse(text), text)
    assert [heads[0] if heads else None for _, heads in found] == expected


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ida Holm, a marine biologist, came.", [("a marine biologist", "Ida Holm")]),
        ("Ida Holm, the first great poet, came.", [("the first great poet", "Ida Holm")]),
        ("We asked the site’s founder, Ida Holm.", [("the site’s founder", "Ida Holm")]),
        ("On Monday the match referee Paul Lund fell ill.", [("the match referee", "Paul Lund")]),
        ("Norway’s coach Paul Lund said it rained.", [("Norway’s coach", "Paul Lund")]),
        ("Paul Holm met his wife, Ida Brandt.", [("his wife", "Ida Brandt")]),
        ("They sued a retailer, Northreach Ltd, last week.", [("a retailer", "Northreach Ltd")]),
        ("Northreach, a ferry company, lost money.", [("a ferry company", "Northreach")]),
        ("Ida Holm is a biologist at the museum.", [("a biologist at the museum", "Ida Holm")]),
        ("The mayor is Ida Holm.", [("The mayor", "Ida Holm")]),
        ("Ida Holm is not a biologist.", []),
        ("Ida Holm might be a biologist.", []),
        ("Is Ida Holm a biologist?", []),
        ("Ida Holm is a disgrace.", []),
        ("According to Holm Lines, a witness said nothing.", []),
        ("Editor’s note: Ida Holm sang.", []),
    ],
)
def test_a_noun_beside_a_name_stands_for_it(parse, text, expected):
    found = described(parse(text), text, beside=True)
    assert [(words, name) for words, (name,) in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Workers in Norway stayed home. The country has no trains.", [("The country", "Norway")]),
        ("Ida Holm moved to Rotterdam. The city froze.", [("The city", "Rotterdam")]),
        ("Paul Lund crossed the Elsa Bridge. It rained. It froze. It snowed. The bridge fell.",
         [("The bridge", "Elsa Bridge")]),
        ("Norway won. It rained. It froze. It snowed. It was the talk of the country.",
         [("the country", None)]),
        ("Norway and Sweden won. The country has no trains.", [("The country", None)]),
        ("Norway has one of the largest banks in the country.", []),
    ],
)  # fmt: skip
def test_a_place_is_called_by_its_kind(parse, text, expected):
    found = described(parse(text), text)
    assert [(words, *(heads if len(heads) == 1 else [None])) for words, heads in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saltcorp spokesman Paul Lund told Northcorp the company would sail.", "Saltcorp"),
        ("Saltcorp sued Northcorp. The company wants its boats.", "Saltcorp"),
        ("Saltcorp sued Northcorp. The company wants its boats. Soon the firm may fail.",
         "Saltcorp"),
        ("Saltcorp and Northcorp met. The company wants its boats.", None),
        ("Saltcorp lost money. The company’s Northcorp Prize was not given.", "Saltcorp"),
        ("Saltcorp lost money. The Holmery, the company, did not.", "Saltcorp"),
    ],
)  # fmt: skip
def test_a_description_of_any_body_is_the_one_the_text_is_about(parse, text, expected):
    found = [heads for _, heads in described(parse(text), text)]
    if expected is None:
        assert all(len(heads) != 1 for heads in found)
    else:
        assert all(heads == [expected] for heads in found)


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
