"""Read people's decisions about outlets: which name, country and kind an outlet has.

The file is a CSV with the columns outlet, name, country, kind. `outlet` is a host or a name as
articles have it; two outlets with one name count as one.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from copydesk.errors import OverrideError
from copydesk.rows import OutletKind

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
    return [_read_row(row, f"{path}:{rows.line_num}") for row in rows if any(row)]


def _read_row(row: list[str], place: str) -> OutletOverride:
    cells = [cell.strip() for cell in row] + [""] * len(COLUMNS)
    outlet, name, country, kind = cells[: len(COLUMNS)]
    problem = None
    if len(row) > len(COLUMNS):
        problem = f"{len(row)} cells, {len(COLUMNS)} are wanted (a name with a comma needs quotes)"
    elif not outlet or not name:
        problem = "no outlet" if not outlet else "no name"
    elif kind and kind not in list(OutletKind):
        problem = f"kind {kind!r} is not one of {', '.join(OutletKind)}"
    if problem is not None:
        message = f"{place}: {problem}"
        raise OverrideError(message)
    return OutletOverride(outlet, name, country or None, OutletKind(kind) if kind else None)
