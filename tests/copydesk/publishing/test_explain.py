"""Behaviour of `publishing.explain`: what was linked to an entity, why, and what was not."""

import duckdb
import pytest

from copydesk.publishing.explain import explain_name

TABLES = """
CREATE TABLE articles AS FROM (VALUES
    ('a1', 'Ferries stop'), ('a2', NULL)
) AS t (article_id, headline);
CREATE TABLE entities AS FROM (VALUES
    ('e1', 'Ida Brandt', 'PERSON', ['Brandt', 'Ida Brandt'], 2, 1, NULL),
    ('e2', 'Brandt', 'PERSON', ['Brandt'], 1, 1, NULL),
    ('e3', 'Paul Brandt', 'PERSON', ['Paul Brandt'], 4, 2, NULL),
    ('e4', 'Norway', 'GPE', ['Norway'], 1, 1, 'NO')
) AS t (entity_id, name, label, aliases, n_mentions, n_articles, country_code);
CREATE TABLE mentions AS FROM (VALUES
    ('m1', 'a1', 5, 'Ida Brandt', 'm1'), ('m2', 'a1', 30, 'Brandt', 'm1'),
    ('m3', 'a2', 2, 'Brandt', 'm3'),
    ('m4', 'a2', 50, 'Norway', 'm4')
) AS t (mention_id, article_id, start, text, chain_id);
CREATE TABLE entity_links AS FROM (VALUES
    ('m1', 'e1', 'own_name', 1.0), ('m2', 'e1', 'surname', 1.0),
    ('m3', 'e2', 'ambiguous_name', 0.5),
    ('m4', 'e4', 'own_name', 1.0)
) AS t (mention_id, entity_id, rule, score);
CREATE TABLE wikidata_ids AS FROM (VALUES
    (2, 'Q12', NULL, 'linked', '', ['e1'])
) AS t (line, wikidata_id, description, status, detail, candidate_ids);
"""


@pytest.fixture
def explain():
    """Return a function that explains a name from four mentions."""
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield lambda name: list(explain_name(connection, name))


def test_names_are_shown_with_rule_score_counts_and_an_example(explain):
    lines = explain("ida brandt")
    assert lines[0] == "Ida Brandt (PERSON) e1"
    assert lines[1] == "  2 mentions in 1 article"
    assert (
        "  Ida Brandt: own_name (1.00), 1 mention in 1 article, e.g. “Ida Brandt” in “Ferries stop”"
        in lines
    )
    assert (
        "  Ida Brandt: surname (1.00), 1 mention in 1 article, e.g. “Brandt” in “Ferries stop”"
        in lines
    )


def test_an_alias_is_shown_with_every_entity_that_has_it(explain):
    assert [line for line in explain("Brandt") if line and not line.startswith(" ")] == [
        "Ida Brandt (PERSON) e1",
        "Brandt (PERSON) e2",
    ]


def test_an_ambiguous_name_is_shown_with_who_may_be_meant(explain):
    lines = explain("Brandt")
    start = lines.index("  not linked, because more than one may be meant:")
    assert lines[start + 1 : start + 3] == [
        "    Paul Brandt (PERSON), 4 mentions",
        "    Ida Brandt (PERSON), 2 mentions",
    ]


def test_a_country_is_shown_with_its_code(explain):
    assert explain("Norway")[0] == "Norway (GPE, country NO) e4"


def test_an_unknown_name_has_no_explanation(explain):
    assert explain("Nobody") == []
