"""Judge whether the catalogue was published lately."""

from datetime import datetime, timedelta
from typing import NamedTuple

import dagster as dg

from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Publication

CATALOGUE_KEY = dg.AssetKey("catalogue")
CHECK = "published_lately"


class Freshness(NamedTuple):
    """When a snapshot was last published, and whether that is long ago."""

    published_at: datetime
    age_days: float
    fresh_days: float

    @property
    def is_fresh(self) -> bool:
        """Whether it is no older than it may be."""
        return self.age_days <= self.fresh_days

    @property
    def metadata(self) -> dict[str, dg.MetadataValue]:
        """What a check shows: the time, its age and how old it may be."""
        return {
            "published_at": dg.MetadataValue.text(self.published_at.isoformat(timespec="seconds")),
            "age_days": dg.MetadataValue.float(round(self.age_days, 2)),
            "threshold_days": dg.MetadataValue.float(self.fresh_days),
        }


def judge_freshness(lake: Lake, *, now: datetime, fresh_days: float) -> Freshness | None:
    """Return how fresh the catalogue is, or None where nothing was published yet."""
    last = next(reversed(lake.history()), None)
    return None if last is None else judge_publication(last, now=now, fresh_days=fresh_days)


def judge_publication(last: Publication, *, now: datetime, fresh_days: float) -> Freshness:
    """Return how fresh a catalogue is whose newest publication is `last`."""
    return Freshness(last.published_at, (now - last.published_at) / timedelta(days=1), fresh_days)
