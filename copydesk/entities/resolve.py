"""Resolve the names of all articles to entities: one person, one row.

Inside an article the names of one bearer are chained already (`copydesk.mentions.chains`). Here the
best names of all chains are joined, in SQL over the distinct names: first names that are written
the same (`rules/names.sql`), then by one rule after the other (`rules/<rule>.sql`), surest first.
A rule proposes pairs; a name is linked only where one bearer is left for it, and what has a bearer
bears nothing, so joins cannot chain. A name with two possible bearers stays by itself, because a
wrong merge is worse than a split. `docs/entities.md` tells it in prose.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from copydesk.entities.overrides import Action, Override
from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.lexicons.load import (
    load_countries,
    load_demonyms,
    load_given_names,
    load_name_forms,
    load_organisations,
)
from copydesk.tables import ENTITIES, ENTITY_LINKS, MENTIONS, Table

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
"""How far each rule is trusted; the rules inside an article have the scores below."""

CHAIN_SCORES = {
    "misspelt_surname": 0.8,
    "surname_and_title": 0.9,
    "surname_so_far": 0.85,
    "given_name": 0.85,
    "pronoun": 0.75,
    "relative_pronoun": 0.9,
    "title": 0.8,
    "organisation_kind": 0.8,
    "nearest_organisation": 0.7,
}
"""How far a rule inside an article is trusted; those that do not stand here are certain."""

BATCH_LINKS = 65_536  # rows of an Arrow batch
PLAIN_LETTERS = ("øłđıßæœ", "oldisao")  # letters that are no accented ones
APPEARANCE_COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(("label", "name", "article_id", "alias"), pa.string()),
    "n": pa.int64(),
}


class NameKey(NamedTuple):
    """A name with its type, as it heads a chain in some article."""

    label: str
    name: str


class Bearer(NamedTuple):
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
    """The entities of all articles, and the link of every mention that has a chain."""

    entities: pa.RecordBatchReader
    links: pa.RecordBatchReader


def resolve_entities(snapshot: Snapshot, *, overrides: Sequence[Override] = ()) -> Resolution:
    """Return the entities of all articles and the links of their mentions, as Arrow streams.

    Everything is computed from all mentions at every call, over distinct names, so the result
    depends neither on what was resolved before nor on the order of bundles.
    """
    connection = connect()
    mentions = snapshot.relation_sql(MENTIONS)
    connection.execute(load_sql(QUERIES, "gather").format(mentions=mentions))
    _join_heads(connection, overrides)
    for table, scores in {"rule_scores": RULE_SCORES, "chain_scores": CHAIN_SCORES}.items():
        rows = pa.table({"rule": list(scores), "score": list(scores.values())})
        _create_table(connection, table, rows)
    links = load_sql(QUERIES, "links").format(mentions=mentions)
    return Resolution(
        _stream(connection, load_sql(QUERIES, "entities"), ENTITIES),
        _stream(connection, links, ENTITY_LINKS),
    )


def join_names(
    appearances: Iterable[Appearance], *, overrides: Sequence[Override] = ()
) -> dict[NameKey, Bearer]:
    """Return the bearer of each name, given where it appears.

    Every name has one bearer and bearers have no bearer but themselves, so joins cannot chain.
    A name that was dropped has none.
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
    _join_heads(connection, overrides)
    found = connection.execute(load_sql(QUERIES, "resolved_names")).fetchall()
    return {
        NameKey(label, name): Bearer(NameKey(best_label, best_name), rule)
        for label, name, best_label, best_name, rule in found
    }


def _join_heads(connection: duckdb.DuckDBPyConnection, overrides: Sequence[Override]) -> None:
    """Make the tables `names`, `forms` and `name_links` from `heads` and `aliases`."""
    create_forms(connection)
    _create_lexicons(connection)
    connection.execute(load_sql(RULES, "names"))
    connection.execute("CREATE TABLE links (child BIGINT, parent BIGINT, rule VARCHAR)")
    connection.execute("CREATE TABLE doubts (child BIGINT)")
    for rule, comparison in JOIN_RULES.items():
        found = connection.execute(f"CREATE OR REPLACE TABLE candidates AS {load_sql(RULES, rule)}")
        n_linked = found.fetchall()[0][0]
        if not n_linked:
            continue
        while n_linked:  # every link may leave another name with one bearer
            accepted = connection.execute(
                load_sql(QUERIES, "accept").format(is_loose=comparison == "loose")
            )
            n_linked = accepted.fetchall()[0][0]
        connection.execute(load_sql(QUERIES, "doubts"))
    connection.execute(load_sql(QUERIES, "assigned"))
    for override in overrides:
        _apply_override(connection, override)
    connection.execute(load_sql(QUERIES, "name_links"))


