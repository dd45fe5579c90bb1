"""Where the data is and how many processes may work on it: the only reader of the environment."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """The places and numbers that differ from one machine to the next."""

    data: Path
    n_workers: int

    @property
    def inbox(self) -> Path:
        """Folder into which bundles are dropped."""
        return self.data / "inbox"

    @property
    def lake(self) -> str:
        """Folder of the Delta tables."""
        return str(self.data / "lake")

    @property
    def catalogue(self) -> Path:
        """DuckDB file that readers open."""
        return self.data / "copydesk.duckdb"

    @property
    def dagster_home(self) -> Path:
        """Folder of the Dagster instance."""
        return CHECKOUT / ".dagster"


def load_settings() -> Settings:
    """Return the settings of this process.

    `COPYDESK_DATA` is the data folder, by default `data/` of the checkout; `COPYDESK_WORKERS` is
    the number of processes that parse, by default one for each core.
    """
    data = Path(os.environ.get("COPYDESK_DATA", CHECKOUT / "data"))
    n_workers = os.environ.get("COPYDESK_WORKERS", str(os.cpu_count() or 1))
    if not n_workers.isdigit() or int(n_workers) == 0:
        sys.exit(f"copydesk: COPYDESK_WORKERS is a number of processes, not {n_workers!r}")
    return Settings(data=data.resolve(), n_workers=int(n_workers))
