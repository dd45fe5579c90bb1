"""Behaviour of `quotations.source_kinds`: what a source is that stands for nobody named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.speech import load_source_words
from copydesk.quotations.source_kinds import kind_of_name, kind_of_words
from copydesk.values import NAME_LABELS, EntityLabel, SourceKind

WORDS = ["the", "a", "report", "said", "who", "it", "many", "3", "in", "10", "Holm", "traders", ","]


@pytest.mark.model
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a port official", SourceKind.UNNAMED_PERSON),
        ("residents of the coast", SourceKind.UNNAMED_PERSON),
        ("two people close to the talks", SourceKind.UNNAMED_PERSON),
        ("many", SourceKind.UNNAMED_PERSON),
        ("she", SourceKind.UNNAMED_PERSON),
        ("his wife", SourceKind.UNNAMED_PERSON),
        ("the victim", SourceKind.UNNAMED_PERSON),
        ("a ship's cook", SourceKind.UNNAMED_PERSON),
        ("the mate", SourceKind.UNNAMED_PERSON),
        ("the widow of a skipper", SourceKind.UNNAMED_PERSON),
        ("a beekeeper in the hills", SourceKind.UNNAMED_PERSON),
        ("the silence of the islands", SourceKind.DOCUMENT),
        ("a report published on Friday", SourceKind.DOCUMENT),
        ("the letter", SourceKind.DOCUMENT),
        ("several polls", SourceKind.DOCUMENT),
        ("the law", SourceKind.DOCUMENT),
        ("about 3 in 10", SourceKind.DOCUMENT),
        ("the indictment", SourceKind.DOCUMENT),
        ("a copy of the lease", SourceKind.DOCUMENT),
        ("the campaign", SourceKind.BODY),
        ("the city council", SourceKind.BODY),
        ("the administration", SourceKind.BODY),
        ("it", SourceKind.BODY),
    ],
)
def test_a_source_without_a_name_is_of_one_kind(parse, source, kind):
    text = f"{source} said that the quay would close."
    doc = parse(text)
    assert kind_of_words(doc.char_span(0, len(source)), ENGLISH) is kind


def test_a_name_is_of_the_kind_of_its_label():
    assert kind_of_name(EntityLabel.PERSON) is SourceKind.PERSON
    assert kind_of_name(EntityLabel.LAW) is SourceKind.DOCUMENT
    assert {kind_of_name(label) for label in NAME_LABELS} == {
        SourceKind.PERSON,
        SourceKind.BODY,
        SourceKind.DOCUMENT,
    }


def test_a_noun_is_in_one_list():
    words = load_source_words(ENGLISH)
    assert not words.documents & words.bodies
    assert not words.documents & words.people
    assert not words.bodies & words.people


@pytest.mark.model
@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_any_source_has_a_kind(parse, words):
    doc = parse(" ".join(words))
    assert kind_of_words(doc[:], ENGLISH) in set(SourceKind) - {SourceKind.NONE}


@pytest.mark.model
@pytest.mark.parametrize("house", ["No 10", "Number 11", "No. 10"])
def test_the_number_of_a_house_speaks_for_who_sits_there(house):
    (quote,) = copydesk.quotes(f"{house} said that the quay would close.", is_copy=True)
    assert (quote.speaker, quote.row.source_kind) == (house, SourceKind.BODY)
