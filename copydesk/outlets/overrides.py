"""Read people's decisions about outlets: which name, country and kind an outlet has.

They are corrections (`copydesk.corrections`). A file of an older version is read too: a CSV with
the columns outlet, name, country, kind. `outlet` is a host or a name as articles have it; two
outlets with one name count as one.
"""

from pathlib import Path
from typing import NamedTuple

from copydesk.corrections.corpus import Signed
from copydesk.corrections.kinds import OutletRow
from copydesk.rows import content_id
from copydesk.system.decisions import Row, read_rows
from copydesk.values import CorrectionKind, OutletKind

COLUMNS = ["outlet", "name", "country", "kind"]


class OutletOverride(NamedTuple):
    """A decision about the outlet that has a host or a name."""

    outlet: str
    name: str
    country: str | None = None
    kind: OutletKind | None = None


def outlets_beside(path: Path) -> Path:
    """Return the file of decisions about outlets: it is beside that about entities."""
    return path.with_name("outlets.csv")


def read_outlet_overrides(path: Path) -> list[OutletOverride]:
    """Return the decisions in the file, in order, or an empty list where there is no file.

    Raises: OverrideError: naming the line and what is wrong with it.
    """
    return [_read_row(row) for row in read_rows(path, COLUMNS)]


def outlet_override_of(row: OutletRow) -> OutletOverride:
    """Return the decision that a row of the corrections holds."""
    return OutletOverride(row.outlet, row.name, row.country, row.kind)


def sign_outlet_override(override: OutletOverride) -> Signed:
    """Return what a decision of an older file says; nobody signed it."""
    said = [str(part) for part in override if part is not None]
    correction_id = content_id(CorrectionKind.OUTLET, *said)
    return Signed(correction_id, CorrectionKind.OUTLET, "outlet " + " is ".join(said[:2]))


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
