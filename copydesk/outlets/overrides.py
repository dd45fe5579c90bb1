"""Read people's decisions about outlets: which name, country and kind an outlet has.

They are corrections (`copydesk.corrections`). A file of an older version is read too: a CSV with
the columns outlet, name, country, kind. `outlet` is a host or a name as articles have it; two
outlets with one name count as one.
"""

from pathlib import Path
from typing import NamedTuple

from copydesk.system.decisions import Row, read_rows
from copydesk.values import OutletKind

COLUMNS = ["outlet", "name", "country", "kind"]


class OutletOverride(NamedTuple):
    """A decision about the outlet that has a host or a name."""

    outlet: str
    name: str
    country: str | None = None
    kind: OutletKind | None = None


def read_outlet_overrides(path: Path) -> list[OutletOverride]:
    """Return the decisions in the file, in order, or an empty list where there is no file.

    Raises: OverrideError: naming the line and what is wrong with it.
    """
    return [_read_row(row) for row in read_rows(path, COLUMNS)]


def _read_row(row: Row) -> OutletOverride:
    outlet, name, country, kind = row.cells
    problem = None
    if not outlet or not name:
        problem = "no outlet" if not outlet else "no name"
    elif kind and kind not in list(OutletKind):
        problem = f"kind {kind!r} is not one of {', '.join(OutletKind)}"
    if problem is not None:
        raise row.refuse(problem)
    return OutletOverride(outlet, name, country or None, OutletKind(kind) if kind else None)
