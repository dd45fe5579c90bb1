"""Behaviour of `entities.decisions`: what is said of each decision about entities."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.entities.overrides import Action, Override
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.lake import Lake
from copydesk.rows import Mention
from copydesk.values import EntityLabel, MentionKind

NAMES = [
    *(("PERSON", name) for name in ("Ida Brandt", "Ida Brandt", "Paul Holm", "Paul Holm")),
    *(("PERSON", name) for name in ("Tove Hale", "Mercer", "Mercer", "Mercer")),
    *(("ORG", name) for name in ("Mercer", "Mercer", "Keelby Council")),
]
PERSON, ORG = EntityLabel.PERSON, EntityLabel.ORG


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory, deliver):
    rows = [
        Mention(
            f"m{n}", f"a{n}", 0, len(name), name, label, MentionKind.NAMED, None, "ner",
            f"m{n}", "own_name", "may",
        )
        for n, (label, name) in enumerate(NAMES)
    ]  # fmt: skip
    return deliver(Lake(str(tmp_path_factory.mktemp("judge"))), "may", rows)


@pytest.fixture(scope="module")
def judge(snapshot):
    """Return a function that says what became of decisions: (status, before, after) of each."""

    def ask(*overrides):
        found = resolve_entities(snapshot, overrides=overrides).verdicts
        return [(str(each.status), each.before, each.after) for each in found]

    return ask


@pytest.fixture(scope="module")
def ids(snapshot):
    """The id of each entity, by label and name, where nobody decides anything."""
    entities = resolve_entities(snapshot).entities.read_all().to_pylist()
    return {(row["label"], row["name"]): row["entity_id"] for row in entities}


def resolve(snapshot, *overrides):
    """Return what became of the decisions, and how often each entity is mentioned after them."""
    found = resolve_entities(snapshot, overrides=overrides)
    rows = found.entities.read_all().to_pylist()
    return found.verdicts, {row["entity_id"]: row["n_mentions"] for row in rows}


def merge(name, into, label=None):
    return Override(Action.MERGE, name, into, label)


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
        (  # one of two is merged into the other, not each into each
            [merge("Tove Hale", "Ida Brandt"), merge("Ida Brandt", "Tove Hale")],
            [("applied", "Tove Hale", "Ida Brandt"), ("conflicts", "Ida Brandt", "Ida Brandt")],
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


def test_a_target_that_may_be_several_is_never_chosen(snapshot, ids):
    (verdict,), counts = resolve(snapshot, merge("Tove Hale", "Mercer"))
    assert str(verdict.status) == "conflicts"
    assert (verdict.before, verdict.after) == ("Tove Hale", "Tove Hale")
    assert verdict.detail == (
        f"“Mercer” may be Mercer (PERSON, {ids[PERSON, 'Mercer']}, 3 mentions), "
        f"Mercer (ORG, {ids[ORG, 'Mercer']}, 2 mentions); give an id as `into`, or a label"
    )
    assert counts[ids[PERSON, "Tove Hale"]] == 1


@pytest.mark.parametrize(("label", "n_mentions"), [(PERSON, 4), (ORG, 3)])
def test_an_id_names_one_of_several(snapshot, ids, label, n_mentions):
    (verdict,), counts = resolve(snapshot, merge("Tove Hale", ids[label, "Mercer"]))
    assert str(verdict.status) == "applied"
    assert counts[ids[label, "Mercer"]] == n_mentions
    assert ids[PERSON, "Tove Hale"] not in counts


def test_a_label_names_one_of_several(snapshot, ids):
    (verdict,), counts = resolve(snapshot, merge("Tove Hale", "Mercer", PERSON))
    assert str(verdict.status) == "applied"
    assert counts[ids[PERSON, "Mercer"]] == 4


def test_an_id_is_a_name_too(snapshot, ids):
    given = [Override(Action.DROP, ids[ORG, "Mercer"]), merge("Mercer", "Tove Hale")]
    verdicts, counts = resolve(snapshot, *given)
    assert [str(each.status) for each in verdicts] == ["applied", "applied"]
    assert ids[ORG, "Mercer"] not in counts
    (verdict,), _ = resolve(snapshot, Override(Action.DROP, "f" * 32))
    assert (str(verdict.status), verdict.detail) == ("matched_nothing", "no article has this name")


def test_what_has_become_one_is_one_target(snapshot, ids):
    given = [merge(ids[ORG, "Mercer"], ids[PERSON, "Mercer"]), merge("Tove Hale", "Mercer")]
    verdicts, counts = resolve(snapshot, *given)
    assert [str(each.status) for each in verdicts] == ["applied", "applied"]
    assert counts[ids[PERSON, "Mercer"]] == 6


CIRCLE = ["Ida Brandt", "Paul Holm", "Tove Hale", "Keelby Council"]


@given(st.permutations(CIRCLE), st.integers(2, len(CIRCLE)), st.data())
@settings(max_examples=25, deadline=None)
def test_the_row_that_closes_a_circle_conflicts(snapshot, ids, names, n, data):
    names = names[:n]
    rows = [merge(name, names[(i + 1) % n]) for i, name in enumerate(names)]
    rows = data.draw(st.permutations(rows))
    verdicts, counts = resolve(snapshot, *rows)
    assert [str(each.status) for each in verdicts] == ["applied"] * (n - 1) + ["conflicts"]
    assert verdicts[-1].detail == (
        f"closes a circle: earlier rows merge “{rows[-1].into}” into “{rows[-1].name}” already"
    )
    assert len(counts) == len(ids) - (n - 1)


@pytest.mark.parametrize(
    "rows",
    [
        [merge("Tove Hale", "Paul Holm"), merge("Ida Brandt", "Paul Holm")],
        [merge("Tove Hale", "Paul Holm"), merge("Paul Holm", "Ida Brandt")],
        [merge("Paul Holm", "Ida Brandt"), merge("Tove Hale", "Paul Holm")],
    ],
)
def test_merges_that_close_no_circle_are_applied(judge, rows):
    assert [status for status, *_ in judge(*rows)] == ["applied", "applied"]