def _apply_override(connection: duckdb.DuckDBPyConnection, override: Override) -> None:
    """Change `assigned` as one decision says; a name that no article has changes nothing."""
    forms = _forms_of(connection, override.name, override.label)
    heads = sorted({head for _, head in forms})
    if override.action is Action.DROP:
        connection.execute("DELETE FROM assigned WHERE head IN (SELECT unnest(?))", [heads])
    elif override.action is Action.SPLIT:
        for form, head in forms:
            _split(connection, form, head)
    elif override.into is not None and forms:
        if override.action is Action.RENAME:
            connection.executemany(
                "INSERT INTO renamed VALUES (?, ?)", [(head, override.into) for head in heads]
            )
        else:
            _merge(connection, heads, into=override.into, label=override.label)


def _forms_of(
    connection: duckdb.DuckDBPyConnection, name: str, label: str | None
) -> list[tuple[int, int]]:
    """Return (form, head) of a name and of the entities renamed to it, the most frequent first."""
    rows = connection.execute(
        load_sql(QUERIES, "forms_of"), {"name": name, "label": label}
    ).fetchall()
    called = connection.execute(load_sql(QUERIES, "renamed_forms"), {"name": name}).fetchall()
    return [(form, head) for form, head, *_ in [*rows, *called]]


def _merge(
    connection: duckdb.DuckDBPyConnection, heads: Sequence[int], *, into: str, label: str | None
) -> None:
    found = _forms_of(connection, into, label) or _forms_of(connection, into, None)
    target = found[0][1] if found else heads[0]
    if not found:  # nobody bears that name yet: the first one takes it
        connection.execute("INSERT INTO renamed VALUES (?, ?)", [target, into])
    connection.execute(load_sql(QUERIES, "merge"), {"target": target, "heads": heads})


def _split(connection: duckdb.DuckDBPyConnection, form: int, head: int) -> None:
    """Make a form an entity of its own; the others of its entity go by the next one."""
    if form == head:
        connection.execute(load_sql(QUERIES, "next_head"), {"form": form})
    connection.execute(
        "UPDATE assigned SET head = $form, rule = 'override' WHERE form_id = $form", {"form": form}
    )


def create_forms(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros that write names the same, one for each part of the lexicon.

    Each looks for all its patterns at once before it replaces one after the other, for most names
    have none of them. Their argument is used twice: let it be a column.
    """
    odd, plain = map(quote_sql, PLAIN_LETTERS)
    connection.execute(
        "CREATE MACRO low_form(name) AS CASE WHEN strlen(name) = length(name) THEN lower(name) "
        f"ELSE strip_accents(translate(lower(name), {odd}, {plain})) END"
    )
    lexicon = load_name_forms()
    for kind, steps in lexicon.steps.items():
        changed = "name"
        for pattern, replacement in steps:
            changed = _replace_sql(changed, pattern, replacement)
        any_pattern = quote_sql("|".join(f"(?:{pattern})" for pattern, _ in steps))
        connection.execute(
            f"CREATE MACRO {kind}_form(name) AS "
            f"trim(CASE WHEN regexp_matches(name, {any_pattern}) THEN {changed} ELSE name END)"
        )
    ending = f" (?:{'|'.join(lexicon.descriptors)})$"
    connection.execute(
        f"CREATE MACRO short_form(name) AS regexp_replace(name, {quote_sql(ending)}, '')"
    )


def _replace_sql(sql: str, pattern: str, replacement: str) -> str:
    """Return SQL for one step; plain letters need no pattern, which takes twice as long."""
    given = f"{sql}, {quote_sql(pattern)}, {quote_sql(replacement)}"
    return f"replace({given})" if pattern.isalpha() else f"regexp_replace({given}, 'g')"


def _create_lexicons(connection: duckdb.DuckDBPyConnection) -> None:
    """Create tables of the known names, each written as the names of articles are."""
    for table, known in _write_known_names().items():
        _create_table(connection, table, known)
    groups = load_given_names()
    given_names = pa.table({"form": list(groups), "code": list(groups.values())})
    _create_table(connection, "given_names", given_names)


@cache
def _write_known_names() -> dict[str, pa.Table]:
    """Return the known names by table, with their codes, written as the names of articles are."""
    connection = connect()
    create_forms(connection)
    written = {}
    for table, codes in {
        "country_names": load_countries(),
        "organisation_names": load_organisations(),
        "nations": load_countries() | load_demonyms(),
        "governments": dict(_name_governments()),
    }.items():
        connection.register("given", pa.table({"name": list(codes), "code": list(codes.values())}))
        written[table] = connection.sql(load_sql(QUERIES, "known_names")).to_arrow_table()
    return written


def _name_governments() -> Iterator[tuple[str, str]]:
    """Yield what news call the government of each country, with the country's code."""
    for word, code in (load_countries() | load_demonyms()).items():
        yield f"{word} government", code
        yield f"government of {word}", code


def _create_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("given_rows", rows)
    connection.execute(f"CREATE TABLE {name} AS FROM given_rows")
    connection.unregister("given_rows")


def _stream(
    connection: duckdb.DuckDBPyConnection, query: str, table: Table[Any]
) -> pa.RecordBatchReader:
    """Return the rows of a query as a stream of `table`; it keeps the connection's data open."""
    found = connection.cursor().sql(query).to_arrow_reader(BATCH_LINKS)
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
