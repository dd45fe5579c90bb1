"""Read people's decisions about entities, which override the rules: merge, split, rename, drop.

They are corrections (`copydesk.corrections`). A file of an older version is read too, before them:
a CSV with the columns action, name, into, label. Rows are applied in order after all rules, in
every run, so a decision holds until its row is deleted.
"""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from copydesk.system.decisions import Row, read_rows
from copydesk.values import NAME_LABELS

COLUMNS = ["action", "name", "into", "label"]


class Action(StrEnum):
    """What to do with the entity of a name."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DROP = "drop"


NEEDS_INTO = frozenset({Action.MERGE, Action.RENAME})


class Override(NamedTuple):
    """A decision about the entity of `name`; without a label it holds for names of all labels."""

    action: Action
    name: str
    into: str | None = None
    label: str | None = None


def read_overrides(path: Path) -> list[Override]:
    """Return the decisions in the file, in order, or an empty list where there is no file.

    Raises: OverrideError: naming the line and what is wrong with it.
    """
    return [_read_row(row) for row in read_rows(path, COLUMNS)]


def _read_row(row: Row) -> Override:
    action, name, into, label = row.cells
    problem = None
    if action not in list(Action):
        problem = f"action {action!r} is not one of {', '.join(Action)}"
    elif not name:
        problem = "no name"
    elif bool(into) != (action in NEEDS_INTO):
        problem = f"{action} {'needs' if action in NEEDS_INTO else 'takes no'} `into`"
    elif action == Action.MERGE and name.casefold() == into.casefold():
        problem = f"merges {name!r} into itself"
    elif label and label not in NAME_LABELS:
        problem = f"label {label!r} is not one of {', '.join(sorted(NAME_LABELS))}"
    if problem is not None:
        raise row.refuse(problem)
    return Override(Action(action), name, into or None, label or None)
