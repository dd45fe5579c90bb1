"""Judge the code of today by corrections: how often it decides by itself what people decided."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import AnyRow, EntityRow, OutletRow
from copydesk.corrections.pages import Outcome
from copydesk.decided import outlet_override_of, override_of
from copydesk.entities.resolve import resolve_entities
from copydesk.lake.lake import Snapshot
from copydesk.outlets.resolve import judge_outlets
from copydesk.values import CorrectionKind, CorrectionStatus


class Tally(NamedTuple):
    """How many corrections of a kind the code makes needless, of how many that can be compared."""

    kind: CorrectionKind
    n_right: int
    n_wrong: int
    n_lost: int
    """Those about which nothing can be said: what they are about is not found any more."""

    @property
    def share(self) -> float:
        """The share that the code decides so by itself, 0 to 1; 0 where there are none."""
        return self.n_right / max(self.n_right + self.n_wrong, 1)


def judge_decided(snapshot: Snapshot, corrections: Sequence[Placed[AnyRow]]) -> Iterator[Outcome]:
    """Yield what becomes of the corrections of entities and outlets in a snapshot."""
    entities = [(p, override_of(p.row)) for p in corrections if isinstance(p.row, EntityRow)]
    outlets = [(p, outlet_override_of(p.row)) for p in corrections if isinstance(p.row, OutletRow)]
    verdicts = judge_outlets(snapshot, [override for _, override in outlets])
    if entities:  # all names are resolved for it
        found = resolve_entities(snapshot, overrides=[override for _, override in entities])
        verdicts = [*found.verdicts, *verdicts]
    about = [placed for placed, _ in (*entities, *outlets)]
    for placed, each in zip(about, verdicts, strict=True):
        yield Outcome(placed, each.status, None, each.before, each.after, each.detail)


def tally_outcomes(outcomes: Sequence[Outcome]) -> Iterator[Tally]:
    """Yield a tally for each kind of correction that there is."""
    for kind in CorrectionKind:
        mine = [each.status for each in outcomes if each.placed.row.kind_of is kind]
        if mine:
            right = mine.count(CorrectionStatus.ALREADY_SO)
            wrong = mine.count(CorrectionStatus.APPLIED)
            yield Tally(kind, right, wrong, len(mine) - right - wrong)
