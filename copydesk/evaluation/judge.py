"""Judge the code of today by corrections: how often it decides by itself what people decided."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copydesk.corrections.pages import Outcome
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


def tally_outcomes(outcomes: Sequence[Outcome]) -> Iterator[Tally]:
    """Yield a tally for each kind of correction that there is."""
    for kind in CorrectionKind:
        mine = [each.status for each in outcomes if each.placed.row.kind_of is kind]
        if mine:
            right = mine.count(CorrectionStatus.ALREADY_SO)
            wrong = mine.count(CorrectionStatus.APPLIED)
            yield Tally(kind, right, wrong, len(mine) - right - wrong)
