"""The word lists are well formed: every file loads, and nothing stands in them twice."""

import re
import tomllib
from importlib.resources import files

import pytest

from copydesk.lexicons.load import load_countries, load_cues, load_titles
from copydesk.reading.pages import load_field_names

FILES = sorted(
    (
        file
        for file in [
            *files("copydesk.lexicons").iterdir(),
            *files("copydesk.lexicons.en").iterdir(),
        ]
        if file.name.endswith(".toml")
    ),
    key=lambda file: file.name,
)
LEXICONS = {file.name: tomllib.loads(file.read_text("utf-8")) for file in FILES}
LISTS = [
    (name, key, words)
    for name, lexicon in LEXICONS.items()
    for key, words in lexicon.items()
    if isinstance(words, list) and words and isinstance(words[0], str)
]
RULES = [
    (name, rule)
    for name, lexicon in LEXICONS.items()
    for rule in lexicon.get("rule", [])
    if "pattern" in rule
]


def doubles(words):
    return sorted({word for word in words if words.count(word) > 1})


def test_there_are_word_lists():
    assert {"boilerplate.toml", "countries.toml", "cues.toml", "facts.toml", "fields.toml"} <= set(
        LEXICONS
    )


@pytest.mark.parametrize(("name", "key", "words"), LISTS, ids=[f"{n}:{k}" for n, k, _ in LISTS])
def test_a_list_holds_each_word_once(name, key, words):  # noqa: ARG001
    assert doubles(words) == []


@pytest.mark.parametrize(("name", "key", "words"), LISTS, ids=[f"{n}:{k}" for n, k, _ in LISTS])
def test_a_list_holds_no_empty_word_and_no_white_space_around_one(name, key, words):  # noqa: ARG001
    assert [word for word in words if word != word.strip() or not word] == []


@pytest.mark.parametrize("name", ["countries.toml", "cues.toml", "titles.toml"])
def test_words_are_in_lower_case(name):
    words = [word for file, _, listed in LISTS if file == name for word in listed]
    assert [word for word in words if word != word.lower()] == []


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[f"{n}:{r['name']}" for n, r in RULES])
def test_a_rule_has_a_pattern_that_compiles(name, rule):  # noqa: ARG001
    assert re.compile(rule["pattern"], re.IGNORECASE)


def test_a_country_code_is_two_capitals():
    assert [code for code in LEXICONS["countries.toml"] if not re.fullmatch("[A-Z]{2}", code)] == []


def test_a_name_belongs_to_one_country():
    names = [name for listed in LEXICONS["countries.toml"].values() for name in listed]
    assert doubles(names) == []
    assert len(load_countries()) == len(names)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("norway", "NO"),
        ("united states", "US"),
        ("uk", "GB"),
        ("south korea", "KR"),
        ("côte d'ivoire", "CI"),
        ("niger", "NE"),
        ("nigeria", "NG"),
        ("paris", None),
        ("georgia", None),
    ],
)
def test_a_country_has_its_code_and_other_places_have_none(name, code):
    assert load_countries().get(name) == code


def test_cues_that_need_marks_are_verbs_of_speech():
    assert load_cues().needs_marks <= load_cues().speech


def test_no_word_speaks_for_both_sexes():
    assert load_titles().female & load_titles().male == frozenset()


def test_a_field_of_an_export_is_read_as_one_field_only():
    names = [name for listed in load_field_names().values() for name in listed]
    assert doubles(names) == ["source"]  # an address or a name: its value tells
