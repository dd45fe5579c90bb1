"""Put together what people have decided over all bundles, whatever file it is in."""

from pathlib import Path
from typing import NamedTuple

from copydesk.corrections.corpus import Signed, sign
from copydesk.corrections.files import Placed, read_corrections
from copydesk.corrections.folder import corrections_beside
from copydesk.corrections.kinds import AnyRow, EntityRow, OutletRow
from copydesk.entities.overrides import Override, override_of, read_overrides, sign_override
from copydesk.outlets.overrides import (
    OutletOverride,
    outlet_override_of,
    outlets_beside,
    read_outlet_overrides,
    sign_outlet_override,
)


class Decided(NamedTuple):
    """What people have decided over all bundles, in the order in which it is applied."""

    entities: list[tuple[Signed, Override]]
    outlets: list[tuple[Signed, OutletOverride]]
    all_rows: list[Placed[AnyRow]]


def read_decided(overrides_path: Path) -> Decided:
    """Return what people have decided: in the files of older versions, then in the corrections.

    Raises:
        OverrideError: naming file and line of an older file, and what is wrong there.
        CorrectionError: the same of the corrections.
    """
    rows = read_corrections(corrections_beside(overrides_path))
    older = [(sign_override(each), each) for each in read_overrides(overrides_path)]
    older_outlets = [
        (sign_outlet_override(each), each)
        for each in read_outlet_overrides(outlets_beside(overrides_path))
    ]
    entities = [(sign(p.row), override_of(p.row)) for p in rows if isinstance(p.row, EntityRow)]
    outlets = [
        (sign(p.row), outlet_override_of(p.row)) for p in rows if isinstance(p.row, OutletRow)
    ]
    return Decided([*older, *entities], [*older_outlets, *outlets], rows)
