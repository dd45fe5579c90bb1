"""The word lists are well formed: every file loads, and no list has a word twice."""

import re
import tomllib
from importlib.resources import files

import pytest

from copydesk.lexicons.fields import load_field_names
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_titles
from copydesk.lexicons.names import load_countries
from copydesk.lexicons.speech import load_cues

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


def lists_in(value, place):
    """Yield every list of words of a lexicon with its place, however deep it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from lists_in(inner, f"{place}.{key}")
    elif isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        yield place, value
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from lists_in(inner, f"{place}[{i}]")


LISTS = [
    (name, place, words)
    for name, lexicon in LEXICONS.items()
    for place, words in lists_in(lexicon, name.removesuffix(".toml"))
]
# Pairs of (pattern, replacement) or of examples, a line with its value, what goes in front of a
# title: not lists of words.
PAIRS = re.compile(r"\.(?:steps|same|different|hits|misses)\[\d+\]$|^teasers\.prefixes$")
WORDS = [row for row in LISTS if not PAIRS.search(row[1])]
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


def test_lists_are_found_at_any_depth():
    places = {place for _, place, _ in LISTS}
    assert {"kinds.kinds.bank", "given_names.groups[0]", "facts.rule[0].labels"} <= places


@pytest.mark.parametrize("name", LEXICONS)
def test_a_list_holds_each_word_once(name):
    twice = {place: doubles(words) for file, place, words in WORDS if file == name}
    assert {place: words for place, words in twice.items() if words} == {}


@pytest.mark.parametrize("name", LEXICONS)
def test_a_list_holds_no_empty_word_and_no_white_space_around_one(name):
    listed = [word for file, _, words in WORDS if file == name for word in words]
    assert [word for word in listed if word != word.strip() or not word] == []


def test_a_given_name_is_in_one_group():
    names = [name for group in LEXICONS["given_names.toml"]["groups"] for name in group]
    assert doubles(names) == []


@pytest.mark.parametrize("name", ["demonyms.toml", "organisations.toml"])
def test_a_word_belongs_to_one_key(name):
    assert doubles([word for listed in LEXICONS[name].values() for word in listed]) == []


def test_a_given_name_shows_one_gender():
    assert (
        doubles([name for listed in LEXICONS["name_genders.toml"].values() for name in listed])
        == []
    )


@pytest.mark.parametrize(
    "name",
    [
        "countries.toml",
        "cues.toml",
        "descriptions.toml",
        "kinds.toml",
        "pronouns.toml",
        "titles.toml",
    ],
)
def test_words_are_in_lower_case(name):
    words = [word for file, _, listed in WORDS if file == name for word in listed]
    assert [word for word in words if word != word.lower()] == []


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[f"{n}:{r['name']}" for n, r in RULES])
def test_a_rule_has_a_pattern_that_compiles(name, rule):  # noqa: ARG001 - the id of the case has it
    assert re.compile(rule["pattern"], re.IGNORECASE)


def test_a_country_code_is_two_capitals():
    assert [code for code in LEXICONS["countries.toml"] if not re.fullmatch("[A-Z]{2}", code)] == []


def test_a_name_belongs_to_one_country():
    names = [name for listed in LEXICONS["countries.toml"].values() for name in listed]
    assert doubles(names) == []
    assert len(load_countries(ENGLISH)) == len(names)


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
    assert load_countries(ENGLISH).get(name) == code


def test_cues_that_need_marks_are_verbs_of_speech():
    assert load_cues(ENGLISH).needs_marks <= load_cues(ENGLISH).speech


def test_no_word_shows_both_genders():
    assert load_titles(ENGLISH).female & load_titles(ENGLISH).male == frozenset()


def test_a_field_of_an_export_is_read_as_one_field_only():
    names = [name for listed in load_field_names().values() for name in listed]
    # An address or a name: its value decides. Articles or the parts of one: their headlines decide.
    assert doubles(names) == ["content", "content_elements", "source"]
