"""Apply what people have decided about entities to the names that the rules have joined.

A decision changes the table `assigned`, which holds the entity of each name, or `renamed`.
"""

from collections.abc import Sequence
from typing import NamedTuple

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
DROPPED = "an earlier row drops the name"


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
        elif (target := _find_target(connection, override)) is not None:
            connection.execute(load_sql(QUERIES, "merge"), {"target": target, "heads": heads})


class _State(NamedTuple):
    """What the entities of a name are called, and what a decision about them is judged by."""

    shown: str
    judged: str | bool


def judge_overrides(
    connection: duckdb.DuckDBPyConnection, overrides: Sequence[Override]
) -> list[Verdict]:
    """Apply decisions in their order, and return what became of each, beside what the rules say.

    One whose outcome does not last to the end conflicts with a later one. Of those that merge one
    name into several, only the last is applied.
    """
    ruled = [_find_state(connection, override) for override in overrides]
    last_merge = {_key_of(each): n for n, each in enumerate(overrides) if _is_merge(each)}
    lasting, verdicts = [], []
    for n, override in enumerate(overrides):
        seen, has_target = _find_state(connection, override), _has_target(connection, override)
        is_last = last_merge.get(_key_of(override), n) == n or not _is_merge(override)
        if is_last:
            apply_override(connection, override)
        after = _find_state(connection, override)
        lasting.append(after)
        if seen is None or not has_target:
            verdict = _explain_nothing(override, was_there=ruled[n] is not None and seen is None)
        else:
            verdict = _compare(ruled[n] or seen, after, is_last=is_last)
        verdicts.append(verdict)
    return [
        _check_last(connection, *decided)
        for decided in zip(overrides, lasting, verdicts, strict=True)
    ]


def _is_merge(override: Override) -> bool:
    return override.action is Action.MERGE


def _key_of(override: Override) -> tuple[str, str | None]:
    return override.name.casefold(), override.label


def _explain_nothing(override: Override, *, was_there: bool) -> Verdict:
    """Return the verdict on a decision about a name that is not there, or not any more."""
    if was_there:
        return Verdict(CorrectionStatus.CONFLICTS, after=NO_ENTITY, detail=DROPPED)
    if _is_merge(override):
        detail = f"{NO_NAME}, or none has “{override.into}”, which it merges into"
        return Verdict(CorrectionStatus.MATCHED_NOTHING, detail=detail)
    return Verdict(CorrectionStatus.MATCHED_NOTHING, detail=NO_NAME)


def _compare(before: _State, after: _State | None, *, is_last: bool) -> Verdict:
    shown = (after.shown if after is not None else "") or NO_ENTITY
    if not is_last:
        return Verdict(CorrectionStatus.CONFLICTS, before.shown, shown, OVERRULED)
    if after is not None and before.judged == after.judged:
        return Verdict(CorrectionStatus.ALREADY_SO, before.shown, shown, SO_BY_ITSELF)
    return Verdict(CorrectionStatus.APPLIED, before.shown, shown)


def _check_last(
    connection: duckdb.DuckDBPyConnection,
    override: Override,
    state: _State | None,
    verdict: Verdict,
) -> Verdict:
    now = _find_state(connection, override)
    shown = now.shown if now is not None and now.shown else NO_ENTITY
    if verdict.before is None:  # nothing to compare
        return verdict
    if verdict.status is CorrectionStatus.CONFLICTS or _judged(now) == _judged(state):
        return verdict._replace(after=shown)
    return Verdict(CorrectionStatus.CONFLICTS, verdict.before, shown, OVERRULED)


def _judged(state: _State | None) -> str | bool | None:
    return None if state is None else state.judged


def _find_state(connection: duckdb.DuckDBPyConnection, override: Override) -> _State | None:
    """Return the entities of a name, in words; None where no article has the name.

    A merge is judged by whether the two names are one entity, whatever that is called.
    """
    heads = sorted({head for _, head in _forms_of(connection, override.name, override.label)})
    if not heads:
        return None
    found = connection.execute(load_sql(QUERIES, "states"), {"heads": heads}).fetchall()
    shown = ", ".join(name for name, _ in found)
    if override.action is Action.SPLIT:
        counted = (name if n == 1 else f"{name}, under {n} names" for name, n in found)
        shown = ", ".join(counted)
    if not _is_merge(override):
        return _State(shown, shown)
    return _State(shown, heads == [_find_target(connection, override)])


def _has_target(connection: duckdb.DuckDBPyConnection, override: Override) -> bool:
    return not _is_merge(override) or _find_target(connection, override) is not None


def _find_target(connection: duckdb.DuckDBPyConnection, override: Override) -> int | None:
    """Return the entity that a decision merges into; None where no article has the name."""
    if override.into is None:
        return None
    found = _forms_of(connection, override.into, override.label)
    found = found or _forms_of(connection, override.into, None)
    return found[0][1] if found else None


def _forms_of(
    connection: duckdb.DuckDBPyConnection, name: str, label: str | None
) -> list[tuple[int, int]]:
    """Return (form, head) of a name and of the entities renamed to it, the most frequent first."""
    rows = connection.execute(
        load_sql(QUERIES, "forms_of"), {"name": name, "label": label}
    ).fetchall()
    called = connection.execute(load_sql(QUERIES, "renamed_forms"), {"name": name}).fetchall()
    return [(form, head) for form, head, *_ in [*rows, *called]]


def _split(connection: duckdb.DuckDBPyConnection, form: int, head: int) -> None:
    """Make a form an entity of its own; the others stay together under the most frequent one."""
    if form == head:
        connection.execute(load_sql(QUERIES, "next_head"), {"form": form})
    connection.execute(
        "UPDATE assigned SET head = $form, rule = 'override' WHERE form_id = $form", {"form": form}
    )
