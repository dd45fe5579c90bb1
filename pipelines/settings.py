"""What differs from one machine to the next: the only reader of the environment."""

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from copydesk.lake.lake import Lake
from copydesk.lake.vacuum import Retention
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.limits import DEFAULT_LIMITS, Limits

MAX_NUMBER = 1_000_000_000
DEFAULT_RETENTION = Retention()
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """The places and numbers that differ from one machine to the next."""

    data: Path
    n_workers: int
    limits: Limits
    quote_method: QuoteMethod = QuoteMethod.TAGGER
    retention: Retention = DEFAULT_RETENTION

    @property
    def inbox(self) -> Path:
        """Folder into which bundles are dropped."""
        return self.data / "inbox"

    @property
    def lake(self) -> Lake:
        """Folder of the Delta tables."""
        return Lake(str(self.data / "lake"))

    @property
    def catalogue(self) -> Path:
        """DuckDB file that readers open."""
        return self.data / "copydesk.duckdb"

    @property
    def overrides(self) -> Path:
        """File of what people have decided about entities."""
        return self.data / "overrides" / "entities.csv"

    @property
    def dagster_home(self) -> Path:
        """Folder of the Dagster instance."""
        return CHECKOUT / ".dagster"


def load_settings() -> Settings:
    """Return the settings of this process.

    `COPYDESK_DATA` is the data folder, by default `data/` of the checkout; `COPYDESK_WORKERS` is
    the number of processes that parse, by default one for each core; `COPYDESK_QUOTES` is what
    finds quotations, `tagger` (by default) or `rules`; `COPYDESK_KEEP_DAYS` and
    `COPYDESK_KEEP_SNAPSHOTS` say which snapshots the upkeep keeps; `COPYDESK_MAX_PAGE_MIB` and its
    like are the limits of what is read (`copydesk.reading.limits`).
    """
    data = Path(os.environ.get("COPYDESK_DATA", CHECKOUT / "data"))
    limits = {
        name: _read_number(f"COPYDESK_MAX_{name.upper()}", default)
        for name, default in asdict(DEFAULT_LIMITS).items()
    }
    return Settings(
        data=data.resolve(),
        n_workers=_read_number("COPYDESK_WORKERS", os.cpu_count() or 1),
        limits=Limits(**limits),
        quote_method=_read_method("COPYDESK_QUOTES", QuoteMethod.TAGGER),
        retention=Retention(
            days=_read_number("COPYDESK_KEEP_DAYS", round(DEFAULT_RETENTION.days)),
            snapshots=_read_number("COPYDESK_KEEP_SNAPSHOTS", DEFAULT_RETENTION.snapshots),
        ),
    )


def _read_number(name: str, default: int) -> int:
    """Return a setting that is a number from 1."""
    stated = os.environ.get(name, str(default))
    if not stated.isdecimal() or not 1 <= int(stated) <= MAX_NUMBER:
        sys.exit(f"copydesk: {name} is a number from 1 to {MAX_NUMBER:,}, not {stated!r}")
    return int(stated)


def _read_method(name: str, default: QuoteMethod) -> QuoteMethod:
    """Return a setting that is one of the methods."""
    stated = os.environ.get(name, default.value)
    if stated not in set(QuoteMethod):
        sys.exit(f"copydesk: {name} is {' or '.join(QuoteMethod)}, not {stated!r}")
    return QuoteMethod(stated)
