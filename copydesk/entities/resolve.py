"""Resolve the names of all articles to entities: one person, one row.

Inside an article the names of one entity are chained already (`copydesk.mentions.chains`). Here the
best names of all chains are joined, in SQL over the distinct names: first names that are written
the same (`rules/names.sql`), then by one rule after the other (`rules/<rule>.sql`), surest first.
A rule proposes pairs. A name is linked only where one possible referent is left for it, and a
linked name is never a link target, so links cannot form chains. A name with two possible referents
stays by itself, because a wrong merge is worse than a split (docs/entities.md).
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from copydesk.corrections.corpus import Verdict
from copydesk.entities.counts import count_sql
from copydesk.entities.decisions import judge_overrides
from copydesk.entities.forms import create_forms, create_lexicons, create_table
from copydesk.entities.overrides import Override
from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect, load_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.tables import ENTITIES, NAME_LINKS, Table

QUERIES = "copydesk.entities.queries"
RULES = "copydesk.entities.rules"

JOIN_RULES = {
    "person_variant": "strict",
    "misspelt_name": "strict",
    "name_order": "strict",
    "misspelt_body": "strict",
    "known_alias": "loose",
    "acronym": "loose",
    "descriptor": "loose",
    "national_body": "loose",
    "short_form": "loose",
    "sole_surname": "loose",
    "sole_given_name": "loose",
}
"""The rules in their order. A strict one compares a name with the best name of an entity only, for
two spellings may each be like a third and not like each other; a loose one with all its names."""

RULE_SCORES = {
    "own_name": 1.0,
    "same_name": 1.0,
    "country_name": 1.0,
    "known_name": 1.0,
    "override": 1.0,
    "label_of_corpus": 0.95,
    "middle_name": 0.9,
    "transliteration": 0.9,
    "known_alias": 0.9,
    "nickname": 0.85,
    "initials": 0.85,
    "acronym": 0.85,
    "descriptor": 0.85,
    "national_body": 0.8,
    "misspelt_name": 0.8,
    "name_order": 0.8,
    "short_form": 0.8,
    "sole_surname": 0.8,
    "sole_given_name": 0.75,
    "ambiguous_name": 0.5,
}
"""How far each rule is trusted; for those inside an article, see `entity_links.sql` of the lake."""

BATCH_NAMES = 65_536  # rows of an Arrow batch
APPEARANCE_COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(("label", "name", "article_id", "alias"), pa.string()),
    "n": pa.int64(),
}


class NameKey(NamedTuple):
    """A name with its type, as it heads a chain in some article."""

    label: str
    name: str


class Referent(NamedTuple):
    """What a name was resolved to: the name of its entity, and the rule that joined them."""

    key: NameKey
    rule: str


class Appearance(NamedTuple):
    """A name that heads a chain in an article, one of the names in that chain, and how often."""

    key: NameKey
    article_id: str
    alias: str
    n: int


class Resolution(NamedTuple):
    """The entities of all articles, and the entity of every name."""

    entities: pa.RecordBatchReader
    names: pa.RecordBatchReader
    verdicts: list[Verdict]
    """What became of each decision of a person."""


def resolve_entities(
    snapshot: Snapshot, *, overrides: Sequence[Override] = (), language: Language = ENGLISH
) -> Resolution:
    """Return the entities of all articles and the links of their names, as Arrow streams."""
    return resolve_counted(count_sql(snapshot), overrides=overrides, language=language)


def resolve_counted(
    counts: str, *, overrides: Sequence[Override] = (), language: Language = ENGLISH
) -> Resolution:
    """Return the same, given SQL for a FROM clause that yields the names of each bundle.

    Everything is computed from all names at every call, so the result depends neither on what was
    resolved before nor on the order of bundles.
    """
    connection = connect()
    connection.execute(load_sql(QUERIES, "gather").format(counts=counts))
    verdicts = _join_heads(connection, overrides, language)
    scores = pa.table({"rule": list(RULE_SCORES), "score": list(RULE_SCORES.values())})
    create_table(connection, "rule_scores", scores)
    return Resolution(
        _stream(connection, load_sql(QUERIES, "entities"), ENTITIES),
        _stream(connection, load_sql(QUERIES, "links"), NAME_LINKS),
        verdicts,
    )


def join_names(
    appearances: Iterable[Appearance],
    *,
    overrides: Sequence[Override] = (),
    language: Language = ENGLISH,
) -> dict[NameKey, Referent]:
    """Return the referent of each name, given where it appears.

    Every name has one referent, and the name of a referent refers to itself: links form no chains.
    A name that was dropped has no referent.
    """
    connection = connect()
    rows = [(*a.key, a.article_id, a.alias, a.n) for a in appearances]
    columns = zip(*rows, strict=True) if rows else [()] * len(APPEARANCE_COLUMNS)
    given = pa.table(
        {
            name: pa.array(list(column), type=arrow_type)
            for (name, arrow_type), column in zip(APPEARANCE_COLUMNS.items(), columns, strict=True)
        }
    )
    connection.register("given", given)
    connection.execute(load_sql(QUERIES, "gather_given"))
    _join_heads(connection, overrides, language)
    found = connection.execute(load_sql(QUERIES, "resolved_names")).fetchall()
    return {
        NameKey(label, name): Referent(NameKey(best_label, best_name), rule)
        for label, name, best_label, best_name, rule in found
    }


def _join_heads(
    connection: duckdb.DuckDBPyConnection, overrides: Sequence[Override], language: Language
) -> list[Verdict]:
    """Make the tables `names`, `forms` and `name_links` from `heads` and `aliases`.

    Returns what became of each decision.
    """
    create_forms(connection, language)
    create_lexicons(connection, language)
    connection.execute(load_sql(RULES, "names"))
    connection.execute("CREATE TABLE links (child BIGINT, parent BIGINT, rule VARCHAR)")
    connection.execute("CREATE TABLE doubts (child BIGINT)")
    for rule, comparison in JOIN_RULES.items():
        found = connection.execute(f"CREATE OR REPLACE TABLE candidates AS {load_sql(RULES, rule)}")
        n_linked = found.fetchall()[0][0]
        if not n_linked:
            continue
        while n_linked:  # every link may leave another name with one referent
            accepted = connection.execute(
                load_sql(QUERIES, "accept").format(is_loose=comparison == "loose")
            )
            n_linked = accepted.fetchall()[0][0]
        connection.execute(load_sql(QUERIES, "doubts"))
    connection.execute(load_sql(QUERIES, "assigned"))
    verdicts = judge_overrides(connection, overrides)
    connection.execute(load_sql(QUERIES, "name_links"))
    return verdicts


def _stream(
    connection: duckdb.DuckDBPyConnection, query: str, table: Table[Any]
) -> pa.RecordBatchReader:
    """Return the rows of a query as a stream of `table`; it keeps the connection's data open."""
    found = connection.cursor().sql(query).to_arrow_reader(BATCH_NAMES)
    names = table.schema.names
    return pa.RecordBatchReader.from_batches(
        table.schema,
        (
            pa.RecordBatch.from_arrays(
                [batch.column(name).cast(table.schema.field(name).type) for name in names],
                schema=table.schema,
            )
            for batch in found
        ),
    )
