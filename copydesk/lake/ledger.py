"""Declare the tables in which the lake keeps its own records: what was delivered and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from copydesk.lake.sums import CorpusFile, FileSum
from copydesk.tables import Table


class TableVersion(NamedTuple):
    """A table and its Delta version."""

    table_name: str
    version: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the rows of a bundle are; written last, so a partial bundle is never read."""

    bundle: Annotated[str, "name of the bundle"]
    table_name: Annotated[str, "name of the table"]
    version: Annotated[int, "Delta version to read"]
    files: Annotated[list[str], "Parquet files that hold the rows, relative to the lake"]
    n_rows: Annotated[int, "rows in these files"]
    fingerprint: Annotated[str, "hash of the bundle's bytes and the code that made the rows"]
    sums: Annotated[list[FileSum], "size and SHA-256 of each file, in the order of `files`"] = (
        field(default_factory=list)
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """A published snapshot: the Delta versions of its tables, and its size."""

    number: Annotated[int, "number of the snapshot, from 1, as passed to `copydesk sql --as-of`"]
    published_at: Annotated[datetime, "when it was published, UTC"]
    deliveries_version: Annotated[int, "Delta version of `deliveries`, which lists the files"]
    corpus_versions: Annotated[
        list[TableVersion], "Delta version of each table that is computed over all bundles"
    ]
    code: Annotated[list[str], "code version of each table, as `table=version`"]
    n_bundles: Annotated[int, "number of bundles"]
    n_articles: Annotated[int, "number of articles"]
    n_quotes: Annotated[int, "number of quotations"]
    n_entities: Annotated[int, "number of entities"]
    is_vacuumed: Annotated[bool, "whether a vacuum has removed its files"]
    corpus_files: Annotated[
        list[CorpusFile], "files of the tables over all bundles, with size and SHA-256"
    ] = field(default_factory=list)


class WithdrawalAction(StrEnum):
    """What was decided about an article or a bundle."""

    WITHDRAW = "withdraw"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A decision that an article or a bundle is not published, or is again."""

    number: Annotated[int, "number of the decision, from 1"]
    action: Annotated[WithdrawalAction, "whether it is withdrawn, or that was undone"]
    bundle_name: Annotated[str, "name of the bundle"]
    article_id: Annotated[str | None, "id of the article; null for the whole bundle"]
    source_path: Annotated[str | None, "path of the page inside the bundle"]
    reason: Annotated[str, "why, as the person wrote it"]
    decided_at: Annotated[datetime, "when, UTC"]
    raw_version: Annotated[int, "newest Delta version of `raw_articles` that has its rows"]
    packs: Annotated[list[str], "packs that have its rows, relative to the lake"]


DELIVERIES = Table(
    "deliveries", Delivery, ("bundle", "table_name"), made_by="copydesk.lake.deliveries"
)
PUBLICATIONS = Table("publications", Publication, ("number",), made_by="copydesk.lake.history")
WITHDRAWALS = Table("withdrawals", Withdrawal, ("number",), made_by="copydesk.lake.withdrawals")

ADDED_COLUMNS: Mapping[str, frozenset[str]] = {
    DELIVERIES.name: frozenset({"sums"}),
    PUBLICATIONS.name: frozenset({"corpus_files"}),
}
"""Columns that lakes of older versions lack: empty lists there, until the next write adds them."""
