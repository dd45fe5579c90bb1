"""Behaviour of `entities.wikidata`: an id where nothing is in doubt, else the reason for none."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.entities.id_list import Listed
from copydesk.entities.wikidata import Candidate, Named, judge_rows, link_ids
from copydesk.lake.sql import connect
from copydesk.rows import Entity
from copydesk.tables import ENTITIES
from copydesk.values import IdStatus

ENTITY_ROWS = [
    Entity("e1", "Ida Brandt", "PERSON", ["Brandt", "Ida Brandt"], 9, 3, None),
    Entity("e2", "Zoë Lund", "PERSON", ["Zoë Lund"], 5, 2, None),
    Entity("e3", "Lund", "GPE", ["Lund"], 4, 2, None),
    Entity("e4", "Lund", "PERSON", ["Lund"], 1, 1, None),
    Entity("e5", "Harbour Union", "ORG", ["Harbour Union", "HU"], 7, 3, None),
]

DROPPING = Named(
    counts="(SELECT 'PERSON' AS label, 'Per Vik' AS name, ['Vik', 'P. Vik'] AS aliases "
    "UNION ALL SELECT 'PERSON', 'Ida Brandt', ['Brandt'])",
    links="(SELECT 'PERSON' AS label, 'Ida Brandt' AS name)",
)
"""Per Vik was dropped: his names are in articles, and linked to no entity."""


@pytest.fixture(scope="module")
def link(tmp_path_factory):
    """Return a function that links rows of a list to the entities above."""
    path = tmp_path_factory.mktemp("entities") / "entities.parquet"
    with connect() as connection:
        connection.register("rows", pa.Table.from_batches([ENTITIES.to_batch(ENTITY_ROWS)]))
        connection.execute(f"COPY (FROM rows) TO '{path}'")
    return lambda *rows: link_ids(rows, f"read_parquet('{path}')", dropping=DROPPING)


def row(line, name, wikidata_id="Q1", kind=None):
    return Listed(line, name, kind, wikidata_id, None)


@pytest.mark.parametrize(
    ("name", "kind", "entity_id", "status"),
    [
        ("Ida Brandt", "person", "e1", "linked"),
        ("Ida Brandt", None, "e1", "linked"),
        ("Brandt", "person", "e1", "linked"),
        ("IDA BRANDT", None, "e1", "linked"),
        ("Zoe Lund", "person", "e2", "linked"),
        ("HU", "organisation", "e5", "linked"),
        ("Lund", "place", "e3", "linked"),
        ("Lund", "gpe", "e3", "linked"),
        ("Lund", None, None, "ambiguous"),
        ("Ida Brandt", "place", None, "other_kind"),
        ("Brand", "person", None, "no_entity"),
        ("Ida", "person", None, "no_entity"),
        ("Per Vik", "person", None, "dropped"),
        ("VIK", None, None, "dropped"),
        ("P. Vik", "place", None, "dropped"),
    ],
)
def test_a_name_leads_to_the_entity_of_its_kind(link, name, kind, entity_id, status):
    (made,) = link(row(2, name, kind=kind))
    assert (made.entity_id, made.status) == (entity_id, status)
    assert bool(made.detail) == (status != "linked")


@pytest.mark.parametrize(
    ("rows", "statuses", "details"),
    [
        (
            [row(2, "Ida Brandt", "Q1"), row(3, "Brandt", "Q2")],
            ["several_ids", "several_ids"],
            ["line 3 says Q2", "line 2 says Q1"],
        ),
        (
            [row(2, "Ida Brandt", "Q1"), row(3, "Zoë Lund", "Q1")],
            ["several_entities", "several_entities"],
            [
                "line 3 says so of Zoë Lund (PERSON, e2)",
                "line 2 says so of Ida Brandt (PERSON, e1)",
            ],
        ),
        (
            [row(2, "Ida Brandt"), row(3, "Brandt")],
            ["linked", "repeated"],
            ["", "line 2 says so already"],
        ),
        (
            [row(2, "Lund", "Q1"), row(3, "Ida Brandt", "Q1")],
            ["ambiguous", "linked"],
            ["the name may mean Lund (GPE, e3), Lund (PERSON, e4)", ""],
        ),
        (
            [row(2, "Ida Brandt")._replace(problem="no name"), row(3, "Ida Brandt", "Q2")],
            ["invalid", "linked"],
            ["no name", ""],
        ),
    ],
)
def test_rows_that_contradict_each_other_give_no_id(link, rows, statuses, details):
    made = link(*rows)
    assert [each.status for each in made] == statuses
    assert [each.detail for each in made] == details


def test_an_entity_says_which_rows_may_be_about_it(link):
    made = link(row(2, "Ida Brandt", "Q1"), row(3, "Brandt", "Q2"), row(4, "Lund", "Q3"))
    assert [each.candidate_ids for each in made] == [["e1"], ["e1"], ["e3", "e4"]]


def test_an_empty_list_gives_nothing(link):
    assert link() == []


NAMES = st.sampled_from("abcd")
ROWS = st.lists(st.tuples(NAMES, st.sampled_from(["Q1", "Q2", "Q3"])), max_size=8)
MEANT = st.dictionaries(NAMES, st.sets(st.sampled_from(["e1", "e2", "e3"]), max_size=2))


@given(ROWS, MEANT)
def test_no_entity_has_two_ids_and_no_id_two_entities(rows, meant):
    listed = [row(line, name, qid) for line, (name, qid) in enumerate(rows, start=2)]
    found = {
        each.line: [Candidate(e, e, "PERSON") for e in sorted(meant.get(each.name, ()))]
        for each in listed
    }
    made = judge_rows(listed, found)
    linked = [each for each in made if each.status is IdStatus.LINKED]
    assert [each.line for each in made] == [each.line for each in listed]
    assert len({each.entity_id for each in linked}) == len(linked)
    assert len({each.wikidata_id for each in linked}) == len(linked)
    assert all((each.entity_id is None) == (each not in linked) for each in made)
    assert all(bool(each.detail) == (each not in linked) for each in made)
    # Nothing that is said twice, or otherwise, is lost: whatever is clear is linked.
    clear = {
        (found[each.line][0].entity_id, each.wikidata_id)
        for each in listed
        if len(found[each.line]) == 1
    }
    of_entity = [entity for entity, _ in clear]
    of_id = [qid for _, qid in clear]
    assert {(each.entity_id, each.wikidata_id) for each in linked} == {
        (entity, qid)
        for entity, qid in clear
        if of_entity.count(entity) == 1 and of_id.count(qid) == 1
    }
