"""Behaviour of `lexicons.language`: another language is another folder and another object."""

import pickle
from dataclasses import replace
from importlib.resources import files

import pytest

from copydesk.lexicons.language import ENGLISH, find_language
from copydesk.lexicons.load import read_lexicon
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.names import name_parts
from copydesk.quotations.rules import find_quotations


def test_a_language_is_found_by_its_code():
    assert find_language("en") is ENGLISH
    with pytest.raises(ValueError, match="'xx'"):
        find_language("xx")


def test_a_language_stays_one_object_in_a_worker():
    assert pickle.loads(pickle.dumps(ENGLISH)) is ENGLISH  # noqa: S301 - our own bytes


def test_a_list_is_read_once_for_each_language():
    assert load_cues(ENGLISH) is load_cues(ENGLISH)
    assert load_cues(replace(ENGLISH)) is not load_cues(ENGLISH)


def test_quotations_are_found_by_the_words_of_their_language(parsed, invented):
    doc = parsed(
        ("“", "punct", 6, "PUNCT"),
        ("We", "nsubj", 2, "PRON"),
        ("sail", "ccomp", 6, "VERB"),
        (",", "punct", 6, "PUNCT"),
        ("”", "punct", 6, "PUNCT"),
        ("Holm", "nsubj", 6, "PROPN"),
        ("brummled", "ROOT", 6, "VERB"),
        (".", "punct", 6, "PUNCT"),
        lemmas=["“", "we", "sail", ",", "”", "holm", "brummle", "."],
    )
    cues = [
        [quote.cue and doc.text[slice(*quote.cue)] for quote in found]
        for found in (
            find_quotations(doc, doc.text, language=language) for language in (ENGLISH, invented)
        )
    ]
    assert cues == [[None], ["brummled"]]


def test_names_are_compared_by_the_words_of_their_language(invented):
    assert name_parts("Herr Holm", ENGLISH) == ("herr", "holm")
    assert name_parts("Herr Holm", invented) == ("holm",)


def test_every_list_of_english_can_be_read():
    for path in files(ENGLISH.lexicons).iterdir():
        if path.name.endswith(".toml"):
            assert read_lexicon(ENGLISH, path.name.removesuffix(".toml"))
