"""Apply what people have decided about entities to the names that the rules have joined.

A decision changes the table `assigned`, which holds the entity of each name, or `renamed`.
"""

from collections.abc import Sequence

import duckdb

from copydesk.corrections.corpus import Verdict
from copydesk.entities.overrides import Action, Override
from copydesk.lake.sql import load_sql
from copydesk.values import CorrectionStatus

QUERIES = "copydesk.entities.queries"
NO_NAME = "no article has this name"
NO_ENTITY = "no entity"
SO_BY_ITSELF = "the rules decide so by themselves"
OVERRULED = "a later row decides otherwise"


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


def judge_overrides(
    connection: duckdb.DuckDBPyConnection, overrides: Sequence[Override]
) -> list[Verdict]:
    """Apply decisions in their order, and return what became of each.

    One whose outcome does not last to the end conflicts with a later one.
    """
    states, verdicts = [], []
    for override in overrides:
        before = _show_state(connection, override)
        apply_override(connection, override)
        after = _show_state(connection, override)
        states.append(after)
        if before is None:
            verdict = Verdict(CorrectionStatus.MATCHED_NOTHING, detail=NO_NAME)
        elif before == after:
            verdict = Verdict(CorrectionStatus.ALREADY_SO, before, after, SO_BY_ITSELF)
        else:
            verdict = Verdict(CorrectionStatus.APPLIED, before, after or NO_ENTITY)
        verdicts.append(verdict)
    return [
        _check_last(connection, *decided)
        for decided in zip(overrides, states, verdicts, strict=True)
    ]


def _check_last(
    connection: duckdb.DuckDBPyConnection, override: Override, state: str | None, verdict: Verdict
) -> Verdict:
    now = _show_state(connection, override)
    if now == state or verdict.status is CorrectionStatus.MATCHED_NOTHING:
        return verdict
    return Verdict(CorrectionStatus.CONFLICTS, verdict.before, now or NO_ENTITY, OVERRULED)


def _show_state(connection: duckdb.DuckDBPyConnection, override: Override) -> str | None:
    """Return the entities of a name, in words; None where no article has the name."""
    heads = sorted({head for _, head in _forms_of(connection, override.name, override.label)})
    if not heads:
        return None
    found = connection.execute(load_sql(QUERIES, "states"), {"heads": heads}).fetchall()
    if override.action is not Action.SPLIT:
        return ", ".join(name for name, _ in found)
    return ", ".join(name if n == 1 else f"{name}, under {n} names" for name, n in found)


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
