"""Find what people have written already about what a correction is about."""

from collections.abc import Iterator, Sequence

import duckdb

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import AnyRow, EntityAction, EntityRow, fold_name

MAX_SHOWN = 5  # rows that wait, of a page that is read again
TAKEN = "SELECT correction_id FROM corrections_applied WHERE status <> 'waiting'"
WITHOUT = "Rows that wait are in no published table yet: before and after are without them."


def show_beside(
    connection: duckdb.DuckDBPyConnection, row: AnyRow, there: Sequence[Placed[AnyRow]]
) -> Iterator[str]:
    """Yield the rows about the same thing, and those that wait and may change it.

    A row waits from when it is written until a run has taken it up; the preview is without it.
    """
    others = [placed for placed in there if not says_same(placed.row, row)]
    touching = [placed for placed in others if row.touches(placed.row)]
    if not touching:
        return
    taken = {key for (key,) in connection.execute(TAKEN).fetchall()}
    for placed in touching:
        if placed.row.correction_id in taken and row.is_about_same(placed.row):
            yield f"  beside  {_show(placed)}"
    waiting = [placed for placed in touching if placed.row.correction_id not in taken]
    for placed in waiting[:MAX_SHOWN]:
        yield f"  waits   {_show(placed)}"
    if len(waiting) > MAX_SHOWN:
        yield f"  waits   {len(waiting) - MAX_SHOWN:,} more"
    if waiting:
        yield f"  {WITHOUT}"


def find_circle(row: AnyRow, there: Sequence[Placed[AnyRow]]) -> list[Placed[EntityRow]]:
    """Return the rows with which a merge closes a circle, from its target on; none if it does not.

    They are followed by the names that they state: the others of an entity only a run knows.
    """
    if not isinstance(row, EntityRow) or row.action is not EntityAction.MERGE:
        return []
    merges = {  # of several rows that merge a name, the last holds
        fold_name(each.row.name): Placed(each.row, each.file, each.line)
        for each in there
        if isinstance(each.row, EntityRow) and each.row.action is EntityAction.MERGE
    }
    merges.pop(fold_name(row.name), None)
    path: list[Placed[EntityRow]] = []
    name = row.into
    while (step := merges.pop(fold_name(name), None)) is not None:
        path.append(step)
        name = step.row.into
        if fold_name(name) == fold_name(row.name):
            return path
    return []


def says_same(one: AnyRow, other: AnyRow) -> bool:
    """Return whether two rows differ in nothing but who wrote them, when and why."""
    signature = {"author", "decided_on", "note"}
    return one.model_dump(exclude=signature) == other.model_dump(exclude=signature)


def _show(placed: Placed[AnyRow]) -> str:
    return f"{placed.place}: {placed.row.describe()} ({placed.row.author})"
