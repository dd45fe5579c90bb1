"""Read people's decisions about entities, which override the rules: merge, split, rename, drop.

The file is a CSV with the columns action, name, into, label. Its rows are applied in order
after all rules, in every run, so a decision holds until its row is deleted.
"""

import csv
import hashlib
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from copydesk.errors import OverrideError
from copydesk.rows import NAME_LABELS

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
    if not path.exists():
        return []
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 at byte {error.start}"
        raise OverrideError(message) from error
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    header = next(rows, COLUMNS)
    if [cell.strip() for cell in header] != COLUMNS:
        message = f"{path}:1: the columns must be {','.join(COLUMNS)}, not {','.join(header)}"
        raise OverrideError(message)
    filled = (row for row in rows if any(cell.strip() for cell in row))
    return [_read_row(row, f"{path}:{rows.line_num}") for row in filled]


def hash_overrides(path: Path) -> str:
    """Return a hash of the file's bytes, or of no bytes where there is no file."""
    return hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()[:8]


def _read_row(row: list[str], place: str) -> Override:
    action, name, into, label = ([cell.strip() for cell in row] + [""] * len(COLUMNS))[
        : len(COLUMNS)
    ]
    problem = None
    if len(row) > len(COLUMNS):
        problem = f"{len(row)} cells, {len(COLUMNS)} are wanted (a name with a comma needs quotes)"
    elif action not in list(Action):
        problem = f"action {action!r} is not one of {', '.join(Action)}"
    elif not name:
        problem = "no name"
    elif bool(into) != (action in NEEDS_INTO):
        problem = f"{action} {'needs' if action in NEEDS_INTO else 'takes no'} `into`"
    elif label and label not in NAME_LABELS:
        problem = f"label {label!r} is not one of {', '.join(sorted(NAME_LABELS))}"
    if problem is not None:
        message = f"{place}: {problem}"
        raise OverrideError(message)
    return Override(Action(action), name, into or None, label or None)
