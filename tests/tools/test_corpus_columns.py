"""Behaviour of `tools.made_columns` over all bundles: each declared column is read, and no other.

The steps are run on tables that have the declared columns only, and again without one of them.
"""

from dataclasses import dataclass

import duckdb
import pytest

from copydesk.entities.resolve import resolve_entities
from copydesk.lake.lake import Lake, Snapshot
from copydesk.outlets.resolve import resolve_outlets
from copydesk.statements.groups import group_quotes
from copydesk.stories.stories import find_stories
from copydesk.tables import ENTITIES, ENTITY_LINKS
from tools.made_columns import load_origins
from tools.sql_columns import Source


@dataclass(frozen=True)
class Narrow(Snapshot):
    """A snapshot whose tables have no other columns than those in `kept`."""

    kept: dict

    def relation_sql(self, table):
        return narrow(super().relation_sql(table), self.kept.get(table.name, []))


def narrow(relation, columns):
    named = ", ".join(f'"{column}"' for column in columns) or "NULL AS nothing"
    return f"(SELECT {named} FROM {relation})"


def resolve(snapshot, **_):
    resolved = resolve_entities(snapshot)
    return [resolved.entities.read_all(), resolved.names.read_all()]


def outlets(snapshot, **_):
    return resolve_outlets(snapshot).read_all()


def cluster(snapshot, **relations):
    return list(find_stories(snapshot, **relations))


def group(snapshot, *, links_sql, **_):
    return group_quotes(snapshot, links_sql=links_sql).read_all()


CORPUS_STEPS = [
    (resolve, ("entities", "name_links")),
    (outlets, ("outlets",)),
    (cluster, ("stories",)),
    (group, ("quote_groups",)),
]


def list_read(made):
    """Return the columns that the steps of some tables read from tables before them."""
    origins = load_origins()
    found = {
        source for name in made for origin in origins[name].values() for source in origin.sources
    }
    return sorted(source for source in found if source.table not in made)


@pytest.fixture
def run_narrow(tmp_path, deliver):
    """Return a function that runs a step over all bundles on tables with only some columns."""
    snapshot = deliver(Lake(str(tmp_path)), "may", [])
    entities, links = (
        f"(SELECT {', '.join(f'NULL::VARCHAR AS {c.name}' for c in table.columns)})"
        for table in (ENTITIES, ENTITY_LINKS)
    )

    def run(step, sources):
        kept: dict[str, list[str]] = {}
        for source in sources:
            kept.setdefault(source.table, []).append(source.column)
        return step(
            Narrow(snapshot.lake, snapshot.version, snapshot.deliveries, kept),
            entities_sql=narrow(entities, kept.get("entities", [])),
            links_sql=narrow(links, kept.get("entity_links", [])),
        )

    return run


@pytest.mark.parametrize(("step", "made"), CORPUS_STEPS)
def test_a_step_over_all_bundles_reads_every_declared_column_and_no_other(run_narrow, step, made):
    sources = list_read(made)
    run_narrow(step, sources)
    # DuckDB takes a column that a subquery in FROM lacks from the table beside it.
    beside = {Source("article_facts", "article_id")}
    for source in sorted({*sources} - beside):
        with pytest.raises(duckdb.BinderException, match=source.column):
            run_narrow(step, [other for other in sources if other != source])
