"""Behaviour of `entities.decisions`: what is said of each decision about entities."""

import pytest

from copydesk.entities.overrides import Action, Override
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.lake import Lake
from copydesk.rows import Mention
from copydesk.values import MentionKind

NAMES = ["Ida Brandt", "Ida Brandt", "Paul Holm", "Paul Holm", "Tove Hale"]


@pytest.fixture(scope="module")
def judge(tmp_path_factory, deliver):
    """Return a function that says what became of decisions: (status, before, after) of each."""
    rows = [
        Mention(
            f"m{n}", f"a{n}", 0, len(name), name, "PERSON", MentionKind.NAMED, None, "ner",
            f"m{n}", "own_name", "may",
        )
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    snapshot = deliver(Lake(str(tmp_path_factory.mktemp("judge"))), "may", rows)

    def ask(*overrides):
        found = resolve_entities(snapshot, overrides=overrides).verdicts
        return [(str(each.status), each.before, each.after) for each in found]

    return ask


def merge(name, into):
    return Override(Action.MERGE, name, into)


def rename(name, into):
    return Override(Action.RENAME, name, into)


@pytest.mark.parametrize(
    ("overrides", "verdicts"),
    [
        ([merge("Tove Hale", "Ida Brandt")], [("applied", "Tove Hale", "Ida Brandt")]),
        ([merge("Tove Hale", "Nobody")], [("matched_nothing", None, None)]),
        ([merge("Nobody", "Tove Hale")], [("matched_nothing", None, None)]),
        (  # one person cannot be two
            [merge("Tove Hale", "Ida Brandt"), merge("Tove Hale", "Paul Holm")],
            [("conflicts", "Tove Hale", "Paul Holm"), ("applied", "Tove Hale", "Paul Holm")],
        ),
        (  # the two are one, whichever way round
            [merge("Tove Hale", "Ida Brandt"), merge("Ida Brandt", "Tove Hale")],
            [("applied", "Tove Hale", "Ida Brandt"), ("applied", "Ida Brandt", "Ida Brandt")],
        ),
        (
            [merge("Tove Hale", "Ida Brandt"), Override(Action.SPLIT, "Tove Hale")],
            [("conflicts", "Tove Hale", "Tove Hale"), ("already_so", "Tove Hale", "Tove Hale")],
        ),
        (  # what it is called does not undo a merge
            [merge("Tove Hale", "Ida Brandt"), rename("Ida Brandt", "Ida B.")],
            [("applied", "Tove Hale", "Ida B."), ("applied", "Ida Brandt", "Ida B.")],
        ),
        (
            [rename("Tove Hale", "T. Hale"), rename("Tove Hale", "Tove H.")],
            [("conflicts", "Tove Hale", "Tove H."), ("applied", "Tove Hale", "Tove H.")],
        ),
        (
            [rename("Tove Hale", "T. Hale"), merge("Paul Holm", "T. Hale")],
            [("applied", "Tove Hale", "T. Hale"), ("applied", "Paul Holm", "T. Hale")],
        ),
        (
            [Override(Action.DROP, "Tove Hale"), rename("Tove Hale", "Tove H.")],
            [("applied", "Tove Hale", "no entity"), ("conflicts", None, "no entity")],
        ),
        ([rename("Tove Hale", "Tove Hale")], [("already_so", "Tove Hale", "Tove Hale")]),
    ],
)  # fmt: skip
def test_each_decision_is_judged_beside_what_the_rules_say(judge, overrides, verdicts):
    assert judge(*overrides) == verdicts
