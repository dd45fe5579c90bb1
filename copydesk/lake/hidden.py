"""Leave out the rows of articles that were withdrawn, whenever a bundle is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lake.ledger import Withdrawal, WithdrawalAction

HIDING_COLUMNS = ("article_id", "source_path")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a bundle is not published: all of it, or pages by their ids and paths."""

    is_whole: bool
    article_ids: frozenset[str]
    source_paths: frozenset[str]


def find_active(withdrawals: Iterable[Withdrawal]) -> list[Withdrawal]:
    """Return the withdrawals that no later decision has undone, in their order."""
    last: dict[tuple[str, str | None], Withdrawal] = {}
    for row in withdrawals:
        last[row.bundle_name, row.article_id] = row
    active = (row for row in last.values() if row.action is WithdrawalAction.WITHDRAW)
    return sorted(active, key=lambda row: row.number)


def find_hidden(withdrawals: Iterable[Withdrawal], bundle: str) -> Hidden:
    """Return what of a bundle is withdrawn.

    A page is known by its path too: scraped again, it has other bytes and another id.
    """
    mine = [row for row in find_active(withdrawals) if row.bundle_name == bundle]
    return Hidden(
        is_whole=any(row.article_id is None for row in mine),
        article_ids=frozenset(row.article_id for row in mine if row.article_id is not None),
        source_paths=frozenset(row.source_path for row in mine if row.source_path is not None),
    )


def drop_hidden(rows: pa.RecordBatchReader, hidden: Hidden) -> pa.RecordBatchReader:
    """Return the rows of a bundle without those of hidden articles."""
    values = dict(zip(HIDING_COLUMNS, (hidden.article_ids, hidden.source_paths), strict=True))
    columns = [name for name in HIDING_COLUMNS if name in rows.schema.names and values[name]]
    if not columns:
        return rows

    def keep() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            kept = batch
            for name in columns:
                listed = pa.array(sorted(values[name]), pa.string())
                is_hidden = pc.is_in(kept.column(name), value_set=listed)
                kept = kept.filter(pc.invert(is_hidden))
            yield kept

    return pa.RecordBatchReader.from_batches(rows.schema, keep())


def explain_withdrawn(bundle: str) -> str:
    """Return why a bundle is not taken in."""
    return f"{bundle}: was withdrawn; `copydesk withdraw --undo {bundle}` lets it in again"
