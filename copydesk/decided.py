"""Put together what people have decided over all bundles, whatever file it is in."""

from typing import NamedTuple

from copydesk.corrections.corpus import Signed, read_signed
from copydesk.corrections.files import Placed, read_corrections
from copydesk.corrections.folder import DecisionFiles
from copydesk.corrections.kinds import AnyRow, EntityRow, OutletRow
from copydesk.entities.overrides import Action, Override, read_overrides
from copydesk.outlets.overrides import OutletOverride, read_outlet_overrides
from copydesk.rows import content_id
from copydesk.values import CorrectionKind


class Decided(NamedTuple):
    """What people have decided over all bundles, in the order in which it is applied."""

    entities: list[tuple[Signed, Override]]
    outlets: list[tuple[Signed, OutletOverride]]
    all_rows: list[Placed[AnyRow]]


def read_decided(files: DecisionFiles) -> Decided:
    """Return what people have decided: in the files of older versions, then in the corrections.

    Raises:
        OverrideError: naming file and line of an older file, and what is wrong there.
        CorrectionError: the same of the corrections.
    """
    rows = read_corrections(files.corrections)
    older = [
        (_read_older(CorrectionKind.ENTITY, each), each) for each in read_overrides(files.overrides)
    ]
    older_outlets = [
        (_read_older(CorrectionKind.OUTLET, each), each)
        for each in read_outlet_overrides(files.outlet_overrides)
    ]
    entities = [
        (read_signed(p.row), override_of(p.row)) for p in rows if isinstance(p.row, EntityRow)
    ]
    outlets = [
        (read_signed(p.row), outlet_override_of(p.row))
        for p in rows
        if isinstance(p.row, OutletRow)
    ]
    return Decided([*older, *entities], [*older_outlets, *outlets], rows)


def override_of(row: EntityRow) -> Override:
    """Return the decision that a row of the corrections holds."""
    return Override(Action(row.action), row.name, row.into, row.label)


def outlet_override_of(row: OutletRow) -> OutletOverride:
    """Return the decision that a row of the corrections holds."""
    return OutletOverride(row.outlet, row.name, row.country, row.kind)


def _read_older(kind: CorrectionKind, decision: Override | OutletOverride) -> Signed:
    """Return what a decision of an older file says; nobody signed it."""
    said = [str(part) for part in decision if part is not None]
    return Signed(content_id(kind, *said), kind, " ".join(said))
