"""Apply what people have decided about entities to the names that the rules have joined.

A decision changes the table `assigned`, which holds the entity of each name, or `renamed`.
"""

from collections.abc import Sequence

import duckdb

from copydesk.entities.overrides import Action, Override
from copydesk.lake.sql import load_sql

QUERIES = "copydesk.entities.queries"


def apply_override(connection: duckdb.DuckDBPyConnection, override: Override) -> None:
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
    if not found:  # no entity has that name yet: the first one takes it
        connection.execute("INSERT INTO renamed VALUES (?, ?)", [target, into])
    connection.execute(load_sql(QUERIES, "merge"), {"target": target, "heads": heads})


def _split(connection: duckdb.DuckDBPyConnection, form: int, head: int) -> None:
    """Make a form an entity of its own; the others stay together under the most frequent one."""
    if form == head:
        connection.execute(load_sql(QUERIES, "next_head"), {"form": form})
    connection.execute(
        "UPDATE assigned SET head = $form, rule = 'override' WHERE form_id = $form", {"form": form}
    )
