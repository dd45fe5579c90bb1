"""Behaviour of `cleaning.rules`: rules are tested by the examples they carry."""

import tomllib
from importlib.resources import files

import pytest

from copydesk.cleaning.rules import find_rule
from copydesk.lexicons.boilerplate import load_rules
from copydesk.lexicons.language import ENGLISH

RULES = tomllib.loads((files("copydesk.lexicons.en") / "boilerplate.toml").read_text("utf-8"))[
    "rule"
]
HEADLINE = "Ferries stand still for a third day"
FIRST = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
SECOND = (
    "The harbour office counted nine ferries at the quay in the morning, and it expects four "
    "more before the weekend begins."
)
THIRD = (
    "Shops along the front have begun to run out of bread, milk and newspapers, several of "
    "their owners told the town council."
)


@pytest.mark.parametrize(("rule", "line"), [(r["name"], hit) for r in RULES for hit in r["hits"]])
def test_a_rule_hits_its_examples(rule, line):
    assert find_rule(line, ENGLISH).name == rule


@pytest.mark.parametrize("line", [miss for r in RULES for miss in r["misses"]])
def test_no_rule_hits_a_counterexample(line):
    assert find_rule(line, ENGLISH) is None


@pytest.mark.parametrize("rule", RULES, ids=[r["name"] for r in RULES])
def test_a_rule_carries_examples_for_and_against_it(rule):
    assert rule["hits"]
    assert rule["misses"]


def test_the_names_of_rules_are_unique():
    names = [rule.name for rule in load_rules(ENGLISH)]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("line", [FIRST, SECOND, THIRD, HEADLINE])
def test_no_rule_speaks_about_ordinary_copy(line):
    assert find_rule(line, ENGLISH) is None
