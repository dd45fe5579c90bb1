"""Apply what people have decided about entities to the names that the rules have joined.

A decision changes the table `assigned`, which holds the entity of each name, or `renamed`. A name
that a decision is about may be the id of an entity, where several have one name.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

import duckdb

from copydesk.corrections.corpus import Verdict
from copydesk.entities.overrides import Action, Override
from copydesk.lake.sql import load_sql
from copydesk.values import CorrectionStatus

QUERIES = "copydesk.entities.queries"
MAX_NAMED = 5  # entities, in a sentence
NO_NAME = "no article has this name"
NO_ENTITY = "no entity"
SO_BY_ITSELF = "the rules decide so by themselves"
OVERRULED = "a later row decides otherwise"
DROPPED = "an earlier row drops the name"
NAME_ONE = "give an id as `into`, or a label"
ENTITY_ID = re.compile("[0-9a-f]{32}")


def apply_override(connection: duckdb.DuckDBPyConnection, override: Override) -> None:
    """Change `assigned` as one decision says.

    A name that no article has changes nothing, nor does a merge into one that several have.
    """
    forms = _forms_of(connection, override.name, override.label)
    heads = sorted({head for _, head in forms})
    if override.action is Action.DROP:
        connection.execute("DELETE FROM assigned WHERE head IN (SELECT unnest(?))", [heads])
    elif override.action is Action.SPLIT:
        for form, head in forms:
            _split(connection, form, head)
    elif override.action is Action.RENAME and forms:
        connection.executemany(
            "INSERT INTO renamed VALUES (?, ?)", [(head, override.into) for head in heads]
        )
    elif (
        override.action is Action.MERGE and len(targets := _find_targets(connection, override)) == 1
    ):
        connection.execute(load_sql(QUERIES, "merge"), {"target": targets[0], "heads": heads})


class Choice(NamedTuple):
    """An entity that a name may mean."""

    name: str
    label: str
    entity_id: str
    n_mentions: int


def name_choices(name: str, choices: Sequence[Choice]) -> str:
    """Return in words which entities a name may mean."""
    named = ", ".join(
        f"{each.name} ({each.label}, {each.entity_id}, {each.n_mentions:,} "
        f"mention{'s' if each.n_mentions != 1 else ''})"
        for each in choices[:MAX_NAMED]
    )
    more = len(choices) - MAX_NAMED
    shown = f"{named}, {more:,} more" if more > 0 else named
    return f"“{name}” may be {shown}"


class _State(NamedTuple):
    """What the entities of a name are called, and what a decision about them is judged by."""

    shown: str
    judged: str | bool


def judge_overrides(
    connection: duckdb.DuckDBPyConnection, overrides: Sequence[Override]
) -> list[Verdict]:
    """Apply decisions in their order, and return what became of each, beside what the rules say.

    One whose outcome does not last to the end conflicts with a later one. Of those that merge one
    name into several, only the last is applied; one whose target may be several entities never is.
    """
    ruled = [_find_state(connection, override) for override in overrides]
    last_merge = {_key_of(each): n for n, each in enumerate(overrides) if _is_merge(each)}
    merged = _Merged(connection) if last_merge else None
    lasting, verdicts = [], []
    for n, override in enumerate(overrides):
        seen, targets = _find_state(connection, override), _find_targets(connection, override)
        is_last = last_merge.get(_key_of(override), n) == n or not _is_merge(override)
        closes_circle = is_last and merged is not None and merged.add(connection, override)
        if is_last:
            apply_override(connection, override)
        after = _find_state(connection, override)
        lasting.append(after)
        if seen is None or (not targets and _is_merge(override)):
            verdict = _explain_nothing(override, was_there=ruled[n] is not None and seen is None)
        elif len(targets) > 1:
            detail = _explain_several(connection, override, targets)
            verdict = Verdict(CorrectionStatus.CONFLICTS, seen.shown, seen.shown, detail)
        else:
            verdict = _compare(ruled[n] or seen, after, is_last=is_last)
            if closes_circle and verdict.status is CorrectionStatus.APPLIED:
                verdict = verdict._replace(
                    status=CorrectionStatus.CONFLICTS, detail=explain_circle(override)
                )
        verdicts.append(verdict)
    return [
        _check_last(connection, *decided)
        for decided in zip(overrides, lasting, verdicts, strict=True)
    ]


def explain_circle(override: Override) -> str:
    """Return why a merge into what is merged into it already is not applied."""
    return f"closes a circle: earlier rows merge “{override.into}” into “{override.name}” already"


class _Merged:
    """Which entities of the rules are merged into which, to notice a circle."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("CREATE OR REPLACE TABLE ruled AS SELECT form_id, head FROM assigned")
        self._into: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, connection: duckdb.DuckDBPyConnection, override: Override) -> bool:
        """Take a merge down before it is applied; return whether it closes a circle of them."""
        if not _is_merge(override):
            return False
        given = _forms_of(connection, override.name, override.label)
        wanted = _target_forms(connection, override)
        heads, targets = ({head for _, head in forms} for forms in (given, wanted))
        if len(targets) != 1:
            return False
        mine, others = (_ruled_heads(connection, forms) for forms in (given, wanted))
        if heads == targets and not mine & others and mine & self._follow(others):
            return True
        for each in mine - others:
            self._into[each] |= others
        return False

    def _follow(self, starts: Collection[int]) -> set[int]:
        """Return what some entities are merged into, directly or by way of others."""
        seen: set[int] = set()
        left = list(starts)
        while left:
            new = self._into[left.pop()] - seen
            seen |= new
            left.extend(new)
        return seen


def _ruled_heads(
    connection: duckdb.DuckDBPyConnection, forms: Sequence[tuple[int, int]]
) -> set[int]:
    """Return the entities that some forms have by the rules alone."""
    found = connection.execute(
        "SELECT DISTINCT head FROM ruled WHERE form_id IN (SELECT unnest(?))",
        [[form for form, _ in forms]],
    ).fetchall()
    return {head for (head,) in found}


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


def _explain_several(
    connection: duckdb.DuckDBPyConnection, override: Override, heads: Sequence[int]
) -> str:
    """Return which entities a name to merge into may mean, and how one of them is named."""
    found = connection.execute(load_sql(QUERIES, "targets"), {"heads": [*heads]}).fetchall()
    return f"{name_choices(override.into or '', [Choice(*each) for each in found])}; {NAME_ONE}"


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
    return _State(shown, heads == _find_targets(connection, override))


def _find_targets(connection: duckdb.DuckDBPyConnection, override: Override) -> list[int]:
    """Return the entities that a merge may be into; none where no article has the name."""
    return sorted({head for _, head in _target_forms(connection, override)})


def _target_forms(
    connection: duckdb.DuckDBPyConnection, override: Override
) -> list[tuple[int, int]]:
    """Return (form, head) of what a decision merges into; names of its label come first."""
    if override.into is None or not _is_merge(override):
        return []
    found = _forms_of(connection, override.into, override.label)
    return found or _forms_of(connection, override.into, None)


def _forms_of(
    connection: duckdb.DuckDBPyConnection, name: str, label: str | None
) -> list[tuple[int, int]]:
    """Return (form, head) of a name, of the entities renamed to it, or of the entity of an id."""
    if ENTITY_ID.fullmatch(name):
        found = connection.execute(load_sql(QUERIES, "form_of_id"), {"id": name}).fetchall()
        return [(form, head) for form, head in found]
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
