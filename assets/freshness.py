"""Judge whether the catalogue was published lately."""

from datetime import datetime, timedelta
from typing import NamedTuple

import dagster as dg

from copydesk.lake.lake import Lake

CATALOGUE_KEY = dg.AssetKey("catalogue")
CHECK = "published_lately"


class Freshness(NamedTuple):
    """When a snapshot was last published, and whether that is long ago."""

    published_at: datetime
    is_fresh: bool

    @property
    def metadata(self) -> dict[str, str]:
        """What a check shows."""
        return {"published_at": self.published_at.isoformat(timespec="seconds")}


def judge_freshness(lake: Lake, *, now: datetime, fresh_days: float) -> Freshness | None:
    """Return how fresh the catalogue is, or None where nothing was published yet."""
    last = next(reversed(lake.history()), None)
    if last is None:
        return None
    return Freshness(last.published_at, now - last.published_at <= timedelta(days=fresh_days))
