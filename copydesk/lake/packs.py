"""Name the files that hold the rows of several bundles, and tell them apart from a bundle's own."""

from pathlib import PurePosixPath
from typing import Any

from deltalake import DeltaTable

from copydesk.lake.delta import BUNDLE_APP
from copydesk.lake.ledger import Delivery
from copydesk.tables import Table

PACKS = "packs"  # folder of the files that hold several bundles


def name_pack(table: Table[Any], pack: str, *, n_bundles: int) -> str:
    """Return the file of a pack for a table; its name states how many bundles it holds rows of."""
    return f"{PACKS}/{table.name}/{pack}.{n_bundles}.parquet"


def is_pack(file: str) -> bool:
    """Return whether a file of a delivery holds rows of several bundles."""
    return file.startswith(f"{PACKS}/")


def pack_of(file: str) -> str:
    """Return the id of a pack, which its files of all tables share."""
    return PurePosixPath(file).name.split(".")[0]


def count_bundles(file: str) -> int:
    """Return how many bundles a file of a pack holds rows of."""
    return int(PurePosixPath(file).suffixes[0].removeprefix("."))


def is_as_packed(delta: DeltaTable, part: Delivery) -> bool:
    """Return whether a bundle was packed and its rows in the table were not written since."""
    written = delta.transaction_version(f"{BUNDLE_APP}{part.bundle}")
    return any(map(is_pack, part.files)) and (written is None or written <= part.version)
